/* SPDX-License-Identifier: MIT */
/*
 * click.h - a sound of which it can be said when it was written and heard
 *
 * Stereo S16 at 48 kHz. A click is CLICK_FRAMES long and as loud as its number
 * says, of which there are CLICK_NUMBERS, in turns. Whoever writes one says so
 * just before, with a byte on a pipe or a port: its number, or CLICK_END.
 */
#ifndef BENCH_CLICK_H
#define BENCH_CLICK_H

#include <stdint.h>
#include <string.h>

#define CLICK_RATE	48000
#define CLICK_FRAMES	16
#define CLICK_NUMBERS	16
#define CLICK_END	0xff
#define CLICK_STEP	1800	/* of 32767: the least, and between two */

/* What is played: periods of silence, clicks, and silence for those to end in. */
struct click_plan {
	unsigned period;	/* frames */
	unsigned periods;	/* of the buffer */
	unsigned clicks;
	unsigned every;		/* periods from one to the next */
};

static inline unsigned
click_plan_periods(const struct click_plan *plan)
{
	return plan->clicks * plan->every + 3 * CLICK_RATE / 2 / plan->period;
}

/* The number of the click that period @i begins with, or -1. */
static inline int
click_plan_at(const struct click_plan *plan, unsigned i)
{
	unsigned first = CLICK_RATE / plan->period;
	unsigned nth = (i - first) / plan->every;
	return i >= first && (i - first) % plan->every == 0
		&& nth < plan->clicks ? (int)(nth % CLICK_NUMBERS) : -1;
}

/* Fill a period with silence, and a click at its beginning if @number >= 0. */
static inline void
click_fill(int16_t (*frames)[2], unsigned count, int number)
{
	memset(frames, 0, count * sizeof(*frames));
	for (unsigned i = 0; number >= 0 && i < CLICK_FRAMES; i++) {
		frames[i][0] = (int16_t)((number + 1) * CLICK_STEP);
		frames[i][1] = frames[i][0];
	}
}

/* The number of the click whose loudest frame that is. */
static inline int
click_number(int loudest)
{
	return (loudest + CLICK_STEP / 2) / CLICK_STEP - 1;
}

#endif
