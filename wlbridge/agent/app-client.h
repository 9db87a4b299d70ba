/* SPDX-License-Identifier: MIT */
/* One Wayland client of this VM, and its connection to the other. */
#ifndef WLB_AGENT_APP_CLIENT_H
#define WLB_AGENT_APP_CLIENT_H

#include "util/list.h"
#include "util/loop.h"
#include "walk.h"

struct wlb_app_client;

/**
 * wlb_app_client_create() - Join a client and a connection
 * @take_client_fd: a socket; consumed, on failure too
 * @take_server_vfd: a connection; consumed, on failure too
 * @clients: the list to join; the client leaves it when it ends
 *
 * Return: 0 or -errno.
 */
int
wlb_app_client_create(struct loop *loop, const struct wlb_walk_env *env,
	int take_client_fd, int take_server_vfd, struct list *clients);

/* End the first of @clients, which must not be empty. */
void
wlb_app_client_destroy_first(struct list *clients);

#endif
