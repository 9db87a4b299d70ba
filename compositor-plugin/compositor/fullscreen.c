/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A person may let one window fill the screen, by a chord and for as long as that
 * window has the keyboard. It then has all of the output but the strip and a thin
 * border; it is told that it is full screen, and its true size. No request of a
 * client leads here: one that asks is maximised, before and after.
 *
 * The strip names whoever has the keyboard, so it names a window without a title
 * bar only while the two are the same. That is why the keyboard's going ends it,
 * wherever it goes and for whatever reason. The strip also says how to end it.
 */
#include "server.h"

bool
window_is_full(const struct window *window)
{
	return window->server->full == window;
}

static void
say(const struct window *window, bool full)
{
	wlbl_notify(window->server->labels, full
			? "%s fills the screen; Super-Shift-F ends it"
			: "%s no longer fills the screen",
		wlbl_label_name(wlbl_frame_label(window->frame)));
}

static void
begin(struct window *window)
{
	/* If it is being moved, it is let go. */
	pointer_forget(window->server, window);
	if (!window->maximized) {
		wlbl_frame_get_content_box(window->frame, &window->restored);
	}
	window->server->full = window;
	window->anchored = 0;
	wlbl_frame_set_full(window->frame, true);
	window->ops->set_fullscreen(window, true);
	window_adapt(window);
	say(window, true);
}

void
window_end_full(struct window *window)
{
	if (!window_is_full(window)) {
		return;
	}
	const bool maximized = window->maximized;
	window->server->full = NULL;
	wlbl_frame_set_full(window->frame, false);
	window->ops->set_fullscreen(window, false);
	/* It was at its largest, and so it shrinks as from there. */
	window->maximized = true;
	window_set_maximized(window, maximized);
	say(window, false);
}

void
fullscreen_forget(struct window *window)
{
	if (window_is_full(window)) {
		window->server->full = NULL;
		say(window, false);
	}
}

void
fullscreen_toggle(struct server *server)
{
	struct window *window = focused_window(server);
	if (window == NULL || window->ops->set_fullscreen == NULL) {
		return;
	}
	if (window_is_full(window)) {
		window_end_full(window);
	} else {
		begin(window);
	}
	pointer_update(server);
}

static void
handle_focus_change(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, keyboard_focus_change);
	const struct wlr_seat_keyboard_focus_change_event *event = data;
	if (server->full != NULL
			&& event->new_surface != server->full->surface) {
		window_end_full(server->full);
	}
}

void
fullscreen_init(struct server *server)
{
	server->keyboard_focus_change.notify = handle_focus_change;
	wl_signal_add(&server->seat->keyboard_state.events.focus_change,
		&server->keyboard_focus_change);
}

void
fullscreen_finish(struct server *server)
{
	wl_list_remove(&server->keyboard_focus_change.link);
}
