/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wlroots' X window manager runs in the compositor, and is written for clients that
 * mean well. Three things that one could do to it are held off:
 *
 * - A client may send any event to the window manager, marked as sent and not
 *   otherwise different. wlroots does not look at the mark and believes all: an
 *   event in the server's name that pairs a window with an object of the Wayland
 *   connection ends in an assertion. Of sent events only those pass that are meant
 *   to be sent: client messages other than the server's own, and answers to
 *   requests for a selection.
 * - Such an answer is expected once. A second one while the first is still being
 *   passed on would leave a source in the loop that outlives what it works on.
 * - None is waited for as long as it takes: the window manager would keep what it
 *   has for it until the X server ends. After some seconds it gets from itself the
 *   answer that there is none.
 * - Messages about a program's start are collected until they end; here they end
 *   before they begin.
 *
 * wlroots hands events to a function that is told the window manager and nothing
 * else, hence the list of all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xwayland.h"

#define SENT 0x80		/* in an event's type */
#define PATIENCE_MS 10000	/* for all that is to come of an answer */

static struct wl_list all = { &all, &all };	/* wlbl_xwayland.guard_link */

/* A window of the window manager's into which a selection is to be put. */
struct transfer {
	struct wl_list link;		/* wlbl_xwayland.transfers */
	struct wlbl_xwayland *xwayland;
	xcb_window_t window;
	bool answered;
	bool is_over;			/* and wlroots is being told */
	struct wl_event_source *timer;
};

static struct transfer *
find_transfer(struct wlbl_xwayland *xwayland, xcb_window_t window)
{
	struct transfer *transfer;
	wl_list_for_each(transfer, &xwayland->transfers, link) {
		if (transfer->window == window) {
			return transfer;
		}
	}
	return NULL;
}

static void
transfer_end(struct transfer *transfer)
{
	if (transfer->timer != NULL) {
		wl_event_source_remove(transfer->timer);
	}
	wl_list_remove(&transfer->link);
	free(transfer);
}

static int
handle_timeout(void *data)
{
	struct transfer *transfer = data;
	struct wlbl_xwayland *xwayland = transfer->xwayland;
	xcb_connection_t *x = wlr_xwayland_get_xwm_connection(xwayland->wlr);
	if (x == NULL) {
		return 0;
	}
	transfer->is_over = true;
	/* It is of one of the two, and means nothing for the other. */
	const xcb_atom_t selections[] = {
		xwayland->atoms.clipboard, XCB_ATOM_PRIMARY,
	};
	for (size_t i = 0; i < sizeof(selections) / sizeof(selections[0]);
			i++) {
		const xcb_selection_notify_event_t event = {
			.response_type = XCB_SELECTION_NOTIFY,
			.requestor = transfer->window,
			.selection = selections[i],
			.property = XCB_NONE,
		};
		char wire[32] = { 0 };
		memcpy(wire, &event, sizeof(event));
		xcb_send_event(x, 0, transfer->window,
			XCB_EVENT_MASK_NO_EVENT, wire);
	}
	xcb_flush(x);
	return 0;
}

/* Return: whether it is for the window manager. */
static bool
created(struct wlbl_xwayland *xwayland, xcb_window_t window)
{
	const xcb_setup_t *setup = xcb_get_setup(
		wlr_xwayland_get_xwm_connection(xwayland->wlr));
	if ((window & ~setup->resource_id_mask) != setup->resource_id_base) {
		return true;
	}
	struct transfer *transfer = calloc(1, sizeof(*transfer));
	if (transfer != NULL) {
		transfer->xwayland = xwayland;
		transfer->window = window;
		wl_list_insert(&xwayland->transfers, &transfer->link);
		transfer->timer = wl_event_loop_add_timer(
			wl_display_get_event_loop(xwayland->labels->display),
			handle_timeout, transfer);
		if (transfer->timer != NULL) {
			wl_event_source_timer_update(transfer->timer,
				PATIENCE_MS);
		}
	}
	/* wlroots would take its own window for a client's. */
	return false;
}

static bool
answered(struct wlbl_xwayland *xwayland,
	const xcb_selection_notify_event_t *event)
{
	struct transfer *transfer = find_transfer(xwayland, event->requestor);
	if (event->target == xwayland->atoms.targets) {
		return true;
	}
	if (transfer != NULL && transfer->is_over) {
		return event->property == XCB_NONE;
	}
	bool first = transfer != NULL && !transfer->answered;
	if (first) {
		transfer->answered = true;
	}
	return first;
}

static bool
may_be_sent(struct wlbl_xwayland *xwayland, xcb_atom_t type)
{
	const struct x_atoms *atoms = &xwayland->atoms;
	return type != atoms->surface_id && type != atoms->surface_serial
		&& type != atoms->startup_info
		&& type != atoms->startup_info_begin;
}

static bool
is_for_manager(struct wlbl_xwayland *xwayland, xcb_generic_event_t *event)
{
	const uint8_t type = event->response_type & (uint8_t)~SENT;
	const bool sent = event->response_type & SENT;
	const xcb_destroy_notify_event_t *destroyed = (void *)event;
	const xcb_create_notify_event_t *new = (void *)event;
	const xcb_client_message_event_t *message = (void *)event;
	struct transfer *transfer;
	switch (type) {
	case XCB_CLIENT_MESSAGE:
		return !sent || may_be_sent(xwayland, message->type);
	case XCB_SELECTION_NOTIFY:
		return answered(xwayland, (void *)event);
	case XCB_CREATE_NOTIFY:
		return !sent && created(xwayland, new->window);
	case XCB_DESTROY_NOTIFY:
		transfer = sent ? NULL
			: find_transfer(xwayland, destroyed->window);
		if (transfer != NULL) {
			transfer_end(transfer);
		}
		return !sent;
	default:
		return !sent;
	}
}

static int
handle_event(struct wlr_xwm *xwm, xcb_generic_event_t *event)
{
	struct wlbl_xwayland *xwayland;
	wl_list_for_each(xwayland, &all, guard_link) {
		if (xwayland->wlr->xwm == xwm) {
			return !is_for_manager(xwayland, event);
		}
	}
	return 0;
}

static int
intern_atoms(xcb_connection_t *x, struct x_atoms *ret)
{
	const struct {
		const char *name;
		xcb_atom_t *place;
	} wanted[] = {
		{ "WL_SURFACE_ID", &ret->surface_id },
		{ "WL_SURFACE_SERIAL", &ret->surface_serial },
		{ "_NET_STARTUP_INFO", &ret->startup_info },
		{ "_NET_STARTUP_INFO_BEGIN", &ret->startup_info_begin },
		{ "TARGETS", &ret->targets },
		{ "CLIPBOARD", &ret->clipboard },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply(x,
			xcb_intern_atom(x, 0, (uint16_t)strlen(wanted[i].name),
				wanted[i].name), NULL);
		if (reply == NULL) {
			return -EIO;
		}
		*wanted[i].place = reply->atom;
		free(reply);
	}
	return 0;
}

int
wlbl_xwayland_guard(struct wlbl_xwayland *xwayland)
{
	xcb_connection_t *x = wlr_xwayland_get_xwm_connection(xwayland->wlr);
	int r = wlbl_x_wait_init(&xwayland->wait, xwayland->labels->display,
		x);
	if (r < 0) {
		return r;
	}
	r = intern_atoms(x, &xwayland->atoms);
	if (r < 0) {
		return r;
	}
	wl_list_insert(&all, &xwayland->guard_link);
	xwayland->wlr->user_event_handler = handle_event;
	return 0;
}

void
wlbl_xwayland_unguard(struct wlbl_xwayland *xwayland)
{
	wl_list_remove(&xwayland->guard_link);
	wl_list_init(&xwayland->guard_link);
	struct transfer *transfer, *tmp;
	wl_list_for_each_safe(transfer, tmp, &xwayland->transfers, link) {
		transfer_end(transfer);
	}
}
