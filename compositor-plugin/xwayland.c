/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An Xwayland shows every X program's windows as one Wayland client, and in an X
 * server everyone sees everything. So there is one for each VM, and it is that VM:
 * its client gets the label before the process is there to say anything, and sees
 * the globals of a VM, and of all clients only it the one for pairing surfaces
 * with X windows.
 *
 * wlroots' X window manager carries selections between the X server and a seat. It
 * does so from inside of the compositor, for whatever selection the seat has, and
 * it sets the seat's primary selection without asking; so it must not have the
 * seat. It gets one of its own, which has no devices and no clients, and the
 * selections of that are its label's: here they are mirrored, both ways. Whatever
 * the compositor's seat shows at the moment, another label's selection is never
 * where this one's X programs could ask for it. Nor does a drag reach the window
 * manager, which expects each to have a source and would not survive one without.
 */
#include "xwayland.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_primary_selection.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/xwayland/shell.h>

/*
 * With a client go its surfaces, and for each one wlroots tells the X server, by a
 * socket that it waits for: which may be waiting for us, on the one that is closed
 * last. Nobody is there to be told.
 */
static void
handle_client_destroy(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, client_destroy);
	(void)data;
	wl_list_remove(&xwayland->client_destroy.link);
	wl_list_init(&xwayland->client_destroy.link);
	xcb_connection_t *x = wlr_xwayland_get_xwm_connection(xwayland->wlr);
	if (x != NULL) {
		shutdown(xcb_get_file_descriptor(x), SHUT_RDWR);
	}
}

static void
handle_server_start(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, server_start);
	struct wl_client *client = xwayland->wlr->server->client;
	(void)data;
	wl_list_remove(&xwayland->client_destroy.link);
	xwayland->client_destroy.notify = handle_client_destroy;
	wl_client_add_destroy_listener(client, &xwayland->client_destroy);
	if (wlbl_client_assign(xwayland->labels, client, xwayland->label) < 0) {
		wlbl_log(xwayland->labels, "no memory for the X server of VM "
			"'%s': it is cut off", xwayland->label->name);
		/* It is not running yet and will never get a word through. */
		shutdown(wl_client_get_fd(client), SHUT_RDWR);
	}
}

static void
handle_ready(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, ready);
	(void)data;
	/*
	 * The window manager closes it, and wlroots would when the server goes:
	 * by then the number may be another's.
	 */
	xwayland->wlr->server->wm_fd[0] = -1;
	/* It is a new one each time the server starts. */
	wlbl_xwayland_unguard(xwayland);
	if (wlbl_xwayland_guard(xwayland) < 0) {
		wlbl_log(xwayland->labels, "the X server of VM '%s' does not "
			"answer: it is cut off", xwayland->label->name);
		shutdown(wl_client_get_fd(xwayland->wlr->server->client),
			SHUT_RDWR);
		return;
	}
	wlr_xwayland_set_seat(xwayland->wlr, xwayland->seat);
}

static void
handle_request_clipboard(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, request_clipboard);
	const struct wlr_seat_request_set_selection_event *event = data;
	if (event->source == NULL) {
		wlbl_selection_drop_mirrored(&xwayland->clipboard);
		return;
	}
	wlr_seat_set_selection(xwayland->seat, event->source, 0);
}

static void
handle_request_primary(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, request_primary);
	const struct wlr_seat_request_set_primary_selection_event *event = data;
	if (event->source == NULL) {
		wlbl_selection_drop_mirrored(&xwayland->primary);
		return;
	}
	wlr_seat_set_primary_selection(xwayland->seat, event->source, 0);
}

static void
handle_set_clipboard(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, set_clipboard);
	(void)data;
	wlbl_selection_keep_mirrored(&xwayland->clipboard,
		xwayland->seat->selection_source);
}

static void
handle_set_primary(struct wl_listener *listener, void *data)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(listener, xwayland, set_primary);
	(void)data;
	wlbl_selection_keep_mirrored(&xwayland->primary,
		xwayland->seat->primary_selection_source);
}

static bool
add_seat(struct wlbl_xwayland *xwayland)
{
	char name[WLBL_NAME_MAX + sizeof("x11-")];
	snprintf(name, sizeof(name), "x11-%s", xwayland->label->name);
	xwayland->seat = wlr_seat_create(xwayland->labels->display, name);
	if (xwayland->seat == NULL) {
		return false;
	}
	xwayland->request_clipboard.notify = handle_request_clipboard;
	wl_signal_add(&xwayland->seat->events.request_set_selection,
		&xwayland->request_clipboard);
	xwayland->request_primary.notify = handle_request_primary;
	wl_signal_add(&xwayland->seat->events.request_set_primary_selection,
		&xwayland->request_primary);
	xwayland->set_clipboard.notify = handle_set_clipboard;
	wl_signal_add(&xwayland->seat->events.set_selection,
		&xwayland->set_clipboard);
	xwayland->set_primary.notify = handle_set_primary;
	wl_signal_add(&xwayland->seat->events.set_primary_selection,
		&xwayland->set_primary);
	wlbl_seat_mirror(xwayland->label_seat, xwayland->label, xwayland->seat,
		&xwayland->clipboard, &xwayland->primary);
	return true;
}

WLBL_PUBLIC int
wlbl_xwayland_create(struct wlbl *labels, struct wlbl_seat *label_seat,
	const struct wlbl_label *label, struct wlr_compositor *compositor,
	struct wlbl_xwayland **ret)
{
	if (!wlbl_x_wait_works()) {
		wlbl_log(labels, "no X11: this program finds libxcb before "
			"libwlbridge-labels");
		return -ENOTSUP;
	}
	struct wlbl_xwayland *xwayland = calloc(1, sizeof(*xwayland));
	if (xwayland == NULL) {
		return -ENOMEM;
	}
	xwayland->labels = labels;
	xwayland->label_seat = label_seat;
	xwayland->label = label;
	wl_list_init(&xwayland->guard_link);
	wl_list_init(&xwayland->client_destroy.link);
	wl_list_init(&xwayland->transfers);
	wl_list_insert(&labels->xwaylands, &xwayland->link);
	if (!add_seat(xwayland)) {
		wlbl_xwayland_destroy(xwayland);
		return -ENOMEM;
	}
	xwayland->wlr = wlr_xwayland_create(labels->display, compositor, true);
	if (xwayland->wlr == NULL) {
		wlbl_xwayland_destroy(xwayland);
		return -EIO;
	}
	xwayland->wlr->data = xwayland;
	xwayland->server_start.notify = handle_server_start;
	wl_signal_add(&xwayland->wlr->server->events.start,
		&xwayland->server_start);
	xwayland->ready.notify = handle_ready;
	wl_signal_add(&xwayland->wlr->events.ready, &xwayland->ready);
	*ret = xwayland;
	return 0;
}

WLBL_PUBLIC void
wlbl_xwayland_destroy(struct wlbl_xwayland *xwayland)
{
	if (xwayland == NULL) {
		return;
	}
	wlbl_xwayland_unguard(xwayland);
	if (xwayland->wlr != NULL) {
		struct wlr_xwayland *wlr = xwayland->wlr;
		wl_list_remove(&xwayland->server_start.link);
		wl_list_remove(&xwayland->ready.link);
		wl_list_remove(&xwayland->client_destroy.link);
		/* Its globals go after what we would ask them about. */
		xwayland->wlr = NULL;
		wlr_xwayland_destroy(wlr);
	}
	wlbl_x_wait_finish(&xwayland->wait);
	if (xwayland->seat != NULL) {
		wlbl_selection_unmirror(&xwayland->clipboard);
		wlbl_selection_unmirror(&xwayland->primary);
		wl_list_remove(&xwayland->request_clipboard.link);
		wl_list_remove(&xwayland->request_primary.link);
		wl_list_remove(&xwayland->set_clipboard.link);
		wl_list_remove(&xwayland->set_primary.link);
		wlr_seat_destroy(xwayland->seat);
	}
	wl_list_remove(&xwayland->link);
	free(xwayland);
}

WLBL_PUBLIC struct wlr_xwayland *
wlbl_xwayland_wlr(struct wlbl_xwayland *xwayland)
{
	return xwayland->wlr;
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_xwayland_label(const struct wlbl_xwayland *xwayland)
{
	return xwayland->label;
}

enum wlbl_sight
wlbl_xwayland_sight(struct wlbl *labels, const struct wl_client *client,
	const struct wl_global *global)
{
	struct wlbl_xwayland *xwayland;
	wl_list_for_each(xwayland, &labels->xwaylands, link) {
		if (xwayland->seat != NULL
				&& xwayland->seat->global == global) {
			return WLBL_SIGHT_NONE;
		}
		if (xwayland->wlr != NULL
				&& xwayland->wlr->shell_v1->global == global
				&& xwayland->wlr->server->client == client) {
			return WLBL_SIGHT_OWN;
		}
	}
	return strcmp(wl_global_get_interface(global)->name,
		"xwayland_shell_v1") == 0 ? WLBL_SIGHT_NONE : WLBL_SIGHT_COMMON;
}
