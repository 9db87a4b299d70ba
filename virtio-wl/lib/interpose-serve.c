/* SPDX-License-Identifier: MIT */
/*
 * A carrier that needs vwl_device_dispatch() would need the program to call it;
 * a program that knows nothing of devices has a thread here that does.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "interpose.h"
#include "private.h"
#include "util/list.h"

struct served {
	struct list link;
	struct vwl_device *device;
	int stop_fd;
	pthread_t thread;
};

static struct list all_served = { &all_served, &all_served };
static pthread_mutex_t served_mutex = PTHREAD_MUTEX_INITIALIZER;

static void *
serve(void *data)
{
	struct served *served = data;
	struct pollfd fds[] = {
		{ .fd = vwl_device_get_fd(served->device), .events = POLLIN },
		{ .fd = served->stop_fd, .events = POLLIN },
	};
	while (fds[1].revents == 0) {
		if (poll(fds, 2, -1) > 0 && fds[0].revents != 0
				&& vwl_device_dispatch(served->device) < 0) {
			break;
		}
	}
	return NULL;
}

/* A failure leaves a device that only works while somebody calls it. */
static void
start_serving(struct vwl_device *device)
{
	struct served *served = calloc(1, sizeof(*served));
	if (served == NULL) {
		return;
	}
	served->device = device;
	served->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (served->stop_fd < 0) {
		free(served);
		return;
	}
	/* Signals are the program's, which may take them in one thread only. */
	sigset_t all;
	sigset_t before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int r = pthread_create(&served->thread, NULL, serve, served);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0) {
		close(served->stop_fd);
		free(served);
		return;
	}
	pthread_mutex_lock(&served_mutex);
	list_append(&all_served, &served->link);
	pthread_mutex_unlock(&served_mutex);
}

static void
stop_serving(struct vwl_device *device)
{
	struct served *found = NULL;
	struct served *served;
	pthread_mutex_lock(&served_mutex);
	list_for_each(served, &all_served, link) {
		if (served->device == device) {
			found = served;
		}
	}
	if (found != NULL) {
		list_remove(&found->link);
	}
	pthread_mutex_unlock(&served_mutex);
	if (found == NULL) {
		return;
	}
	eventfd_write(found->stop_fd, 1);
	pthread_join(found->thread, NULL);
	close(found->stop_fd);
	free(found);
}

EXPORT struct vwl_device *
vwl_device_open(const char *address)
{
	REAL(vwl_device_open);
	struct vwl_device *device = real(address);
	if (device != NULL && vwl_device_get_fd(device) >= 0) {
		start_serving(device);
	}
	return device;
}

EXPORT void
vwl_device_close(struct vwl_device *device)
{
	REAL(vwl_device_close);
	if (device != NULL) {
		stop_serving(device);
	}
	real(device);
}
