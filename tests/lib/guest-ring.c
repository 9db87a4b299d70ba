/* SPDX-License-Identifier: MIT */
#include "guest-ring.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util/fd.h"

/* Between the two regions in their file, so that they are no neighbours. */
#define FILE_GAP 0x1000u

#define RING_DESC	0x000u
#define RING_AVAIL	0x400u
#define RING_USED	0x800u

static void
count_pushed(void *owner)
{
	struct guest_ring *ring = owner;
	ring->pushed_calls++;
}

static void
count_broken(void *owner, int reason)
{
	struct guest_ring *ring = owner;
	(void)reason;
	ring->broken_calls++;
}

static const struct vub_queue_ops ops = {
	.pushed = count_pushed,
	.broken = count_broken,
};

void
guest_ring_init(struct guest_ring *ring)
{
	const size_t file_size = 2 * GUEST_REGION_SIZE + FILE_GAP;
	int fd = fd_memfd("guest", file_size, 0);
	const struct vub_mem_region regions[2] = {
		{
			.guest_addr = GUEST_START,
			.user_addr = GUEST_USER_START,
			.size = GUEST_REGION_SIZE,
		}, {
			.guest_addr = GUEST_BORDER,
			.user_addr = GUEST_USER_START + 0x100000,
			.size = GUEST_REGION_SIZE,
			.mmap_offset = GUEST_REGION_SIZE + FILE_GAP,
		},
	};
	*ring = (struct guest_ring) {
		.addr = {
			.desc = GUEST_USER_START + RING_DESC,
			.avail = GUEST_USER_START + RING_AVAIL,
			.used = GUEST_USER_START + RING_USED,
		},
		.queue = { .ops = &ops, .owner = ring },
	};
	uint8_t *bytes = mmap(NULL, file_size, PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	if (fd < 0 || bytes == MAP_FAILED
			|| vub_memory_create(regions, 2, (int[]){ fd, fd },
				NULL, &ring->memory) < 0) {
		abort();
	}
	fd_close(&fd);
	ring->low = bytes;
	ring->high = bytes + GUEST_REGION_SIZE + FILE_GAP;
	ring->desc = (void *)(bytes + RING_DESC);
	ring->avail = (void *)(bytes + RING_AVAIL);
	ring->used = (void *)(bytes + RING_USED);
}

void
guest_ring_finish(struct guest_ring *ring)
{
	vub_queue_stop(&ring->queue);
	vub_memory_unref(ring->memory);
	munmap(ring->low, 2 * GUEST_REGION_SIZE + FILE_GAP);
}

int
guest_ring_start(struct guest_ring *ring, uint16_t base, bool event_idx,
	bool indirect)
{
	const struct vub_queue_setup setup = {
		.num = GUEST_RING_NUM,
		.base = base,
		.addr = ring->addr,
		.event_idx = event_idx,
		.indirect = indirect,
	};
	return vub_queue_start(&ring->queue, &setup, ring->memory);
}

uint8_t *
guest_ring_at(struct guest_ring *ring, uint64_t guest_addr)
{
	return guest_addr < GUEST_BORDER ? ring->low + guest_addr - GUEST_START
		: ring->high + guest_addr - GUEST_BORDER;
}

void
guest_ring_set_desc(struct guest_ring *ring, unsigned index, uint64_t addr,
	uint32_t len, uint16_t flags, uint16_t next)
{
	ring->desc[index] = (struct vub_wire_desc) {
		.addr = htole64(addr),
		.len = htole32(len),
		.flags = htole16(flags),
		.next = htole16(next),
	};
}

void
guest_ring_add(struct guest_ring *ring, uint16_t head)
{
	uint16_t idx = le16toh(ring->avail->idx);
	ring->avail->ring[idx % GUEST_RING_NUM] = htole16(head);
	__atomic_store_n(&ring->avail->idx, htole16((uint16_t)(idx + 1)),
		__ATOMIC_RELEASE);
}
