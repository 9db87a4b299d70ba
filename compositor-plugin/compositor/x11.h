/* SPDX-License-Identifier: MIT */
/* X11 in wlbridge-compositor: the windows of the VMs' X servers. */
#ifndef WLBC_X11_H
#define WLBC_X11_H

#include <wlr/xwayland.h>

#include "server.h"
#include "util/log.h"

/* The X server of one VM. */
struct x11_server {
	struct wl_list link;		/* server.x11_servers */
	struct server *server;
	struct wlbl_xwayland *xwayland;
	char *path;			/* of a link to its socket, or NULL */
	unsigned windows;		/* mapped or not */
	struct log_limit log_limit;
	struct wl_listener new_surface;
};

/* One X window that is no child of another. */
struct x11_window {
	struct window base;
	struct x11_server *x11;
	struct wlr_xwayland_surface *x;
	struct wlr_box told;		/* what it is to be; empty: not yet */
	struct wlr_box asked;		/* what it wants to be */
	struct wl_event_source *answer;	/* about to come, or NULL */

	/* Shown as a popup and not as a window of its own: */
	struct wlbl_frame *popup;	/* or NULL */
	struct x11_window *owner;
	struct wl_list popup_link;	/* owner->popups */

	struct wl_list popups;		/* x11_window.popup_link */

	struct wl_listener destroy;
	struct wl_listener associate;
	struct wl_listener dissociate;
	struct wl_listener map;
	struct wl_listener unmap;
	struct wl_listener commit;
	struct wl_listener set_title;
	struct wl_listener set_geometry;
	struct wl_listener set_override_redirect;
	struct wl_listener request_configure;
	struct wl_listener request_move;
	struct wl_listener request_resize;
	struct wl_listener request_maximize;
	struct wl_listener request_fullscreen;
	struct wl_listener request_minimize;
	struct wl_listener request_activate;
};

/* x11-window.c */
void
x11_window_create(struct x11_server *x11, struct wlr_xwayland_surface *x);

/* As a popup, or as a window of its own. */
void
x11_window_show(struct x11_window *window);

void
x11_window_hide(struct x11_window *window);

/* x11-popup.c */

/* Return: whether this may be a popup, and is one now. */
bool
x11_popup_show(struct x11_window *window);

/* It has moved, or its owner has: it may be a window of its own now. */
void
x11_popup_place(struct x11_window *window);

void
x11_popup_hide(struct x11_window *window);

/* Before the frame of their owner goes: each is shown in another way. */
void
x11_popups_orphan(struct x11_window *owner, struct wl_list *ret);

#endif
