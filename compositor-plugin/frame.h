/* SPDX-License-Identifier: MIT */
/* The nodes of a frame, for the files that make, place, guard and find them. */
#ifndef WLBL_FRAME_H
#define WLBL_FRAME_H

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/addon.h>

#include "draw.h"
#include "label-text.h"
#include "private.h"

#define BORDER WLBL_WINDOW_BORDER

enum edge {
	EDGE_TOP,
	EDGE_LEFT,
	EDGE_RIGHT,
	EDGE_BOTTOM,
	EDGES
};

struct wlbl_frame {
	struct wl_list link;		/* wlbl.frames */
	struct wlbl *labels;
	const struct wlbl_label *label;
	enum wlbl_frame_kind kind;
	void *data;

	struct wlr_scene_tree *tree;	/* at the outer corner */
	struct wlr_addon addon;		/* of tree: how a node finds its frame */
	struct wl_listener tree_destroy;

	struct wlr_surface *surface;	/* NULL once it is gone */
	struct wl_listener surface_destroy;

	/* From the bottom up. */
	struct wlr_scene_rect *backdrop;
	struct wlr_scene_tree *content;	/* at the content's corner */
	struct wlr_scene_tree *pixels;	/* in it: the surface's tree */
	struct wlr_scene_rect *edges[EDGES];
	struct wlr_scene_tree *popups;	/* at the content's corner */
	struct wlr_scene_tree *bar;	/* at the outer corner */
	struct wlr_scene_rect *header;	/* the border around the bar */
	struct wlr_scene_rect *bar_back;
	struct wlr_scene_buffer *name;
	struct wlr_scene_buffer *title;
	struct wlr_scene_buffer *buttons;

	char title_text[WLBL_TITLE_MAX + 1];
	int title_width;		/* as drawn; 0: nothing to draw */
	bool active;
	bool stale;			/* to be guarded before it is drawn */
	bool full;			/* wlbl_frame_set_full() */

	struct wlr_box clip;		/* what shows, in the surface */
	int content_width;
	int content_height;
};

/* The border, and the height of the bar, of a kind of frame. */
static inline int
frame_border(const struct wlbl_frame *frame)
{
	switch (frame->kind) {
	case WLBL_FRAME_WINDOW:
		return frame->full ? WLBL_POPUP_BORDER : BORDER;
	case WLBL_FRAME_POPUP:
	case WLBL_FRAME_ICON:
		return WLBL_POPUP_BORDER;
	case WLBL_FRAME_CURSOR:
		break;
	}
	return 0;
}

static inline int
frame_bar(const struct wlbl_frame *frame)
{
	return frame->kind == WLBL_FRAME_WINDOW && !frame->full
		? WLBL_BAR_HEIGHT : 0;
}

/* Give every node the place and size that the content's size asks for. */
void
wlbl_frame_arrange(struct wlbl_frame *frame);

/* The frame that a node is part of, or NULL. */
struct wlbl_frame *
wlbl_frame_of(struct wlr_scene_node *node);

#endif
