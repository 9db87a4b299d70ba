/* SPDX-License-Identifier: MIT */
/* The tables of the virtual keyboard protocol, as far as they are used. */
#ifndef TESTS_LABELS_VIRTUAL_KEYBOARD_H
#define TESTS_LABELS_VIRTUAL_KEYBOARD_H

#include <wayland-client.h>

enum virtual_keyboard_manager_request { VIRTUAL_KEYBOARD_MANAGER_CREATE };
enum virtual_keyboard_request {
	VIRTUAL_KEYBOARD_KEYMAP,
	VIRTUAL_KEYBOARD_KEY,
	VIRTUAL_KEYBOARD_MODIFIERS,
};

extern const struct wl_interface virtual_keyboard_manager_interface;
extern const struct wl_interface virtual_keyboard_interface;

#endif
