/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A new window may have to stay below the one that is typed into, so it is put
 * where it can be seen: of a few places, the first that covers and is covered
 * least. With nothing on the screen that is near the upper left corner.
 */
#include <limits.h>

#include "server.h"
#include "wlr-compat.h"

#define FAR (1 << 24)
#define MARGIN 40
#define CORNERS 4
#define STEP 32
#define STEPS 8

int
far_at_most(int value)
{
	return value > FAR ? FAR : value < -FAR ? -FAR : value;
}

void
geometry_of(struct wlr_xdg_surface *surface, struct wlr_box *ret)
{
	compat_xdg_geometry(surface, ret);
	ret->x = far_at_most(ret->x);
	ret->y = far_at_most(ret->y);
	ret->width = far_at_most(ret->width);
	ret->height = far_at_most(ret->height);
}

static long
overlap(struct window *window, const struct wlr_box *box)
{
	long area = 0;
	struct window *other;
	wl_list_for_each(other, &window->server->windows, link) {
		struct wlr_box taken, both;
		if (other == window || other->frame == NULL) {
			continue;
		}
		wlbl_frame_get_box(other->frame, &taken);
		if (wlr_box_intersection(&both, box, &taken)) {
			area += (long)both.width * both.height;
		}
	}
	return area;
}

void
window_find_place(struct window *window, int width, int height,
	const struct wlr_box *usable, int *ret_x, int *ret_y)
{
	const int left = usable->x + MARGIN;
	const int top = usable->y + MARGIN;
	const int right = usable->x + usable->width - MARGIN - width;
	const int bottom = usable->y + usable->height - MARGIN - height;
	const int corners[][2] = {
		{ left, top },
		{ right, top },
		{ left, bottom },
		{ right, bottom },
	};
	long least = LONG_MAX;
	for (int i = 0; i < CORNERS + STEPS; i++) {
		/* The corners first, then down the diagonal. */
		const int *corner = corners[i < CORNERS ? i : 0];
		const int step = i < CORNERS ? 0 : (i - CORNERS + 1) * STEP;
		const int x = corner[0] + step, y = corner[1] + step;
		const struct wlr_box box = {
			.x = x > left ? x : left,
			.y = y > top ? y : top,
			.width = width,
			.height = height,
		};
		const long area = overlap(window, &box);
		if (area < least) {
			least = area;
			*ret_x = box.x;
			*ret_y = box.y;
		}
	}
}
