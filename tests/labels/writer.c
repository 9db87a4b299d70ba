/* SPDX-License-Identifier: MIT */
/*
 * writer NAME [TRICK]: a window in which text is entered
 *
 * When its text input is told that it is its turn it enables it, with "secret of
 * NAME" around the cursor. Says "text entered" and "text left", and for what comes
 * from an input method "preedit ...", "string ...", "delete ..." and "done".
 *
 * stealth: enables it at once, with nobody's leave, and says so again at each key.
 * bottom: a higher window, with the cursor at its lower end. far: a cursor that is
 * nowhere. broken: text that is no UTF-8, with places beyond it. long: text of 5000
 * letters. many: text inputs without end. flood: enables and disables without end.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "client.h"
#include "text-input-client.h"

#define WIDTH 300
#define HEIGHT 200
#define FLOOD 20000

static struct client client;
static struct window window;
static struct zwp_text_input_manager_v3 *manager;
static struct zwp_text_input_v3 *input;
static char around[8192];
static const char *trick = "";

static bool
does(const char *what)
{
	return strcmp(trick, what) == 0;
}

static void
enable(void)
{
	const int len = (int)strlen(around);
	zwp_text_input_v3_enable(input);
	if (does("broken")) {
		zwp_text_input_v3_set_surrounding_text(input, "\xff\xc3", 4000,
			-7);
	} else {
		zwp_text_input_v3_set_surrounding_text(input, around, len, len);
	}
	zwp_text_input_v3_set_content_type(input,
		does("broken") ? UINT_MAX : 0, does("broken") ? UINT_MAX : 0);
	if (does("far")) {
		zwp_text_input_v3_set_cursor_rectangle(input, INT_MAX, INT_MIN,
			INT_MAX, INT_MAX);
	} else {
		zwp_text_input_v3_set_cursor_rectangle(input, 20,
			does("bottom") ? 460 : 30, 2, 10);
	}
	zwp_text_input_v3_commit(input);
}

static void
disable(void)
{
	zwp_text_input_v3_disable(input);
	zwp_text_input_v3_commit(input);
}

static void
handle_enter(void *data, struct zwp_text_input_v3 *to,
	struct wl_surface *surface)
{
	(void)data;
	(void)to;
	must(surface == window.surface);
	client_say("text entered");
	if (does("long")) {
		return;
	}
	enable();
	if (does("flood")) {
		for (int i = 0; i < FLOOD; i++) {
			disable();
			enable();
			must(wl_display_flush(client.display) >= 0
				|| wl_display_roundtrip(client.display) >= 0);
		}
		must(wl_display_roundtrip(client.display) >= 0);
		client_say("flooded");
	}
}

static void
handle_leave(void *data, struct zwp_text_input_v3 *to,
	struct wl_surface *surface)
{
	(void)data;
	(void)to;
	(void)surface;
	client_say("text left");
	disable();
}

static void
handle_preedit(void *data, struct zwp_text_input_v3 *to, const char *text,
	int32_t begin, int32_t end)
{
	(void)data;
	(void)to;
	client_say("preedit %s %d %d", text, begin, end);
}

static void
handle_string(void *data, struct zwp_text_input_v3 *to, const char *text)
{
	(void)data;
	(void)to;
	client_say("string %s", text);
}

static void
handle_delete(void *data, struct zwp_text_input_v3 *to, uint32_t before,
	uint32_t after)
{
	(void)data;
	(void)to;
	client_say("delete %u %u", before, after);
}

static void
handle_done(void *data, struct zwp_text_input_v3 *to, uint32_t serial)
{
	(void)data;
	(void)to;
	(void)serial;
	client_say("done");
}

static const struct zwp_text_input_v3_listener input_listener = {
	.enter = handle_enter,
	.leave = handle_leave,
	.preedit_string = handle_preedit,
	.commit_string = handle_string,
	.delete_surrounding_text = handle_delete,
	.done = handle_done,
};

int
main(int argc, char *argv[])
{
	must(argc > 1);
	trick = argc > 2 ? argv[2] : "";
	snprintf(around, sizeof(around), "secret of %s", argv[1]);
	if (does("long")) {
		memset(around, 'x', 5000);
	}
	client_init(&client);
	manager = client_bind(&client, &zwp_text_input_manager_v3_interface);
	input = zwp_text_input_manager_v3_get_text_input(manager, client.seat);
	zwp_text_input_v3_add_listener(input, &input_listener, NULL);
	window_show(&window, &client, WIDTH, does("bottom") ? 480 : HEIGHT,
		argv[1]);
	if (does("stealth") || does("long")) {
		enable();
	}
	if (does("many")) {
		for (int i = 0; i < 1000; i++) {
			zwp_text_input_manager_v3_get_text_input(manager,
				client.seat);
		}
	}
	client_say("shown");
	client_stay(&client);
	return EXIT_SUCCESS;
}
