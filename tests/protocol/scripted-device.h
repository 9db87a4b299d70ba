/* SPDX-License-Identifier: MIT */
/*
 * scripted-device.h - a back-end with no device in it
 *
 * A thread that writes down what a front-end says and answers as it should, or,
 * from a given request on, as it should not. It shares the front-end's memory
 * as a device would, so that a test can put lies into the used ring.
 */
#ifndef TESTS_SCRIPTED_DEVICE_H
#define TESTS_SCRIPTED_DEVICE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vhost-user/wire.h"

#define SCRIPTED_HEARD_MAX	64
#define SCRIPTED_REGION_BYTES	UINT64_C(0x10000)

enum scripted_lie {
	SCRIPTED_HONEST,
	SCRIPTED_SILENT,
	SCRIPTED_GONE,
	SCRIPTED_WRONG_REQUEST,
	SCRIPTED_WRONG_SIZE,
	SCRIPTED_WRONG_FLAGS,
	SCRIPTED_NACK,
};

struct scripted_device {
	/* The test's choice. */
	uint64_t protocol_features;
	enum scripted_lie lie;
	unsigned lie_from;	/* number of the first request to lie to */

	/* What came of it; read after join, or when the start is over. */
	struct {
		uint32_t request;
		uint32_t flags;
		size_t fd_count;
	} heard[SCRIPTED_HEARD_MAX];
	size_t count;

	int sock;
	int backend_sock;
	uint8_t *memory;
	size_t memory_size;
	uint64_t memory_user_addr;
	uint64_t used_user_addr;	/* of queue 0 */
	pthread_t thread;
};

/* Return: the front-end's end of the socket. */
int
scripted_device_start(struct scripted_device *device);

/* Wait until the front-end has gone. */
void
scripted_device_join(struct scripted_device *device);

/* Say something unasked, once the front-end has started. */
void
scripted_device_say(struct scripted_device *device, bool on_backend,
	const void *bytes, size_t size, const int *fds, size_t fd_count);

/* Write the first entry and the index of queue 0's used ring. */
void
scripted_device_use(struct scripted_device *device, uint16_t idx, uint32_t id,
	uint32_t len);

#endif
