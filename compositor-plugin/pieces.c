/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A region is as large as the pieces that it falls into, and not as the requests
 * that made it: n bars and n beams across them are n * n pieces. Whatever is done
 * with it then costs that much, and each surface that has it has copies. So it is
 * the pieces that are looked at, before each request that could make more of them,
 * which can then at most double them.
 *
 * A client is told how much of a region there may be by being disconnected. Damage
 * is another thing: more of it than was meant is no mistake, so what is in too
 * many pieces becomes the box around them.
 */
#include <string.h>
#include <wlr/types/wlr_compositor.h>

#include "hold.h"

#define REGION_PIECES_MAX 10000
#define DAMAGE_PIECES_MAX 256

uint64_t
wlbl_region_bytes(const pixman_region32_t *region)
{
	return (uint64_t)pixman_region32_n_rects(region)
		* sizeof(pixman_box32_t);
}

bool
wlbl_region_may_grow(const pixman_region32_t *region)
{
	return pixman_region32_n_rects(region) < REGION_PIECES_MAX;
}

static void
damage_fit(pixman_region32_t *damage)
{
	if (pixman_region32_n_rects(damage) >= DAMAGE_PIECES_MAX) {
		const pixman_box32_t box = *pixman_region32_extents(damage);
		pixman_region32_reset(damage, (pixman_box32_t *)&box);
	}
}

void
wlbl_damage_fit(struct wlr_surface *surface, const char *request)
{
	if (strcmp(request, "damage") == 0) {
		damage_fit(&surface->pending.surface_damage);
	} else if (strcmp(request, "damage_buffer") == 0) {
		damage_fit(&surface->pending.buffer_damage);
	}
}
