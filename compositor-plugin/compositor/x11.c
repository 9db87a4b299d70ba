/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An X server for each VM that the configuration names in [xwayland]; it starts
 * when somebody connects. X servers listen where every program of this machine and
 * of this user can reach them, which is fine: VMs' programs are not here. What
 * brings a VM's X connection here must take it to the socket of that VM's server,
 * and finds it beside the Wayland socket, by the VM's name.
 */
#include "x11.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* X programs have windows they do not show: so many times those they may. */
#define WINDOWS_FACTOR 10

static void
handle_new_surface(struct wl_listener *listener, void *data)
{
	struct x11_server *x11 = wl_container_of(listener, x11, new_surface);
	struct wlr_xwayland_surface *x = data;
	if (x11->windows / WINDOWS_FACTOR
			>= wlbl_limit_windows(x11->server->labels)) {
		log_warn_limited(&x11->log_limit, "VM '%s' has %u X windows and may not have more: a "
			"program of it is disconnected",
			wlbl_label_name(wlbl_xwayland_label(x11->xwayland)),
			x11->windows);
		wlr_xwayland_surface_close(x);
		return;
	}
	x11_window_create(x11, x);
}

/* DISPLAY may be the path of a socket. */
static void
link_socket(struct x11_server *x11, const char *wayland, const char *name)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	const char *number =
		wlbl_xwayland_wlr(x11->xwayland)->display_name + 1;
	char target[64];
	snprintf(target, sizeof(target), "/tmp/.X11-unix/X%s", number);
	if (asprintf(&x11->path, "%s/%s-x11-%s", dir, wayland, name) < 0) {
		x11->path = NULL;
		return;
	}
	unlink(x11->path);
	if (symlink(target, x11->path) < 0) {
		log_error("%s: %s", x11->path, strerror(errno));
		free(x11->path);
		x11->path = NULL;
		return;
	}
	log_info("X11 programs of '%s': DISPLAY=%s", name, x11->path);
}

static void
x11_server_destroy(struct x11_server *x11)
{
	wl_list_remove(&x11->new_surface.link);
	wl_list_remove(&x11->link);
	wlbl_xwayland_destroy(x11->xwayland);
	if (x11->path != NULL) {
		unlink(x11->path);
		free(x11->path);
	}
	free(x11);
}

static int
x11_server_add(struct server *server, struct wlr_compositor *compositor,
	const char *wayland, const char *name)
{
	const struct wlbl_label *label =
		wlbl_label_find(server->labels, name);
	if (label == NULL || label == wlbl_label_local(server->labels)) {
		log_error("[xwayland] names '%s', which [labels] does not",
			name);
		return -EINVAL;
	}
	struct x11_server *x11 = calloc(1, sizeof(*x11));
	if (x11 == NULL) {
		return -ENOMEM;
	}
	x11->server = server;
	int r = wlbl_xwayland_create(server->labels, server->label_seat, label,
		compositor, &x11->xwayland);
	if (r < 0) {
		log_error("no X server for '%s': %s", name, strerror(-r));
		free(x11);
		return r;
	}
	x11->new_surface.notify = handle_new_surface;
	wl_signal_add(&wlbl_xwayland_wlr(x11->xwayland)->events.new_surface,
		&x11->new_surface);
	wl_list_insert(&server->x11_servers, &x11->link);
	link_socket(x11, wayland, name);
	return 0;
}

int
x11_init(struct server *server, struct wlr_compositor *compositor,
	const char *wayland)
{
	for (int i = 0; i < server->config.xwayland_count; i++) {
		int r = x11_server_add(server, compositor, wayland,
			server->config.xwayland[i]);
		if (r < 0) {
			return r;
		}
	}
	return 0;
}

void
x11_finish(struct server *server)
{
	struct x11_server *x11, *tmp;
	wl_list_for_each_safe(x11, tmp, &server->x11_servers, link) {
		x11_server_destroy(x11);
	}
}
