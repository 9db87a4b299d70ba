/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * How many objects may be made in a second, however soon they are gone again:
 * each costs system calls, and the kernel's memory has its own pace of coming
 * back. It is a bucket that leaks: an object puts a drop in, the limit is both
 * how many drops leak in a second and how many find room, so that what was
 * saved up for a second can be spent at once.
 *
 * What has been read cannot be unread, so a message may bring more objects than
 * there is room for; the bucket is asked before, whether it is full, and what
 * went over leaks like the rest, before the next. The bucket is looked at only
 * when an object is made or asked for; nothing runs while nothing happens.
 */
#include "budget.h"

#include <stddef.h>

#include "status.h"

#define SECOND_NS 1000000000

static void
show(const struct vwl_budget *budget)
{
	if (budget->shown != NULL) {
		budget->shown[VWL_RES_RATE].used = budget->used[VWL_RES_RATE];
	}
}

/* What has leaked until now. */
static void
leak(struct vwl_budget *budget, int64_t now_ns)
{
	uint64_t *used = &budget->used[VWL_RES_RATE];
	double limit = (double)budget->limits[VWL_RES_RATE];
	double drops = (double)(now_ns - budget->leaked_ns) * limit
		/ SECOND_NS;
	if (drops >= (double)*used) {
		*used = 0;
		budget->leaked_ns = now_ns;
	} else if (drops >= 1) {
		uint64_t whole = (uint64_t)drops;
		*used -= whole;
		budget->leaked_ns += (int64_t)((double)whole * SECOND_NS
			/ limit);
	}
	show(budget);
}

void
vwl_budget_count_made(struct vwl_budget *budget, int64_t now_ns)
{
	for (; budget != NULL; budget = budget->parent) {
		leak(budget, now_ns);
		budget->used[VWL_RES_RATE]++;
		show(budget);
	}
}

uint64_t
vwl_budget_pause_ns(struct vwl_budget *budget, int64_t now_ns)
{
	uint64_t longest = 0;
	for (; budget != NULL; budget = budget->parent) {
		uint64_t limit = budget->limits[VWL_RES_RATE];
		leak(budget, now_ns);
		uint64_t used = budget->used[VWL_RES_RATE];
		if (used < limit) {
			continue;
		}
		uint64_t pause = limit == 0 ? VWL_PAUSE_FOR_EVER
			: (used - limit + 1) * (SECOND_NS / limit + 1);
		longest = pause > longest ? pause : longest;
	}
	return longest;
}
