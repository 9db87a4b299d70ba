/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An X window is known from its creation on and shown while it has a surface with
 * pixels: override-redirect ones as popups where that is right (x11-popup.c), all
 * others, and those, as windows.
 *
 * X programs know where they are on the screen and ask to be elsewhere. They get
 * the size they ask for, as far as the screen has it; the place is ours, as it is
 * for everybody. They are always told what came of it.
 */
#include "x11.h"

#include <stdlib.h>

static struct x11_window *
of(struct window *base)
{
	struct x11_window *window = wl_container_of(base, window, base);
	return window;
}

/* As large as the screen has room, or as it should be if it is maximised. */
static void
limit(struct x11_window *window, int *width, int *height)
{
	const bool all = window->base.maximized
		|| window_is_full(&window->base);
	int max_width, max_height;
	window_content_max(&window->base, &max_width, &max_height);
	if (all || *width > max_width) {
		*width = max_width;
	}
	if (all || *height > max_height) {
		*height = max_height;
	}
}

static void
configure(struct x11_window *window, const struct wlr_box *box)
{
	window->told = *box;
	wlr_xwayland_surface_configure(window->x, (int16_t)box->x,
		(int16_t)box->y, (uint16_t)box->width, (uint16_t)box->height);
}

/*
 * What it was told last. What wlroots keeps goes back to an earlier size each time
 * the server's answer to an earlier word comes in. Nobody tells an
 * override-redirect window; it is what it is.
 */
static struct wlr_box
known(const struct x11_window *window)
{
	const struct wlr_xwayland_surface *x = window->x;
	if (!x->override_redirect && !wlr_box_empty(&window->told)) {
		return window->told;
	}
	return (struct wlr_box){ x->x, x->y, x->width, x->height };
}

/* Say what is so, if that is news. */
static void
tell(struct x11_window *window, int width, int height)
{
	limit(window, &width, &height);
	const struct wlr_box now = known(window);
	const struct wlr_box box = {
		window->base.x, window->base.y, width, height,
	};
	if (!wlr_box_equal(&now, &box)) {
		configure(window, &box);
	}
}

static void
get_geometry(struct window *base, struct wlr_box *ret)
{
	*ret = (struct wlr_box){
		.width = base->surface->current.width,
		.height = base->surface->current.height,
	};
}

static void
set_size(struct window *base, int width, int height)
{
	if (width > 0 && height > 0) {
		tell(of(base), width, height);
	}
}

static void
set_maximized(struct window *base, bool maximized)
{
	wlr_xwayland_surface_set_fullscreen(of(base)->x, window_is_full(base));
	wlr_xwayland_surface_set_maximized(of(base)->x, maximized);
}

static void
set_fullscreen(struct window *base, bool fullscreen)
{
	wlr_xwayland_surface_set_fullscreen(of(base)->x, fullscreen);
}

static void
set_activated(struct window *base, bool activated)
{
	struct wlr_xwayland_surface *x = of(base)->x;
	wlr_xwayland_surface_activate(x, activated);
	/* wlroots takes the list's head for a window where it has none yet. */
	if (activated && !x->override_redirect
			&& !wl_list_empty(&x->stack_link)) {
		wlr_xwayland_surface_restack(x, NULL, XCB_STACK_MODE_ABOVE);
	}
}

static void
placed(struct window *base)
{
	struct x11_window *window = of(base);
	const struct wlr_box now = known(window);
	tell(window, now.width, now.height);
	struct x11_window *popup, *tmp;
	wl_list_for_each_safe(popup, tmp, &window->popups, popup_link) {
		x11_popup_place(popup);
	}
}

static void
close_window(struct window *base)
{
	wlr_xwayland_surface_close(of(base)->x);
}

static const struct window_ops x11_ops = {
	.get_geometry = get_geometry,
	.set_size = set_size,
	.set_maximized = set_maximized,
	.set_fullscreen = set_fullscreen,
	.set_activated = set_activated,
	.placed = placed,
	.close = close_window,
};

void
x11_window_show(struct x11_window *window)
{
	const struct wlr_xwayland_surface *x = window->x;
	if (x->override_redirect && x11_popup_show(window)) {
		return;
	}
	window->base.maximized = x->fullscreen
		|| (x->maximized_horz && x->maximized_vert);
	window_map(&window->base, x->title);
}

void
x11_window_hide(struct x11_window *window)
{
	struct wl_list orphans;
	wl_list_init(&orphans);
	x11_popups_orphan(window, &orphans);
	x11_popup_hide(window);
	window_unmap(&window->base);
	struct x11_window *orphan, *tmp;
	wl_list_for_each_safe(orphan, tmp, &orphans, popup_link) {
		wl_list_remove(&orphan->popup_link);
		x11_window_show(orphan);
	}
}

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct x11_window *window = wl_container_of(listener, window, map);
	(void)data;
	x11_window_show(window);
}

static void
handle_unmap(struct wl_listener *listener, void *data)
{
	struct x11_window *window = wl_container_of(listener, window, unmap);
	(void)data;
	x11_window_hide(window);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct x11_window *window = wl_container_of(listener, window, commit);
	(void)data;
	if (window->popup != NULL) {
		x11_popup_place(window);
	} else {
		window_place(&window->base);
	}
}

static void
handle_associate(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, associate);
	struct wlr_surface *surface = window->x->surface;
	(void)data;
	window->base.surface = surface;
	window->map.notify = handle_map;
	wl_signal_add(&surface->events.map, &window->map);
	window->unmap.notify = handle_unmap;
	wl_signal_add(&surface->events.unmap, &window->unmap);
	window->commit.notify = handle_commit;
	wl_signal_add(&surface->events.commit, &window->commit);
	/*
	 * What belongs together is said on two sockets, and nobody knows which
	 * is read first. wlroots maps a surface when pixels are committed to
	 * one that it knows the window of. Where they were committed before,
	 * there would be no other commit: the X server waits until these have
	 * been shown.
	 */
	if (wlr_surface_has_buffer(surface)) {
		wlr_surface_map(surface);
	}
}

static void
handle_dissociate(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, dissociate);
	(void)data;
	wl_list_remove(&window->map.link);
	wl_list_remove(&window->unmap.link);
	wl_list_remove(&window->commit.link);
	window->base.surface = NULL;
}

static void
handle_set_title(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, set_title);
	(void)data;
	window_set_title(&window->base, window->x->title);
}

static void
handle_set_geometry(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, set_geometry);
	(void)data;
	if (window->popup != NULL) {
		x11_popup_place(window);
	}
}

static void
handle_set_override_redirect(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, set_override_redirect);
	(void)data;
	if (window->popup != NULL || window->base.frame != NULL) {
		x11_window_hide(window);
		x11_window_show(window);
	}
}

/* What it asked for last, as far as it gets that. */
static void
answer(struct x11_window *window)
{
	struct wlr_box box = window->asked;
	if (window->base.frame != NULL) {
		box.x = window->base.x;
		box.y = window->base.y;
		window->base.anchored = 0;
	}
	limit(window, &box.width, &box.height);
	configure(window, &box);
}

static void
handle_answer(void *data)
{
	struct x11_window *window = data;
	window->answer = NULL;
	answer(window);
}

static void
handle_request_configure(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_configure);
	const struct wlr_xwayland_surface_configure_event *event = data;
	const struct wlr_box asked = {
		event->x, event->y, event->width, event->height,
	};
	window->asked = asked;
	/*
	 * The server makes pixels for each size of a window that is shown. Who
	 * asks for five hundred at once gets the last.
	 */
	if (window->base.frame != NULL && window->answer == NULL) {
		window->answer = wl_event_loop_add_idle(
			wl_display_get_event_loop(window->base.server->display),
			handle_answer, window);
	}
	if (window->answer == NULL) {
		answer(window);
	}
}

/* X's requests have no serial: a button must be down on this very window. */
static bool
may_drag(const struct x11_window *window)
{
	const struct wlr_seat_pointer_state *pointer =
		&window->base.server->seat->pointer_state;
	return window->base.frame != NULL && pointer->button_count > 0
		&& pointer->focused_surface == window->base.surface;
}

static void
handle_request_move(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_move);
	(void)data;
	if (may_drag(window)) {
		pointer_begin(window->base.server, POINTER_MOVE, &window->base,
			0);
	}
}

static void
handle_request_resize(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_resize);
	const struct wlr_xwayland_resize_event *event = data;
	if (may_drag(window)) {
		pointer_begin(window->base.server, POINTER_RESIZE,
			&window->base, event->edges);
	}
}

static void
handle_request_maximize(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_maximize);
	(void)data;
	window_set_maximized(&window->base, window->x->maximized_horz
		&& window->x->maximized_vert);
}

static void
handle_request_fullscreen(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_fullscreen);
	(void)data;
	if (window_is_full(&window->base) && !window->x->fullscreen) {
		window_end_full(&window->base);
		return;
	}
	window_set_maximized(&window->base, window->x->fullscreen);
}

static void
handle_request_minimize(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_minimize);
	(void)data;
	wlr_xwayland_surface_set_minimized(window->x, false);
}

static void
handle_request_activate(struct wl_listener *listener, void *data)
{
	struct x11_window *window =
		wl_container_of(listener, window, request_activate);
	(void)data;
	window_ask(&window->base);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct x11_window *window = wl_container_of(listener, window, destroy);
	(void)data;
	window->x->data = NULL;
	window->x11->windows--;
	if (window->answer != NULL) {
		wl_event_source_remove(window->answer);
	}
	wl_list_remove(&window->destroy.link);
	wl_list_remove(&window->associate.link);
	wl_list_remove(&window->dissociate.link);
	wl_list_remove(&window->set_title.link);
	wl_list_remove(&window->set_geometry.link);
	wl_list_remove(&window->set_override_redirect.link);
	wl_list_remove(&window->request_configure.link);
	wl_list_remove(&window->request_move.link);
	wl_list_remove(&window->request_resize.link);
	wl_list_remove(&window->request_maximize.link);
	wl_list_remove(&window->request_fullscreen.link);
	wl_list_remove(&window->request_minimize.link);
	wl_list_remove(&window->request_activate.link);
	window_finish(&window->base);
	free(window);
}

void
x11_window_create(struct x11_server *x11, struct wlr_xwayland_surface *x)
{
	struct x11_window *window = calloc(1, sizeof(*window));
	if (window == NULL) {
		wlr_xwayland_surface_close(x);
		return;
	}
	window_init(&window->base, x11->server, &x11_ops);
	window->x11 = x11;
	window->x = x;
	x->data = window;
	x11->windows++;
	wl_list_init(&window->popups);

	const struct {
		struct wl_signal *signal;
		struct wl_listener *listener;
		wl_notify_func_t notify;
	} wanted[] = {
		{ &x->events.destroy, &window->destroy, handle_destroy },
		{ &x->events.associate, &window->associate, handle_associate },
		{ &x->events.dissociate, &window->dissociate,
			handle_dissociate },
		{ &x->events.set_title, &window->set_title, handle_set_title },
		{ &x->events.set_geometry, &window->set_geometry,
			handle_set_geometry },
		{ &x->events.set_override_redirect,
			&window->set_override_redirect,
			handle_set_override_redirect },
		{ &x->events.request_configure, &window->request_configure,
			handle_request_configure },
		{ &x->events.request_move, &window->request_move,
			handle_request_move },
		{ &x->events.request_resize, &window->request_resize,
			handle_request_resize },
		{ &x->events.request_maximize, &window->request_maximize,
			handle_request_maximize },
		{ &x->events.request_fullscreen, &window->request_fullscreen,
			handle_request_fullscreen },
		{ &x->events.request_minimize, &window->request_minimize,
			handle_request_minimize },
		{ &x->events.request_activate, &window->request_activate,
			handle_request_activate },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		wanted[i].listener->notify = wanted[i].notify;
		wl_signal_add(wanted[i].signal, wanted[i].listener);
	}
}
