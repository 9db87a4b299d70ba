/* SPDX-License-Identifier: MIT */
/* What the parts of a session share. */
#ifndef VUB_SESSION_H
#define VUB_SESSION_H

#include <vhost-user/backend.h>

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "memory.h"
#include "message.h"
#include "queue.h"
#include "shmem.h"

/* A handler's answer besides 0 and -errno: the reply is on its way already. */
#define VUB_REPLIED 1

/* One queue as the front-end talks of it; the ring itself is inside. */
struct vub_vring {
	struct vub_session *session;
	unsigned index;
	struct vub_queue queue;

	/* What the front-end said so far; it may say it in any order. */
	bool num_known;
	bool addr_known;
	bool base_told;		/* since it stopped */
	bool kick_known;	/* also when it said "no descriptor" */
	bool enabled;
	uint16_t num;
	uint16_t base;
	uint16_t stopped_at;	/* the base that was told when it stopped */
	struct vub_ring_addr addr;
	int kick_fd;		/* -1 what there is not, all three */
	int call_fd;
	int err_fd;
	struct loop_source *kick_source;

	/* For the end of this turn of the loop. */
	bool ready_due;
	bool notify_due;
};

struct vub_session {
	struct loop *loop;
	const struct vub_device *device;
	void *data;

	struct vub_channel channel;
	struct loop_source *source;
	struct loop_source *turn_end;
	int end_reason;		/* 0: alive; -errno: over, closed() is due */

	bool features_known;
	uint64_t features;		/* the driver's choice, bit 30 too */
	uint64_t protocol_features;
	struct vub_memory *memory;	/* NULL before the first table */
	struct vub_vring vrings[VUB_QUEUES_MAX];
	unsigned running;		/* started vrings */
	bool suspended;			/* all stopped: a pause, or a reset */
	struct vub_shmem shmem;
};

/* session.c */

/* The session is over; closed() follows from the loop. The first reason wins. */
void
vub_session_end(struct vub_session *session, int reason);

int
vub_session_reply(struct vub_session *session, const struct vub_message *message,
	const void *payload, uint32_t size);

/* session-device.c: what concerns the device as a whole */

int
vub_session_handle_device(struct vub_session *session,
	struct vub_message *message);

/* session-queue.c */

/* Queues had stopped: find out why, and tell the device if it was a reset. */
void
vub_session_settle(struct vub_session *session, bool may_go_on);


void
vub_vring_init(struct vub_vring *vring, struct vub_session *session,
	unsigned index);

/* Stop, and close what the front-end gave. */
void
vub_vring_finish(struct vub_vring *vring);

int
vub_session_handle_vring(struct vub_session *session,
	struct vub_message *message);

/* Start what can be started now. 0 or -errno. */
int
vub_vring_update(struct vub_vring *vring);

/* Stop, with callbacks; when it was the last, the device is reset. */
void
vub_vring_stop(struct vub_vring *vring);

/* Memory or features changed under a vring. 0 or -errno. */
int
vub_vring_move(struct vub_vring *vring);

/* Do what is due at the end of a turn. */
void
vub_vring_run_ready(struct vub_vring *vring);

void
vub_vring_notify(struct vub_vring *vring);

#endif
