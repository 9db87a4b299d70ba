/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * While a session lives, the listening socket is not watched: a second
 * front-end waits in its backlog. When the session ends, everything the guest
 * held goes, and the next front-end starts clean.
 */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <vhost-user/backend.h>

#include "device.h"
#include "util/fd.h"
#include "util/loop.h"

struct vwl_server {
	struct vwl_device *device;
	const struct vwl_personality *personality;
	struct vub_device offer;
	int fd;
	struct loop_source *source;
	struct vub_session *session;	/* NULL: nobody is served */
	void *state;			/* the personality's, with the session */
};

static void
handle_features_set(void *data, uint64_t features)
{
	struct vwl_server *server = data;
	server->personality->features_set(server->state, features);
}

static void
handle_queue_ready(void *data, unsigned index)
{
	struct vwl_server *server = data;
	server->device->status->state = VWL_STATUS_RUNNING;
	server->personality->queue_ready(server->state, index);
}

static void
handle_queue_stopped(void *data, unsigned index)
{
	struct vwl_server *server = data;
	server->personality->queue_stopped(server->state, index);
}

static void
handle_reset(void *data)
{
	struct vwl_server *server = data;
	struct vwl_device *device = server->device;
	vwl_shm_forget(&device->shm);
	server->personality->reset(server->state);
	vwl_lingering_drop(&device->lingering);
	device->status->state = VWL_STATUS_CONNECTED;
	device->status->resets++;
}

static void
end_session(struct vwl_server *server)
{
	if (server->session == NULL) {
		return;
	}
	vub_session_destroy(server->session);
	server->session = NULL;
	server->device->shm.session = NULL;
	server->personality->destroy(server->state);
	server->state = NULL;
	server->device->status->state = VWL_STATUS_WAITING;
}

static void
handle_connection(void *data, uint32_t revents);

static int
watch_socket(struct vwl_server *server)
{
	return loop_add_fd(server->device->loop, server->fd, EPOLLIN,
		handle_connection, server, &server->source);
}

static void
handle_closed(void *data, int reason)
{
	struct vwl_server *server = data;
	if (reason == -ECONNRESET) {
		log_info("the front-end has gone");
	} else {
		log_warn("the front-end broke the protocol: %s",
			strerror(-reason));
	}
	end_session(server);
	int r = watch_socket(server);
	if (r < 0) {
		log_error("cannot wait for a front-end: %s", strerror(-r));
		loop_quit(server->device->loop, r);
	}
}

static int
begin_session(struct vwl_server *server, int take_fd)
{
	struct vwl_device *device = server->device;
	int r = server->personality->create(device, &server->state);
	if (r < 0) {
		fd_close(&take_fd);
		return r;
	}
	r = vub_session_create(device->loop, take_fd, &server->offer, server,
		&server->session);
	if (r < 0) {
		server->personality->destroy(server->state);
		server->state = NULL;
		return r;
	}
	vwl_shm_attach(&device->shm, server->session,
		server->personality->shmid);
	server->personality->attach(server->state, server->session);
	device->status->state = VWL_STATUS_CONNECTED;
	device->status->sessions++;
	return 0;
}

static void
handle_connection(void *data, uint32_t revents)
{
	struct vwl_server *server = data;
	(void)revents;
	int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		return;
	}
	int r = begin_session(server, fd);
	if (r < 0) {
		log_error("cannot serve a front-end: %s", strerror(-r));
		return;
	}
	loop_clear(&server->source);
	log_info("a front-end has come");
}

int
vwl_server_create(struct vwl_device *device,
	const struct vwl_personality *personality, uint64_t features,
	uint64_t region_size, int take_fd, struct vwl_server **ret)
{
	struct vwl_server *server = calloc(1, sizeof(*server));
	if (server == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	server->device = device;
	server->personality = personality;
	server->fd = take_fd;
	server->offer = (struct vub_device) {
		.features = features,
		.num_queues = personality->num_queues,
		.features_set = handle_features_set,
		.queue_ready = handle_queue_ready,
		.queue_stopped = handle_queue_stopped,
		.reset = handle_reset,
		.closed = handle_closed,
	};
	server->offer.shmem_sizes[personality->shmid] = region_size;
	int r = watch_socket(server);
	if (r < 0) {
		vwl_server_destroy(server);
		return r;
	}
	*ret = server;
	return 0;
}

void
vwl_server_destroy(struct vwl_server *server)
{
	if (server == NULL) {
		return;
	}
	end_session(server);
	loop_clear(&server->source);
	fd_close(&server->fd);
	free(server);
}
