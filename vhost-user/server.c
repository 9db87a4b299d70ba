/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * While a session lives, the listening socket is not watched: a second
 * front-end waits in its backlog. The session's callbacks go straight to the
 * device, but for closed(), after which the socket is watched again.
 *
 * vub_device's callbacks carry one pointer, which is the server's here and the
 * device's there; so each is passed on by a line of its own.
 */
#include <vhost-user/server.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "util/fd.h"
#include "util/loop.h"

struct vub_server {
	struct loop *loop;
	struct vub_device device;	/* what the session calls */
	struct vub_device inner;	/* what the caller wants called */
	const struct vub_server_ops *ops;
	void *data;
	int fd;
	struct loop_source *source;	/* NULL while a session lives */
	struct vub_session *session;
};

static void
handle_features_set(void *data, uint64_t features)
{
	struct vub_server *server = data;
	server->inner.features_set(server->data, features);
}

static void
handle_queue_ready(void *data, unsigned index)
{
	struct vub_server *server = data;
	server->inner.queue_ready(server->data, index);
}

static void
handle_queue_stopped(void *data, unsigned index)
{
	struct vub_server *server = data;
	server->inner.queue_stopped(server->data, index);
}

static void
handle_reset(void *data)
{
	struct vub_server *server = data;
	server->inner.reset(server->data);
}

static void
handle_get_config(void *data, uint32_t offset, void *dst, uint32_t len)
{
	struct vub_server *server = data;
	server->inner.get_config(server->data, offset, dst, len);
}

static void
end_session(struct vub_server *server, int reason)
{
	if (server->session != NULL) {
		vub_session_destroy(server->session);
		server->session = NULL;
		server->ops->ended(server->data, reason);
	}
}

static int
begin_session(struct vub_server *server, int take_fd)
{
	struct vub_session *session;
	int r = vub_session_create(server->loop, take_fd, &server->device,
		server, &session);
	if (r < 0) {
		return r;
	}
	r = server->ops->begun(server->data, session);
	if (r < 0) {
		vub_session_destroy(session);
		return r;
	}
	server->session = session;
	return 0;
}

static void
handle_connection(void *data, uint32_t revents)
{
	struct vub_server *server = data;
	(void)revents;
	int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		return;
	}
	int r = begin_session(server, fd);
	if (r < 0) {
		server->ops->failed(server->data, r);
		return;
	}
	loop_clear(&server->source);
}

static int
watch_socket(struct vub_server *server)
{
	return loop_add_fd(server->loop, server->fd, EPOLLIN,
		handle_connection, server, &server->source);
}

static void
handle_closed(void *data, int reason)
{
	struct vub_server *server = data;
	end_session(server, reason);
	int r = watch_socket(server);
	if (r < 0) {
		/* Nobody could reach us any more. */
		server->ops->failed(server->data, r);
		loop_quit(server->loop, r);
	}
}

int
vub_server_create(struct loop *loop, int take_fd,
	const struct vub_device *device, const struct vub_server_ops *ops,
	void *data, struct vub_server **ret)
{
	struct vub_server *server = calloc(1, sizeof(*server));
	if (server == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	assert(device->closed == NULL);
	server->loop = loop;
	server->inner = *device;
	server->device = *device;
	server->device.features_set = handle_features_set;
	server->device.queue_ready = handle_queue_ready;
	server->device.queue_stopped = handle_queue_stopped;
	server->device.reset = handle_reset;
	server->device.get_config = handle_get_config;
	server->device.closed = handle_closed;
	server->ops = ops;
	server->data = data;
	server->fd = take_fd;
	int r = watch_socket(server);
	if (r < 0) {
		vub_server_destroy(server);
		return r;
	}
	*ret = server;
	return 0;
}

void
vub_server_destroy(struct vub_server *server)
{
	if (server == NULL) {
		return;
	}
	end_session(server, 0);
	loop_clear(&server->source);
	fd_close(&server->fd);
	free(server);
}
