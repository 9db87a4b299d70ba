/* SPDX-License-Identifier: MIT */
#include "fake-walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "must.h"
#include "wire.h"

#define PIECE_BYTES (1 << 30)

static int
fake_alloc(void *data, size_t size, struct vwl_buffer *ret)
{
	struct fake_walk *fake = data;
	if (size > fake->limit_bytes - fake->allocated_bytes) {
		errno = EDQUOT;
		return -1;
	}
	fake->last = (struct vwl_buffer){
		.fd = fake->piece_fd,
		.offset = (size_t)4096 * fake->allocated,
		.size = size,
		.piece_size = PIECE_BYTES,
		.data = malloc(size),
	};
	must(fake->last.data != NULL);
	memset(fake->last.data, 0xee, size);
	fake->allocated++;
	fake->allocated_bytes += size;
	*ret = fake->last;
	return 0;
}

static void
fake_free(void *data, const struct vwl_buffer *buffer)
{
	struct fake_walk *fake = data;
	fake->allocated--;
	fake->allocated_bytes -= buffer->size;
	free(buffer->data);
}

static int
fake_pass(void *data, int take_fd)
{
	(void)data;
	return take_fd;
}

static int64_t
fake_now_ns(void *data)
{
	struct fake_walk *fake = data;
	return fake->now_ns;
}

void
fake_walk_init(struct fake_walk *fake)
{
	*fake = (struct fake_walk){ .limit_bytes = 64 * 1024 * 1024 };
	fake->piece_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	must(fake->piece_fd >= 0);
	fake->env = (struct wlb_walk_env){
		.alloc = fake_alloc,
		.free = fake_free,
		.import_fd = fake_pass,
		.export_fd = fake_pass,
		.close_fd = close,
		.now_ns = fake_now_ns,
		.data = fake,
		.stats = &fake->stats,
	};
	wlb_queue_init(&fake->queues[WLB_CLIENT], close);
	wlb_queue_init(&fake->queues[WLB_SERVER], close);
	struct wlb_queue *queues[2] = {
		[WLB_CLIENT] = &fake->queues[WLB_CLIENT],
		[WLB_SERVER] = &fake->queues[WLB_SERVER],
	};
	must(wlb_walk_create(&fake->env, queues, &fake->walk) == 0);
}

void
fake_walk_finish(struct fake_walk *fake)
{
	wlb_walk_destroy(fake->walk);
	wlb_queue_finish(&fake->queues[WLB_CLIENT]);
	wlb_queue_finish(&fake->queues[WLB_SERVER]);
	close(fake->piece_fd);
	must(fake->allocated == 0);
}

int
fake_walk_next(struct fake_walk *fake, enum wlb_side to,
	struct fake_message *ret)
{
	struct wlb_queue *queue = &fake->queues[to];
	const uint8_t *bytes = queue->bytes + queue->head;
	if (queue->len == 0) {
		return 0;
	}
	int size = wlb_wire_size(bytes, queue->len);
	must(size > 0 && (size_t)size <= queue->len);
	ret->object = wlb_wire_get(bytes);
	ret->opcode = wlb_wire_get(bytes + 4) & 0xffff;
	ret->size = (size_t)size;
	memcpy(ret->bytes, bytes, (size_t)size);
	wlb_queue_sent(queue, (size_t)size, 0);
	return 1;
}

int
fake_walk_next_fd(struct fake_walk *fake, enum wlb_side to)
{
	struct wlb_queue *queue = &fake->queues[to];
	if (queue->fd_len == 0) {
		return -1;
	}
	struct wlb_queued_fd *queued = &queue->fds[queue->fd_head];
	int fd = queued->fd;
	queued->borrowed = true;
	wlb_queue_sent(queue, 0, 1);
	return fd;
}
