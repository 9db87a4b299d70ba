/* SPDX-License-Identifier: MIT */
/* Another VM's clock, told from when its times arrive here. */
#ifndef WLB_AGENT_CLOCK_H
#define WLB_AGENT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct wlb_clock {
	bool known;
	int64_t offset_ns;	/* ours minus theirs, plus the shortest delay */
	int64_t next_ns;	/* the same, of the time since window_ns only */
	int64_t window_ns;	/* when that began, by our clock */
};

/**
 * wlb_clock_translate() - What we call an instant just past that they name
 * @theirs_ns: the instant, which was reported at once
 * @now_ns: when the report arrived, by our clock
 */
int64_t
wlb_clock_translate(struct wlb_clock *clock, int64_t theirs_ns,
	int64_t now_ns);

#endif
