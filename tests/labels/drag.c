/* SPDX-License-Identifier: MIT */
/*
 * drag [TEXT]: a window that things are dragged from, or to
 *
 * With TEXT a press begins a drag of it: "dragging", then "sent" when it was
 * asked for, "dropped", "finished", "cancelled". Without TEXT it takes what comes:
 * "enter TYPE", "leave", "drop", "text ...". SIGUSR1: begin a drag although no
 * button is held, a thousand times with nothing to drag and once with TEXT.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"
#include "util/fd.h"

static struct client client;
static struct window window;
static struct wl_data_device *device;
static const char *text;
static struct wl_data_offer *offer;	/* that is over the window */
static char offered[64];
static uint32_t last_serial;
static int reading = -1;

static void
handle_target(void *data, struct wl_data_source *source, const char *type)
{
	(void)data;
	(void)source;
	(void)type;
}

static void
handle_send(void *data, struct wl_data_source *source, const char *type,
	int32_t fd)
{
	(void)data;
	(void)source;
	(void)type;
	must(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	client_say("sent");
}

static void
handle_cancelled(void *data, struct wl_data_source *source)
{
	(void)data;
	wl_data_source_destroy(source);
	client_say("cancelled");
}

static void
handle_dropped(void *data, struct wl_data_source *source)
{
	(void)data;
	(void)source;
	client_say("dropped");
}

static void
handle_finished(void *data, struct wl_data_source *source)
{
	(void)data;
	wl_data_source_destroy(source);
	client_say("finished");
}

static void
handle_action(void *data, struct wl_data_source *source, uint32_t action)
{
	(void)data;
	(void)source;
	(void)action;
}

static const struct wl_data_source_listener source_listener = {
	.target = handle_target,
	.send = handle_send,
	.cancelled = handle_cancelled,
	.dnd_drop_performed = handle_dropped,
	.dnd_finished = handle_finished,
	.action = handle_action,
};

static void
begin(uint32_t serial)
{
	struct wl_data_source *source =
		wl_data_device_manager_create_data_source(client.selections);
	wl_data_source_add_listener(source, &source_listener, NULL);
	wl_data_source_offer(source, "text/plain");
	wl_data_source_set_actions(source,
		WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY);
	wl_data_device_start_drag(device, source, window.surface, NULL, serial);
}

static void
handle_button(struct client *to, uint32_t serial)
{
	(void)to;
	last_serial = serial;
	if (text != NULL) {
		begin(serial);
		client_say("dragging");
	}
}

static void
begin_without_button(void)
{
	for (int i = 0; i < 1000; i++) {
		struct wl_surface *icon = i % 2 == 0 ? NULL
			: wl_compositor_create_surface(client.compositor);
		wl_data_device_start_drag(device, NULL, window.surface, icon,
			last_serial);
	}
	begin(last_serial);
	client_settle(&client);
	client_say("tried");
}

static void
handle_offer_type(void *data, struct wl_data_offer *from, const char *type)
{
	(void)data;
	(void)from;
	strncpy(offered, type, sizeof(offered) - 1);
}

static void
handle_actions(void *data, struct wl_data_offer *from, uint32_t actions)
{
	(void)data;
	(void)from;
	(void)actions;
}

static const struct wl_data_offer_listener offer_listener = {
	.offer = handle_offer_type,
	.source_actions = handle_actions,
	.action = handle_actions,
};

static void
handle_data_offer(void *data, struct wl_data_device *to,
	struct wl_data_offer *from)
{
	(void)data;
	(void)to;
	wl_data_offer_add_listener(from, &offer_listener, NULL);
}

static void
handle_enter(void *data, struct wl_data_device *to, uint32_t serial,
	struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y,
	struct wl_data_offer *from)
{
	(void)data;
	(void)to;
	(void)surface;
	(void)x;
	(void)y;
	client_say("enter %s", from == NULL ? "with nothing" : offered);
	offer = from;
	if (from != NULL) {
		wl_data_offer_accept(from, serial, offered);
		wl_data_offer_set_actions(from,
			WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY,
			WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY);
	}
}

static void
handle_leave(void *data, struct wl_data_device *to)
{
	(void)data;
	(void)to;
	client_say("leave");
}

static void
handle_motion(void *data, struct wl_data_device *to, uint32_t time,
	wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)to;
	(void)time;
	(void)x;
	(void)y;
}

static void
handle_drop(void *data, struct wl_data_device *to)
{
	int ends[2];
	(void)data;
	(void)to;
	client_say("drop");
	must(offer != NULL && pipe2(ends, O_CLOEXEC) == 0);
	wl_data_offer_receive(offer, offered, ends[1]);
	close(ends[1]);
	reading = ends[0];
}

static void
handle_selection(void *data, struct wl_data_device *to,
	struct wl_data_offer *from)
{
	(void)data;
	(void)to;
	(void)from;
}

static const struct wl_data_device_listener device_listener = {
	.data_offer = handle_data_offer,
	.enter = handle_enter,
	.leave = handle_leave,
	.motion = handle_motion,
	.drop = handle_drop,
	.selection = handle_selection,
};

static void
read_text(void)
{
	char got[256];
	ssize_t len = read(reading, got, sizeof(got) - 1);
	must(len >= 0);
	if (len > 0) {
		got[len] = '\0';
		client_say("text %s", got);
		return;
	}
	fd_close(&reading);
	wl_data_offer_finish(offer);
	wl_data_offer_destroy(offer);
	offer = NULL;
}

int
main(int argc, char *argv[])
{
	text = argc > 1 ? argv[1] : NULL;
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	int signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	must(signals >= 0);

	client_init(&client);
	client.handle_button = handle_button;
	device = wl_data_device_manager_get_data_device(client.selections,
		client.seat);
	wl_data_device_add_listener(device, &device_listener, NULL);
	window_show(&window, &client, 200, 120, "drag");
	client_say("shown");
	for (;;) {
		struct pollfd fds[] = {
			{ wl_display_get_fd(client.display), POLLIN, 0 },
			{ signals, POLLIN, 0 },
			{ reading, POLLIN, 0 },
		};
		must(wl_display_flush(client.display) >= 0);
		must(poll(fds, 3, -1) > 0 || errno == EINTR);
		if (fds[1].revents != 0) {
			struct signalfd_siginfo info;
			must(read(signals, &info, sizeof(info))
				== (ssize_t)sizeof(info));
			begin_without_button();
		}
		if (fds[2].revents != 0) {
			read_text();
		}
		if (fds[0].revents != 0
				&& wl_display_dispatch(client.display) < 0) {
			client_say("disconnected");
			return EXIT_SUCCESS;
		}
	}
}
