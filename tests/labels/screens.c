/* SPDX-License-Identifier: MIT */
/*
 * Screens that come, change and go, for a headless compositor, by LD_PRELOAD
 *
 * Lines in the FIFO $SCREENS: "add", of the size that the compositor likes; "mode N
 * WIDTH HEIGHT" and "remove N" for the N-th of those that are there; "freeze N", it
 * takes no frame until "thaw". Each is answered by a line in $SCREENS.done once the
 * compositor has handled it. Each is of a monitor "Maker Screen N", the N-th that came.
 */
#include <stdio.h>
#include <string.h>
#include <wlr/backend/headless.h>
#include <wlr/backend/multi.h>
#include <wlr/types/wlr_output.h>

#include "../lib/must.h"
#include "preloaded.h"

#define SCREENS_MAX 8

static struct wlr_backend *headless;
static struct wlr_output *outputs[SCREENS_MAX];
static int count;
static struct wlr_output *frozen;
static struct wl_listener new_output;

static void
handle_new_output(struct wl_listener *listener, void *data)
{
	(void)listener;
	must(count < SCREENS_MAX);
	outputs[count++] = data;
}

/* What the backend of a seat knows before the compositor hears of it. */
INTERPOSED bool
wlr_output_init_render(struct wlr_output *output,
	struct wlr_allocator *allocator, struct wlr_renderer *renderer)
{
	static int serial;
	char text[16];
	bool (*real)(struct wlr_output *, struct wlr_allocator *,
		struct wlr_renderer *);
	preloaded_find(__func__, &real);
	snprintf(text, sizeof(text), "%d", ++serial);
	output->make = strdup("Maker");
	output->model = strdup("Screen");
	output->serial = strdup(text);
	return real(output, allocator, renderer);
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
	} else if (sscanf(line, "freeze %d", &n) == 1) {
		must(n < count);
		frozen = outputs[n];
	} else if (strcmp(line, "thaw\n") == 0) {
		must(frozen != NULL);
		wlr_output_schedule_frame(frozen);
		frozen = NULL;
	} else {
		must(sscanf(line, "remove %d", &n) == 1 && n < count);
		wlr_output_destroy(outputs[n]);
		count--;
		memmove(outputs + n, outputs + n + 1,
			(size_t)(count - n) * sizeof(outputs[0]));
	}
}

static void
handle_end(void)
{
	wl_list_remove(&new_output.link);
}

static void
find_headless(struct wlr_backend *backend, void *data)
{
	(void)data;
	if (wlr_backend_is_headless(backend)) {
		headless = backend;
	}
}

INTERPOSED bool
wlr_output_commit_state(struct wlr_output *output,
	const struct wlr_output_state *state)
{
	bool (*real)(struct wlr_output *, const struct wlr_output_state *);
	preloaded_find(__func__, &real);
	return output != frozen && real(output, state);
}

/* The one that the compositor has starts others by this, too. */
INTERPOSED bool
wlr_backend_start(struct wlr_backend *backend)
{
	bool (*real)(struct wlr_backend *);
	preloaded_find(__func__, &real);
	if (!wlr_backend_is_multi(backend)) {
		return real(backend);
	}
	wlr_multi_for_each_backend(backend, find_headless, NULL);
	must(headless != NULL);
	new_output.notify = handle_new_output;
	wl_signal_add(&backend->events.new_output, &new_output);
	preloaded_listen("SCREENS", backend, handle_line, handle_end);
	return real(backend);
}
