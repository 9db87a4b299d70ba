/* SPDX-License-Identifier: MIT */
#include "virtual-keyboard.h"

static const struct wl_interface *no_types[4];
static const struct wl_interface *create_types[] = {
	&wl_seat_interface,
	&virtual_keyboard_interface,
};
static const struct wl_message keyboard_requests[] = {
	{ "keymap", "uhu", no_types },
	{ "key", "uuu", no_types },
	{ "modifiers", "uuuu", no_types },
};
static const struct wl_message manager_requests[] = {
	{ "create_virtual_keyboard", "on", create_types },
};

const struct wl_interface virtual_keyboard_interface = {
	"zwp_virtual_keyboard_v1", 1, 3, keyboard_requests, 0, NULL,
};

const struct wl_interface virtual_keyboard_manager_interface = {
	"zwp_virtual_keyboard_manager_v1", 1, 1, manager_requests, 0, NULL,
};
