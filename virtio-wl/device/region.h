/* SPDX-License-Identifier: MIT */
/* Ranges of something large and sparse: who has which bytes of it. */
#ifndef VWL_REGION_H
#define VWL_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "util/list.h"

#define VWL_PAGE_SIZE 4096	/* the wire's page, whatever the host's is */

/* @size in whole pages; it is far from the largest number. */
static inline uint64_t
vwl_pages_of(uint64_t size)
{
	return (size + VWL_PAGE_SIZE - 1) & ~(uint64_t)(VWL_PAGE_SIZE - 1);
}

struct vwl_region {
	uint64_t size;		/* bytes */
	struct list ranges;	/* vwl_range.link, by offset */
};

/* Embedded in whatever owns the range. */
struct vwl_range {
	struct list link;
	uint64_t offset;	/* bytes */
	uint64_t len;
};

void
vwl_region_init(struct vwl_region *region, uint64_t size);

/**
 * vwl_region_alloc() - Find room
 * @len: bytes, not 0
 * @align: bytes, a power of two
 *
 * Return: 0 with @range taken, or -ENOSPC.
 */
int
vwl_region_alloc(struct vwl_region *region, uint64_t len, uint64_t align,
	struct vwl_range *range);

/* Take exactly these bytes. 0, -EINVAL outside, -EBUSY where taken. */
int
vwl_region_claim(struct vwl_region *region, uint64_t offset, uint64_t len,
	struct vwl_range *range);

void
vwl_range_free(struct vwl_range *range);

#endif
