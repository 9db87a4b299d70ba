/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../device.h"
#include "../vfd.h"
#include "util/fd.h"
#include "util/loop.h"

#define BACKLOG 32	/* connections that wait for the guest */

/* The path that @fd is bound to, below @root if it is there; or NULL. */
static char *
bound_path(int fd, const char *root)
{
	union {
		struct sockaddr any;
		struct sockaddr_un un;
	} addr = { 0 };
	socklen_t len = sizeof(addr.un) - 1;
	if (getsockname(fd, &addr.any, &len) < 0
			|| addr.any.sa_family != AF_UNIX
			|| addr.un.sun_path[0] != '/') {
		return NULL;
	}
	size_t root_len = root != NULL ? strlen(root) : 0;
	bool below = root_len > 0
		&& strncmp(addr.un.sun_path, root, root_len) == 0
		&& addr.un.sun_path[root_len] == '/';
	return strdup(addr.un.sun_path + (below ? root_len + 1 : 0));
}

static int
inherit(struct vwl_endpoint *endpoint, const char *number, const char *root)
{
	char *end;
	errno = 0;
	long fd = strtol(number, &end, 10);
	if (errno != 0 || *number == '\0' || *end != '\0' || fd < 0
			|| fd > INT32_MAX
			|| fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0) {
		return -EBADF;
	}
	endpoint->fd = (int)fd;
	endpoint->path = bound_path(endpoint->fd, root);
	return fd_set_nonblock(endpoint->fd);
}

static int
bind_path(struct vwl_endpoint *endpoint, const char *path)
{
	endpoint->path = strdup(path);
	if (endpoint->path == NULL) {
		return -ENOMEM;
	}
	endpoint->fd = fd_listen(path, BACKLOG);
	return endpoint->fd < 0 ? endpoint->fd : 0;
}

int
vwl_endpoint_add(struct vwl_device *device, const char *spec,
	const char *root, unsigned shares)
{
	const char *equals = strchr(spec, '=');
	if (equals == NULL || equals == spec || equals[1] == '\0') {
		return -EINVAL;
	}
	struct vwl_endpoint *endpoint = calloc(1, sizeof(*endpoint));
	if (endpoint == NULL) {
		return -ENOMEM;
	}
	list_init(&endpoint->link);
	endpoint->loop = device->loop;
	endpoint->fd = -1;
	vwl_budget_init_share(&endpoint->budget, &device->budget, shares);
	endpoint->name = strndup(spec, (size_t)(equals - spec));
	int r;
	if (endpoint->name == NULL) {
		r = -ENOMEM;
	} else if (vwl_endpoint_by_name(device, endpoint->name) != NULL) {
		r = -EEXIST;
	} else if (strncmp(equals + 1, "fd:", 3) == 0) {
		r = inherit(endpoint, equals + 4, root);
	} else {
		r = bind_path(endpoint, equals + 1);
	}
	if (r < 0) {
		vwl_endpoint_destroy(endpoint);
		return r;
	}
	list_append(&device->endpoints, &endpoint->link);
	return 0;
}

void
vwl_endpoint_destroy(struct vwl_endpoint *endpoint)
{
	vwl_endpoint_release(endpoint);
	list_remove(&endpoint->link);
	fd_close(&endpoint->fd);
	free(endpoint->name);
	free(endpoint->path);
	free(endpoint);
}

struct vwl_endpoint *
vwl_endpoint_by_name(const struct vwl_device *device, const char *name)
{
	struct vwl_endpoint *endpoint;
	list_for_each(endpoint, &device->endpoints, link) {
		if (strcmp(endpoint->name, name) == 0) {
			return endpoint;
		}
	}
	return NULL;
}

static void
handle_waiting(void *data, uint32_t revents)
{
	struct vwl_endpoint *endpoint = data;
	(void)revents;
	endpoint->waiting(endpoint->owner);
}

void
vwl_endpoint_claim(struct vwl_endpoint *endpoint,
	void (*waiting)(void *owner), void *owner)
{
	endpoint->owner = owner;
	endpoint->waiting = waiting;
	vwl_endpoint_want(endpoint, true);
}

void
vwl_endpoint_release(struct vwl_endpoint *endpoint)
{
	vwl_endpoint_want(endpoint, false);
	endpoint->owner = NULL;
}

void
vwl_endpoint_want(struct vwl_endpoint *endpoint, bool want)
{
	if (!want) {
		loop_clear(&endpoint->source);
	} else if (endpoint->source == NULL && loop_add_fd(endpoint->loop,
			endpoint->fd, EPOLLIN, handle_waiting, endpoint,
			&endpoint->source) < 0) {
		log_error("cannot watch the socket of '%s'", endpoint->name);
	}
}

bool
vwl_endpoint_has_budget(const struct vwl_endpoint *endpoint)
{
	return vwl_budget_has(&endpoint->budget, VWL_RES_CONNECTIONS, 1)
		&& vwl_budget_has(&endpoint->budget, VWL_RES_VFDS, 1)
		&& vwl_budget_has(&endpoint->budget, VWL_RES_FDS, 1);
}

int
vwl_endpoint_accept(struct vwl_endpoint *endpoint, struct vwl_peer **ret_peer)
{
	int fd = accept4(endpoint->fd, NULL, NULL,
		SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		return errno == EINTR || errno == ECONNABORTED
			? -EAGAIN : -errno;
	}
	struct vwl_label label;
	if (endpoint->path == NULL
			|| vwl_label_read(endpoint->path, &label) < 0) {
		label = vwl_label_named(endpoint->name);
	}
	int r = vwl_peer_create(&label, &endpoint->budget, ret_peer);
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	return fd;
}
