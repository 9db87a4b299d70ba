/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * As wl_display_add_socket(): NAME.lock is locked for as long as the socket is
 * served. The kernel drops the lock with its owner, so a socket whose lock can
 * be had is a dead one's, and is replaced.
 */
#include "display-socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "util/fd.h"

#define BACKLOG 128
#define AUTO_MAX 32

static void
reset(struct wlb_display_socket *socket)
{
	*socket = (struct wlb_display_socket){ .fd = -1, .lock_fd = -1 };
}

static int
take_lock(struct wlb_display_socket *socket)
{
	socket->lock_fd = open(socket->lock_path,
		O_CREAT | O_CLOEXEC | O_RDWR, 0660);
	if (socket->lock_fd < 0) {
		return -errno;
	}
	if (flock(socket->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		return errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
	}
	return 0;
}

static int
open_path(const char *path, struct wlb_display_socket *ret)
{
	struct wlb_display_socket socket;
	reset(&socket);
	socket.path = strdup(path);
	if (asprintf(&socket.lock_path, "%s.lock", path) < 0) {
		socket.lock_path = NULL;
	}
	int r = socket.path == NULL || socket.lock_path == NULL
		? -ENOMEM : take_lock(&socket);
	if (r < 0) {
		goto error;
	}
	socket.fd = fd_listen(socket.path, BACKLOG);
	if (socket.fd < 0) {
		r = socket.fd;
		unlink(socket.lock_path);
		goto error;
	}
	*ret = socket;
	return 0;

error:
	fd_close(&socket.lock_fd);
	free(socket.path);
	free(socket.lock_path);
	return r;
}

static int
open_name(const char *dir, const char *name, struct wlb_display_socket *ret)
{
	char *path;
	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		return -ENOMEM;
	}
	int r = open_path(path, ret);
	free(path);
	if (r == 0) {
		ret->name = strrchr(ret->path, '/') + 1;
	}
	return r;
}

int
wlb_display_socket_open(const char *name, struct wlb_display_socket *ret)
{
	if (name != NULL && name[0] == '/') {
		int r = open_path(name, ret);
		if (r == 0) {
			ret->name = ret->path;
		}
		return r;
	}
	const char *dir = getenv("XDG_RUNTIME_DIR");
	if (dir == NULL || dir[0] != '/') {
		return -ENOENT;
	}
	if (name != NULL) {
		return strchr(name, '/') != NULL
			? -EINVAL : open_name(dir, name, ret);
	}
	int r = -EADDRINUSE;
	for (int i = 0; i <= AUTO_MAX && r == -EADDRINUSE; i++) {
		char candidate[24];
		snprintf(candidate, sizeof(candidate), "wayland-%d", i);
		r = open_name(dir, candidate, ret);
	}
	return r;
}

int
wlb_display_socket_connect(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	const char *name = getenv("WAYLAND_DISPLAY");
	if (name == NULL) {
		name = "wayland-0";
	}
	if (name[0] == '/') {
		return fd_connect(name);
	}
	char *path;
	if (dir == NULL) {
		return -ENOENT;
	}
	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		return -ENOMEM;
	}
	int fd = fd_connect(path);
	free(path);
	return fd;
}

void
wlb_display_socket_close(struct wlb_display_socket *socket)
{
	if (socket->path != NULL) {
		unlink(socket->path);
		unlink(socket->lock_path);
	}
	fd_close(&socket->fd);
	fd_close(&socket->lock_fd);
	free(socket->path);
	free(socket->lock_path);
	reset(socket);
}
