/* SPDX-License-Identifier: MIT */
/*
 * muddle SEED STEPS: a text input and its input method, both in one client that
 * makes, shows, grabs, commits and destroys what they have in no order at all
 *
 * Says "muddled" after that, and then leaves without tidying up. With an odd SEED its
 * seat goes first, of which all of it is a part; with an even one a surface that is
 * a popup, which is an error.
 */
#include <stdlib.h>

#include "../lib/must.h"
#include "client.h"
#include "input-method-client.h"
#include "text-input-client.h"

#define POPUPS 3
#define INPUTS 2

struct popup {
	struct wl_surface *surface;
	struct zwp_input_popup_surface_v2 *role;
};

static struct client client;
static struct window window;
static bool mapped;
static struct zwp_text_input_manager_v3 *texts;
static struct zwp_input_method_manager_v2 *methods;
static struct zwp_text_input_v3 *inputs[INPUTS];
static struct zwp_input_method_v2 *method;
static struct zwp_input_method_keyboard_grab_v2 *grab;
static struct popup popups[POPUPS];
static uint32_t serial;

static void
ignore_text(void *data, struct zwp_input_method_v2 *from, const char *text,
	uint32_t cursor, uint32_t anchor)
{
	(void)data;
	(void)from;
	(void)text;
	(void)cursor;
	(void)anchor;
}

static void
ignore_number(void *data, struct zwp_input_method_v2 *from, uint32_t number)
{
	(void)data;
	(void)from;
	(void)number;
}

static void
ignore_numbers(void *data, struct zwp_input_method_v2 *from, uint32_t one,
	uint32_t two)
{
	(void)data;
	(void)from;
	(void)one;
	(void)two;
}

static void
ignore(void *data, struct zwp_input_method_v2 *from)
{
	(void)data;
	(void)from;
}

static void
handle_done(void *data, struct zwp_input_method_v2 *from)
{
	(void)data;
	(void)from;
	serial++;
}

static const struct zwp_input_method_v2_listener method_listener = {
	.activate = ignore,
	.deactivate = ignore,
	.surrounding_text = ignore_text,
	.text_change_cause = ignore_number,
	.content_type = ignore_numbers,
	.done = handle_done,
	.unavailable = ignore,
};

static void
step_method(void)
{
	if (method == NULL) {
		serial = 0;
		method = zwp_input_method_manager_v2_get_input_method(methods,
			client.seat);
		zwp_input_method_v2_add_listener(method, &method_listener,
			NULL);
	} else if (rand() % 4 == 0) {
		/* What it has given out stays, and is nothing any more. */
		zwp_input_method_v2_destroy(method);
		method = NULL;
	}
}

static void
step_grab(void)
{
	if (grab != NULL) {
		zwp_input_method_keyboard_grab_v2_release(grab);
		grab = NULL;
	} else if (method != NULL) {
		grab = zwp_input_method_v2_grab_keyboard(method);
	}
}

static void
step_string(void)
{
	if (method != NULL) {
		zwp_input_method_v2_set_preedit_string(method, "pre", 0, 3);
		zwp_input_method_v2_commit_string(method, "text");
		zwp_input_method_v2_commit(method, serial - (uint32_t)rand() % 2);
	}
}

static void
step_popup(void)
{
	struct popup *popup = &popups[rand() % POPUPS];
	if (popup->surface == NULL) {
		popup->surface =
			wl_compositor_create_surface(client.compositor);
		if (rand() % 2 == 0) {
			client_fill(&client, popup->surface, 40, 30, PAINT);
			wl_surface_commit(popup->surface);
		}
		return;
	}
	switch (rand() % 6) {
	case 0:
		if (popup->role == NULL && method != NULL) {
			popup->role =
				zwp_input_method_v2_get_input_popup_surface(
					method, popup->surface);
		}
		break;
	case 1:
		wl_surface_attach(popup->surface, NULL, 0, 0);
		wl_surface_commit(popup->surface);
		break;
	case 2:
		if (popup->role != NULL) {
			zwp_input_popup_surface_v2_destroy(popup->role);
			popup->role = NULL;
		}
		break;
	case 3:
		/* In this order, or it is the end; see end_wrongly(). */
		if (popup->role != NULL) {
			zwp_input_popup_surface_v2_destroy(popup->role);
		}
		wl_surface_destroy(popup->surface);
		*popup = (struct popup){ 0 };
		break;
	default:
		client_fill(&client, popup->surface, 40 + rand() % 300,
			30 + rand() % 200, PAINT);
		wl_surface_commit(popup->surface);
	}
}

static void
step_input(void)
{
	struct zwp_text_input_v3 **input = &inputs[rand() % INPUTS];
	if (*input == NULL) {
		*input = zwp_text_input_manager_v3_get_text_input(texts,
			client.seat);
		return;
	}
	switch (rand() % 8) {
	case 0:
		zwp_text_input_v3_destroy(*input);
		*input = NULL;
		return;
	case 1:
	case 2:
		zwp_text_input_v3_disable(*input);
		break;
	default:
		zwp_text_input_v3_enable(*input);
		zwp_text_input_v3_set_surrounding_text(*input, "text", 2, 9);
		zwp_text_input_v3_set_cursor_rectangle(*input,
			rand() % 800 - 200, rand() % 800 - 200, 2,
			rand() % 40 - 10);
	}
	zwp_text_input_v3_commit(*input);
}

static void
step_window(void)
{
	if (mapped) {
		wl_surface_attach(window.surface, NULL, 0, 0);
		wl_surface_commit(window.surface);
	} else {
		window_map(&window, 200 + rand() % 200, 200);
	}
	mapped = !mapped;
}

static void
end_wrongly(void)
{
	if (method == NULL) {
		step_method();
	}
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	zwp_input_method_v2_get_input_popup_surface(method, surface);
	client_fill(&client, surface, 40, 30, PAINT);
	wl_surface_commit(surface);
	wl_surface_destroy(surface);
	must(wl_display_roundtrip(client.display) < 0);
	exit(EXIT_SUCCESS);
}

int
main(int argc, char *argv[])
{
	must(argc == 3);
	srand((unsigned)atoi(argv[1]));
	client_init(&client);
	texts = client_bind(&client, &zwp_text_input_manager_v3_interface);
	methods = client_bind(&client, &zwp_input_method_manager_v2_interface);
	window_show(&window, &client, 300, 200, "muddle");
	mapped = true;
	static void (*const steps[])(void) = {
		step_method, step_grab, step_string, step_popup, step_popup,
		step_popup, step_input, step_input, step_input,
	};
	for (int i = atoi(argv[2]); i > 0; i--) {
		if (rand() % 32 == 0) {
			step_window();
		} else {
			steps[(size_t)rand() % (sizeof(steps)
				/ sizeof(steps[0]))]();
		}
		must(wl_display_roundtrip(client.display) >= 0);
	}
	client_say("muddled");
	if (atoi(argv[1]) % 2 == 0) {
		end_wrongly();
	}
	wl_pointer_release(client.pointer);
	wl_keyboard_release(client.keyboard);
	wl_seat_release(client.seat);
	must(wl_display_roundtrip(client.display) >= 0);
	return EXIT_SUCCESS;
}
