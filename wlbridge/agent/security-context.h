/* SPDX-License-Identifier: MIT */
/* Connections of a compositor that carry the name of the VM they serve. */
#ifndef WLB_AGENT_SECURITY_CONTEXT_H
#define WLB_AGENT_SECURITY_CONTEXT_H

#include <stdbool.h>

#include "util/loop.h"

struct wlb_compositor;

/**
 * wlb_compositor_connect() - Be a client of the compositor $WAYLAND_DISPLAY
 *
 * Waits for its answer, once, at the start. Logs why not. When it goes away
 * later, or refuses what it is asked, @loop quits with a failure: without it
 * there is nothing to serve.
 * Return: 0 or -errno.
 */
int
wlb_compositor_connect(struct loop *loop, struct wlb_compositor **ret);

/* The contexts stay with the compositor as long as their close_fd is held. */
void
wlb_compositor_destroy(struct wlb_compositor *compositor);

/* Whether it has wp_security_context_manager_v1. */
bool
wlb_compositor_has_contexts(const struct wlb_compositor *compositor);

/**
 * wlb_compositor_listen() - Let the compositor serve a socket
 * @app_id: the VM's name
 * @instance: one run of it
 * @listen_fd: bound and listening; stays the caller's, who may close it
 * @ret_close_fd: the compositor stops accepting when this is closed
 *
 * Return: 0; -EPIPE when the compositor is gone; -errno.
 */
int
wlb_compositor_listen(struct wlb_compositor *compositor, const char *app_id,
	const char *instance, int listen_fd, int *ret_close_fd);

#endif
