/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * X programs show menus and tooltips as windows that no window manager may touch
 * (override-redirect), anywhere and of any size. Here one is a popup of a window of
 * the same X server: the one it names itself as transient for, or that has the
 * keyboard, or was used last. So it is where that window is in the order, and
 * below its title bar; it has a border, only what is inside of the screen shows,
 * and a VM that is in the background cannot come to the front with it.
 *
 * Where there is no such window, or it would be more than nine tenths of the
 * screen, it is nothing less than a window and gets a frame with its name, and
 * moves no more.
 */
#include "x11.h"

static bool
covers_screen(const struct x11_window *window)
{
	const struct wlr_box box = {
		.x = window->x->x,
		.y = window->x->y,
		.width = window->x->width,
		.height = window->x->height,
	};
	struct wlr_box usable, seen;
	output_usable(window->base.server, box.x, box.y, &usable);
	return wlr_box_intersection(&seen, &box, &usable)
		&& (long)seen.width * seen.height * 10
			> (long)usable.width * usable.height * 9;
}

static bool
may_own(const struct x11_window *window, const struct x11_server *x11)
{
	return window->x11 == x11 && window->base.frame != NULL;
}

static struct x11_window *
find_owner(struct x11_window *window)
{
	struct wlr_xwayland_surface *parent = window->x->parent;
	for (; parent != NULL; parent = parent->parent) {
		struct x11_window *owner = parent->data;
		if (owner != NULL && may_own(owner, window->x11)) {
			return owner;
		}
	}
	/* The last used first, so that with the keyboard is among them. */
	struct window *other;
	wl_list_for_each(other, &window->base.server->windows, link) {
		if (other->ops != window->base.ops) {
			continue;
		}
		struct x11_window *owner =
			wl_container_of(other, owner, base);
		if (may_own(owner, window->x11)) {
			return owner;
		}
	}
	return NULL;
}

bool
x11_popup_show(struct x11_window *window)
{
	struct x11_window *owner = find_owner(window);
	if (owner == NULL || covers_screen(window)) {
		return false;
	}
	/* One too many is not shown; that is all that can be done to it. */
	if (wlbl_frame_create(window->base.server->labels, WLBL_FRAME_POPUP,
			wlbl_frame_popups(owner->base.frame),
			window->base.surface, &window->popup) == 0) {
		wlbl_frame_set_data(window->popup, &owner->base);
		window->owner = owner;
		wl_list_insert(&owner->popups, &window->popup_link);
		x11_popup_place(window);
		pointer_update(window->base.server);
	}
	return true;
}

void
x11_popup_place(struct x11_window *window)
{
	if (covers_screen(window)) {
		x11_popup_hide(window);
		x11_window_show(window);
		return;
	}
	const struct wlr_xwayland_surface *x = window->x;
	const struct wlr_box all = {
		.width = window->base.surface->current.width,
		.height = window->base.surface->current.height,
	};
	struct wlr_box usable;
	output_usable(window->base.server, x->x, x->y, &usable);
	wlbl_frame_place(window->popup, x->x, x->y, &all, &usable);
}

void
x11_popup_hide(struct x11_window *window)
{
	if (window->popup == NULL) {
		return;
	}
	wl_list_remove(&window->popup_link);
	wlbl_frame_destroy(window->popup);
	window->popup = NULL;
	window->owner = NULL;
	pointer_update(window->base.server);
}

void
x11_popups_orphan(struct x11_window *owner, struct wl_list *ret)
{
	struct x11_window *window, *tmp;
	wl_list_for_each_safe(window, tmp, &owner->popups, popup_link) {
		x11_popup_hide(window);
		wl_list_insert(ret->prev, &window->popup_link);
	}
}
