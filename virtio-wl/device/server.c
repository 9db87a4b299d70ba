/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Who comes and goes is the library's business (vhost-user/server.h). With a
 * session come the personality's state and the shared memory; when it ends,
 * everything the guest held goes, and the next front-end starts clean.
 */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vhost-user/program.h>
#include <vhost-user/server.h>

#include "device.h"
#include "util/fd.h"

struct vwl_server {
	struct vwl_device *device;
	const struct vwl_personality *personality;
	struct vub_server *server;
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

static int
handle_begun(void *data, struct vub_session *session)
{
	struct vwl_server *server = data;
	struct vwl_device *device = server->device;
	int r = server->personality->create(device, &server->state);
	if (r < 0) {
		return r;
	}
	vwl_shm_attach(&device->shm, session, server->personality->shmid);
	server->personality->attach(server->state, session);
	device->status->state = VWL_STATUS_CONNECTED;
	device->status->sessions++;
	log_info("a front-end has come");
	return 0;
}

static void
handle_ended(void *data, int reason)
{
	struct vwl_server *server = data;
	vub_program_log_ended(reason);
	server->device->shm.session = NULL;
	server->personality->destroy(server->state);
	server->state = NULL;
	server->device->status->state = VWL_STATUS_WAITING;
}

static const struct vub_server_ops server_ops = {
	.begun = handle_begun,
	.ended = handle_ended,
	.failed = vub_program_log_failed,
};

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
	struct vub_device offer = {
		.features = features,
		.num_queues = personality->num_queues,
		.features_set = handle_features_set,
		.queue_ready = handle_queue_ready,
		.queue_stopped = handle_queue_stopped,
		.reset = handle_reset,
	};
	offer.shmem_sizes[personality->shmid] = region_size;
	int r = vub_server_create(device->loop, fd_take(&take_fd), &offer,
		&server_ops, server, &server->server);
	if (r < 0) {
		free(server);
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
	vub_server_destroy(server->server);
	free(server);
}
