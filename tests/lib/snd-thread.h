/* SPDX-License-Identifier: MIT */
/* A sound device in a thread of this process, over a graph the test drives. */
#ifndef TESTS_SND_THREAD_H
#define TESTS_SND_THREAD_H

#include <pthread.h>

#include "audio/device.h"
#include "audio/sink-record.h"

struct snd_thread {
	struct vsnd_record *record;
	struct vsnd_device *device;	/* the thread's */
	struct vsnd_status_page status;
	struct loop *loop;		/* likewise */
	pthread_t thread;
	int call_fd;
	int done_fd;
	void (*call)(struct vsnd_device *device, void *data);
	void *call_data;
	char dir[64];
	char path[96];			/* for snd_guest_connect() */
};

/* @stall_ms: how long the device waits for a cycle; 0 waits for ever. */
void
snd_thread_start(struct snd_thread *thread, const struct vsnd_layout *layout,
	unsigned stall_ms);

void
snd_thread_stop(struct snd_thread *thread);

/* Run @call in the device's thread, and wait until it has. */
void
snd_thread_call(struct snd_thread *thread,
	void (*call)(struct vsnd_device *device, void *data), void *data);

#endif
