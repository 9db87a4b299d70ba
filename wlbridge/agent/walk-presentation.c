/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wp_presentation tells when a frame was on the screen by a clock that the
 * client can read too. It cannot read another VM's, so the client is told of
 * its own, and the times are translated.
 */
#include <time.h>

#include "walk-private.h"

/* Events, as in the XML. */
#define PRESENTATION_CLOCK_ID 0
#define FEEDBACK_PRESENTED 1

#define NS_PER_S INT64_C(1000000000)

/* Years ahead of any uptime, and far from overflowing in nanoseconds. */
#define SECONDS_MAX (INT64_C(1) << 32)

static void
replace(struct wlb_message *message, unsigned arg, uint32_t value)
{
	wlb_wire_put(message->bytes + message->args[arg].offset, value);
}

int
wlb_walk_presentation_event(struct wlb_walk *walk,
	struct wlb_transit *transit)
{
	(void)walk;
	if (transit->message->opcode == PRESENTATION_CLOCK_ID) {
		replace(transit->message, 0, CLOCK_MONOTONIC);
	}
	return WLB_FORWARD;
}

int
wlb_walk_feedback_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	if (message->opcode != FEEDBACK_PRESENTED) {
		return WLB_FORWARD;
	}
	const uint64_t seconds = (uint64_t)message->args[0].value << 32
		| message->args[1].value;
	const uint32_t nanoseconds = message->args[2].value;
	if (seconds >= SECONDS_MAX || nanoseconds >= NS_PER_S) {
		/* No time that anybody could mean. */
		return WLB_FORWARD;
	}
	int64_t ns = wlb_clock_translate(&walk->clock,
		(int64_t)seconds * NS_PER_S + nanoseconds,
		walk->env->now_ns(walk->env->data));
	if (ns < 0) {
		/* Their clock jumped back to before our beginning. */
		ns = 0;
	}
	replace(message, 0, (uint32_t)((uint64_t)(ns / NS_PER_S) >> 32));
	replace(message, 1, (uint32_t)(ns / NS_PER_S));
	replace(message, 2, (uint32_t)(ns % NS_PER_S));
	return WLB_FORWARD;
}
