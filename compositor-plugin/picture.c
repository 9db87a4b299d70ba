/* SPDX-License-Identifier: MIT */
/*
 * What was drawn once for all frames and strips, for those who have frames and
 * strips of their own; see wlbridge-labels-draw.h.
 */
#include "draw.h"
#include "label-text.h"
#include "private.h"

WLBL_PUBLIC struct wlr_buffer *
wlbl_label_picture(const struct wlbl_label *label, int *ret_width)
{
	*ret_width = label->cell_width;
	return label->cell;
}

WLBL_PUBLIC struct wlr_buffer *
wlbl_buttons_picture(struct wlbl *labels)
{
	return labels->buttons;
}

WLBL_PUBLIC struct wlr_buffer *
wlbl_role_picture(struct wlbl *labels, enum wlbl_role role, int *ret_width)
{
	const int caption = labels->locked && role == WLBL_ROLE_KEYBOARD
		? WLBL_CAPTION_LOCKED : (int)role;
	*ret_width = labels->caption_widths[caption];
	return labels->captions[caption];
}

WLBL_PUBLIC struct wlr_buffer *
wlbl_notice_picture(struct wlbl *labels, int *ret_width)
{
	*ret_width = labels->notice_width;
	return labels->locked ? NULL : labels->notice;
}

WLBL_PUBLIC struct wlr_buffer *
wlbl_title_picture(struct wlbl *labels, const char *title, int *ret_width)
{
	char text[WLBL_TITLE_MAX + 1];
	if (wlbl_text_clean(text, sizeof(text), title) == 0) {
		return NULL;
	}
	return wlbl_draw_text(text, labels->scale, ret_width);
}
