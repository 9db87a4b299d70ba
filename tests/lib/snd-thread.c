/* SPDX-License-Identifier: MIT */
#include "snd-thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "must.h"
#include "util/fd.h"
#include "util/loop.h"

/* So long that no test sees it. */
#define NEVER_MS 3600000

static void
signal_fd(int fd)
{
	must(eventfd_write(fd, 1) == 0);
}

static void
await_fd(int fd)
{
	eventfd_t count;
	must(eventfd_read(fd, &count) == 0);
}

static void
handle_call(void *data, uint32_t revents)
{
	struct snd_thread *thread = data;
	(void)revents;
	await_fd(thread->call_fd);
	if (thread->call == NULL) {
		loop_quit(thread->loop, 0);
		return;
	}
	thread->call(thread->device, thread->call_data);
	signal_fd(thread->done_fd);
}

static void *
run(void *data)
{
	struct snd_thread *thread = data;
	must(loop_run(thread->loop) == 0);
	return NULL;
}

void
snd_thread_start(struct snd_thread *thread, const struct vsnd_layout *layout,
	unsigned stall_ms)
{
	struct loop_source *source;
	memset(thread, 0, sizeof(*thread));
	strcpy(thread->dir, "/tmp/snd-thread-XXXXXX");
	must(mkdtemp(thread->dir) != NULL);
	snprintf(thread->path, sizeof(thread->path), "%s/snd.sock",
		thread->dir);
	thread->call_fd = eventfd(0, EFD_CLOEXEC);
	thread->done_fd = eventfd(0, EFD_CLOEXEC);
	must(vsnd_record_create(&thread->record) == 0);
	must(loop_create(&thread->loop) == 0);
	must(loop_add_fd(thread->loop, thread->call_fd, EPOLLIN, handle_call,
		thread, &source) == 0);
	vsnd_status_init(&thread->status);
	must(vsnd_device_create(thread->loop, fd_listen(thread->path, 4),
		layout, vsnd_record_sink(thread->record),
		stall_ms > 0 ? stall_ms : NEVER_MS, &thread->status,
		&thread->device) == 0);
	must(pthread_create(&thread->thread, NULL, run, thread) == 0);
}

void
snd_thread_stop(struct snd_thread *thread)
{
	thread->call = NULL;
	signal_fd(thread->call_fd);
	must(pthread_join(thread->thread, NULL) == 0);
	vsnd_device_destroy(thread->device);
	loop_destroy(thread->loop);
	vsnd_record_destroy(thread->record);
	fd_close(&thread->call_fd);
	fd_close(&thread->done_fd);
	unlink(thread->path);
	must(rmdir(thread->dir) == 0);
}

void
snd_thread_call(struct snd_thread *thread,
	void (*call)(struct vsnd_device *device, void *data), void *data)
{
	thread->call = call;
	thread->call_data = data;
	signal_fd(thread->call_fd);
	await_fd(thread->done_fd);
}
