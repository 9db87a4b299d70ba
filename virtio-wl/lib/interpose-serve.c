/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A carrier that needs vwl_device_dispatch() would need the program to call it,
 * and so does a relay, which moves the bytes of a program's own pipes. A program
 * that knows nothing of either has a thread here, for each device, that does.
 *
 * A relay belongs to one thread at a time: to who has the mutex. Nothing that is
 * done with it waits for another VM, unless the program itself sends and waits.
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
	struct vwl_relay *relay;
	pthread_mutex_t relay_mutex;
	int stop_fd;
	pthread_t thread;
};

static struct list all_served = { &all_served, &all_served };
static pthread_mutex_t served_mutex = PTHREAD_MUTEX_INITIALIZER;

static void *
serve(void *data)
{
	struct served *served = data;
	enum { DEVICE, RELAY, STOP, COUNT };
	struct pollfd fds[COUNT] = {
		/* Negative for a carrier that needs nobody. */
		[DEVICE] = { .fd = vwl_device_get_fd(served->device) },
		[RELAY] = { .fd = vwl_relay_get_fd(served->relay) },
		[STOP] = { .fd = served->stop_fd },
	};
	for (int i = 0; i < COUNT; i++) {
		fds[i].events = POLLIN;
	}
	while (fds[STOP].revents == 0) {
		if (poll(fds, COUNT, -1) <= 0) {
			continue;
		}
		if (fds[DEVICE].revents != 0
				&& vwl_device_dispatch(served->device) < 0) {
			fds[DEVICE].fd = -1;
		}
		if (fds[RELAY].revents != 0) {
			pthread_mutex_lock(&served->relay_mutex);
			vwl_relay_dispatch(served->relay);
			pthread_mutex_unlock(&served->relay_mutex);
		}
	}
	return NULL;
}

static void
served_free(struct served *served)
{
	vwl_relay_destroy(served->relay);
	pthread_mutex_destroy(&served->relay_mutex);
	if (served->stop_fd >= 0) {
		close(served->stop_fd);
	}
	free(served);
}

static struct served *
served_create(struct vwl_device *device)
{
	struct served *served = calloc(1, sizeof(*served));
	if (served == NULL) {
		return NULL;
	}
	served->device = device;
	pthread_mutex_init(&served->relay_mutex, NULL);
	served->stop_fd = eventfd(0, EFD_CLOEXEC);
	served->relay = vwl_relay_create(device);
	if (served->stop_fd < 0 || served->relay == NULL) {
		served_free(served);
		return NULL;
	}
	return served;
}

/* A failure leaves a device that only works while somebody calls it. */
static void
start_serving(struct vwl_device *device)
{
	struct served *served = served_create(device);
	if (served == NULL) {
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
		served_free(served);
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
	served_free(found);
}

struct served *
vwl_served_lock(int vfd)
{
	/* The kernel's VFDs are of any of its devices: there is one in a VM. */
	struct vwl_device *device = vwl_private_device(vfd);
	struct served *found = NULL;
	struct served *served;
	pthread_mutex_lock(&served_mutex);
	list_for_each(served, &all_served, link) {
		if (device == NULL ? vwl_device_get_fd(served->device) < 0
				: served->device == device) {
			found = served;
			break;
		}
	}
	pthread_mutex_unlock(&served_mutex);
	if (found != NULL) {
		pthread_mutex_lock(&found->relay_mutex);
	}
	return found;
}

void
vwl_served_unlock(struct served *served)
{
	pthread_mutex_unlock(&served->relay_mutex);
}

struct vwl_relay *
vwl_served_relay(struct served *served)
{
	return served->relay;
}

EXPORT struct vwl_device *
vwl_device_open(const char *address)
{
	REAL(vwl_device_open);
	struct vwl_device *device = real(address);
	if (device != NULL) {
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
