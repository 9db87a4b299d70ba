/* SPDX-License-Identifier: MIT */
/* The virtio-snd device of one VM. */
#ifndef VSND_DEVICE_H
#define VSND_DEVICE_H

#include <stdbool.h>

#include <vhost-user/server.h>

#include "info.h"
#include "pcm.h"
#include "sink.h"
#include "status.h"
#include "util/log.h"

enum vsnd_queue {
	VSND_QUEUE_CONTROL,
	VSND_QUEUE_EVENT,
	VSND_QUEUE_TX,
	VSND_QUEUE_RX,
	VSND_QUEUES,
};

struct vsnd_device {
	struct vsnd_layout layout;
	struct vsnd_engine engine;
	struct vsnd_pcm pcms[2 * VSND_STREAMS_MAX];	/* by stream id */
	unsigned pcm_count;
	struct vub_server *server;
	struct vub_session *session;	/* NULL: nobody is served */
	struct loop_source *wake_source;
	struct loop_source *more;	/* queues with work left for next turn */
	unsigned more_queues;		/* bits by enum vsnd_queue */
	bool has_controls;		/* the driver wants VIRTIO_SND_F_CTLS */
	struct vsnd_status_page *status;
	struct log_limit log_limit;	/* for what the guest provokes */
};

/**
 * vsnd_device_create() - Offer a sound device to whoever connects
 * @take_fd: a listening socket; consumed, on failure too
 * @sink: borrowed
 * @stall_ms: VSND_STALL_MS, but in tests
 * @status: where to keep counters, initialised; borrowed
 *
 * Return: 0 or -errno.
 */
int
vsnd_device_create(struct loop *loop, int take_fd,
	const struct vsnd_layout *layout, struct vsnd_sink *sink,
	unsigned stall_ms, struct vsnd_status_page *status,
	struct vsnd_device **ret);

/* NULL is fine. */
void
vsnd_device_destroy(struct vsnd_device *device);

/* A page on which nothing has happened yet. */
void
vsnd_status_init(struct vsnd_status_page *page);

/* Whether the guest's capture streams may hear anything but silence. */
void
vsnd_device_allow_mic(struct vsnd_device *device, bool allowed);

/*
 * Between device.c and its parts.
 */

/* The stream with this id, or NULL. */
struct vsnd_pcm *
vsnd_device_pcm(struct vsnd_device *device, uint32_t id);

/* Serve one element of the control queue: control.c. */
void
vsnd_control_serve(struct vsnd_device *device, struct vub_queue *queue,
	struct vub_element *element);

#endif
