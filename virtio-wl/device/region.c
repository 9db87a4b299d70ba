/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The taken ranges, in order of offset; the gaps between them are what is
 * free. First fit: a region sees at most a few hundred ranges (the budget for
 * maps), and a walk over those is nothing beside the map that follows.
 */
#include "region.h"

#include <assert.h>
#include <errno.h>

void
vwl_region_init(struct vwl_region *region, uint64_t size)
{
	region->size = size;
	list_init(&region->ranges);
}

static void
insert_before(struct list *next, struct vwl_range *range, uint64_t offset,
	uint64_t len)
{
	range->offset = offset;
	range->len = len;
	list_insert(next->prev, &range->link);
}

/* Whether [offset, offset + len) lies below @end, without overflow. */
static bool
fits(uint64_t offset, uint64_t len, uint64_t end)
{
	return offset <= end && len <= end - offset;
}

int
vwl_region_alloc(struct vwl_region *region, uint64_t len, uint64_t align,
	struct vwl_range *range)
{
	assert(len > 0 && align > 0 && (align & (align - 1)) == 0);
	uint64_t at = 0;
	struct vwl_range *taken;
	list_for_each(taken, &region->ranges, link) {
		if (fits(at, len, taken->offset)) {
			insert_before(&taken->link, range, at, len);
			return 0;
		}
		at = taken->offset + taken->len;
		if (at > UINT64_MAX - (align - 1)) {
			return -ENOSPC;
		}
		at = (at + align - 1) & ~(align - 1);
	}
	if (!fits(at, len, region->size)) {
		return -ENOSPC;
	}
	insert_before(&region->ranges, range, at, len);
	return 0;
}

int
vwl_region_claim(struct vwl_region *region, uint64_t offset, uint64_t len,
	struct vwl_range *range)
{
	if (len == 0 || !fits(offset, len, region->size)) {
		return -EINVAL;
	}
	struct vwl_range *taken;
	list_for_each(taken, &region->ranges, link) {
		if (taken->offset + taken->len <= offset) {
			continue;
		}
		if (taken->offset < offset + len) {
			return -EBUSY;
		}
		break;
	}
	insert_before(&taken->link, range, offset, len);
	return 0;
}

void
vwl_range_free(struct vwl_range *range)
{
	list_remove(&range->link);
	range->len = 0;
}
