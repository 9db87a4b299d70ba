/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A window is an xdg_toplevel; once it is mapped it has a frame, or else it is
 * closed: without a label nothing is shown. Its size is the client's own doing,
 * as it always is on Wayland; where it is and what of it shows is ours.
 *
 * Whoever asks to fill the screen gets the largest window there is, and is told
 * that it is maximised, which is true.
 */
#include <stdlib.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_xdg_decoration_v1.h>

#include "server.h"
#include "util/log.h"

static struct wlr_surface *
surface_of(const struct window *window)
{
	return window->toplevel->base->surface;
}

static void
usable_of(struct window *window, struct wlr_box *ret)
{
	output_usable(window->server, window->x, window->y, ret);
}

void
window_place(struct window *window)
{
	if (window->frame == NULL) {
		return;
	}
	struct wlr_box geometry, usable, box;
	wlr_xdg_surface_get_geometry(window->toplevel->base, &geometry);
	usable_of(window, &usable);
	if (window->anchored & WLR_EDGE_LEFT) {
		window->x = window->anchor_x - geometry.width;
	}
	if (window->anchored & WLR_EDGE_TOP) {
		window->y = window->anchor_y - geometry.height;
	}
	if (window->maximized) {
		int left, top, right, bottom;
		wlbl_frame_get_margins(window->frame, &left, &top, &right,
			&bottom);
		window->x = usable.x + left;
		window->y = usable.y + top;
	}
	wlbl_frame_place(window->frame, window->x, window->y, &geometry,
		&usable);
	wlbl_frame_get_content_box(window->frame, &box);
	if (!wlr_box_empty(&box)) {
		window->x = box.x;
		window->y = box.y;
	}
	popups_place(window->toplevel->base);
}

void
window_move(struct window *window, int x, int y)
{
	window->anchored = 0;
	window->x = x;
	window->y = y;
	window_place(window);
}

void
window_resize(struct window *window, const struct wlr_box *box, uint32_t edges)
{
	window->anchored = edges & (WLR_EDGE_LEFT | WLR_EDGE_TOP);
	window->anchor_x = box->x + box->width;
	window->anchor_y = box->y + box->height;
	wlr_xdg_toplevel_set_size(window->toplevel, box->width, box->height);
}

/* How large its content may be. */
static void
content_max(struct window *window, int *ret_width, int *ret_height)
{
	struct wlr_box usable;
	int left = 0, top = 0, right = 0, bottom = 0;
	usable_of(window, &usable);
	if (window->frame != NULL) {
		wlbl_frame_get_margins(window->frame, &left, &top, &right,
			&bottom);
	}
	const int width = usable.width - left - right;
	const int height = usable.height - top - bottom;
	*ret_width = width > 1 ? width : 1;
	*ret_height = height > 1 ? height : 1;
}

void
window_set_maximized(struct window *window, bool maximized)
{
	if (!window->toplevel->base->initialized) {
		return;
	}
	int width = 0, height = 0;
	if (maximized) {
		if (!window->maximized && window->frame != NULL) {
			wlbl_frame_get_content_box(window->frame,
				&window->restored);
		}
		content_max(window, &width, &height);
	} else if (window->maximized) {
		width = window->restored.width;
		height = window->restored.height;
		if (!wlr_box_empty(&window->restored)) {
			window->x = window->restored.x;
			window->y = window->restored.y;
		}
	}
	const bool changes = maximized != window->maximized || maximized;
	window->maximized = maximized;
	window->anchored = 0;
	if (changes) {
		wlr_xdg_toplevel_set_size(window->toplevel, width, height);
	}
	/* A request is answered even where it changes nothing. */
	wlr_xdg_toplevel_set_maximized(window->toplevel, maximized);
	window_place(window);
}

void
window_close(struct window *window)
{
	wlr_xdg_toplevel_send_close(window->toplevel);
}

/* Away from the right and lower edges, if it reaches beyond. */
static void
window_fit(struct window *window, const struct wlr_box *usable)
{
	struct wlr_box box;
	wlbl_frame_get_box(window->frame, &box);
	const int beyond_x = box.x + box.width - usable->x - usable->width;
	const int beyond_y = box.y + box.height - usable->y - usable->height;
	if (beyond_x > 0 || beyond_y > 0) {
		window_move(window,
			window->x - (beyond_x > 0 ? beyond_x : 0),
			window->y - (beyond_y > 0 ? beyond_y : 0));
	}
}

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct window *window = wl_container_of(listener, window, map);
	struct server *server = window->server;
	(void)data;
	if (wlbl_frame_create(server->labels, WLBL_FRAME_WINDOW,
			server->layers[LAYER_WINDOWS], surface_of(window),
			&window->frame) < 0) {
		window_close(window);
		return;
	}
	wlbl_frame_set_data(window->frame, window);
	wlbl_frame_set_title(window->frame, window->toplevel->title);

	int left, top, right, bottom;
	wlbl_frame_get_margins(window->frame, &left, &top, &right, &bottom);
	struct wlr_box usable, geometry;
	output_usable(server, server->pointer.cursor->x,
		server->pointer.cursor->y, &usable);
	wlr_xdg_surface_get_geometry(window->toplevel->base, &geometry);
	int x, y;
	window_find_place(window, geometry.width + left + right,
		geometry.height + top + bottom, &usable, &x, &y);
	window->x = x + left;
	window->y = y + top;
	window_place(window);
	window_fit(window, &usable);
	if (window->maximized) {
		/* It asked before it had a frame to be measured. */
		window->maximized = false;
		window_set_maximized(window, true);
	}
	window_appear(window);
	pointer_update(server);
	if (log_limit_allows(&server->window_log)) {
		log_info("'%s' shows a window", wlbl_label_name(
			wlbl_frame_label(window->frame)));
	}
}

static void
handle_unmap(struct wl_listener *listener, void *data)
{
	struct window *window = wl_container_of(listener, window, unmap);
	(void)data;
	if (window->frame == NULL) {
		return;
	}
	pointer_forget(window->server, window);
	wlbl_frame_destroy(window->frame);
	window->frame = NULL;
	window_vanish(window);
	pointer_update(window->server);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct window *window = wl_container_of(listener, window, commit);
	(void)data;
	if (window->toplevel->base->initial_commit) {
		int width, height;
		wlr_xdg_toplevel_set_wm_capabilities(window->toplevel,
			WLR_XDG_TOPLEVEL_WM_CAPABILITIES_MAXIMIZE);
		content_max(window, &width, &height);
		wlr_xdg_toplevel_set_bounds(window->toplevel, width, height);
		const struct wlr_xdg_toplevel_requested *wanted =
			&window->toplevel->requested;
		if (wanted->maximized || wanted->fullscreen) {
			window_set_maximized(window, true);
		} else {
			wlr_xdg_toplevel_set_size(window->toplevel, 0, 0);
		}
		return;
	}
	window_place(window);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct window *window = wl_container_of(listener, window, destroy);
	(void)data;
	wl_list_remove(&window->map.link);
	wl_list_remove(&window->unmap.link);
	wl_list_remove(&window->commit.link);
	wl_list_remove(&window->destroy.link);
	wl_list_remove(&window->set_title.link);
	wl_list_remove(&window->request_move.link);
	wl_list_remove(&window->request_resize.link);
	wl_list_remove(&window->request_maximize.link);
	wl_list_remove(&window->request_fullscreen.link);
	wl_list_remove(&window->link);
	wlbl_frame_destroy(window->frame);
	free(window);
}

static void
handle_set_title(struct wl_listener *listener, void *data)
{
	struct window *window = wl_container_of(listener, window, set_title);
	(void)data;
	if (window->frame != NULL) {
		wlbl_frame_set_title(window->frame, window->toplevel->title);
	}
}

/* Only while a button that went down on this very window is held. */
static bool
may_drag(struct window *window, uint32_t serial)
{
	return window->frame != NULL && wlr_seat_validate_pointer_grab_serial(
		window->server->seat, surface_of(window), serial);
}

static void
handle_request_move(struct wl_listener *listener, void *data)
{
	struct window *window =
		wl_container_of(listener, window, request_move);
	const struct wlr_xdg_toplevel_move_event *event = data;
	if (may_drag(window, event->serial)) {
		pointer_begin(window->server, POINTER_MOVE, window, 0);
	}
}

static void
handle_request_resize(struct wl_listener *listener, void *data)
{
	struct window *window =
		wl_container_of(listener, window, request_resize);
	const struct wlr_xdg_toplevel_resize_event *event = data;
	if (may_drag(window, event->serial)) {
		pointer_begin(window->server, POINTER_RESIZE, window,
			event->edges);
	}
}

static void
handle_request_maximize(struct wl_listener *listener, void *data)
{
	struct window *window =
		wl_container_of(listener, window, request_maximize);
	(void)data;
	window_set_maximized(window, window->toplevel->requested.maximized);
}

static void
handle_request_fullscreen(struct wl_listener *listener, void *data)
{
	struct window *window =
		wl_container_of(listener, window, request_fullscreen);
	(void)data;
	window_set_maximized(window, window->toplevel->requested.fullscreen
		|| window->toplevel->requested.maximized);
}

static void
handle_new_toplevel(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, new_toplevel);
	struct wlr_xdg_toplevel *toplevel = data;
	struct window *window = calloc(1, sizeof(*window));
	if (window == NULL) {
		wl_resource_post_no_memory(toplevel->resource);
		return;
	}
	window->server = server;
	window->toplevel = toplevel;
	toplevel->base->data = window;
	wl_list_insert(server->windows.prev, &window->link);

	struct wlr_surface *surface = toplevel->base->surface;
	window->map.notify = handle_map;
	wl_signal_add(&surface->events.map, &window->map);
	window->unmap.notify = handle_unmap;
	wl_signal_add(&surface->events.unmap, &window->unmap);
	window->commit.notify = handle_commit;
	wl_signal_add(&surface->events.commit, &window->commit);
	window->destroy.notify = handle_destroy;
	wl_signal_add(&toplevel->events.destroy, &window->destroy);
	window->set_title.notify = handle_set_title;
	wl_signal_add(&toplevel->events.set_title, &window->set_title);
	window->request_move.notify = handle_request_move;
	wl_signal_add(&toplevel->events.request_move, &window->request_move);
	window->request_resize.notify = handle_request_resize;
	wl_signal_add(&toplevel->events.request_resize,
		&window->request_resize);
	window->request_maximize.notify = handle_request_maximize;
	wl_signal_add(&toplevel->events.request_maximize,
		&window->request_maximize);
	window->request_fullscreen.notify = handle_request_fullscreen;
	wl_signal_add(&toplevel->events.request_fullscreen,
		&window->request_fullscreen);
}

/* The frame is ours, whatever the client would like. */
static void
handle_new_decoration(struct wl_listener *listener, void *data)
{
	struct wlr_xdg_toplevel_decoration_v1 *decoration = data;
	(void)listener;
	if (decoration->toplevel->base->initialized) {
		wlr_xdg_toplevel_decoration_v1_set_mode(decoration,
			WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
	} else {
		decoration->scheduled_mode =
			WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE;
	}
}

void
windows_init(struct server *server)
{
	wl_list_init(&server->windows);
	server->shell = wlr_xdg_shell_create(server->display, 6);
	server->new_toplevel.notify = handle_new_toplevel;
	wl_signal_add(&server->shell->events.new_toplevel,
		&server->new_toplevel);
	server->new_decoration.notify = handle_new_decoration;
	wl_signal_add(&wlr_xdg_decoration_manager_v1_create(server->display)
		->events.new_toplevel_decoration, &server->new_decoration);
}

void
windows_finish(struct server *server)
{
	wl_list_remove(&server->new_toplevel.link);
	wl_list_remove(&server->new_decoration.link);
}
