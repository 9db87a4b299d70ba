/* SPDX-License-Identifier: MIT */
/* Where wlroots is not 0.18 or was built without X11. */
#include <errno.h>

#include "server.h"
#include "util/log.h"

int
x11_init(struct server *server, struct wlr_compositor *compositor,
	const char *wayland)
{
	(void)compositor;
	(void)wayland;
	if (server->config.xwayland_count > 0) {
		log_error("[xwayland]: there is no X11 with this wlroots");
		return -ENOSYS;
	}
	return 0;
}

void
x11_finish(struct server *server)
{
	(void)server;
}
