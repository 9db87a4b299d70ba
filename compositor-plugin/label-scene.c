/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A frame is a tree of nodes around a surface, from the bottom up:
 *
 *	border     all of the frame, in the VM's colour
 *	backdrop   opaque, as large as the content: nothing of another VM, nor the
 *	           border, shines through, and what the client does not fill is
 *	           nobody's
 *	content    the surface with its subsurfaces, clipped (frame-guard.c)
 *	popups     frames of their own
 *	bar        name, title, buttons and the border around them; so even its own
 *	           menus cannot cover it
 *
 * They are few because the scene goes through all nodes of all windows for every
 * frame that is drawn: what is left of the border around the other nodes is all of
 * it that costs, and the bar is one picture (frame-bar.c).
 *
 * Text on colour is ours, text on grey is the client's: in the bar the name
 * stands on the VM's colour, and the title after it on grey.
 *
 * All nodes are made first, and must be there, or there is no frame. The frame
 * starts disabled, so nothing shows before it has a place and its bar a picture.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wlr/types/wlr_buffer.h>

#include "frame.h"

static const float backdrop_colour[4] = {
	WLBL_BACKDROP_GREY, WLBL_BACKDROP_GREY, WLBL_BACKDROP_GREY, 1.0f,
};
static void
addon_destroy(struct wlr_addon *addon)
{
	/* handle_tree_destroy() has taken it off before. */
	wlr_addon_finish(addon);
}

static const struct wlr_addon_interface frame_addon = {
	.name = "wlbl_frame",
	.destroy = addon_destroy,
};

struct wlbl_frame *
wlbl_frame_of(struct wlr_scene_node *node)
{
	for (;;) {
		struct wlr_addon *addon = wlr_addon_find(&node->addons, NULL,
			&frame_addon);
		if (addon != NULL) {
			struct wlbl_frame *frame =
				wl_container_of(addon, frame, addon);
			return frame;
		}
		if (node->parent == NULL) {
			return NULL;
		}
		node = &node->parent->node;
	}
}

static void
handle_tree_destroy(struct wl_listener *listener, void *data)
{
	struct wlbl_frame *frame =
		wl_container_of(listener, frame, tree_destroy);
	(void)data;
	/* The scene went first; what is left is only memory. */
	wlr_addon_finish(&frame->addon);
	wl_list_remove(&frame->tree_destroy.link);
	frame->tree = NULL;
	frame->pixels = NULL;
}

static void
handle_surface_destroy(struct wl_listener *listener, void *data)
{
	struct wlbl_frame *frame =
		wl_container_of(listener, frame, surface_destroy);
	(void)data;
	wl_list_remove(&frame->surface_destroy.link);
	wl_list_init(&frame->surface_destroy.link);
	frame->surface = NULL;
	frame->pixels = NULL;
	wlbl_frame_hide(frame);
}

static void
colour_of(const struct wlbl_label *label, float ret[static 4])
{
	ret[0] = (float)(label->colour >> 16 & 0xff) / 255.0f;
	ret[1] = (float)(label->colour >> 8 & 0xff) / 255.0f;
	ret[2] = (float)(label->colour & 0xff) / 255.0f;
	ret[3] = 1.0f;
}

static bool
add_nodes(struct wlbl_frame *frame, struct wlr_scene_tree *parent)
{
	frame->tree = wlr_scene_tree_create(parent);
	if (frame->tree == NULL) {
		return false;
	}
	wlr_scene_node_set_enabled(&frame->tree->node, false);
	wlr_addon_init(&frame->addon, &frame->tree->node.addons, NULL,
		&frame_addon);
	frame->tree_destroy.notify = handle_tree_destroy;
	wl_signal_add(&frame->tree->node.events.destroy, &frame->tree_destroy);

	if (frame_border(frame) > 0) {
		float colour[4];
		colour_of(frame->label, colour);
		frame->border = wlr_scene_rect_create(frame->tree, 0, 0,
			colour);
		if (frame->border == NULL) {
			return false;
		}
	}
	if (frame->kind != WLBL_FRAME_CURSOR) {
		frame->backdrop = wlr_scene_rect_create(frame->tree, 0, 0,
			backdrop_colour);
		if (frame->backdrop == NULL) {
			return false;
		}
	}
	frame->content = wlr_scene_tree_create(frame->tree);
	if (frame->content == NULL) {
		return false;
	}
	frame->pixels = wlr_scene_subsurface_tree_create(frame->content,
		frame->surface);
	if (frame->pixels == NULL) {
		return false;
	}
	if (frame->kind != WLBL_FRAME_WINDOW) {
		return true;
	}
	frame->popups = wlr_scene_tree_create(frame->tree);
	if (frame->popups == NULL) {
		return false;
	}
	frame->bar = wlr_scene_buffer_create(frame->tree, NULL);
	return frame->bar != NULL;
}

WLBL_PUBLIC int
wlbl_frame_create(struct wlbl *labels, enum wlbl_frame_kind kind,
	struct wlr_scene_tree *parent, struct wlr_surface *surface,
	struct wlbl_frame **ret)
{
	struct wl_client *client = wl_resource_get_client(surface->resource);
	const struct wlbl_label *label;
	int r = wlbl_admit(labels, kind, client, &label);
	if (r < 0) {
		return r;
	}
	struct wlbl_frame *frame = calloc(1, sizeof(*frame));
	if (frame == NULL) {
		wlbl_release(kind, label);
		return -ENOMEM;
	}
	frame->labels = labels;
	frame->label = label;
	frame->kind = kind;
	frame->bar_change = BAR_WHOLE;
	frame->surface = surface;
	frame->surface_destroy.notify = handle_surface_destroy;
	wl_signal_add(&surface->events.destroy, &frame->surface_destroy);
	wl_list_insert(&labels->frames, &frame->link);

	if (!add_nodes(frame, parent)) {
		wlbl_log(labels, "VM '%s': no memory for a label: the window "
			"is not shown", label->name);
		wlbl_frame_destroy(frame);
		return -ENOMEM;
	}
	*ret = frame;
	return 0;
}

WLBL_PUBLIC void
wlbl_frame_destroy(struct wlbl_frame *frame)
{
	if (frame == NULL) {
		return;
	}
	wlbl_release(frame->kind, frame->label);
	wl_list_remove(&frame->surface_destroy.link);
	wl_list_remove(&frame->link);
	if (frame->tree != NULL) {
		wlr_scene_node_destroy(&frame->tree->node);
	}
	wlbl_bar_finish(frame);
	free(frame);
}

WLBL_PUBLIC void
wlbl_frame_hide(struct wlbl_frame *frame)
{
	if (frame->tree != NULL) {
		wlr_scene_node_set_enabled(&frame->tree->node, false);
	}
}

WLBL_PUBLIC void
wlbl_frame_set_title(struct wlbl_frame *frame, const char *title)
{
	char text[WLBL_TITLE_MAX + 1];
	wlbl_text_clean(text, sizeof(text), title);
	if (frame->bar == NULL || frame->tree == NULL
			|| strcmp(text, frame->title_text) == 0) {
		return;
	}
	memcpy(frame->title_text, text, sizeof(text));
	frame->title_waits = true;
	wlbl_bar_later(frame);
}

WLBL_PUBLIC void
wlbl_frame_set_active(struct wlbl_frame *frame, bool active)
{
	if (frame->bar == NULL || frame->tree == NULL
			|| frame->active == active) {
		return;
	}
	frame->active = active;
	wlbl_bar_touch(frame, BAR_INSIDE);
	wlbl_bar_update(frame);
}

void
wlbl_frames_update(struct wlbl *labels)
{
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		if (frame->bar != NULL && frame->tree != NULL) {
			wlbl_bar_draw_title(frame);
			wlbl_bar_touch(frame, BAR_WHOLE);
			wlbl_bar_update(frame);
		}
	}
}

void
wlbl_frames_recolour(struct wlbl *labels, const struct wlbl_label *label)
{
	float colour[4];
	colour_of(label, colour);
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		if (frame->label != label || frame->tree == NULL) {
			continue;
		}
		if (frame->border != NULL) {
			wlr_scene_rect_set_color(frame->border, colour);
		}
		if (frame->bar != NULL) {
			wlbl_bar_touch(frame, BAR_WHOLE);
			wlbl_bar_update(frame);
		}
	}
}

WLBL_PUBLIC struct wlr_scene_tree *
wlbl_frame_tree(struct wlbl_frame *frame)
{
	return frame->tree;
}

WLBL_PUBLIC struct wlr_scene_tree *
wlbl_frame_popups(struct wlbl_frame *frame)
{
	return frame->popups;
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_frame_label(const struct wlbl_frame *frame)
{
	return frame->label;
}

WLBL_PUBLIC void
wlbl_frame_set_data(struct wlbl_frame *frame, void *data)
{
	frame->data = data;
}

WLBL_PUBLIC void *
wlbl_frame_data(const struct wlbl_frame *frame)
{
	return frame->data;
}
