/* SPDX-License-Identifier: MIT */
/*
 * Screens that come, change and go, for a headless compositor, by LD_PRELOAD
 *
 * Lines in the FIFO $SCREENS: "add", of the size that the compositor likes; "mode N
 * WIDTH HEIGHT" and "remove N" for the N-th of those that are there. Each is answered
 * by a line in $SCREENS.done once the compositor has handled it.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wlr/backend.h>
#include <wlr/backend/headless.h>
#include <wlr/backend/multi.h>
#include <wlr/types/wlr_output.h>

#include "../lib/must.h"

#define SCREENS_MAX 8

static struct wlr_backend *headless;
static struct wlr_output *outputs[SCREENS_MAX];
static int count;
static struct wl_event_loop *loop;
static int lines = -1;
static int answers = -1;
static struct wl_event_source *source;
static struct wl_listener new_output;
static struct wl_listener backend_destroy;

static void
handle_new_output(struct wl_listener *listener, void *data)
{
	(void)listener;
	must(count < SCREENS_MAX);
	outputs[count++] = data;
}

/* As a nested backend says that its window has another size. */
static void
change(struct wlr_output *output, int width, int height)
{
	struct wlr_output_state state;
	wlr_output_state_init(&state);
	wlr_output_state_set_custom_mode(&state, width, height, 0);
	struct wlr_output_event_request_state event = {
		.output = output,
		.state = &state,
	};
	wl_signal_emit(&output->events.request_state, &event);
	wlr_output_state_finish(&state);
}

static void
handle_line(const char *line)
{
	int n, width, height;
	if (strcmp(line, "add\n") == 0) {
		must(wlr_headless_add_output(headless, 1, 1) != NULL);
	} else if (sscanf(line, "mode %d %d %d", &n, &width, &height) == 3) {
		must(n < count);
		change(outputs[n], width, height);
	} else {
		must(sscanf(line, "remove %d", &n) == 1 && n < count);
		wlr_output_destroy(outputs[n]);
		count--;
		memmove(outputs + n, outputs + n + 1,
			(size_t)(count - n) * sizeof(outputs[0]));
	}
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
	wl_list_remove(&new_output.link);
	wl_event_source_remove(source);
	close(lines);
	close(answers);
}

static void
find_headless(struct wlr_backend *backend, void *data)
{
	(void)data;
	if (wlr_backend_is_headless(backend)) {
		headless = backend;
	}
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
wlr_backend_start(struct wlr_backend *backend)
{
	bool (*real)(struct wlr_backend *);
	find_real(__func__, &real);
	const char *path = getenv("SCREENS");
	char done[256];
	must(path != NULL);
	if (!wlr_backend_is_multi(backend)) {
		return real(backend);
	}
	wlr_multi_for_each_backend(backend, find_headless, NULL);
	must(headless != NULL);
	new_output.notify = handle_new_output;
	wl_signal_add(&backend->events.new_output, &new_output);
	snprintf(done, sizeof(done), "%s.done", path);
	/* For both, so that neither waits for the other end. */
	lines = open(path, O_RDWR | O_CLOEXEC);
	answers = open(done, O_RDWR | O_CLOEXEC);
	must(lines >= 0 && answers >= 0);
	source = wl_event_loop_add_fd(loop, lines, WL_EVENT_READABLE,
		handle_readable, NULL);
	backend_destroy.notify = handle_backend_destroy;
	wl_signal_add(&backend->events.destroy, &backend_destroy);
	return real(backend);
}
