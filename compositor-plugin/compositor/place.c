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

#define MARGIN 40
#define STEP 32
#define STEPS 8

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
	const int step = STEP * (int)(window->server->placed++ % STEPS);
	const int places[][2] = {
		{ left + step, top + step },
		{ right, top },
		{ left, bottom },
		{ right, bottom },
	};
	long least = LONG_MAX;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct wlr_box box = {
			.x = places[i][0] > left ? places[i][0] : left,
			.y = places[i][1] > top ? places[i][1] : top,
			.width = width,
			.height = height,
		};
		long area = overlap(window, &box);
		if (area < least) {
			least = area;
			*ret_x = box.x;
			*ret_y = box.y;
		}
	}
}
