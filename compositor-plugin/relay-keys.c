/* SPDX-License-Identifier: MIT */
/*
 * The keyboard while an input method has it: from when the method begins to serve
 * somebody, if it has a grab then, or makes one, to when it ends. Its own virtual
 * keyboards, by which it hands keys back, are never taken.
 */
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_virtual_keyboard_v1.h>

#include "relay.h"

static bool
is_own(const struct relay_method *method, struct wlr_keyboard *keyboard)
{
	const struct wlr_virtual_keyboard_v1 *virtual =
		wlr_input_device_get_virtual_keyboard(&keyboard->base);
	return virtual != NULL && wl_resource_get_client(virtual->resource)
		== wl_resource_get_client(method->wlr->resource);
}

void
relay_grab_attach(struct relay_method *method)
{
	struct wlr_input_method_keyboard_grab_v2 *grab =
		method->wlr->keyboard_grab;
	struct wlr_keyboard *keyboard =
		wlr_seat_get_keyboard(method->relay->seat);
	/*
	 * A virtual one may have no keymap yet; wlroots would read it. A method's
	 * own is given the keymap that its grab hears of, without end.
	 */
	if (grab == NULL || keyboard == NULL
			|| keyboard->keymap_string == NULL
			|| is_own(method, keyboard)) {
		return;
	}
	wlr_input_method_keyboard_grab_v2_set_keyboard(grab, keyboard);
	wlr_input_method_keyboard_grab_v2_send_modifiers(grab,
		&keyboard->modifiers);
}

/*
 * wlroots tells a grab of each new keymap of its keyboard, whoever is typed into. A
 * keyboard has one; but a program that types for somebody may make one for each
 * text.
 */
void
relay_grab_detach(struct relay_method *method)
{
	struct wlr_input_method_keyboard_grab_v2 *grab =
		method->wlr->keyboard_grab;
	if (grab != NULL && grab->keyboard != NULL
			&& wlr_input_device_get_virtual_keyboard(
				&grab->keyboard->base) != NULL) {
		wlr_input_method_keyboard_grab_v2_set_keyboard(grab, NULL);
	}
}

/* The grab that this keyboard's keys go to now, or NULL. */
static struct wlr_input_method_keyboard_grab_v2 *
grab_for(struct wlbl_relay *relay, struct wlr_keyboard *keyboard)
{
	if (relay->method == NULL || keyboard->keymap_string == NULL
			|| is_own(relay->method, keyboard)) {
		return NULL;
	}
	return relay->method->wlr->keyboard_grab;
}

/* Whether it went down for the grab; it is forgotten then. */
static bool
take_key(struct wlbl_relay *relay, uint32_t key)
{
	for (unsigned i = 0; i < relay->keys_count; i++) {
		if (relay->keys[i] == key) {
			relay->keys[i] = relay->keys[--relay->keys_count];
			return true;
		}
	}
	return false;
}

WLBL_PUBLIC bool
wlbl_relay_key(struct wlbl_relay *relay, struct wlr_keyboard *keyboard,
	const struct wlr_keyboard_key_event *event)
{
	struct wlr_input_method_keyboard_grab_v2 *grab =
		grab_for(relay, keyboard);
	if (event->state == WL_KEYBOARD_KEY_STATE_PRESSED) {
		if (grab == NULL || relay->keys_count == RELAY_KEYS_MAX) {
			return false;
		}
		relay->keys[relay->keys_count++] = event->keycode;
	} else if (relay->method == NULL || is_own(relay->method, keyboard)
			|| !take_key(relay, event->keycode)) {
		/* What the method hands back is not what it was given. */
		return false;
	}
	if (grab != NULL) {
		wlr_input_method_keyboard_grab_v2_set_keyboard(grab, keyboard);
		wlr_input_method_keyboard_grab_v2_send_key(grab,
			event->time_msec, event->keycode, event->state);
	}
	return true;
}

WLBL_PUBLIC void
wlbl_relay_modifiers(struct wlbl_relay *relay, struct wlr_keyboard *keyboard)
{
	struct wlr_input_method_keyboard_grab_v2 *grab =
		grab_for(relay, keyboard);
	if (grab != NULL) {
		wlr_input_method_keyboard_grab_v2_set_keyboard(grab, keyboard);
		wlr_input_method_keyboard_grab_v2_send_modifiers(grab,
			&keyboard->modifiers);
	}
}
