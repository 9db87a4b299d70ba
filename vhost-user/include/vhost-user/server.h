/* SPDX-License-Identifier: MIT */
/*
 * server.h - front-ends come and go on a listening socket
 *
 * One at a time is served; a second one waits in the socket's backlog.
 */
#ifndef VHOST_USER_SERVER_H
#define VHOST_USER_SERVER_H

#include <vhost-user/backend.h>

struct vub_server;

struct vub_server_ops {
	/*
	 * A front-end is here; no queue runs yet. The session is the server's,
	 * and valid until ended(). Return: 0, or -errno to let it go at once,
	 * after which failed() is called and not ended().
	 */
	int (*begun)(void *data, struct vub_session *session);
	/* It has gone (-ECONNRESET), broke the protocol, or we let it go (0).
	 * Every queue has stopped, so nothing is left to be pushed. */
	void (*ended)(void *data, int reason);
	/*
	 * A front-end could not be served (-errno). Others still can, unless
	 * this comes after ended(): then the loop has been told to quit.
	 */
	void (*failed)(void *data, int reason);
};

/**
 * vub_server_create() - Serve a device to whoever connects
 * @take_fd: a listening socket, non-blocking; consumed, on failure too
 * @device: what to offer; copied, and its closed() is the server's own
 * @data: handed to every callback, those of @device included
 *
 * Return: 0 or -errno.
 */
int
vub_server_create(struct loop *loop, int take_fd,
	const struct vub_device *device, const struct vub_server_ops *ops,
	void *data, struct vub_server **ret);

/* Ends the session too. NULL is fine. */
void
vub_server_destroy(struct vub_server *server);

#endif
