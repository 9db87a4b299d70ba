/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wlr_scene_subsurface_tree_set_clip() keeps a surface and its subsurfaces inside
 * a box, as long as every change of theirs reaches it. As of wlroots 0.18 not
 * every one does: a subsurface that was given a subsurface of its own before it
 * was attached leaves that one unclipped, and a subsurface that moves takes its
 * own with it under their old clip. Either is a way out of the frame, over other
 * windows and their labels.
 *
 * So clipping is asked for and then checked, as the last thing before a frame is
 * drawn and before a point is looked up, wherever something was committed or
 * placed: each node that shows pixels of the
 * surface must lie in the box. If one does not, the clip is taken off and put on
 * again, which makes the scene graph go through the whole tree; and a node that
 * is outside even then is not shown at all.
 *
 * Cutting a stretched buffer can leave a source that reaches beyond the buffer: by
 * a rounding error, for some ratios of sizes that programs really use, or by an
 * overflow. The renderer ends the compositor when it is given such a one.
 *
 * And what a client calls opaque is left as it was drawn some frames ago, another
 * VM's window perhaps, where it is nothing of the kind. Only a surface that is
 * opaque all over is copied instead of blended, whatever its pixels say. So no
 * other is taken at its word.
 */
#include <math.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/util/edges.h>

#include "frame.h"

struct check {
	struct wlbl_frame *frame;
	bool outside;
	bool hide;
};

/* Of one axis: the part of [*at, *at + *size) that is in [0, max). */
static bool
source_cut(double *at, double *size, double max)
{
	const double end = *at + *size;
	if (!(*at < max && end > 0)) {
		return false;
	}
	*at = *at > 0 ? *at : 0;
	*size = (end < max ? end : max) - *at;
	/* Rounding can put the end beyond it again. */
	while (*at + *size > max) {
		*size = nextafter(*size, 0);
	}
	return *size > 0;
}

/* Take back what of a buffer's source is outside of the buffer. */
static bool
source_fit(struct wlr_scene_buffer *buffer)
{
	const struct wlr_buffer *pixels = buffer->buffer;
	struct wlr_fbox box = buffer->src_box;
	if (wlr_fbox_empty(&box)) {
		return true;	/* all of it */
	}
	if (!source_cut(&box.x, &box.width, pixels->width)
			|| !source_cut(&box.y, &box.height, pixels->height)) {
		return false;
	}
	wlr_scene_buffer_set_source_box(buffer, &box);
	return true;
}

/* What is not opaque all over is drawn as if it were so nowhere. */
static void
opaque_fit(struct wlr_scene_buffer *buffer)
{
	const pixman_box32_t all = {
		.x2 = buffer->dst_width,
		.y2 = buffer->dst_height,
	};
	if (!pixman_region32_not_empty(&buffer->opaque_region)
			|| pixman_region32_contains_rectangle(
				&buffer->opaque_region, &all)
				== PIXMAN_REGION_IN) {
		return;
	}
	pixman_region32_t nowhere;
	pixman_region32_init(&nowhere);
	wlr_scene_buffer_set_opaque_region(buffer, &nowhere);
	pixman_region32_fini(&nowhere);
}

static void
handle_buffer(struct wlr_scene_buffer *buffer, int x, int y, void *data)
{
	struct check *check = data;
	const struct wlr_box *clip = &check->frame->clip;
	if (buffer->buffer == NULL) {
		return;
	}
	if (!source_fit(buffer)) {
		wlr_scene_node_set_enabled(&buffer->node, false);
		return;
	}
	opaque_fit(buffer);
	/* Coordinates are those of the content tree: see below. */
	bool sized = buffer->dst_width > 0 && buffer->dst_height > 0;
	if (sized && x >= 0 && y >= 0 && x <= clip->width && y <= clip->height
			&& buffer->dst_width <= clip->width - x
			&& buffer->dst_height <= clip->height - y) {
		return;
	}
	check->outside = true;
	if (check->hide) {
		wlbl_log(check->frame->labels, "VM '%s': a surface outside of "
			"its window is not shown", check->frame->label->name);
		wlr_scene_node_set_enabled(&buffer->node, false);
	}
}

static bool
is_outside(struct wlbl_frame *frame, bool hide)
{
	struct check check = { .frame = frame, .hide = hide };
	/* From the surface's tree, whose place in the content tree counts. */
	wlr_scene_node_for_each_buffer(&frame->pixels->node, handle_buffer,
		&check);
	return check.outside;
}

static void
guard(struct wlbl_frame *frame)
{
	if (frame->pixels == NULL || wlr_box_empty(&frame->clip)) {
		return;
	}
	wlr_scene_subsurface_tree_set_clip(&frame->pixels->node, &frame->clip);
	if (!is_outside(frame, false)) {
		return;
	}
	wlr_scene_subsurface_tree_set_clip(&frame->pixels->node, NULL);
	wlr_scene_subsurface_tree_set_clip(&frame->pixels->node, &frame->clip);
	is_outside(frame, true);
}

void
wlbl_frames_guard(struct wlbl *labels)
{
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		if (frame->tree != NULL && frame->tree->node.enabled
				&& (frame->stale || !labels->sees_commits)) {
			guard(frame);
			frame->stale = false;
		}
	}
}

void
wlbl_frames_touch(struct wlbl *labels, struct wlr_surface *surface)
{
	const struct wlr_surface *root = wlr_surface_get_root_surface(surface);
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		if (frame->surface == root) {
			frame->stale = true;
		}
	}
}

static bool
box_has(const struct wlr_box *box, double x, double y)
{
	return x >= box->x && y >= box->y && x < box->x + box->width
		&& y < box->y + box->height;
}

/* Which edges a border's point drags; corners are as long as the bar is high. */
static uint32_t
edges_at(const struct wlr_box *box, double x, double y)
{
	uint32_t edges = 0;
	if (y < box->y + BORDER) {
		edges |= WLR_EDGE_TOP;
	} else if (y >= box->y + box->height - WLBL_BAR_HEIGHT) {
		edges |= WLR_EDGE_BOTTOM;
	}
	if (x < box->x + WLBL_BAR_HEIGHT) {
		edges |= WLR_EDGE_LEFT;
	} else if (x >= box->x + box->width - WLBL_BAR_HEIGHT) {
		edges |= WLR_EDGE_RIGHT;
	}
	return edges;
}

static void
find_part(struct wlbl_frame *frame, double x, double y, struct wlbl_hit *ret)
{
	struct wlr_box outer, content;
	wlbl_frame_get_box(frame, &outer);
	wlbl_frame_get_content_box(frame, &content);
	ret->frame = frame;
	if (box_has(&content, x, y)) {
		ret->part = WLBL_PART_CONTENT;
		return;
	}
	const struct wlr_box bar = {
		.x = content.x,
		.y = content.y - frame_bar(frame),
		.width = content.width,
		.height = frame_bar(frame),
	};
	if (!box_has(&bar, x, y)) {
		ret->part = WLBL_PART_BORDER;
		ret->edges = frame->full ? 0 : edges_at(&outer, x, y);
		return;
	}
	const double left = bar.x + bar.width - x;
	ret->part = left <= WLBL_BUTTON_WIDTH ? WLBL_PART_CLOSE
		: left <= 2 * WLBL_BUTTON_WIDTH ? WLBL_PART_MAXIMIZE
		: WLBL_PART_TITLE;
}

WLBL_PUBLIC void
wlbl_at(struct wlbl *labels, struct wlr_scene_tree *tree, double x, double y,
	struct wlbl_hit *ret)
{
	*ret = (struct wlbl_hit){ .part = WLBL_PART_NONE };
	wlbl_frames_guard(labels);
	double sx, sy;
	struct wlr_scene_node *node = wlr_scene_node_at(&tree->node, x, y, &sx,
		&sy);
	struct wlbl_frame *frame = node == NULL ? NULL : wlbl_frame_of(node);
	if (frame == NULL) {
		return;
	}
	find_part(frame, x, y, ret);
	if (ret->part != WLBL_PART_CONTENT
			|| node->type != WLR_SCENE_NODE_BUFFER) {
		return;
	}
	struct wlr_scene_surface *surface = wlr_scene_surface_try_from_buffer(
		wlr_scene_buffer_from_node(node));
	if (surface != NULL) {
		ret->surface = surface->surface;
		ret->sx = sx;
		ret->sy = sy;
	}
}
