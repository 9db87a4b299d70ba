/* SPDX-License-Identifier: MIT */
/* Pictures of text, as buffers that a scene can show. */
#ifndef WLBL_DRAW_H
#define WLBL_DRAW_H

#include <stdint.h>

#include "wlbridge-labels-draw.h"

/*
 * All of them: NULL when it cannot be drawn, and then nothing half-drawn is
 * left. Sizes are for scale 1; a buffer has @scale times that. The caller ends
 * with wlr_buffer_drop().
 */

/* A name on its colour, opaque. */
struct wlr_buffer *
wlbl_draw_name(const char *name, uint32_t colour, int scale, int *ret_width);

/* Light text, to be put on something dark. The empty text is an error. */
struct wlr_buffer *
wlbl_draw_text(const char *text, int scale, int *ret_width);

/* Maximise and close, light, side by side. */
struct wlr_buffer *
wlbl_draw_buttons(int scale);

#endif
