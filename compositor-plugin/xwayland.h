/* SPDX-License-Identifier: MIT */
/* One VM's Xwayland, for xwayland.c and xwayland-guard.c. */
#ifndef WLBL_XWAYLAND_H
#define WLBL_XWAYLAND_H

#include <wlr/xwayland.h>

#include "selection.h"

/* What a client of X could say to the window manager in the server's name. */
struct x_atoms {
	xcb_atom_t surface_id;
	xcb_atom_t surface_serial;
	xcb_atom_t startup_info;
	xcb_atom_t startup_info_begin;
	xcb_atom_t targets;
};

struct wlbl_xwayland {
	struct wl_list link;		/* wlbl.xwaylands */
	struct wlbl *labels;
	struct wlbl_seat *label_seat;
	const struct wlbl_label *label;
	struct wlr_xwayland *wlr;
	struct wlr_seat *seat;		/* of its own; nobody sees its global */
	struct selection_mirror clipboard;
	struct selection_mirror primary;

	struct wl_list guard_link;	/* see xwayland-guard.c */
	struct x_atoms atoms;
	struct wl_list transfers;	/* transfer.link */

	struct wl_listener server_start;
	struct wl_listener client_destroy;
	struct wl_listener ready;
	struct wl_listener set_clipboard;
	struct wl_listener set_primary;
	struct wl_listener request_clipboard;
	struct wl_listener request_primary;
};

/*
 * Stand between an X server that is ready and its window manager. Return: 0 or
 * -EIO when the server is gone.
 */
int
wlbl_xwayland_guard(struct wlbl_xwayland *xwayland);

void
wlbl_xwayland_unguard(struct wlbl_xwayland *xwayland);

#endif
