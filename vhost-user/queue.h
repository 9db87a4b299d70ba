/* SPDX-License-Identifier: MIT */
/* The device's end of one split ring: memory only, no descriptors, no socket. */
#ifndef VUB_QUEUE_H
#define VUB_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "element.h"
#include "memory.h"
#include "message.h"
#include "wire.h"

/* Descriptors in one chain, an indirect table included. The specification asks
 * drivers to stay within the queue size; Linux stays within this. */
#define VUB_CHAIN_MAX	1024

struct vub_queue_ops {
	/* Something was pushed for the first time since
	 * vub_queue_take_notification(). */
	void (*pushed)(void *owner);
	/* The ring cannot be used any more. Called once. */
	void (*broken)(void *owner, int reason);
};

struct vub_queue {
	const struct vub_queue_ops *ops;
	void *owner;

	bool started;
	bool paused;		/* started, but the front-end disabled it */
	bool broken;
	bool event_idx;		/* negotiated */
	bool indirect;		/* negotiated */
	bool pushed;		/* since vub_queue_take_notification() */
	bool asked;		/* avail_event holds asked_at */
	bool notified;		/* notified_at means something */

	uint16_t num;
	uint16_t avail_next;	/* what to pop next */
	uint16_t avail_idx;	/* the driver's, when last looked */
	uint16_t used_idx;
	uint16_t asked_at;
	uint16_t notified_at;	/* used_idx when last decided */

	struct vub_memory *memory;	/* what the next three point into */
	const struct vub_wire_desc *desc;
	const struct vub_wire_avail *avail;
	struct vub_wire_used *used;
	struct vub_element *elements;	/* num of them, by head */
};

struct vub_queue_setup {
	uint16_t num;		/* a power of two, to VUB_QUEUE_SIZE_MAX */
	uint16_t base;		/* the first to pop */
	struct vub_ring_addr addr;
	bool event_idx;
	bool indirect;
};

/* -EFAULT when the ring is not in @memory, of which a reference is taken. */
int
vub_queue_start(struct vub_queue *queue, const struct vub_queue_setup *setup,
	struct vub_memory *memory);

/* The ring lies elsewhere now, or in other memory; -EFAULT leaves it. */
int
vub_queue_move(struct vub_queue *queue, const struct vub_ring_addr *addr,
	struct vub_memory *memory);

/**
 * vub_queue_stop() - Let go of ring and elements
 *
 * Return: the index to continue at. Elements that were popped last and not
 * pushed are before it no longer, so a driver that was only paused gets them
 * served again.
 */
uint16_t
vub_queue_stop(struct vub_queue *queue);

/* Whether the driver wants to be notified of what was pushed meanwhile. */
bool
vub_queue_take_notification(struct vub_queue *queue);

#endif
