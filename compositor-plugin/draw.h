/* SPDX-License-Identifier: MIT */
/* Pictures of text, as buffers that a scene can show. */
#ifndef WLBL_DRAW_H
#define WLBL_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "wlbridge-labels-draw.h"

/*
 * All of them: NULL when it cannot be drawn, and then nothing half-drawn is
 * left. Sizes are for scale 1; a buffer has @scale times that, rounded. Widths of
 * what is drawn here are such that nothing is, for quarters. The caller ends with
 * wlr_buffer_drop().
 */

/* Of how many points as many as this are whole pixels; of a quarter's scale. */
int
wlbl_scale_step(double scale);

/* A name on its colour, opaque. */
struct wlr_buffer *
wlbl_draw_name(const char *name, uint32_t colour, double scale,
	int *ret_width);

/* Light text, to be put on something dark. The empty text is an error. */
struct wlr_buffer *
wlbl_draw_text(const char *text, double scale, int *ret_width);

/* Maximise and close, light, side by side. */
struct wlr_buffer *
wlbl_draw_buttons(double scale);

/* A window's title bar. All in it were drawn above, at the same scale. */
struct wlbl_bar {
	int width;		/* without the border */
	double scale;
	uint32_t colour;	/* of the border */
	bool active;
	struct wlr_buffer *name;
	int name_width;
	struct wlr_buffer *title;	/* NULL: none */
	int title_width;	/* as much of it as there is room for */
	struct wlr_buffer *buttons;
};

/* The bar and the border above and beside it, opaque. */
struct wlr_buffer *
wlbl_draw_bar(const struct wlbl_bar *bar);

/* Where the title begins in it, from its left end. */
int
wlbl_bar_title_at(const struct wlbl_bar *bar);

#endif
