/* SPDX-License-Identifier: MIT */
/*
 * A touch screen for a compositor on wlroots that has none, by LD_PRELOAD
 *
 * Lines in the FIFO $FINGER, in parts of the output: "down ID X Y", "move ID X Y",
 * "up ID", "cancel ID"; "replug": it is unplugged, and there is another. Each is
 * answered by a line in $FINGER.done once the compositor has handled it. wlroots has
 * no protocol for this, and its headless backend no such device.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wlr/backend.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_touch.h>

#include "../lib/must.h"

static struct wlr_backend *backend;
static const struct wlr_touch_impl impl = { .name = "finger" };
static struct wlr_touch touch;
static struct wl_event_loop *loop;
static int lines = -1;
static int answers = -1;
static struct wl_event_source *source;
static struct wl_listener backend_destroy;

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
	must(write(answers, "done\n", 5) == 5);
}

/* One line at a time is all that is ever written. */
static int
handle_readable(int fd, uint32_t mask, void *data)
{
	char line[128];
	(void)mask;
	(void)data;
	ssize_t len = read(fd, line, sizeof(line) - 1);
	must(len > 0);
	line[len] = '\0';
	handle_line(line);
	return 0;
}

static void
handle_backend_destroy(struct wl_listener *listener, void *data)
{
	(void)data;
	wl_list_remove(&listener->link);
	wl_event_source_remove(source);
	wlr_touch_finish(&touch);
	close(lines);
	close(answers);
}

#define INTERPOSED __attribute__((visibility("default")))

/* What stands behind one of ours. C has no cast from dlsym()'s answer. */
static void
find_real(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_NEXT, name);
	must(symbol != NULL);
	memcpy(ret_function, &symbol, sizeof(symbol));
}

INTERPOSED struct wlr_backend *
wlr_backend_autocreate(struct wl_event_loop *of, struct wlr_session **session)
{
	struct wlr_backend *(*real)(struct wl_event_loop *,
		struct wlr_session **);
	find_real(__func__, &real);
	loop = of;
	return real(of, session);
}

/* The one that the compositor has starts others by this, too. */
INTERPOSED bool
wlr_backend_start(struct wlr_backend *started)
{
	static int depth;
	bool (*real)(struct wlr_backend *);
	find_real(__func__, &real);
	depth++;
	const bool runs = real(started);
	depth--;
	if (!runs || depth > 0) {
		return runs;
	}
	backend = started;
	const char *path = getenv("FINGER");
	char done[256];
	must(path != NULL);
	snprintf(done, sizeof(done), "%s.done", path);
	/* For both, so that neither waits for the other end. */
	lines = open(path, O_RDWR | O_CLOEXEC);
	answers = open(done, O_RDWR | O_CLOEXEC);
	must(lines >= 0 && answers >= 0);
	source = wl_event_loop_add_fd(loop, lines, WL_EVENT_READABLE,
		handle_readable, NULL);
	backend_destroy.notify = handle_backend_destroy;
	wl_signal_add(&backend->events.destroy, &backend_destroy);
	plug();
	return true;
}
