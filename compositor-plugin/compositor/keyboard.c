/* SPDX-License-Identifier: MIT */
/* Keyboards, and the few keys that are the compositor's own. */
#include <stdlib.h>
#include <wlr/backend/session.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_virtual_keyboard_v1.h>
#include <wlr/types/wlr_virtual_pointer_v1.h>
#include <xkbcommon/xkbcommon.h>

#include "server.h"
#include "util/log.h"

#define OURS_MAX 8

struct keyboard {
	struct wl_list link;		/* server.keyboards */
	struct server *server;
	struct wlr_keyboard *wlr;
	uint32_t ours[OURS_MAX];	/* keys that went down for a binding */
	int ours_count;
	struct wl_listener key;
	struct wl_listener modifiers;
	struct wl_listener destroy;
};

static bool
change_terminal(struct server *server, xkb_keysym_t key)
{
	if (key < XKB_KEY_XF86Switch_VT_1 || key > XKB_KEY_XF86Switch_VT_12
			|| server->session == NULL) {
		return false;
	}
	wlr_session_change_vt(server->session,
		(unsigned)(key - XKB_KEY_XF86Switch_VT_1 + 1));
	return true;
}

/* Return: whether the key was ours. */
static bool
handle_binding(struct server *server, uint32_t modifiers, xkb_keysym_t key)
{
	struct window *front = focused_window(server);
	const uint32_t held = modifiers & (WLR_MODIFIER_ALT | WLR_MODIFIER_LOGO
		| WLR_MODIFIER_CTRL | WLR_MODIFIER_SHIFT);
	const bool alt = (held & ~(uint32_t)WLR_MODIFIER_SHIFT)
		== WLR_MODIFIER_ALT;
	if (change_terminal(server, key)) {
		return true;
	}
	if (server->lock.on) {
		return false;
	}
	if (alt && (key == XKB_KEY_Tab || key == XKB_KEY_ISO_Left_Tab)) {
		cycle_step(server, held & WLR_MODIFIER_SHIFT);
		return true;
	}
	if (held == WLR_MODIFIER_ALT && key == XKB_KEY_F4 && front != NULL) {
		window_close(front);
		return true;
	}
	if (held == WLR_MODIFIER_LOGO && key == XKB_KEY_Up && front != NULL) {
		window_set_maximized(front, !front->maximized);
		return true;
	}
	if (held == (WLR_MODIFIER_LOGO | WLR_MODIFIER_SHIFT)
			&& xkb_keysym_to_lower(key) == XKB_KEY_c) {
		wlbl_seat_copy(server->label_seat);
		return true;
	}
	if (held == (WLR_MODIFIER_LOGO | WLR_MODIFIER_SHIFT)
			&& xkb_keysym_to_lower(key) == XKB_KEY_v) {
		wlbl_seat_paste(server->label_seat);
		return true;
	}
	if (held == (WLR_MODIFIER_LOGO | WLR_MODIFIER_SHIFT)
			&& xkb_keysym_to_lower(key) == XKB_KEY_f) {
		fullscreen_toggle(server);
		return true;
	}
	if (held == (WLR_MODIFIER_CTRL | WLR_MODIFIER_ALT)
			&& (key == XKB_KEY_BackSpace
				|| key == XKB_KEY_Terminate_Server)) {
		wl_display_terminate(server->display);
		return true;
	}
	return false;
}

/* A client that did not see a key go down does not see it go up. */
static bool
key_was_ours(struct keyboard *keyboard, uint32_t keycode)
{
	for (int i = 0; i < keyboard->ours_count; i++) {
		if (keyboard->ours[i] == keycode) {
			keyboard->ours[i] =
				keyboard->ours[--keyboard->ours_count];
			return true;
		}
	}
	return false;
}

static bool
is_bound(struct keyboard *keyboard, const xkb_keysym_t *keys, int count)
{
	const uint32_t modifiers = wlr_keyboard_get_modifiers(keyboard->wlr);
	for (int i = 0; i < count; i++) {
		if (handle_binding(keyboard->server, modifiers, keys[i])) {
			return true;
		}
	}
	return false;
}

/*
 * Whether it was ours. Where the layout in use has a letter that is not Latin,
 * the key counts as what it is in another layout of the keyboard.
 */
static bool
key_is_ours(struct keyboard *keyboard, uint32_t keycode)
{
	const xkb_keycode_t code = keycode + 8;	/* evdev's are 8 below */
	const xkb_keysym_t *keys;
	int count = xkb_state_key_get_syms(keyboard->wlr->xkb_state, code,
		&keys);
	if (is_bound(keyboard, keys, count)) {
		return true;
	}
	if (count != 1 || xkb_keysym_to_utf32(keys[0]) < 0x80) {
		return false;
	}
	struct xkb_keymap *keymap = keyboard->wlr->keymap;
	const xkb_layout_index_t layouts =
		xkb_keymap_num_layouts_for_key(keymap, code);
	for (xkb_layout_index_t i = 0; i < layouts; i++) {
		count = xkb_keymap_key_get_syms_by_level(keymap, code, i, 0,
			&keys);
		if (is_bound(keyboard, keys, count)) {
			return true;
		}
	}
	return false;
}

static void
handle_key(struct wl_listener *listener, void *data)
{
	struct keyboard *keyboard = wl_container_of(listener, keyboard, key);
	struct server *server = keyboard->server;
	const struct wlr_keyboard_key_event *event = data;
	idle_activity(server);
	if (event->state == WL_KEYBOARD_KEY_STATE_PRESSED) {
		if (key_is_ours(keyboard, event->keycode)) {
			if (keyboard->ours_count < OURS_MAX) {
				keyboard->ours[keyboard->ours_count++] =
					event->keycode;
			}
			return;
		}
	} else if (key_was_ours(keyboard, event->keycode)) {
		return;
	}
	if (wlbl_relay_key(server->relay, keyboard->wlr, event)) {
		return;
	}
	wlbl_seat_set_keyboard(server->label_seat, keyboard->wlr);
	wlr_seat_keyboard_notify_key(server->seat, event->time_msec,
		event->keycode, event->state);
}

static void
handle_modifiers(struct wl_listener *listener, void *data)
{
	struct keyboard *keyboard =
		wl_container_of(listener, keyboard, modifiers);
	struct server *server = keyboard->server;
	(void)data;
	if (!(wlr_keyboard_get_modifiers(keyboard->wlr) & WLR_MODIFIER_ALT)) {
		cycle_end(server);
	}
	wlbl_seat_set_keyboard(server->label_seat, keyboard->wlr);
	wlr_seat_keyboard_notify_modifiers(server->seat,
		&keyboard->wlr->modifiers);
	wlbl_relay_modifiers(server->relay, keyboard->wlr);
}

static void
keyboard_destroy(struct keyboard *keyboard)
{
	wl_list_remove(&keyboard->key.link);
	wl_list_remove(&keyboard->modifiers.link);
	wl_list_remove(&keyboard->destroy.link);
	wl_list_remove(&keyboard->link);
	free(keyboard);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct keyboard *keyboard =
		wl_container_of(listener, keyboard, destroy);
	(void)data;
	keyboard_destroy(keyboard);
}

struct xkb_keymap *
keymap_create(const struct config *config)
{
	const struct xkb_rule_names names = {
		.model = config->model[0] == '\0' ? NULL : config->model,
		.layout = config->layout[0] == '\0' ? NULL : config->layout,
		.variant = config->variant[0] == '\0' ? NULL : config->variant,
		.options = config->options[0] == '\0' ? NULL : config->options,
	};
	struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	if (context == NULL) {
		return NULL;
	}
	struct xkb_keymap *keymap = xkb_keymap_new_from_names(context, &names,
		XKB_KEYMAP_COMPILE_NO_FLAGS);
	xkb_context_unref(context);
	if (keymap == NULL) {
		log_error("[keyboard]: xkb has no such model, layout or "
			"variant: '%s' '%s' '%s'", config->model,
			config->layout, config->variant);
	}
	return keymap;
}

static void
keyboard_add(struct server *server, struct wlr_keyboard *wlr)
{
	struct keyboard *keyboard = calloc(1, sizeof(*keyboard));
	if (keyboard == NULL) {
		log_error("no memory for a keyboard");
		return;
	}
	keyboard->server = server;
	keyboard->wlr = wlr;
	wlr_keyboard_set_repeat_info(wlr, server->config.repeat_rate,
		server->config.repeat_delay_ms);
	keyboard->key.notify = handle_key;
	wl_signal_add(&wlr->events.key, &keyboard->key);
	keyboard->modifiers.notify = handle_modifiers;
	wl_signal_add(&wlr->events.modifiers, &keyboard->modifiers);
	keyboard->destroy.notify = handle_destroy;
	wl_signal_add(&wlr->base.events.destroy, &keyboard->destroy);
	wl_list_insert(&server->keyboards, &keyboard->link);
}

static void
handle_new_input(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, new_input);
	struct wlr_input_device *device = data;
	if (device->type == WLR_INPUT_DEVICE_KEYBOARD) {
		struct wlr_keyboard *wlr =
			wlr_keyboard_from_input_device(device);
		wlr_keyboard_set_keymap(wlr, server->keymap);
		keyboard_add(server, wlr);
		wlbl_seat_set_keyboard(server->label_seat, wlr);
	} else if (device->type == WLR_INPUT_DEVICE_POINTER) {
		pointer_device_configure(device, &server->config);
		wlr_cursor_attach_input_device(server->pointer.cursor, device);
	} else if (device->type == WLR_INPUT_DEVICE_TOUCH) {
		wlr_cursor_attach_input_device(server->pointer.cursor, device);
		wlr_seat_set_capabilities(server->seat,
			WL_SEAT_CAPABILITY_POINTER | WL_SEAT_CAPABILITY_KEYBOARD
			| WL_SEAT_CAPABILITY_TOUCH);
	}
}

/* Only local clients see these two globals. */
static void
handle_new_virtual_keyboard(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, new_virtual_keyboard);
	struct wlr_virtual_keyboard_v1 *virtual = data;
	/* It brings its own keymap. */
	keyboard_add(server, &virtual->keyboard);
}

static void
handle_new_virtual_pointer(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, new_virtual_pointer);
	struct wlr_virtual_pointer_v1_new_pointer_event *event = data;
	wlr_cursor_attach_input_device(server->pointer.cursor,
		&event->new_pointer->pointer.base);
}

void
keyboards_init(struct server *server)
{
	wl_list_init(&server->keyboards);
	server->new_input.notify = handle_new_input;
	wl_signal_add(&server->backend->events.new_input, &server->new_input);
	server->new_virtual_keyboard.notify = handle_new_virtual_keyboard;
	wl_signal_add(&wlr_virtual_keyboard_manager_v1_create(server->display)
		->events.new_virtual_keyboard, &server->new_virtual_keyboard);
	server->new_virtual_pointer.notify = handle_new_virtual_pointer;
	wl_signal_add(&wlr_virtual_pointer_manager_v1_create(server->display)
		->events.new_virtual_pointer, &server->new_virtual_pointer);
	/* Both from the start: a client that asks early need not ask twice. */
	wlr_seat_set_capabilities(server->seat, WL_SEAT_CAPABILITY_POINTER
		| WL_SEAT_CAPABILITY_KEYBOARD);
}

void
keyboards_finish(struct server *server)
{
	wl_list_remove(&server->new_input.link);
	wl_list_remove(&server->new_virtual_keyboard.link);
	wl_list_remove(&server->new_virtual_pointer.link);
	struct keyboard *keyboard, *tmp;
	wl_list_for_each_safe(keyboard, tmp, &server->keyboards, link) {
		keyboard_destroy(keyboard);
	}
}
