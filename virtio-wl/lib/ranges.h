/* SPDX-License-Identifier: MIT */
/* Which parts of a span are free: first fit, and neighbours grow together. */
#ifndef VWL_RANGES_H
#define VWL_RANGES_H

#include <stddef.h>

#include "util/list.h"

struct vwl_ranges {
	struct list free;	/* by offset; never two that touch */
	size_t size;
	size_t largest;		/* no free range is larger; maybe none as large */
};

/* All of [0, @size) is free. 0 or -ENOMEM. */
int
vwl_ranges_init(struct vwl_ranges *ranges, size_t size);

void
vwl_ranges_finish(struct vwl_ranges *ranges);

/* Take the first free range of @size units. 0, or -ENOSPC. */
int
vwl_ranges_take(struct vwl_ranges *ranges, size_t size, size_t *ret_offset);

/* Give back what was taken, or a part of it. 0, or -ENOMEM: it is lost. */
int
vwl_ranges_give(struct vwl_ranges *ranges, size_t offset, size_t size);

#endif
