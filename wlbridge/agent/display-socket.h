/* SPDX-License-Identifier: MIT */
/* The socket that $WAYLAND_DISPLAY names, with libwayland's lock beside it. */
#ifndef WLB_AGENT_DISPLAY_SOCKET_H
#define WLB_AGENT_DISPLAY_SOCKET_H

struct wlb_display_socket {
	int fd;
	int lock_fd;
	char *path;
	char *lock_path;
	const char *name;	/* for $WAYLAND_DISPLAY; points into path */
};

/**
 * wlb_display_socket_open() - Listen for Wayland clients
 * @name: a name below $XDG_RUNTIME_DIR or an absolute path; NULL: the first of
 *        wayland-0 … wayland-32 that nobody holds
 *
 * Return: 0; -EADDRINUSE when somebody holds it; -ENOENT without
 * $XDG_RUNTIME_DIR; another -errno.
 */
int
wlb_display_socket_open(const char *name, struct wlb_display_socket *ret);

/**
 * wlb_display_socket_connect() - Connect to what $WAYLAND_DISPLAY names
 *
 * Return: a non-blocking descriptor, or -errno.
 */
int
wlb_display_socket_connect(void);

/* Removes the socket, then gives up the lock. */
void
wlb_display_socket_close(struct wlb_display_socket *socket);

#endif
