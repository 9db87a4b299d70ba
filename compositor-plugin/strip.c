/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Anything a client paints can be copied by another client, a label too. What it
 * cannot copy is a place: the strip is the part of the output where no frame is
 * ever put and above which nothing is drawn. It is made of an opaque rectangle
 * and, for each role, a caption and the name of a label; both were drawn when
 * the configuration was read, so to show something else is to show other buffers.
 *
 * Beside a strip may be another one, which must say what is its own: nothing goes
 * beyond the end. Who has the keyboard comes first and is cut at the end, if need be;
 * the other roles are there with all of the name or not at all.
 *
 * While the screen is locked the strip says that, and to whom one types, and no
 * VM's name: neither where the pointer is, nor who waits, nor what happened last.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <wlr/types/wlr_scene.h>

#include "draw.h"
#include "private.h"

static_assert(WLBL_STRIP_HEIGHT == WLBL_BAR_HEIGHT, "cells fill the strip");

struct wlbl_strip {
	struct wl_list link;		/* wlbl.strips */
	struct wlbl *labels;
	struct wlr_scene_tree *tree;
	struct wl_listener tree_destroy;
	struct wlr_scene_rect *back;
	struct wlr_scene_buffer *captions[WLBL_ROLES];
	struct wlr_scene_buffer *cells[WLBL_ROLES];
	struct wlr_scene_buffer *notice;
	int width;
};

/* The pointer is worth a word only where it is not where the keyboard is. */
WLBL_PUBLIC const struct wlbl_label *
wlbl_shown(const struct wlbl *labels, enum wlbl_role role)
{
	const struct wlbl_label *label = labels->shown[role];
	if (role == WLBL_ROLE_POINTER
			&& label == labels->shown[WLBL_ROLE_KEYBOARD]) {
		return NULL;
	}
	return labels->locked && role != WLBL_ROLE_KEYBOARD ? NULL : label;
}

/* As much of it as there is room for. */
static void
put(const struct wlbl_strip *strip, struct wlr_scene_buffer *node,
	struct wlr_buffer *buffer, int width, int x)
{
	const int room = strip->width > x ? strip->width - x : 0;
	const int shown = width < room ? width : room;
	wlr_scene_node_set_enabled(&node->node, shown > 0);
	if (shown == 0) {
		return;
	}
	if (node->buffer != buffer) {
		wlr_scene_buffer_set_buffer(node, buffer);
	}
	const struct wlr_fbox part = {
		.width = shown * strip->labels->scale,
		.height = buffer->height,
	};
	wlr_scene_buffer_set_source_box(node, shown < width ? &part : NULL);
	wlr_scene_buffer_set_dest_size(node, shown, WLBL_BAR_HEIGHT);
	wlr_scene_node_set_position(&node->node, x, 0);
}

/* Return: where the next one goes. */
static int
put_role(struct wlbl_strip *strip, enum wlbl_role role, int x)
{
	const struct wlbl *labels = strip->labels;
	const struct wlbl_label *label = wlbl_shown(labels, role);
	const bool locked = labels->locked && role == WLBL_ROLE_KEYBOARD;
	const int caption = locked ? WLBL_CAPTION_LOCKED : (int)role;
	const int width = labels->caption_widths[caption];
	const int cell_x = x + width + WLBL_STRIP_GAP;
	if (locked && label == NULL) {
		/* With nobody there who could unlock it. */
		put(strip, strip->captions[role], labels->captions[caption],
			width, x);
		wlr_scene_node_set_enabled(&strip->cells[role]->node, false);
		return cell_x;
	}
	if (label == NULL || (role != WLBL_ROLE_KEYBOARD
			&& cell_x + label->cell_width > strip->width)) {
		wlr_scene_node_set_enabled(&strip->captions[role]->node,
			false);
		wlr_scene_node_set_enabled(&strip->cells[role]->node, false);
		return x;
	}
	put(strip, strip->captions[role], labels->captions[caption], width, x);
	put(strip, strip->cells[role], label->cell, label->cell_width, cell_x);
	return cell_x + label->cell_width + 2 * WLBL_STRIP_GAP;
}

static void
strip_update(struct wlbl_strip *strip)
{
	const struct wlbl *labels = strip->labels;
	int x = WLBL_STRIP_GAP;
	for (int i = 0; i < WLBL_ROLES; i++) {
		x = put_role(strip, (enum wlbl_role)i, x);
	}
	if (labels->notice == NULL || labels->locked) {
		wlr_scene_node_set_enabled(&strip->notice->node, false);
		return;
	}
	/* At the right; over nothing that says who has the keyboard. */
	int right = strip->width - labels->notice_width - WLBL_STRIP_GAP;
	right -= right % wlbl_scale_step(labels->scale);
	put(strip, strip->notice, labels->notice, labels->notice_width,
		right > x ? right : x);
}

void
wlbl_strips_update(struct wlbl *labels)
{
	struct wlbl_strip *strip;
	wl_list_for_each(strip, &labels->strips, link) {
		strip_update(strip);
	}
	if (labels->handle_shown != NULL) {
		labels->handle_shown(labels->handle_shown_data);
	}
}

WLBL_PUBLIC void
wlbl_on_shown(struct wlbl *labels, void (*handler)(void *data), void *data)
{
	labels->handle_shown = handler;
	labels->handle_shown_data = data;
}

static bool
is_strip(struct wlbl *labels, const struct wlr_scene_node *node)
{
	const struct wlbl_strip *strip;
	wl_list_for_each(strip, &labels->strips, link) {
		if (&strip->tree->node == node) {
			return true;
		}
	}
	return false;
}

/* But for other strips, which would otherwise be drawn again in turns, for ever. */
static bool
is_on_top(const struct wlbl_strip *strip)
{
	const struct wl_list *all = &strip->tree->node.parent->children;
	const struct wl_list *link = strip->tree->node.link.next;
	for (; link != all; link = link->next) {
		const struct wlr_scene_node *node =
			wl_container_of(link, node, link);
		if (!is_strip(strip->labels, node)) {
			return false;
		}
	}
	return true;
}

void
wlbl_strips_raise(struct wlbl *labels)
{
	struct wlbl_strip *strip;
	wl_list_for_each(strip, &labels->strips, link) {
		if (!is_on_top(strip)) {
			wlr_scene_node_raise_to_top(&strip->tree->node);
		}
	}
}

static void
handle_tree_destroy(struct wl_listener *listener, void *data)
{
	struct wlbl_strip *strip =
		wl_container_of(listener, strip, tree_destroy);
	(void)data;
	strip->tree = NULL;
	wl_list_remove(&strip->tree_destroy.link);
	wl_list_remove(&strip->link);
	wl_list_init(&strip->link);
}

static bool
add_nodes(struct wlbl_strip *strip)
{
	/*
	 * As dark as pixels can be. What is black to the scene is not drawn where
	 * it is on top, and with a fractional scale the row that is not is below's.
	 */
	static const float black[4] = { 0.0f, 0.0f, 0.0001f, 1.0f };
	strip->back = wlr_scene_rect_create(strip->tree, 0, WLBL_BAR_HEIGHT,
		black);
	if (strip->back == NULL) {
		return false;
	}
	for (int i = 0; i < WLBL_ROLES; i++) {
		strip->captions[i] = wlr_scene_buffer_create(strip->tree, NULL);
		strip->cells[i] = wlr_scene_buffer_create(strip->tree, NULL);
		if (strip->captions[i] == NULL || strip->cells[i] == NULL) {
			return false;
		}
	}
	strip->notice = wlr_scene_buffer_create(strip->tree, NULL);
	return strip->notice != NULL;
}

WLBL_PUBLIC int
wlbl_strip_create(struct wlbl *labels, struct wlr_scene_tree *parent,
	struct wlbl_strip **ret)
{
	struct wlbl_strip *strip = calloc(1, sizeof(*strip));
	if (strip == NULL) {
		return -ENOMEM;
	}
	strip->labels = labels;
	strip->tree = wlr_scene_tree_create(parent);
	if (strip->tree == NULL) {
		free(strip);
		return -ENOMEM;
	}
	strip->tree_destroy.notify = handle_tree_destroy;
	wl_signal_add(&strip->tree->node.events.destroy, &strip->tree_destroy);
	wl_list_insert(&labels->strips, &strip->link);
	if (!add_nodes(strip)) {
		wlbl_strip_destroy(strip);
		return -ENOMEM;
	}
	strip_update(strip);
	*ret = strip;
	return 0;
}

WLBL_PUBLIC void
wlbl_strip_destroy(struct wlbl_strip *strip)
{
	if (strip == NULL) {
		return;
	}
	if (strip->tree != NULL) {
		wlr_scene_node_destroy(&strip->tree->node);
	}
	free(strip);
}

WLBL_PUBLIC void
wlbl_strip_set_box(struct wlbl_strip *strip, const struct wlr_box *output)
{
	wlr_scene_rect_set_size(strip->back, output->width, WLBL_BAR_HEIGHT);
	strip->width = output->width;
	strip_update(strip);
	wlr_scene_node_set_position(&strip->tree->node, output->x, output->y);
}

WLBL_PUBLIC void
wlbl_show(struct wlbl *labels, enum wlbl_role role,
	const struct wlbl_label *label)
{
	if (labels->shown[role] != label) {
		labels->shown[role] = label;
		wlbl_strips_update(labels);
	}
}

WLBL_PUBLIC void
wlbl_set_locked(struct wlbl *labels, bool locked)
{
	labels->locked = locked;
	wlbl_strips_update(labels);
}
