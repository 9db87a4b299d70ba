/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A popup is placed relative to its parent by rules of its client; the rules may
 * lead anywhere. All popups of a window, menus of menus too, are frames side by
 * side in that window's popup tree, so that one's clip is not another's. The
 * frame shows what of it is on the screen.
 *
 * Whatever is done with one goes through all that it is a popup of, or that are
 * popups of it; so only so many may be that of one another.
 */
#include <stdlib.h>

#include "server.h"

#define NESTED_MAX 50

struct popup {
	struct server *server;
	struct wlr_xdg_popup *xdg;
	struct wlbl_frame *frame;	/* NULL: not mapped, or not shown */
	struct wl_listener map;
	struct wl_listener unmap;
	struct wl_listener commit;
	struct wl_listener reposition;
	struct wl_listener destroy;
};

/* The window at the root, and where the popup's parent begins. */
static struct window *
root_of(struct wlr_xdg_popup *xdg, int *ret_x, int *ret_y)
{
	int x = 0, y = 0;
	for (;;) {
		struct wlr_xdg_surface *parent = xdg->parent == NULL ? NULL
			: wlr_xdg_surface_try_from_wlr_surface(xdg->parent);
		if (parent == NULL) {
			return NULL;
		}
		if (parent->role == WLR_XDG_SURFACE_ROLE_TOPLEVEL) {
			struct window *window = parent->data;
			if (window == NULL || window->frame == NULL) {
				return NULL;
			}
			*ret_x = window->x + x;
			*ret_y = window->y + y;
			return window;
		}
		if (parent->role != WLR_XDG_SURFACE_ROLE_POPUP
				|| parent->popup == NULL) {
			return NULL;
		}
		xdg = parent->popup;
		x = far_at_most(x + far_at_most(xdg->current.geometry.x));
		y = far_at_most(y + far_at_most(xdg->current.geometry.y));
	}
}

struct window *
surface_origin(struct wlr_surface *surface, int *ret_x, int *ret_y)
{
	struct wlr_xdg_surface *xdg =
		wlr_xdg_surface_try_from_wlr_surface(surface);
	struct window *window = NULL;
	if (xdg != NULL && xdg->role == WLR_XDG_SURFACE_ROLE_TOPLEVEL) {
		window = xdg->data;
		if (window == NULL || window->frame == NULL) {
			return NULL;
		}
		*ret_x = window->x;
		*ret_y = window->y;
	} else if (xdg != NULL && xdg->role == WLR_XDG_SURFACE_ROLE_POPUP
			&& xdg->popup != NULL) {
		const struct wlr_box *box = &xdg->popup->current.geometry;
		window = root_of(xdg->popup, ret_x, ret_y);
		if (window == NULL) {
			return NULL;
		}
		*ret_x = far_at_most(*ret_x + far_at_most(box->x));
		*ret_y = far_at_most(*ret_y + far_at_most(box->y));
	}
	if (window != NULL) {
		struct wlr_box geometry;
		geometry_of(xdg, &geometry);
		*ret_x = far_at_most(*ret_x - geometry.x);
		*ret_y = far_at_most(*ret_y - geometry.y);
	}
	return window;
}

static void
popup_place(struct popup *popup)
{
	int x, y;
	struct wlr_box geometry, usable;
	/* Most of a long chain has none, and its root is far. */
	if (popup->frame == NULL) {
		return;
	}
	struct window *window = root_of(popup->xdg, &x, &y);
	if (window == NULL) {
		wlbl_frame_hide(popup->frame);
		return;
	}
	geometry_of(popup->xdg->base, &geometry);
	output_usable(popup->server, window->x, window->y, &usable);
	wlbl_frame_place(popup->frame,
		x + far_at_most(popup->xdg->current.geometry.x),
		y + far_at_most(popup->xdg->current.geometry.y), &geometry,
		&usable);
}

void
popups_place(struct wlr_xdg_surface *parent)
{
	struct wlr_xdg_popup *xdg;
	wl_list_for_each(xdg, &parent->popups, link) {
		if (xdg->base->data != NULL) {
			popup_place(xdg->base->data);
		}
		popups_place(xdg->base);
	}
}

/* Help the client's rules to keep it on the screen, border included. */
static void
popup_unconstrain(struct popup *popup)
{
	int x, y;
	struct wlr_box usable;
	struct window *window = root_of(popup->xdg, &x, &y);
	if (window == NULL) {
		return;
	}
	const int border = WLBL_POPUP_BORDER;
	output_usable(popup->server, window->x, window->y, &usable);
	const struct wlr_box room = {
		.x = usable.x - window->x + border,
		.y = usable.y - window->y + border,
		.width = usable.width - 2 * border,
		.height = usable.height - 2 * border,
	};
	wlr_xdg_popup_unconstrain_from_box(popup->xdg, &room);
}

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct popup *popup = wl_container_of(listener, popup, map);
	(void)data;
	int x, y;
	struct window *window = root_of(popup->xdg, &x, &y);
	if (window == NULL || wlbl_frame_create(popup->server->labels,
			WLBL_FRAME_POPUP, wlbl_frame_popups(window->frame),
			popup->xdg->base->surface, &popup->frame) < 0) {
		wlr_xdg_popup_destroy(popup->xdg);
		return;
	}
	wlbl_frame_set_data(popup->frame, window);
	popup_place(popup);
	pointer_update(popup->server);
}

static void
handle_unmap(struct wl_listener *listener, void *data)
{
	struct popup *popup = wl_container_of(listener, popup, unmap);
	(void)data;
	wlbl_frame_destroy(popup->frame);
	popup->frame = NULL;
	pointer_update(popup->server);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct popup *popup = wl_container_of(listener, popup, commit);
	(void)data;
	if (popup->xdg->base->initial_commit) {
		popup_unconstrain(popup);
		wlr_xdg_surface_schedule_configure(popup->xdg->base);
		return;
	}
	popup_place(popup);
	popups_place(popup->xdg->base);
}

static void
handle_reposition(struct wl_listener *listener, void *data)
{
	struct popup *popup = wl_container_of(listener, popup, reposition);
	(void)data;
	popup_unconstrain(popup);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct popup *popup = wl_container_of(listener, popup, destroy);
	(void)data;
	popup->xdg->base->data = NULL;
	wl_list_remove(&popup->map.link);
	wl_list_remove(&popup->unmap.link);
	wl_list_remove(&popup->commit.link);
	wl_list_remove(&popup->reposition.link);
	wl_list_remove(&popup->destroy.link);
	wlbl_frame_destroy(popup->frame);
	free(popup);
}

static bool
is_too_deep(struct wlr_xdg_popup *xdg)
{
	for (int i = 0; i < NESTED_MAX; i++) {
		xdg = xdg->parent == NULL ? NULL
			: wlr_xdg_popup_try_from_wlr_surface(xdg->parent);
		if (xdg == NULL) {
			return false;
		}
	}
	return true;
}

static void
handle_new_popup(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, new_popup);
	struct wlr_xdg_popup *xdg = data;
	if (is_too_deep(xdg)) {
		/* Its popups go first; in a circle it is one of them. */
		wl_list_remove(&xdg->link);
		wl_list_init(&xdg->link);
		wlr_xdg_popup_destroy(xdg);
		return;
	}
	struct popup *popup = calloc(1, sizeof(*popup));
	if (popup == NULL) {
		wl_resource_post_no_memory(xdg->resource);
		return;
	}
	popup->server = server;
	popup->xdg = xdg;
	xdg->base->data = popup;
	struct wlr_surface *surface = xdg->base->surface;
	popup->map.notify = handle_map;
	wl_signal_add(&surface->events.map, &popup->map);
	popup->unmap.notify = handle_unmap;
	wl_signal_add(&surface->events.unmap, &popup->unmap);
	popup->commit.notify = handle_commit;
	wl_signal_add(&surface->events.commit, &popup->commit);
	popup->reposition.notify = handle_reposition;
	wl_signal_add(&xdg->events.reposition, &popup->reposition);
	popup->destroy.notify = handle_destroy;
	wl_signal_add(&xdg->events.destroy, &popup->destroy);
}

void
popups_init(struct server *server)
{
	server->new_popup.notify = handle_new_popup;
	wl_signal_add(&server->shell->events.new_popup, &server->new_popup);
}

void
popups_finish(struct server *server)
{
	wl_list_remove(&server->new_popup.link);
}
