/* SPDX-License-Identifier: MIT */
#include "ranges.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct range {
	struct list link;
	size_t offset;
	size_t size;
};

static int
insert(struct list *after, size_t offset, size_t size)
{
	struct range *range = malloc(sizeof(*range));
	if (range == NULL) {
		return -ENOMEM;
	}
	range->offset = offset;
	range->size = size;
	list_insert(after, &range->link);
	return 0;
}

static void
delete(struct range *range)
{
	list_remove(&range->link);
	free(range);
}

int
vwl_ranges_init(struct vwl_ranges *ranges, size_t size)
{
	list_init(&ranges->free);
	ranges->size = size;
	ranges->largest = size;
	return insert(&ranges->free, 0, size);
}

void
vwl_ranges_finish(struct vwl_ranges *ranges)
{
	struct range *range;
	struct range *next;
	list_for_each_safe(range, next, &ranges->free, link) {
		delete(range);
	}
}

int
vwl_ranges_take(struct vwl_ranges *ranges, size_t size, size_t *ret_offset)
{
	assert(size > 0);
	if (size > ranges->largest) {
		return -ENOSPC;
	}
	struct range *range;
	size_t largest = 0;
	list_for_each(range, &ranges->free, link) {
		largest = range->size > largest ? range->size : largest;
		if (range->size < size) {
			continue;
		}
		*ret_offset = range->offset;
		range->offset += size;
		range->size -= size;
		if (range->size == 0) {
			delete(range);
		}
		return 0;
	}
	ranges->largest = largest;	/* all were seen: now it is exact */
	return -ENOSPC;
}

int
vwl_ranges_give(struct vwl_ranges *ranges, size_t offset, size_t size)
{
	assert(size > 0 && size <= ranges->size
		&& offset <= ranges->size - size);
	struct list *before = &ranges->free;
	struct range *range;
	list_for_each(range, &ranges->free, link) {
		if (range->offset > offset) {
			break;
		}
		before = &range->link;
	}
	struct range *left = before == &ranges->free ? NULL
		: list_entry(before, struct range, link);
	struct range *right = before->next == &ranges->free ? NULL
		: list_entry(before->next, struct range, link);
	assert(left == NULL || left->offset + left->size <= offset);
	assert(right == NULL || offset + size <= right->offset);

	if (left != NULL && left->offset + left->size != offset) {
		left = NULL;
	}
	if (right != NULL && offset + size != right->offset) {
		right = NULL;
	}
	size_t now = size;
	if (left != NULL) {
		left->size += size;
		if (right != NULL) {
			left->size += right->size;
			delete(right);
		}
		now = left->size;
	} else if (right != NULL) {
		right->offset = offset;
		right->size += size;
		now = right->size;
	} else if (insert(before, offset, size) < 0) {
		return -ENOMEM;
	}
	ranges->largest = now > ranges->largest ? now : ranges->largest;
	return 0;
}
