/* SPDX-License-Identifier: MIT */
/*
 * method NAME [grab] [back] [popup WIDTH HEIGHT] [lie]: an input method
 *
 * Says "ready", then for each state "active HINT PURPOSE CURSOR TEXT" or
 * "inactive", "unavailable" if there is one already, "grabbed KEY STATE" and
 * "modifiers MASK" for keys, "rectangle X Y WIDTH HEIGHT" for its popup. Whenever
 * it becomes active it writes "hello from NAME"; with "lie" broken text first, then
 * text of places that are none, and it writes "late" when it becomes inactive. With
 * "back" it hands each key back by a virtual keyboard that has the keymap of its
 * grab.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"
#include "input-method-client.h"
#include "virtual-keyboard.h"

/* Of its popup: the windows have PAINT. */
#define COLOUR 0xff00ffff

static struct client client;
static struct zwp_input_method_v2 *method;
static struct wl_proxy *keyboard;	/* virtual; or NULL */
static const char *name;
static bool lies;
static bool active;
static bool was_active;
static uint32_t serial;
static unsigned hint, purpose, cursor;
static char around[8192];

static void
handle_activate(void *data, struct zwp_input_method_v2 *from)
{
	(void)data;
	(void)from;
	active = true;
	was_active = false;
	hint = purpose = cursor = 0;
	strcpy(around, "nothing");
}

static void
handle_deactivate(void *data, struct zwp_input_method_v2 *from)
{
	(void)data;
	(void)from;
	active = false;
}

static void
handle_around(void *data, struct zwp_input_method_v2 *from, const char *text,
	uint32_t at, uint32_t anchor)
{
	(void)data;
	(void)from;
	(void)anchor;
	snprintf(around, sizeof(around), "%s", text);
	cursor = at;
}

static void
handle_cause(void *data, struct zwp_input_method_v2 *from, uint32_t cause)
{
	(void)data;
	(void)from;
	must(cause <= 1);
}

static void
handle_content(void *data, struct zwp_input_method_v2 *from, uint32_t hints,
	uint32_t is)
{
	(void)data;
	(void)from;
	hint = hints;
	purpose = is;
}

static void
write_lies(void)
{
	zwp_input_method_v2_set_preedit_string(method, "\xff\xfe", 1, 1);
	zwp_input_method_v2_commit_string(method, "broken \xe2\x82");
	zwp_input_method_v2_delete_surrounding_text(method, UINT_MAX, 7);
	zwp_input_method_v2_commit(method, serial);
	zwp_input_method_v2_set_preedit_string(method, "\xc3\xbc-", 1, INT_MAX);
	zwp_input_method_v2_commit_string(method, "of another state");
	zwp_input_method_v2_commit(method, serial - 1);
	zwp_input_method_v2_set_preedit_string(method, "\xc3\xbc-", 1, INT_MAX);
	zwp_input_method_v2_commit(method, serial);
}

static void
write_hello(void)
{
	char text[256];
	snprintf(text, sizeof(text), "hello from %s", name);
	zwp_input_method_v2_set_preedit_string(method, "pre", 0, 3);
	zwp_input_method_v2_commit_string(method, text);
	zwp_input_method_v2_delete_surrounding_text(method, 2, 1);
	zwp_input_method_v2_commit(method, serial);
}

static void
handle_done(void *data, struct zwp_input_method_v2 *from)
{
	(void)data;
	(void)from;
	serial++;
	if (active) {
		client_say("active %u %u %u %s", hint, purpose, cursor, around);
	} else {
		client_say("inactive");
	}
	if (active && !was_active) {
		if (lies) {
			write_lies();
		}
		write_hello();
	} else if (!active && lies) {
		zwp_input_method_v2_commit_string(method, "late");
		zwp_input_method_v2_commit(method, serial);
	}
	was_active = active;
}

static void
handle_unavailable(void *data, struct zwp_input_method_v2 *from)
{
	(void)data;
	(void)from;
	client_say("unavailable");
}

static const struct zwp_input_method_v2_listener method_listener = {
	.activate = handle_activate,
	.deactivate = handle_deactivate,
	.surrounding_text = handle_around,
	.text_change_cause = handle_cause,
	.content_type = handle_content,
	.done = handle_done,
	.unavailable = handle_unavailable,
};

static void
handle_keymap(void *data, struct zwp_input_method_keyboard_grab_v2 *grab,
	uint32_t format, int fd, uint32_t size)
{
	(void)data;
	(void)grab;
	must(size > 0);
	if (keyboard != NULL) {
		wl_proxy_marshal(keyboard, VIRTUAL_KEYBOARD_KEYMAP, format, fd,
			size);
	}
	close(fd);
	client_say("keymap");
}

static void
handle_key(void *data, struct zwp_input_method_keyboard_grab_v2 *grab,
	uint32_t key_serial, uint32_t time, uint32_t key, uint32_t state)
{
	(void)data;
	(void)grab;
	(void)key_serial;
	if (keyboard != NULL) {
		wl_proxy_marshal(keyboard, VIRTUAL_KEYBOARD_KEY, time, key,
			state);
	}
	client_say("grabbed %u %u", key, state);
}

static void
handle_modifiers(void *data, struct zwp_input_method_keyboard_grab_v2 *grab,
	uint32_t key_serial, uint32_t depressed, uint32_t latched,
	uint32_t locked, uint32_t group)
{
	(void)data;
	(void)grab;
	(void)key_serial;
	(void)latched;
	(void)locked;
	(void)group;
	client_say("modifiers %u", depressed);
}

static void
handle_repeat(void *data, struct zwp_input_method_keyboard_grab_v2 *grab,
	int32_t rate, int32_t delay)
{
	(void)data;
	(void)grab;
	(void)rate;
	(void)delay;
}

static const struct zwp_input_method_keyboard_grab_v2_listener grab_listener = {
	.keymap = handle_keymap,
	.key = handle_key,
	.modifiers = handle_modifiers,
	.repeat_info = handle_repeat,
};

static void
handle_rectangle(void *data, struct zwp_input_popup_surface_v2 *popup,
	int32_t x, int32_t y, int32_t width, int32_t height)
{
	(void)data;
	(void)popup;
	client_say("rectangle %d %d %d %d", x, y, width, height);
}

static const struct zwp_input_popup_surface_v2_listener popup_listener = {
	.text_input_rectangle = handle_rectangle,
};

static void
show_popup(int width, int height)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	struct zwp_input_popup_surface_v2 *popup =
		zwp_input_method_v2_get_input_popup_surface(method, surface);
	zwp_input_popup_surface_v2_add_listener(popup, &popup_listener, NULL);
	/* With a subsurface that is larger than itself. */
	struct wl_surface *sub;
	sub_create(&client, surface, -50, -50, 1, 1, &sub);
	client_fill(&client, sub, width + 100, height + 100, COLOUR);
	wl_surface_commit(sub);
	client_fill(&client, surface, width, height, COLOUR);
	wl_surface_commit(surface);
}

int
main(int argc, char *argv[])
{
	must(argc > 1);
	name = argv[1];
	client_init(&client);
	struct zwp_input_method_manager_v2 *manager =
		client_bind(&client, &zwp_input_method_manager_v2_interface);
	method = zwp_input_method_manager_v2_get_input_method(manager,
		client.seat);
	zwp_input_method_v2_add_listener(method, &method_listener, NULL);
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "grab") == 0) {
			zwp_input_method_keyboard_grab_v2_add_listener(
				zwp_input_method_v2_grab_keyboard(method),
				&grab_listener, NULL);
		} else if (strcmp(argv[i], "back") == 0) {
			keyboard = wl_proxy_marshal_constructor(
				client_bind(&client,
					&virtual_keyboard_manager_interface),
				VIRTUAL_KEYBOARD_MANAGER_CREATE,
				&virtual_keyboard_interface, client.seat, NULL);
		} else if (strcmp(argv[i], "popup") == 0) {
			must(i + 2 < argc);
			show_popup(atoi(argv[i + 1]), atoi(argv[i + 2]));
			i += 2;
		} else {
			must(strcmp(argv[i], "lie") == 0);
			lies = true;
		}
	}
	client_settle(&client);
	client_say("ready");
	client_stay(&client);
	return EXIT_SUCCESS;
}
