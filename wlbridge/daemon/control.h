/* SPDX-License-Identifier: MIT */
/* The control socket: who may speak, and how much. */
#ifndef WLB_CONTROL_H
#define WLB_CONTROL_H

struct wlb_broker;
struct wlb_control;

/**
 * wlb_control_create() - Listen in the run-time directory
 * @broker: outlives it
 *
 * Return: 0 or -errno.
 */
int
wlb_control_create(struct wlb_broker *broker, struct wlb_control **ret);

/* Hang up on every client and remove the socket. NULL is fine. */
void
wlb_control_destroy(struct wlb_control *control);

#endif
