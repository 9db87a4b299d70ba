/* SPDX-License-Identifier: MIT */
/*
 * A line in the strips about what has just happened. It goes by itself, or when
 * the next one comes. The words are ours and no client's, and so is the place.
 */
#include <stdarg.h>
#include <stdio.h>
#include <wlr/types/wlr_buffer.h>

#include "draw.h"
#include "label-text.h"
#include "private.h"

#define SHOWN_MS 8000

static int
handle_timeout(void *data)
{
	struct wlbl *labels = data;
	labels->notice_text[0] = '\0';
	wlbl_notice_draw(labels);
	return 0;
}

void
wlbl_notice_draw(struct wlbl *labels)
{
	struct wlr_buffer *old = labels->notice;
	labels->notice = labels->notice_text[0] == '\0' ? NULL
		: wlbl_draw_text(labels->notice_text, labels->scale,
			&labels->notice_width);
	wlbl_strips_update(labels);
	wlr_buffer_drop(old);
}

WLBL_PUBLIC void
wlbl_notify(struct wlbl *labels, const char *format, ...)
{
	char text[sizeof(labels->notice_text)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	wlbl_text_clean(labels->notice_text, sizeof(labels->notice_text), text);
	wlbl_log(labels, "%s", labels->notice_text);
	wlbl_notice_draw(labels);

	if (labels->notice_timer == NULL) {
		labels->notice_timer = wl_event_loop_add_timer(
			wl_display_get_event_loop(labels->display),
			handle_timeout, labels);
	}
	if (labels->notice_timer != NULL) {
		wl_event_source_timer_update(labels->notice_timer, SHOWN_MS);
	}
}

void
wlbl_notice_finish(struct wlbl *labels)
{
	if (labels->notice_timer != NULL) {
		wl_event_source_remove(labels->notice_timer);
	}
	wlr_buffer_drop(labels->notice);
}
