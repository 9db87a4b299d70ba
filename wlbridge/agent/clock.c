/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Two VMs count from different beginnings. A report of an instant arrives some
 * time after it, never before, so the smallest difference ever seen between
 * arrival and report is the difference of the clocks and the shortest delay of
 * the way: a fraction of a millisecond too late, and steady. Clocks drift and
 * VMs are paused, so only the last one to two windows count.
 */
#include "clock.h"

#define WINDOW_NS (INT64_C(30) * 1000 * 1000 * 1000)

int64_t
wlb_clock_translate(struct wlb_clock *clock, int64_t theirs_ns,
	int64_t now_ns)
{
	const int64_t offset_ns = now_ns - theirs_ns;
	if (!clock->known) {
		*clock = (struct wlb_clock){
			.known = true,
			.offset_ns = offset_ns,
			.next_ns = offset_ns,
			.window_ns = now_ns,
		};
	}
	if (now_ns - clock->window_ns > WINDOW_NS) {
		clock->offset_ns = clock->next_ns;
		clock->next_ns = offset_ns;
		clock->window_ns = now_ns;
	}
	if (offset_ns < clock->next_ns) {
		clock->next_ns = offset_ns;
	}
	if (offset_ns < clock->offset_ns) {
		clock->offset_ns = offset_ns;
	}
	return theirs_ns + clock->offset_ns;
}
