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

/* What of a bar's picture is no longer true: each has what is before it in it. */
enum bar_change {
	BAR_SAME,
	BAR_TITLE,
	BAR_INSIDE,	/* of the border */
	BAR_WHOLE
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
	struct wlr_scene_rect *border;	/* all of the frame */
	struct wlr_scene_rect *backdrop;
	struct wlr_scene_tree *content;	/* at the content's corner */
	struct wlr_scene_tree *pixels;	/* in it: the surface's tree */
	struct wlr_scene_tree *popups;	/* at the content's corner */
	struct wlr_scene_buffer *bar;	/* at the outer corner */

	/* Of a window; see frame-bar.c. */
	char title_text[WLBL_TITLE_MAX + 1];
	bool title_waits;		/* it is not what is drawn */
	struct wlr_buffer *title;	/* NULL: nothing to draw */
	int title_width;
	bool active;
	struct wlr_buffer *picture;	/* what bar shows, locked */
	uint64_t picture_bytes;		/* on the account of the VM */
	int picture_width;		/* of the content that it is for */
	int picture_title;		/* how much of the title is in it */
	enum bar_change bar_change;
	bool bar_missed;		/* and that was said */

	bool stale;			/* to be guarded before it is drawn */
	unsigned left_out;		/* nodes, see output-commit.c */
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
		return frame->full && frame->labels->grid == 1
			? WLBL_POPUP_BORDER : BORDER;
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

/*
 * Give every node the place and size that the content's size asks for.
 * Return: false, and the frame is hidden, if its bar cannot be drawn.
 */
bool
wlbl_frame_arrange(struct wlbl_frame *frame);

/* Draw the title anew, for the next wlbl_bar_update(). */
void
wlbl_bar_draw_title(struct wlbl_frame *frame);

/* So much of the picture is not true any more. */
void
wlbl_bar_touch(struct wlbl_frame *frame, enum bar_change change);

/* The title, or the width of what is shown, is another from the next frame on. */
void
wlbl_bar_later(struct wlbl_frame *frame);

/*
 * Make the picture true again, if it is to be seen.
 * Return: false, and the frame is hidden, if it cannot be drawn.
 */
bool
wlbl_bar_update(struct wlbl_frame *frame);

/* Give back what was drawn for a frame, whose nodes are gone. */
void
wlbl_bar_finish(struct wlbl_frame *frame);

/* Take away what clients show outside of their frames; see frame-guard.c. */
void
wlbl_frames_guard(struct wlbl *labels);

/* The frame that a node is part of, or NULL. */
struct wlbl_frame *
wlbl_frame_of(struct wlr_scene_node *node);

#endif
