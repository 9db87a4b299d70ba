/* SPDX-License-Identifier: MIT */
/*
 * A split ring made by hand, in guest memory of two regions. They are
 * neighbours for the guest, and for nobody else: a range that crosses
 * GUEST_BORDER must come out in two pieces.
 */
#ifndef TESTS_GUEST_RING_H
#define TESTS_GUEST_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "vhost-user/queue.h"

#define GUEST_RING_NUM		16
#define GUEST_REGION_SIZE	0x8000u
#define GUEST_START		0x10000u	/* guest-physical */
#define GUEST_BORDER		(GUEST_START + GUEST_REGION_SIZE)
#define GUEST_END		(GUEST_BORDER + GUEST_REGION_SIZE)
#define GUEST_USER_START	0x7f0000000000u	/* of the first region */
/* Where the driver's buffers may lie: the ring's parts are before it. */
#define GUEST_BUFFERS		(GUEST_START + 0x1000)

struct guest_ring {
	struct vub_memory *memory;
	uint8_t *low;		/* the first region, as the guest sees it */
	uint8_t *high;		/* the second */
	struct vub_ring_addr addr;
	struct vub_wire_desc *desc;
	struct vub_wire_avail *avail;
	struct vub_wire_used *used;

	struct vub_queue queue;
	unsigned pushed_calls;
	unsigned broken_calls;
};

/* Zeroed guest memory and a queue that has not started. */
void
guest_ring_init(struct guest_ring *ring);

void
guest_ring_finish(struct guest_ring *ring);

int
guest_ring_start(struct guest_ring *ring, uint16_t base, bool event_idx,
	bool indirect);

/* Our address for one byte of guest memory. */
uint8_t *
guest_ring_at(struct guest_ring *ring, uint64_t guest_addr);

void
guest_ring_set_desc(struct guest_ring *ring, unsigned index, uint64_t addr,
	uint32_t len, uint16_t flags, uint16_t next);

/* Make the chain at @head available. */
void
guest_ring_add(struct guest_ring *ring, uint16_t head);

#endif
