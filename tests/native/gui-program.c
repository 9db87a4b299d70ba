/* SPDX-License-Identifier: MIT */
#include "gui-program.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "../lib/must.h"

#define CLIENTS_MAX	512
#define SLOT_DEVICE	0
#define SLOT_LISTENER	1
#define SLOT_CLIENTS	2

struct gui {
	struct gui_shared *shared;
	size_t count;		/* of polls, the first two included */
	struct pollfd polls[SLOT_CLIENTS + CLIENTS_MAX];
	char behaviours[SLOT_CLIENTS + CLIENTS_MAX];	/* 0: not said yet */
};

static void
accept_clients(struct gui *gui)
{
	int fd;
	while (gui->count < SLOT_CLIENTS + CLIENTS_MAX
			&& (fd = vwl_accept(gui->polls[SLOT_LISTENER].fd, NULL,
				SOCK_NONBLOCK)) >= 0) {
		gui->polls[gui->count] = (struct pollfd){
			.fd = fd, .events = POLLIN,
		};
		gui->behaviours[gui->count++] = 0;
	}
}

static void
forget(struct gui *gui, size_t slot)
{
	vwl_close(gui->polls[slot].fd);
	gui->count--;
	gui->polls[slot] = gui->polls[gui->count];
	gui->behaviours[slot] = gui->behaviours[gui->count];
}

/* Whether it goes on. */
static bool
fill(struct gui *gui, int fd)
{
	static const char bytes[4096];
	ssize_t n;
	while ((n = vwl_write(fd, bytes, sizeof(bytes))) > 0) {
		atomic_fetch_add(&gui->shared->filled_bytes, (unsigned)n);
	}
	return errno == EAGAIN;
}

static bool
serve_bytes(char behaviour, int fd)
{
	char bytes[4096];
	ssize_t n = vwl_read(fd, bytes, sizeof(bytes));
	if (n <= 0) {
		return n < 0 && errno == EAGAIN;
	}
	/* One message at a time is on its way: its answer always fits. */
	return behaviour != GUI_ECHO || vwl_write(fd, bytes, (size_t)n) == n;
}

static bool
serve(struct gui *gui, size_t slot)
{
	struct pollfd *entry = &gui->polls[slot];
	char *behaviour = &gui->behaviours[slot];
	if (*behaviour == 0) {
		ssize_t n = vwl_read(entry->fd, behaviour, 1);
		if (n <= 0) {
			return n < 0 && errno == EAGAIN;
		}
		if (*behaviour == GUI_FILL) {
			entry->events = POLLOUT;
		}
	}
	if (*behaviour == GUI_FILL) {
		return fill(gui, entry->fd);
	}
	return serve_bytes(*behaviour, entry->fd);
}

void
gui_program(const char *address, struct gui_shared *shared, int ready_fd)
{
	static struct gui gui;
	struct vwl_device *device = vwl_device_open(address);
	must(device != NULL);
	int listener = vwl_listen(device, "", SOCK_NONBLOCK);
	must(listener >= 0);
	gui.shared = shared;
	gui.polls[SLOT_DEVICE] = (struct pollfd){
		.fd = vwl_device_get_fd(device), .events = POLLIN,
	};
	gui.polls[SLOT_LISTENER] = (struct pollfd){
		.fd = listener, .events = POLLIN,
	};
	gui.count = SLOT_CLIENTS;
	must(write(ready_fd, "", 1) == 1);
	for (;;) {
		must(poll(gui.polls, gui.count, -1) > 0);
		if (gui.polls[SLOT_DEVICE].revents != 0) {
			must(vwl_device_dispatch(device) == 0);
		}
		for (size_t i = gui.count; i-- > SLOT_CLIENTS;) {
			if (gui.polls[i].revents != 0 && !serve(&gui, i)) {
				forget(&gui, i);
			}
		}
		accept_clients(&gui);
	}
}
