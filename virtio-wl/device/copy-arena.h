/* SPDX-License-Identifier: MIT */
/* Copies of small read-only files, in slots of memory that is mapped once. */
#ifndef VWL_COPY_ARENA_H
#define VWL_COPY_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "budget.h"
#include "region.h"
#include "shm.h"

struct vwl_arena {
	struct vwl_shm *shm;
	struct vwl_budget *budget;	/* pays for the arena's map */
	struct vwl_memory *memory;	/* NULL while there is no copy */
	struct vwl_region slots;
	unsigned copies;
};

struct vwl_copy {
	struct vwl_arena *arena;
	struct vwl_range slot;
	struct vwl_charge charge;
	uint64_t size;		/* bytes of the file; the slot is whole pages */
	int export_fd;		/* what is passed on, once it was; or -1 */
	struct vwl_charge export_charge;
	struct vwl_bill *export_bill;	/* for its bytes */
};

void
vwl_arena_init(struct vwl_arena *arena, struct vwl_shm *shm,
	struct vwl_budget *budget);

/**
 * vwl_copy_create() - Read a whole file into a slot
 * @fd: shared memory, borrowed
 * @size: bytes, not 0; what the file lacks of them by now is zeros
 */
int
vwl_copy_create(struct vwl_arena *arena, struct vwl_budget *budget, int fd,
	uint64_t size, struct vwl_copy **ret);

/* NULL is fine. */
void
vwl_copy_destroy(struct vwl_copy *copy);

/* As vwl_memory_map() and vwl_memory_offset(). */
int
vwl_copy_map(struct vwl_copy *copy, struct vwl_waiter *waiter);

uint64_t
vwl_copy_offset(const struct vwl_copy *copy);

/* A sealed file of its own with the bytes as they are the first time this is
 * asked: borrowed, or -errno. */
int
vwl_copy_export(struct vwl_copy *copy);

#endif
