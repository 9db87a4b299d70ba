/* SPDX-License-Identifier: MIT */
/*
 * spy: a program that would know when others are typed into or clicked on
 *
 * Answers have numbers in them of which the compositor has one row. It asks again
 * and again, says "listens" the first time, and "heard" when one was left out. It also
 * asks for keyboards, and says "keymap" if it is told one.
 */
#include <stdlib.h>
#include <unistd.h>

#include "../lib/wl-ignore.h"
#include "client.h"

#define STEP_MAX 8

struct ear {
	uint32_t last;		/* 0: nothing yet */
	unsigned count;
};

static struct client client;
static struct ear configures, syncs;

/*
 * Of itself it knows that it takes one at most. Not many come in between; what is
 * further off is no row.
 */
static void
hear(struct ear *ear, uint32_t number)
{
	const uint32_t step = number - ear->last;
	if (ear->count++ > 0 && step > 1 && step < STEP_MAX) {
		client_say("heard %u", step - 1);
	}
	ear->last = number;
}

static void
handle_configure(void *data, struct xdg_surface *xdg, uint32_t serial)
{
	(void)data;
	xdg_surface_ack_configure(xdg, serial);
	hear(&configures, serial);
}

static const struct xdg_surface_listener xdg_listener = {
	.configure = handle_configure,
};

static void
handle_done(void *data, struct wl_callback *callback, uint32_t number)
{
	(void)data;
	wl_callback_destroy(callback);
	hear(&syncs, number);
}

static const struct wl_callback_listener callback_listener = {
	.done = handle_done,
};

static void
handle_keymap(void *data, struct wl_keyboard *keyboard, uint32_t format,
	int fd, uint32_t size)
{
	(void)data;
	(void)keyboard;
	(void)size;
	close(fd);
	if (format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1) {
		client_say("keymap");
	}
}

static void
ignore_enter(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *surface, struct wl_array *keys)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)surface;
	(void)keys;
}

static void
ignore_leave(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *surface)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)surface;
}

static void
ignore_key(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	uint32_t time, uint32_t key, uint32_t state)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)time;
	(void)key;
	(void)state;
}

static const struct wl_keyboard_listener keyboard_listener = {
	.keymap = handle_keymap,
	.enter = ignore_enter,
	.leave = ignore_leave,
	.key = ignore_key,
	.modifiers = ignore_modifiers,
	.repeat_info = ignore_repeat_info,
};

int
main(void)
{
	client_init(&client);
	/* Never mapped: it is told of nothing but what it asks for. */
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	struct xdg_surface *xdg =
		xdg_wm_base_get_xdg_surface(client.wm_base, surface);
	xdg_surface_add_listener(xdg, &xdg_listener, NULL);
	struct xdg_toplevel *toplevel = xdg_surface_get_toplevel(xdg);
	wl_surface_commit(surface);
	for (;;) {
		wl_keyboard_release(client.keyboard);
		client.keyboard = wl_seat_get_keyboard(client.seat);
		wl_keyboard_add_listener(client.keyboard, &keyboard_listener,
			NULL);
		const unsigned before = configures.count;
		struct wl_callback *callback =
			wl_display_sync(client.display);
		wl_callback_add_listener(callback, &callback_listener, NULL);
		xdg_toplevel_set_maximized(toplevel);
		while (configures.count == before) {
			if (wl_display_dispatch(client.display) < 0) {
				return EXIT_SUCCESS;
			}
		}
		if (before == 1) {
			client_say("listens");
		}
	}
}
