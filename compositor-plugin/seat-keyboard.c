/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wlroots tells the keymap of a seat's keyboard to all clients, when another one
 * becomes it and when it changes. Of those before the person that tells nothing. But
 * a program that types for somebody (wtype, a password manager) has a keyboard of
 * its own for each text, and in its keymap are the letters of that text, in the order
 * in which they come.
 *
 * So the keymap of a virtual keyboard is told to the VM that has the keyboard, when a
 * key goes there, and to local programs. It is the seat's for no longer than that
 * goes well: before another label has the focus, before a VM without it asks for
 * a keyboard and before the keymap changes the seat is left without one, until the next
 * key. That is not told to anybody.
 */
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_virtual_keyboard_v1.h>

#include "private.h"

static bool
is_virtual(struct wlr_keyboard *keyboard)
{
	return wlr_input_device_get_virtual_keyboard(&keyboard->base) != NULL;
}

bool
wlbl_keyboard_may_hear(struct wlbl *labels, const struct wlbl_label *focus,
	const struct wl_client *client)
{
	const struct wlbl_label *label = wlbl_label_of(labels, client);
	return label == labels->local || (label != NULL && label == focus);
}

void
wlbl_keyboard_set(struct wlbl *labels, struct wlr_seat *seat,
	const struct wlbl_label *focus, struct wlr_keyboard *keyboard)
{
	struct wl_list unheard;
	struct wlr_seat_client *client, *tmp;
	wl_list_init(&unheard);
	wl_list_for_each_safe(client, tmp, &seat->clients, link) {
		if (is_virtual(keyboard) && !wlbl_keyboard_may_hear(labels,
				focus, client->client)) {
			wl_list_remove(&client->link);
			wl_list_insert(&unheard, &client->link);
		}
	}
	wlr_seat_set_keyboard(seat, keyboard);
	wl_list_insert_list(&seat->clients, &unheard);
}

void
wlbl_keyboard_forget(struct wlr_seat *seat)
{
	struct wlr_keyboard *keyboard = wlr_seat_get_keyboard(seat);
	if (keyboard != NULL && is_virtual(keyboard)) {
		wlr_seat_set_keyboard(seat, NULL);
	}
}
