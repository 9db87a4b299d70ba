/* SPDX-License-Identifier: MIT */
/* Which pixels changed: few rectangles, clipped, never overflowing. */
#ifndef WLB_AGENT_DAMAGE_H
#define WLB_AGENT_DAMAGE_H

#include <pixman.h>
#include <stdint.h>

/* More rectangles than this become the one around them all. */
#define WLB_DAMAGE_RECTS_MAX 16

/*
 * Add what a client said, every side times @scale. Negative coordinates are
 * cut off: there is no such pixel in any buffer.
 */
void
wlb_damage_add(pixman_region32_t *damage, int32_t x, int32_t y, int32_t width,
	int32_t height, int32_t scale);

void
wlb_damage_add_region(pixman_region32_t *damage,
	const pixman_region32_t *other, int32_t scale);

/* Everything that any buffer can have. */
void
wlb_damage_add_all(pixman_region32_t *damage);

#endif
