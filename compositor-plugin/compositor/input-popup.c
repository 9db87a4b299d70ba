/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * What an input method shows beside the text that it helps with: a popup like any,
 * in a frame in the colour of the method's VM, among the popups of the window that
 * is typed into. So it is below that window's title bar and on the screen, and goes
 * with the window. It lies below the cursor or, where there is no room, above it.
 *
 * Where the cursor is, is the word of the window's client; what of it is not in the
 * window is not believed. Everything is looked at anew whenever something has
 * changed: who is typed into, where the window and its cursor are, what the popup
 * shows.
 */
#include <errno.h>
#include <stdlib.h>
#include <wlr/types/wlr_input_method_v2.h>
#include <wlr/types/wlr_text_input_v3.h>

#include "server.h"

struct input_popup {
	struct wl_list link;		/* server.input_popups */
	struct server *server;
	struct wlr_input_popup_surface_v2 *wlr;
	struct wlbl_frame *frame;	/* NULL: not shown */
	struct wlr_box told;		/* the cursor, as it knows it */
	struct wl_listener map;
	struct wl_listener unmap;
	struct wl_listener commit;
	struct wl_listener destroy;
};

static int
between(int value, int low, int high)
{
	if (value > high) {
		value = high;
	}
	return value < low ? low : value;
}

/* The window that is typed into, and the cursor on the screen; or NULL. */
static struct window *
find_cursor(struct server *server, struct wlr_box *ret)
{
	struct wlr_surface *surface;
	struct wlr_box wanted, content;
	int x, y;
	if (!wlbl_relay_cursor(server->relay, &surface, &wanted)) {
		return NULL;
	}
	struct window *window = surface_origin(surface, &x, &y);
	if (window == NULL) {
		return NULL;
	}
	wlbl_frame_get_content_box(window->frame, &content);
	const int right = content.x + content.width;
	const int bottom = content.y + content.height;
	x += far_at_most(wanted.x);
	y += far_at_most(wanted.y);
	ret->x = between(x, content.x, right);
	ret->y = between(y, content.y, bottom);
	ret->width = between(x + far_at_most(wanted.width), ret->x, right)
		- ret->x;
	ret->height = between(y + far_at_most(wanted.height), ret->y, bottom)
		- ret->y;
	return window;
}

static void
popup_place(struct input_popup *popup, struct window *window,
	const struct wlr_box *cursor)
{
	const struct wlr_surface *surface = popup->wlr->surface;
	const struct wlr_box geometry = {
		.width = surface->current.width,
		.height = surface->current.height,
	};
	struct wlr_box usable;
	output_usable(popup->server, window->x, window->y, &usable);
	const int border = WLBL_POPUP_BORDER;
	const int left = usable.x + border;
	const int top = usable.y + border;
	const int right = usable.x + usable.width - border;
	const int bottom = usable.y + usable.height - border;

	int y = cursor->y + cursor->height + border;
	const int above = cursor->y - border - far_at_most(geometry.height);
	if (y + far_at_most(geometry.height) > bottom && above >= top) {
		y = above;
	}
	const int x = between(cursor->x, left,
		right - far_at_most(geometry.width));
	y = between(y, top, bottom - far_at_most(geometry.height));
	wlbl_frame_place(popup->frame, x, y, &geometry, &usable);

	struct wlr_box told = {
		.x = cursor->x - x,
		.y = cursor->y - y,
		.width = cursor->width,
		.height = cursor->height,
	};
	if (!wlr_box_equal(&told, &popup->told)) {
		popup->told = told;
		wlr_input_popup_surface_v2_send_text_input_rectangle(popup->wlr,
			&told);
	}
}

static void
popup_update(struct input_popup *popup)
{
	struct wlr_box cursor;
	struct window *window = popup->wlr->surface->mapped
		? find_cursor(popup->server, &cursor) : NULL;
	if (popup->frame != NULL && wlbl_frame_data(popup->frame) != window) {
		wlbl_frame_destroy(popup->frame);
		popup->frame = NULL;
		pointer_update(popup->server);
	}
	if (window == NULL) {
		return;
	}
	if (popup->frame == NULL) {
		if (wlbl_frame_create(popup->server->labels, WLBL_FRAME_POPUP,
				wlbl_frame_popups(window->frame),
				popup->wlr->surface, &popup->frame) < 0) {
			return;
		}
		wlbl_frame_set_data(popup->frame, window);
	}
	popup_place(popup, window, &cursor);
}

void
input_popups_update(struct server *server)
{
	struct input_popup *popup;
	wl_list_for_each(popup, &server->input_popups, link) {
		popup_update(popup);
	}
}

void
input_popups_forget(struct window *window)
{
	struct input_popup *popup;
	wl_list_for_each(popup, &window->server->input_popups, link) {
		if (popup->frame != NULL
				&& wlbl_frame_data(popup->frame) == window) {
			wlbl_frame_destroy(popup->frame);
			popup->frame = NULL;
		}
	}
}

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct input_popup *popup = wl_container_of(listener, popup, map);
	(void)data;
	popup_update(popup);
	pointer_update(popup->server);
}

static void
handle_unmap(struct wl_listener *listener, void *data)
{
	struct input_popup *popup = wl_container_of(listener, popup, unmap);
	(void)data;
	popup_update(popup);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct input_popup *popup = wl_container_of(listener, popup, commit);
	(void)data;
	popup_update(popup);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct input_popup *popup = wl_container_of(listener, popup, destroy);
	(void)data;
	wl_list_remove(&popup->map.link);
	wl_list_remove(&popup->unmap.link);
	wl_list_remove(&popup->commit.link);
	wl_list_remove(&popup->destroy.link);
	wl_list_remove(&popup->link);
	wlbl_frame_destroy(popup->frame);
	free(popup);
}

static void
handle_new_popup(void *data, struct wlr_input_popup_surface_v2 *wlr)
{
	struct server *server = data;
	struct input_popup *popup = calloc(1, sizeof(*popup));
	if (popup == NULL) {
		wl_resource_post_no_memory(wlr->resource);
		return;
	}
	popup->server = server;
	popup->wlr = wlr;
	popup->map.notify = handle_map;
	wl_signal_add(&wlr->surface->events.map, &popup->map);
	popup->unmap.notify = handle_unmap;
	wl_signal_add(&wlr->surface->events.unmap, &popup->unmap);
	popup->commit.notify = handle_commit;
	wl_signal_add(&wlr->surface->events.commit, &popup->commit);
	popup->destroy.notify = handle_destroy;
	wl_signal_add(&wlr->events.destroy, &popup->destroy);
	wl_list_insert(&server->input_popups, &popup->link);
	popup_update(popup);
}

static void
handle_moved(void *data)
{
	input_popups_update(data);
}

int
input_methods_init(struct server *server)
{
	const struct wlbl_relay_options options = {
		.text_inputs =
			wlr_text_input_manager_v3_create(server->display),
		.input_methods =
			wlr_input_method_manager_v2_create(server->display),
		.new_popup = handle_new_popup,
		.moved = handle_moved,
		.data = server,
	};
	wl_list_init(&server->input_popups);
	if (options.text_inputs == NULL || options.input_methods == NULL) {
		return -ENOMEM;
	}
	return wlbl_relay_create(server->labels, server->seat, &options,
		&server->relay);
}
