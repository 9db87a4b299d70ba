/* SPDX-License-Identifier: MIT */
/*
 * wl-process.h - a real wlbridge-wl, and what it is connected to
 *
 * The device process gets its listening sockets from us, so it can be reached
 * from the moment it exists. The test itself is the program at the other end of
 * the default connection ("") and a peer VM at the accept endpoint ("work").
 */
#ifndef TESTS_WL_PROCESS_H
#define TESTS_WL_PROCESS_H

#include <sys/types.h>

struct wl_process {
	pid_t pid;
	char dir[64];
	char device_path[96];	/* vhost-user */
	char peer_path[96];	/* what the guest connects to as "" */
	char accept_path[96];	/* where "work" connects to */
	int peer_listener;
};

/*
 * Start $WLBRIDGE_WL. @limits: NULL-terminated "RESOURCE=N", or NULL.
 * Asserts on failure, as all here.
 */
void
wl_process_start(struct wl_process *process, const char *const *limits);

/* SIGTERM; it must end well. */
void
wl_process_stop(struct wl_process *process);

/* The next connection that the device made to us. */
int
wl_process_accept(struct wl_process *process);

/* Connect as the peer VM "work". */
int
wl_process_connect_as_work(struct wl_process *process);

#endif
