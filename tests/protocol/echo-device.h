/* SPDX-License-Identifier: MIT */
/*
 * echo-device.h - the smallest device that uses all of the back-end library
 *
 * Queue 0 copies what it can read to what it may write. Queue 1 takes struct
 * echo_control and answers with an int32_t (0 or -errno) once the map is there,
 * or gone. It runs in a thread of its own, one session at a time.
 */
#ifndef TESTS_ECHO_DEVICE_H
#define TESTS_ECHO_DEVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "util/loop.h"
#include <vhost-user/backend.h>

#define ECHO_QUEUE		0
#define ECHO_CONTROL		1
#define ECHO_QUEUES		2
#define ECHO_FEATURE		UINT64_C(0x1)	/* it means nothing */
#define ECHO_CONFIG		0x6f686365	/* "echo" */
#define ECHO_REGION		0
#define ECHO_REGION_BYTES	(UINT64_C(1) << 30)

enum echo_op {
	ECHO_MAP,	/* a file of len bytes that begins with "mapped" */
	ECHO_UNMAP,
	ECHO_HOLD,	/* keep the element until the queue stops */
};

struct echo_control {
	uint32_t op;
	uint32_t reserved;
	uint64_t shm_offset;
	uint64_t len;
};

struct echo_device {
	pthread_t thread;
	struct loop *loop;
	struct loop_source *quit_source;
	int quit_fd;
	struct vub_session *session;
	struct vub_device offer;
	unsigned control_stops;	/* of the control queue */
	int reason;		/* what closed() said; 0: it was told to stop */
	atomic_uint echoed;	/* elements pushed by the echo queue */
	atomic_uint resets;
	atomic_uint stops;	/* queue_stopped calls */
	atomic_uint failed;	/* maps and unmaps that ended badly */
};

/* Serve one front-end on @take_sock until it goes. Asserts on failure. */
void
echo_device_start(struct echo_device *device, int take_sock);

/* Wait until the session has ended. Return: why. */
int
echo_device_join(struct echo_device *device);

/* End it from this side (the device process is told to stop). */
void
echo_device_stop(struct echo_device *device);

#endif
