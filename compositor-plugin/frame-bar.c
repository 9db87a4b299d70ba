/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The bar of a window is one picture, put together from the name, the title and
 * the buttons, which were drawn before. It is made anew when something in it
 * changes, its width included, and otherwise left alone, however often the window
 * is placed; what has changed says how much of the screen does.
 *
 * A client may change its title and its width as often as it likes, and to set text
 * takes longer than all else that it can ask for in so few bytes. So what is to be
 * seen is drawn right before it is, and of each VM so many titles for one frame: the
 * others follow with the next.
 *
 * A picture that is not true is not shown: if a new one cannot be made, the frame
 * is hidden, until it is placed again and one can.
 *
 * Its memory is the VM's, whose client picked the width: it is counted like the
 * pixels of surfaces, and the width itself is cut to the output (frame-place.c).
 * The bar of a window that fills the screen is not to be seen, so it waits.
 */
#include <math.h>
#include <pixman.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>

#include "frame.h"
#include "hold.h"

#define PIXEL_BYTES 4
#define TITLES_MAX 8	/* of each VM, for one frame */

void
wlbl_bar_touch(struct wlbl_frame *frame, enum bar_change change)
{
	if (frame->bar_change < change) {
		frame->bar_change = change;
	}
}

void
wlbl_bar_draw_title(struct wlbl_frame *frame)
{
	int width = 0;
	frame->title_waits = false;
	wlr_buffer_drop(frame->title);
	frame->title = frame->title_text[0] == '\0' ? NULL
		: wlbl_draw_text(frame->title_text, frame->labels->scale,
			&width);
	frame->title_width = frame->title == NULL ? 0 : width;
	wlbl_bar_touch(frame, BAR_TITLE);
}

/* Return: false, with nothing changed, if the VM has as much as it may. */
static bool
count_bytes(struct wlbl_frame *frame, uint64_t bytes)
{
	/* The list's own: the public one is const. */
	struct wlbl_label *label = (struct wlbl_label *)frame->label;
	if (label != frame->labels->local
			&& !wlbl_hold_change(frame->labels, label,
				frame->picture_bytes, bytes)) {
		wlbl_hold_change(frame->labels, label, bytes,
			frame->picture_bytes);
		return false;
	}
	frame->picture_bytes = bytes;
	return true;
}

static struct wlbl_bar
bar_of(const struct wlbl_frame *frame)
{
	struct wlbl_bar bar = {
		.width = frame->content_width,
		.scale = frame->labels->scale,
		.colour = frame->label->colour,
		.active = frame->active,
		.name = frame->label->cell,
		.name_width = frame->label->cell_width,
		.title = frame->title,
		.title_width = frame->title_width,
		.buttons = frame->labels->buttons,
	};
	int room = WLBL_WINDOW_BORDER + bar.width - 2 * WLBL_BUTTON_WIDTH
		- wlbl_bar_title_at(&bar);
	room = room > 0 ? room : 0;
	bar.title_width = room < bar.title_width ? room : bar.title_width;
	return bar;
}

/* What of the picture is other than in the one before. */
static void
find_damage(const struct wlbl_frame *frame, const struct wlbl_bar *bar,
	pixman_region32_t *ret)
{
	const double scale = bar->scale;
	int x = 0, y = 0;
	int width = bar->width + 2 * BORDER, height = BORDER + WLBL_BAR_HEIGHT;
	if (frame->bar_change != BAR_WHOLE) {
		x = y = BORDER;
		width = bar->width;
		height = WLBL_BAR_HEIGHT;
	}
	if (frame->bar_change == BAR_TITLE) {
		x = wlbl_bar_title_at(bar);
		width = bar->title_width > frame->picture_title
			? bar->title_width : frame->picture_title;
	}
	const int left = (int)floor(x * scale), top = (int)floor(y * scale);
	pixman_region32_init_rect(ret, left, top,
		(unsigned)((int)ceil((x + width) * scale) - left),
		(unsigned)((int)ceil((y + height) * scale) - top));
}

static void
show(struct wlbl_frame *frame, const struct wlbl_bar *bar,
	struct wlr_buffer *picture)
{
	pixman_region32_t damage;
	find_damage(frame, bar, &damage);
	wlr_scene_buffer_set_buffer_with_damage(frame->bar, picture, &damage);
	pixman_region32_fini(&damage);
	wlr_scene_buffer_set_dest_size(frame->bar, bar->width + 2 * BORDER,
		BORDER + WLBL_BAR_HEIGHT);
	/*
	 * Kept even where the renderer has a copy: the scene draws what is below
	 * of a node whose buffer was given back.
	 */
	wlr_buffer_unlock(frame->picture);
	frame->picture = wlr_buffer_lock(picture);
	frame->picture_width = bar->width;
	frame->picture_title = bar->title_width;
	frame->bar_change = BAR_SAME;
}

bool
wlbl_bar_update(struct wlbl_frame *frame)
{
	if (frame->bar == NULL || frame->full || frame->content_width == 0) {
		return true;
	}
	if (frame->content_width != frame->picture_width) {
		wlbl_bar_touch(frame, BAR_WHOLE);
	}
	if (frame->bar_change == BAR_SAME) {
		return true;
	}
	if (frame->picture == NULL && frame->title_waits) {
		wlbl_bar_draw_title(frame);
	}
	const struct wlbl_bar bar = bar_of(frame);
	struct wlr_buffer *picture = wlbl_draw_bar(&bar);
	const char *why = NULL;
	if (picture == NULL) {
		why = "its label cannot be drawn";
	} else if (!count_bytes(frame, (uint64_t)picture->width
			* (uint64_t)picture->height * PIXEL_BYTES)) {
		why = "no memory left for its label";
	} else {
		show(frame, &bar, picture);
	}
	wlr_buffer_drop(picture);
	if (why == NULL) {
		return true;
	}
	/* Once for each window: its client says how often it is placed. */
	if (!frame->bar_missed) {
		wlbl_log(frame->labels, "VM '%s': a window is not shown: %s",
			frame->label->name, why);
	}
	frame->bar_missed = true;
	wlbl_frame_hide(frame);
	return false;
}

void
wlbl_bar_later(struct wlbl_frame *frame)
{
	struct wlr_scene_tree *root = frame->tree;
	while (root->node.parent != NULL) {
		root = root->node.parent;
	}
	struct wlr_scene *scene = wl_container_of(root, scene, tree);
	struct wlr_scene_output *output;
	wl_list_for_each(output, &scene->outputs, link) {
		wlr_output_schedule_frame(output->output);
	}
}

void
wlbl_bars_draw(struct wlbl *labels)
{
	struct wlbl_label *label;
	wl_list_for_each(label, &labels->labels, link) {
		label->titles = 0;
	}
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		if (frame->bar == NULL || frame->tree == NULL
				|| !frame->tree->node.enabled) {
			continue;
		}
		/* The list's own: the public one is const. */
		label = (struct wlbl_label *)frame->label;
		if (frame->title_waits && label->titles < TITLES_MAX) {
			label->titles++;
			wlbl_bar_draw_title(frame);
		} else if (frame->title_waits) {
			wlbl_bar_later(frame);
		}
		wlbl_bar_update(frame);
	}
}

void
wlbl_bar_finish(struct wlbl_frame *frame)
{
	count_bytes(frame, 0);
	wlr_buffer_unlock(frame->picture);
	wlr_buffer_drop(frame->title);
}
