/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Who types must know to whom. The keyboard goes to another VM's window only
 * because the person clicked on it or chose it with Alt-Tab, or because the window
 * that had it went: then it is the turn of the one that was used before. A new window
 * takes it from windows of its own VM only; any other appears below the one that has
 * it, and the strip says who is waiting.
 *
 * While the screen is locked nobody takes it: whoever appears does so below the
 * window that was used last, and that one has it again afterwards.
 */
#include "server.h"

struct window *
focused_window(struct server *server)
{
	struct wlr_surface *surface =
		server->seat->keyboard_state.focused_surface;
	struct window *window;
	wl_list_for_each(window, &server->windows, link) {
		if (window->frame != NULL && window->surface == surface) {
			return window;
		}
	}
	return NULL;
}

/* The strip says so of the last one only. */
static void
set_waiting(struct server *server, struct window *window)
{
	server->waiting = window;
	wlbl_show(server->labels, WLBL_ROLE_WAITING,
		window == NULL ? NULL : wlbl_frame_label(window->frame));
}

/* The keyboard, and what goes with it; not the order. */
static void
give_keyboard(struct window *window)
{
	struct server *server = window->server;
	struct window *other;
	wl_list_for_each(other, &server->windows, link) {
		if (other->frame != NULL && other != window) {
			wlbl_frame_set_active(other->frame, false);
			other->ops->set_activated(other, false);
		}
	}
	wlr_scene_node_raise_to_top(&wlbl_frame_tree(window->frame)->node);
	wlbl_frame_set_active(window->frame, true);
	window->ops->set_activated(window, true);
	wlbl_seat_focus(server->label_seat, window->surface);
	set_waiting(server, NULL);
}

void
window_focus(struct window *window)
{
	if (window->frame == NULL) {
		return;
	}
	wl_list_remove(&window->link);
	wl_list_insert(&window->server->windows, &window->link);
	give_keyboard(window);
}

/* The last used, but for this one; or NULL. */
static struct window *
last_used(struct server *server, const struct window *but)
{
	struct window *window;
	wl_list_for_each(window, &server->windows, link) {
		if (window->frame != NULL && window != but) {
			return window;
		}
	}
	return NULL;
}

/* Whether it may take the keyboard from the one in front, or from nobody. */
static bool
may_take(struct window *window, struct window *front)
{
	return !window->server->lock.on && (front == NULL
		|| wlbl_frame_label(front->frame)
			== wlbl_frame_label(window->frame));
}

void
window_appear(struct window *window)
{
	struct server *server = window->server;
	struct window *front = server->lock.on ? last_used(server, window)
		: focused_window(server);
	if (may_take(window, front)) {
		window_focus(window);
		return;
	}
	if (front == NULL) {
		return;
	}
	wlr_scene_node_place_below(&wlbl_frame_tree(window->frame)->node,
		&wlbl_frame_tree(front->frame)->node);
	wl_list_remove(&window->link);
	wl_list_insert(&front->link, &window->link);
	set_waiting(server, window);
}

void
window_ask(struct window *window)
{
	struct server *server = window->server;
	struct window *front = focused_window(server);
	if (window->frame == NULL || window == front) {
		return;
	}
	if (may_take(window, front)) {
		window_focus(window);
	} else {
		set_waiting(server, window);
	}
}

void
window_vanish(struct window *window)
{
	struct server *server = window->server;
	if (server->cycle == window) {
		server->cycle = NULL;
	}
	if (server->waiting == window) {
		set_waiting(server, NULL);
	}
	struct wlr_surface *surface =
		server->seat->keyboard_state.focused_surface;
	if (!server->lock.on
			&& (surface == NULL || surface == window->surface)) {
		focus_last(server);
	}
}

void
focus_last(struct server *server)
{
	struct window *window = last_used(server, NULL);
	if (window != NULL) {
		window_focus(window);
	} else {
		wlbl_seat_focus(server->label_seat, NULL);
	}
}

void
cycle_step(struct server *server, bool backwards)
{
	struct window *from = server->cycle != NULL ? server->cycle
		: focused_window(server);
	struct wl_list *start = from == NULL ? &server->windows : &from->link;
	struct wl_list *at = start;
	do {
		at = backwards ? at->prev : at->next;
		if (at == &server->windows) {
			continue;
		}
		struct window *window = wl_container_of(at, window, link);
		if (window->frame != NULL) {
			server->cycle = window;
			give_keyboard(window);
			return;
		}
	} while (at != start);
}

void
cycle_end(struct server *server)
{
	if (server->cycle != NULL) {
		struct window *window = server->cycle;
		server->cycle = NULL;
		window_focus(window);
	}
}
