/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client picks sizes, a compositor picks places; what comes of them is decided
 * here, for every kind of frame, so that the part that names the VM is always to
 * be seen. Sizes come from the client's side and are any int: they are cut to the
 * output before anything is added to them.
 *
 * A window that fills the screen has no title bar and still a border: whatever it
 * paints, frames and names of others too, is inside of its VM's colour.
 *
 * On an output of a fractional scale a window begins where a pixel does: its bar and
 * its client's buffer then have as many pixels as they are shown on.
 */
#include "frame.h"

static int
clamp(int value, int low, int high)
{
	if (value > high) {
		value = high;
	}
	return value < low ? low : value;
}

/* What a window's bar needs for its name and its buttons. */
static int
bar_width_min(const struct wlbl_frame *frame)
{
	return frame->label->cell_width + 2 * WLBL_BUTTON_WIDTH;
}

static void
set_rect(struct wlr_scene_rect *rect, int x, int y, int width, int height)
{
	wlr_scene_rect_set_size(rect, width > 0 ? width : 0,
		height > 0 ? height : 0);
	wlr_scene_node_set_position(&rect->node, x, y);
}

bool
wlbl_frame_arrange(struct wlbl_frame *frame)
{
	const int border = frame_border(frame);
	const int top = border + frame_bar(frame);
	const int width = frame->content_width;
	const int height = frame->content_height;
	if (border > 0) {
		set_rect(frame->border, 0, 0, width + 2 * border,
			top + height + border);
	}
	if (frame->backdrop != NULL) {
		set_rect(frame->backdrop, border, top, width, height);
	}
	wlr_scene_node_set_position(&frame->content->node, border, top);
	if (frame->bar != NULL) {
		wlr_scene_node_set_position(&frame->popups->node, border, top);
		wlr_scene_node_set_enabled(&frame->bar->node, !frame->full);
	}
	if (frame->picture == NULL) {
		return wlbl_bar_update(frame);
	}
	wlbl_bar_later(frame);
	return true;
}

/* Whatever its size: all there is, inside of its border. */
static bool
place_full(struct wlbl_frame *frame, struct wlr_box *box,
	const struct wlr_box *usable)
{
	const int border = frame_border(frame);
	box->x = usable->x + border;
	box->y = usable->y + border;
	box->width = usable->width - 2 * border;
	box->height = usable->height - 2 * border;
	return box->width > 0 && box->height > 0;
}

/* The name is to be seen whole, the rest as far as there is room. */
static bool
place_window(struct wlbl_frame *frame, struct wlr_box *box,
	const struct wlr_box *usable)
{
	if (frame->full) {
		return place_full(frame, box, usable);
	}
	const int bar = bar_width_min(frame);
	const int width_max = usable->width - 2 * BORDER;
	const int height_max = usable->height - 2 * BORDER - WLBL_BAR_HEIGHT;
	box->width = clamp(box->width, bar, width_max > bar ? width_max : bar);
	box->height = clamp(box->height, 1, height_max > 1 ? height_max : 1);
	box->x = clamp(box->x, usable->x + BORDER, usable->x + usable->width
		- BORDER - frame->label->cell_width);
	if (box->x < usable->x + BORDER) {
		box->x = usable->x + BORDER;
	}
	box->y = clamp(box->y, usable->y + BORDER + WLBL_BAR_HEIGHT,
		usable->y + usable->height - 1);
	/* Back only, and not out: the corner itself is on the grid. */
	box->x -= (box->x - usable->x) % frame->labels->grid;
	box->y -= (box->y - usable->y) % frame->labels->grid;
	return true;
}

/* Only what is inside with all of its border. */
static bool
place_inside(struct wlbl_frame *frame, struct wlr_box *box,
	const struct wlr_box *usable)
{
	const int border = frame_border(frame);
	const int max = frame->kind == WLBL_FRAME_ICON ? WLBL_ICON_MAX
		: frame->kind == WLBL_FRAME_CURSOR ? WLBL_CURSOR_MAX : 0;
	if (max > 0) {
		box->width = clamp(box->width, 0, max);
		box->height = clamp(box->height, 0, max);
	}
	const struct wlr_box room = {
		.x = usable->x + border,
		.y = usable->y + border,
		.width = usable->width - 2 * border,
		.height = usable->height - 2 * border,
	};
	return wlr_box_intersection(box, box, &room);
}

WLBL_PUBLIC void
wlbl_frame_place(struct wlbl_frame *frame, int x, int y,
	const struct wlr_box *geometry, const struct wlr_box *usable)
{
	if (frame->tree == NULL || frame->pixels == NULL
			|| wlr_box_empty(geometry) || wlr_box_empty(usable)) {
		wlbl_frame_hide(frame);
		return;
	}
	/* No sum below can overflow: layouts are small, and so is this. */
	const int far = 1 << 24;
	struct wlr_box box = {
		.x = clamp(x, -far, far),
		.y = clamp(y, -far, far),
		.width = clamp(geometry->width, 0, far),
		.height = clamp(geometry->height, 0, far),
	};
	const struct wlr_box wanted = box;
	bool seen = frame->kind == WLBL_FRAME_WINDOW
		? place_window(frame, &box, usable)
		: place_inside(frame, &box, usable);
	if (!seen) {
		wlbl_frame_hide(frame);
		return;
	}
	/* A window that was moved shows the same; the others are cut. */
	const bool cut = frame->kind != WLBL_FRAME_WINDOW;
	frame->clip = (struct wlr_box){
		.x = clamp(geometry->x, -far, far) + (cut ? box.x - wanted.x : 0),
		.y = clamp(geometry->y, -far, far) + (cut ? box.y - wanted.y : 0),
		.width = box.width,
		.height = box.height,
	};
	frame->content_width = box.width;
	frame->content_height = box.height;
	wlr_scene_node_set_position(&frame->pixels->node, -frame->clip.x,
		-frame->clip.y);
	if (!wlbl_frame_arrange(frame)) {
		return;
	}

	int parent_x, parent_y;
	wlr_scene_node_coords(&frame->tree->node.parent->node, &parent_x,
		&parent_y);
	const int border = frame_border(frame);
	wlr_scene_node_set_position(&frame->tree->node,
		box.x - border - parent_x,
		box.y - border - frame_bar(frame) - parent_y);
	frame->stale = true;
	wlr_scene_node_set_enabled(&frame->tree->node, true);
}

WLBL_PUBLIC void
wlbl_frame_set_full(struct wlbl_frame *frame, bool full)
{
	if (frame->kind == WLBL_FRAME_WINDOW) {
		frame->full = full;
	}
}

WLBL_PUBLIC void
wlbl_frame_get_margins(const struct wlbl_frame *frame, int *ret_left,
	int *ret_top, int *ret_right, int *ret_bottom)
{
	const int border = frame_border(frame);
	*ret_left = border;
	*ret_top = border + frame_bar(frame);
	*ret_right = border;
	*ret_bottom = border;
}

WLBL_PUBLIC void
wlbl_frame_get_content_box(const struct wlbl_frame *frame,
	struct wlr_box *ret)
{
	*ret = (struct wlr_box){ 0 };
	if (frame->tree == NULL) {
		return;
	}
	wlr_scene_node_coords(&frame->content->node, &ret->x, &ret->y);
	ret->width = frame->content_width;
	ret->height = frame->content_height;
}

WLBL_PUBLIC void
wlbl_frame_get_box(const struct wlbl_frame *frame, struct wlr_box *ret)
{
	const int border = frame_border(frame);
	wlbl_frame_get_content_box(frame, ret);
	ret->x -= border;
	ret->y -= border + frame_bar(frame);
	ret->width += 2 * border;
	ret->height += 2 * border + frame_bar(frame);
}
