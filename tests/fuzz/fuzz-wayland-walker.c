/* SPDX-License-Identifier: MIT */
/*
 * Both sides of a Wayland connection, as the walker between them sees it.
 *
 * The input is a list of reads: a byte with the side in its high bit and the
 * number of descriptors below, a zero, two bytes of length, and the bytes. The
 * files of the corpus are real sessions in that form.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/fake-walk.h"
#include "../lib/must.h"
#include "fuzz.h"
#include "util/fd.h"

#define SERVER_BIT 0x80
#define FDS_MAX 8
#define POOL_BYTES (256 * 1024)
#define SHADOW_BYTES_MAX (4 * 1024 * 1024)
#define HEADER_BYTES 4

/* What a client may send: memory to map, memory to read, no memory at all. */
static int kinds[3] = { -1, -1, -1 };

static void
make_kinds(void)
{
	if (kinds[0] < 0) {
		kinds[0] = fd_memfd("sealed", POOL_BYTES, F_SEAL_SHRINK);
		kinds[1] = fd_memfd("open", POOL_BYTES / 4, 0);
		kinds[2] = open("/dev/null", O_RDWR | O_CLOEXEC);
		must(kinds[0] >= 0 && kinds[1] >= 0 && kinds[2] >= 0);
	}
}

static int
walk_input(struct fake_walk *fake, const uint8_t *data, size_t size)
{
	static struct fake_message message;
	unsigned sent_fds = 0;
	while (size >= HEADER_BYTES) {
		const enum wlb_side from = (data[0] & SERVER_BIT) != 0
			? WLB_SERVER : WLB_CLIENT;
		const size_t fd_count = (data[0] & ~SERVER_BIT) % (FDS_MAX + 1);
		size_t len = data[2] | (size_t)data[3] << 8;
		data += HEADER_BYTES;
		size -= HEADER_BYTES;
		if (len > size) {
			len = size;
		}
		int fds[FDS_MAX];
		for (size_t i = 0; i < fd_count; i++) {
			/* Mostly what a program would send. */
			unsigned kind = sent_fds++ % 16;
			fds[i] = fd_dup(kinds[kind < 12 ? 0
				: kind < 15 ? 1 : 2]);
			must(fds[i] >= 0);
		}
		int r = wlb_walk_feed(fake->walk, from, data, len, fds,
			fd_count);
		for (int to = 0; to < 2; to++) {
			while (fake_walk_next(fake, to, &message)) {
			}
			wlb_queue_clear(&fake->queues[to]);
		}
		if (r < 0) {
			return r;
		}
		data += len;
		size -= len;
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_walk fake;
	make_kinds();
	fake_walk_init(&fake);
	fake.limit_bytes = SHADOW_BYTES_MAX;
	walk_input(&fake, data, size);
	fake_walk_finish(&fake);
	return 0;
}
