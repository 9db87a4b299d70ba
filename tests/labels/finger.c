/* SPDX-License-Identifier: MIT */
/*
 * A touch screen for a compositor on wlroots that has none, by LD_PRELOAD
 *
 * Lines in the FIFO $FINGER, in parts of the output: "down ID X Y", "move ID X Y",
 * "up ID", "cancel ID"; "replug": it is unplugged, and there is another. Each is
 * answered by a line in $FINGER.done once the compositor has handled it. wlroots has
 * no protocol for this, and its headless backend no such device.
 */
#include <stdio.h>
#include <string.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_touch.h>

#include "../lib/must.h"
#include "preloaded.h"

static struct wlr_backend *backend;
static const struct wlr_touch_impl impl = { .name = "finger" };
static struct wlr_touch touch;

static void
plug(void)
{
	wlr_touch_init(&touch, &impl, "finger");
	wl_signal_emit(&backend->events.new_input, &touch.base);
}

static void
handle_line(const char *line)
{
	int id;
	double x, y;
	if (strcmp(line, "replug\n") == 0) {
		wlr_touch_finish(&touch);
		plug();
	} else if (sscanf(line, "down %d %lf %lf", &id, &x, &y) == 3) {
		struct wlr_touch_down_event event = {
			.touch = &touch, .touch_id = id, .x = x, .y = y,
		};
		wl_signal_emit(&touch.events.down, &event);
	} else if (sscanf(line, "move %d %lf %lf", &id, &x, &y) == 3) {
		struct wlr_touch_motion_event event = {
			.touch = &touch, .touch_id = id, .x = x, .y = y,
		};
		wl_signal_emit(&touch.events.motion, &event);
	} else if (sscanf(line, "up %d", &id) == 1) {
		struct wlr_touch_up_event event = {
			.touch = &touch, .touch_id = id,
		};
		wl_signal_emit(&touch.events.up, &event);
	} else {
		must(sscanf(line, "cancel %d", &id) == 1);
		struct wlr_touch_cancel_event event = {
			.touch = &touch, .touch_id = id,
		};
		wl_signal_emit(&touch.events.cancel, &event);
	}
	wl_signal_emit(&touch.events.frame, NULL);
}

static void
handle_end(void)
{
	wlr_touch_finish(&touch);
}

/* The one that the compositor has starts others by this, too. */
INTERPOSED bool
wlr_backend_start(struct wlr_backend *started)
{
	static int depth;
	bool (*real)(struct wlr_backend *);
	preloaded_find(__func__, &real);
	depth++;
	const bool runs = real(started);
	depth--;
	if (!runs || depth > 0) {
		return runs;
	}
	backend = started;
	preloaded_listen("FINGER", backend, handle_line, handle_end);
	plug();
	return true;
}
