/* SPDX-License-Identifier: MIT */
/*
 * Windows that are xdg_toplevels. Their size is the client's own doing, as it
 * always is on Wayland.
 */
#include <stdlib.h>
#include <wlr/types/wlr_xdg_decoration_v1.h>

#include "server.h"

struct xdg_window {
	struct window base;
	struct wlr_xdg_toplevel *toplevel;

	struct wl_listener map;
	struct wl_listener unmap;
	struct wl_listener commit;
	struct wl_listener destroy;
	struct wl_listener set_title;
	struct wl_listener request_move;
	struct wl_listener request_resize;
	struct wl_listener request_maximize;
	struct wl_listener request_fullscreen;
};

static struct wlr_xdg_toplevel *
toplevel_of(struct window *base)
{
	struct xdg_window *window = wl_container_of(base, window, base);
	return window->toplevel;
}

static void
get_geometry(struct window *base, struct wlr_box *ret)
{
	geometry_of(toplevel_of(base)->base, ret);
}

/* Before its first commit, and again after it was unmapped, nothing is sent. */
static void
set_size(struct window *base, int width, int height)
{
	if (toplevel_of(base)->base->initialized) {
		wlr_xdg_toplevel_set_size(toplevel_of(base), width, height);
	}
}

static void
set_maximized(struct window *base, bool maximized)
{
	if (toplevel_of(base)->base->initialized) {
		wlr_xdg_toplevel_set_maximized(toplevel_of(base), maximized);
	}
}

static void
set_fullscreen(struct window *base, bool fullscreen)
{
	if (toplevel_of(base)->base->initialized) {
		wlr_xdg_toplevel_set_fullscreen(toplevel_of(base), fullscreen);
	}
}

static void
set_activated(struct window *base, bool activated)
{
	wlr_xdg_toplevel_set_activated(toplevel_of(base), activated);
}

static void
close_window(struct window *base)
{
	wlr_xdg_toplevel_send_close(toplevel_of(base));
}

static void
placed(struct window *base)
{
	popups_place(toplevel_of(base)->base);
	input_popups_update(base->server);
}

static const struct window_ops xdg_ops = {
	.get_geometry = get_geometry,
	.set_size = set_size,
	.set_maximized = set_maximized,
	.set_fullscreen = set_fullscreen,
	.set_activated = set_activated,
	.close = close_window,
	.placed = placed,
};

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct xdg_window *window = wl_container_of(listener, window, map);
	(void)data;
	window_map(&window->base, window->toplevel->title);
}

static void
handle_unmap(struct wl_listener *listener, void *data)
{
	struct xdg_window *window = wl_container_of(listener, window, unmap);
	(void)data;
	window_unmap(&window->base);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct xdg_window *window = wl_container_of(listener, window, commit);
	(void)data;
	if (!window->toplevel->base->initial_commit) {
		window_place(&window->base);
		return;
	}
	int width, height;
	wlr_xdg_toplevel_set_wm_capabilities(window->toplevel,
		WLR_XDG_TOPLEVEL_WM_CAPABILITIES_MAXIMIZE);
	/* It may have been full screen before it was unmapped. */
	wlr_xdg_toplevel_set_fullscreen(window->toplevel, false);
	window_content_max(&window->base, &width, &height);
	wlr_xdg_toplevel_set_bounds(window->toplevel, width, height);
	const struct wlr_xdg_toplevel_requested *wanted =
		&window->toplevel->requested;
	if (wanted->maximized || wanted->fullscreen) {
		window_set_maximized(&window->base, true);
	} else {
		wlr_xdg_toplevel_set_size(window->toplevel, 0, 0);
	}
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct xdg_window *window = wl_container_of(listener, window, destroy);
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
	window->toplevel->base->data = NULL;
	window_finish(&window->base);
	free(window);
}

static void
handle_set_title(struct wl_listener *listener, void *data)
{
	struct xdg_window *window =
		wl_container_of(listener, window, set_title);
	(void)data;
	window_set_title(&window->base, window->toplevel->title);
}

/* Only while a button that went down on this very window is held. */
static bool
may_drag(struct window *window, uint32_t serial)
{
	return window->frame != NULL && wlr_seat_validate_pointer_grab_serial(
		window->server->seat, window->surface, serial);
}

static void
handle_request_move(struct wl_listener *listener, void *data)
{
	struct xdg_window *window =
		wl_container_of(listener, window, request_move);
	const struct wlr_xdg_toplevel_move_event *event = data;
	if (may_drag(&window->base, event->serial)) {
		pointer_begin(window->base.server, POINTER_MOVE, &window->base,
			0);
	}
}

static void
handle_request_resize(struct wl_listener *listener, void *data)
{
	struct xdg_window *window =
		wl_container_of(listener, window, request_resize);
	const struct wlr_xdg_toplevel_resize_event *event = data;
	if (may_drag(&window->base, event->serial)) {
		pointer_begin(window->base.server, POINTER_RESIZE,
			&window->base, event->edges);
	}
}

static void
handle_request_maximize(struct wl_listener *listener, void *data)
{
	struct xdg_window *window =
		wl_container_of(listener, window, request_maximize);
	(void)data;
	window_set_maximized(&window->base,
		window->toplevel->requested.maximized);
}

static void
handle_request_fullscreen(struct wl_listener *listener, void *data)
{
	struct xdg_window *window =
		wl_container_of(listener, window, request_fullscreen);
	const struct wlr_xdg_toplevel_requested *wanted =
		&window->toplevel->requested;
	(void)data;
	if (window_is_full(&window->base) && !wanted->fullscreen) {
		window_end_full(&window->base);
		return;
	}
	window_set_maximized(&window->base,
		wanted->fullscreen || wanted->maximized);
}

static void
handle_new_toplevel(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, new_toplevel);
	struct wlr_xdg_toplevel *toplevel = data;
	struct xdg_window *window = calloc(1, sizeof(*window));
	if (window == NULL) {
		wl_resource_post_no_memory(toplevel->resource);
		return;
	}
	window_init(&window->base, server, &xdg_ops);
	window->toplevel = toplevel;
	window->base.surface = toplevel->base->surface;
	toplevel->base->data = &window->base;

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

/* Asks for a title bar, or for none, and is told that there is one. */
struct decoration {
	struct wl_listener request_mode;
	struct wl_listener destroy;
};

/* The frame is ours, whatever the client would like. */
static void
decoration_answer(struct wlr_xdg_toplevel_decoration_v1 *decoration)
{
	if (decoration->toplevel->base->initialized) {
		wlr_xdg_toplevel_decoration_v1_set_mode(decoration,
			WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
	} else {
		decoration->scheduled_mode =
			WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE;
	}
}

static void
handle_request_mode(struct wl_listener *listener, void *data)
{
	(void)listener;
	decoration_answer(data);
}

static void
handle_decoration_destroy(struct wl_listener *listener, void *data)
{
	struct decoration *decoration =
		wl_container_of(listener, decoration, destroy);
	(void)data;
	wl_list_remove(&decoration->request_mode.link);
	wl_list_remove(&decoration->destroy.link);
	free(decoration);
}

static void
handle_new_decoration(struct wl_listener *listener, void *data)
{
	struct wlr_xdg_toplevel_decoration_v1 *wlr = data;
	struct decoration *decoration = calloc(1, sizeof(*decoration));
	(void)listener;
	if (decoration == NULL) {
		wl_resource_post_no_memory(wlr->resource);
		return;
	}
	decoration->request_mode.notify = handle_request_mode;
	wl_signal_add(&wlr->events.request_mode, &decoration->request_mode);
	decoration->destroy.notify = handle_decoration_destroy;
	wl_signal_add(&wlr->events.destroy, &decoration->destroy);
	decoration_answer(wlr);
}

void
xdg_windows_init(struct server *server)
{
	server->shell = wlr_xdg_shell_create(server->display, 6);
	server->new_toplevel.notify = handle_new_toplevel;
	wl_signal_add(&server->shell->events.new_toplevel,
		&server->new_toplevel);
	server->new_decoration.notify = handle_new_decoration;
	wl_signal_add(&wlr_xdg_decoration_manager_v1_create(server->display)
		->events.new_toplevel_decoration, &server->new_decoration);
}

void
xdg_windows_finish(struct server *server)
{
	wl_list_remove(&server->new_toplevel.link);
	wl_list_remove(&server->new_decoration.link);
}
