/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A window is whatever a client shows by itself; what kind of thing that is to the
 * client, its ops know. Once it is mapped it has a frame, or else it is closed:
 * without a label nothing is shown. Where it is and what of it shows is ours.
 *
 * Whoever asks to fill the screen gets the largest window there is, and is told
 * that it is maximised, which is true. The exception is fullscreen.c.
 */
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output_layout.h>

#include "server.h"

static void
usable_of(struct window *window, struct wlr_box *ret)
{
	output_usable(window->server, window->x, window->y, ret);
}

void
window_place(struct window *window)
{
	if (window->frame == NULL) {
		return;
	}
	struct wlr_box geometry, usable, box;
	window->ops->get_geometry(window, &geometry);
	usable_of(window, &usable);
	if (window->anchored & WLR_EDGE_LEFT) {
		window->x = window->anchor_x - geometry.width;
	}
	if (window->anchored & WLR_EDGE_TOP) {
		window->y = window->anchor_y - geometry.height;
	}
	if (window->maximized) {
		int left, top, right, bottom;
		wlbl_frame_get_margins(window->frame, &left, &top, &right,
			&bottom);
		window->x = usable.x + left;
		window->y = usable.y + top;
	}
	wlbl_frame_place(window->frame, window->x, window->y, &geometry,
		&usable);
	wlbl_frame_get_content_box(window->frame, &box);
	if (!wlr_box_empty(&box)) {
		window->x = box.x;
		window->y = box.y;
	}
	window->ops->placed(window);
}

void
window_move(struct window *window, int x, int y)
{
	window->anchored = 0;
	window->x = x;
	window->y = y;
	window_place(window);
}

void
window_resize(struct window *window, const struct wlr_box *box, uint32_t edges)
{
	window->anchored = edges & (WLR_EDGE_LEFT | WLR_EDGE_TOP);
	window->anchor_x = box->x + box->width;
	window->anchor_y = box->y + box->height;
	window->ops->set_size(window, box->width, box->height);
}

void
window_content_max(struct window *window, int *ret_width, int *ret_height)
{
	struct wlr_box usable;
	int left = 0, top = 0, right = 0, bottom = 0;
	usable_of(window, &usable);
	if (window->frame != NULL) {
		wlbl_frame_get_margins(window->frame, &left, &top, &right,
			&bottom);
	}
	const int width = usable.width - left - right;
	const int height = usable.height - top - bottom;
	*ret_width = width > 1 ? width : 1;
	*ret_height = height > 1 ? height : 1;
}

void
window_carry(struct window *window, int dx, int dy)
{
	window->x += dx;
	window->y += dy;
	window->restored.x += dx;
	window->restored.y += dy;
	window->anchor_x += dx;
	window->anchor_y += dy;
}

void
window_set_maximized(struct window *window, bool maximized)
{
	if (window_is_full(window)) {
		/* It stays what it is, and is told so. */
		window_adapt(window);
		return;
	}
	int width = 0, height = 0;
	if (maximized) {
		if (!window->maximized && window->frame != NULL) {
			wlbl_frame_get_content_box(window->frame,
				&window->restored);
		}
		window_content_max(window, &width, &height);
	} else if (window->maximized) {
		width = window->restored.width;
		height = window->restored.height;
		if (!wlr_box_empty(&window->restored)) {
			window->x = window->restored.x;
			window->y = window->restored.y;
		}
	}
	const bool changes = maximized != window->maximized || maximized;
	window->maximized = maximized;
	window->anchored = 0;
	if (changes) {
		window->ops->set_size(window, width, height);
	}
	/* A request is answered even where it changes nothing. */
	window->ops->set_maximized(window, maximized);
	window_place(window);
}

void
window_close(struct window *window)
{
	window->ops->close(window);
}

/* Away from the right and lower edges, if it reaches beyond. */
static void
window_fit(struct window *window, const struct wlr_box *usable)
{
	struct wlr_box box;
	wlbl_frame_get_box(window->frame, &box);
	const int beyond_x = box.x + box.width - usable->x - usable->width;
	const int beyond_y = box.y + box.height - usable->y - usable->height;
	if (beyond_x > 0 || beyond_y > 0) {
		window_move(window,
			window->x - (beyond_x > 0 ? beyond_x : 0),
			window->y - (beyond_y > 0 ? beyond_y : 0));
	}
}

void
window_adapt(struct window *window)
{
	struct server *server = window->server;
	const bool lost = wlr_output_layout_output_at(server->layout,
		window->x, window->y) == NULL;
	if (window->maximized || window_is_full(window)) {
		int width, height;
		window_content_max(window, &width, &height);
		window->ops->set_size(window, width, height);
	}
	window_place(window);
	if (lost && window->frame != NULL) {
		/* Not only its name. */
		struct wlr_box usable;
		usable_of(window, &usable);
		if (!wlr_box_empty(&usable)) {
			window_fit(window, &usable);
		}
	}
}

void
window_map(struct window *window, const char *title)
{
	struct server *server = window->server;
	if (wlbl_frame_create(server->labels, WLBL_FRAME_WINDOW,
			server->layers[LAYER_WINDOWS], window->surface,
			&window->frame) < 0) {
		window_close(window);
		return;
	}
	wlbl_frame_set_data(window->frame, window);
	wlbl_frame_set_title(window->frame, title);

	int left, top, right, bottom;
	wlbl_frame_get_margins(window->frame, &left, &top, &right, &bottom);
	struct wlr_box usable, geometry;
	output_usable(server, server->pointer.cursor->x,
		server->pointer.cursor->y, &usable);
	window->ops->get_geometry(window, &geometry);
	int x, y;
	window_find_place(window, geometry.width + left + right,
		geometry.height + top + bottom, &usable, &x, &y);
	window->x = x + left;
	window->y = y + top;
	window_place(window);
	window_fit(window, &usable);
	if (window->maximized) {
		/* It asked before it had a frame to be measured. */
		window->maximized = false;
		window_set_maximized(window, true);
	}
	window_appear(window);
	pointer_update(server);
	if (log_limit_allows(&server->window_log)) {
		log_info("'%s' shows a window", wlbl_label_name(
			wlbl_frame_label(window->frame)));
	}
}

void
window_unmap(struct window *window)
{
	if (window->frame == NULL) {
		return;
	}
	pointer_forget(window->server, window);
	fullscreen_forget(window);
	input_popups_forget(window);
	wlbl_frame_destroy(window->frame);
	window->frame = NULL;
	window_vanish(window);
	pointer_update(window->server);
}

void
window_set_title(struct window *window, const char *title)
{
	if (window->frame != NULL) {
		wlbl_frame_set_title(window->frame, title);
	}
}

void
window_init(struct window *window, struct server *server,
	const struct window_ops *ops)
{
	window->server = server;
	window->ops = ops;
	wl_list_insert(server->windows.prev, &window->link);
}

void
window_finish(struct window *window)
{
	wl_list_remove(&window->link);
	wlbl_frame_destroy(window->frame);
}
