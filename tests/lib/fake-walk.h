/* SPDX-License-Identifier: MIT */
/* A walker with nothing around it: memory from malloc, descriptors as they are. */
#ifndef TESTS_FAKE_WALK_H
#define TESTS_FAKE_WALK_H

#include <stdint.h>

#include "walk.h"

struct fake_walk {
	struct wlb_walk *walk;
	struct wlb_walk_env env;
	struct wlb_stats stats;
	struct wlb_queue queues[2];	/* indexed by the side they lead to */
	int piece_fd;			/* what every shadow claims to be in */
	unsigned allocated;		/* shadows that were not freed */
	size_t allocated_bytes;
	size_t limit_bytes;		/* of them; more is refused */
	int64_t now_ns;
	struct vwl_buffer last;		/* shadow that was allocated */
};

void
fake_walk_init(struct fake_walk *fake);

void
fake_walk_finish(struct fake_walk *fake);

/* One message that waits for a side; it and its descriptors are taken out. */
struct fake_message {
	uint32_t object;
	uint16_t opcode;
	size_t size;
	uint8_t bytes[65536];
};

/* Return: whether there was one. */
int
fake_walk_next(struct fake_walk *fake, enum wlb_side to,
	struct fake_message *ret);

/* The next descriptor that waits for a side, or -1; the caller's unless lent. */
int
fake_walk_next_fd(struct fake_walk *fake, enum wlb_side to);

#endif
