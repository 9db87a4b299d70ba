/* SPDX-License-Identifier: MIT */
/*
 * keys LAYOUTS STEP...: a person's keyboard with these layouts, as xkb has them
 *
 * Each step is "=N", from here on it is the layout N of them, or "+CODE" or
 * "-CODE", that key of evdev's goes down or up.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xkbcommon/xkbcommon.h>

#include "../lib/must.h"
#include "client.h"
#include "util/fd.h"
#include "virtual-keyboard.h"

static struct client client;
static struct wl_proxy *keyboard;
static struct xkb_state *state;

static void
send_keymap(const char *layouts)
{
	struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	must(context != NULL);
	struct xkb_keymap *keymap = xkb_keymap_new_from_names(context,
		&(struct xkb_rule_names){ .layout = layouts },
		XKB_KEYMAP_COMPILE_NO_FLAGS);
	must(keymap != NULL);
	char *text = xkb_keymap_get_as_string(keymap,
		XKB_KEYMAP_FORMAT_TEXT_V1);
	must(text != NULL);
	const size_t size = strlen(text) + 1;
	int fd = fd_memfd("keymap", size, 0);
	must(fd >= 0 && write(fd, text, size) == (ssize_t)size);
	wl_proxy_marshal(keyboard, VIRTUAL_KEYBOARD_KEYMAP,
		WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1, fd, (uint32_t)size);
	close(fd);
	free(text);
	state = xkb_state_new(keymap);
	must(state != NULL);
	xkb_keymap_unref(keymap);
	xkb_context_unref(context);
}

static void
send_modifiers(void)
{
	wl_proxy_marshal(keyboard, VIRTUAL_KEYBOARD_MODIFIERS,
		xkb_state_serialize_mods(state, XKB_STATE_MODS_DEPRESSED),
		xkb_state_serialize_mods(state, XKB_STATE_MODS_LATCHED),
		xkb_state_serialize_mods(state, XKB_STATE_MODS_LOCKED),
		xkb_state_serialize_layout(state, XKB_STATE_LAYOUT_EFFECTIVE));
}

int
main(int argc, char *argv[])
{
	must(argc >= 3);
	client_init(&client);
	keyboard = wl_proxy_marshal_constructor(client_bind(&client,
			&virtual_keyboard_manager_interface),
		VIRTUAL_KEYBOARD_MANAGER_CREATE, &virtual_keyboard_interface,
		client.seat, NULL);
	must(keyboard != NULL);
	send_keymap(argv[1]);
	for (int i = 2; i < argc; i++) {
		const uint32_t number = (uint32_t)atoi(argv[i] + 1);
		if (argv[i][0] == '=') {
			xkb_state_update_mask(state, 0, 0, 0, 0, 0, number);
		} else {
			const bool down = argv[i][0] == '+';
			wl_proxy_marshal(keyboard, VIRTUAL_KEYBOARD_KEY, 0, number,
				(uint32_t)down);
			xkb_state_update_key(state, number + 8,
				down ? XKB_KEY_DOWN : XKB_KEY_UP);
		}
		send_modifiers();
		client_settle(&client);
	}
	xkb_state_unref(state);
	return EXIT_SUCCESS;
}
