/* SPDX-License-Identifier: MIT */
/* One VM's Xwayland, for xwayland*.c. */
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
	xcb_atom_t clipboard;
};

/* How long one X server has kept the compositor; see xwayland-wait.c. */
struct x_wait {
	struct wl_list link;
	xcb_connection_t *x;		/* NULL: not there */
	struct wl_event_source *timer;
	int64_t left_us;		/* of waiting, at the time at_us */
	int64_t at_us;
	int64_t turn_us;		/* when this one began; 0: it has not */
	xcb_generic_event_t *event;	/* comes next, or NULL */
	unsigned fence;			/* a question before it; 0: none */
	uint64_t written;		/* until then, in bytes */
	int64_t fenced_us;		/* when it was answered; 0: it was not */
	unsigned reads;			/* for the last answer */
	bool is_grabbed;		/* or will be, when the server is told */
	bool is_pause;
	bool is_cut;
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
	struct x_wait wait;

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

/* X servers that start from now on have the limits. Return: 0 or -errno. */
int
wlbl_xwayland_set_start(const struct wlbl *labels);

/*
 * Whether what stands in libxcb's place does: this library must come before that
 * in the program.
 */
bool
wlbl_x_wait_works(void);

/*
 * From now on nobody waits long for this server; until it is finished or the
 * connection closed. Return: 0 or -ENOMEM.
 */
int
wlbl_x_wait_init(struct x_wait *wait, struct wl_display *display,
	xcb_connection_t *x);

/* It may be finished already, or all zero. */
void
wlbl_x_wait_finish(struct x_wait *wait);

#endif
