/* SPDX-License-Identifier: MIT */
/*
 * clip [TEXT [HABIT]]: a window with a clipboard
 *
 * With TEXT that becomes the selection when the window gets the keyboard the
 * first time. Says "selection none" or "selection TYPE..." for each one that it is
 * offered, "text ..." for what it reads of it, "sent" when its own was asked for,
 * "cancelled" when that is over. "drop ..." is said of what is dragged over it.
 * HABIT: "image" offers a picture, "many" a thousand types; "silent" never
 * writes, "endless" never stops, "rude" writes half and ends; "deaf" (without a
 * TEXT: "") asks a hundred times for what it is offered and never reads it;
 * "stubborn" (the same) keeps the end that is written to and makes it block again;
 * "socket" (the same) reads from a socket and not from a pipe.
 * SIGUSR1: try to set the selection, without the keyboard and with an old serial.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"
#include "util/fd.h"

static struct client client;
static struct wl_data_device *device;
static const char *text;
static const char *habit = "";
static uint32_t last_serial;
static char offered[256];
static int reading = -1;

/* Return: whether that is all that is done about it. */
static bool
send_by_habit(int fd)
{
	if (strcmp(habit, "silent") == 0) {
		client_say("asked");	/* and keeps it open */
		return true;
	}
	if (strcmp(habit, "rude") == 0) {
		must(write(fd, text, strlen(text) / 2) > 0);
		client_say("asked");
		exit(EXIT_FAILURE);
	}
	if (strcmp(habit, "endless") != 0) {
		return false;
	}
	/* A process of its own, which ends when nobody reads. */
	client_say("asked");
	if (fork() == 0) {
		while (write(fd, text, strlen(text)) > 0) {
			continue;
		}
		_exit(EXIT_SUCCESS);
	}
	close(fd);
	return true;
}

static void
handle_send(void *data, struct wl_data_source *source, const char *type,
	int32_t fd)
{
	(void)data;
	(void)source;
	(void)type;
	if (send_by_habit(fd)) {
		return;
	}
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
handle_target(void *data, struct wl_data_source *source, const char *type)
{
	(void)data;
	(void)source;
	(void)type;
}

static const struct wl_data_source_listener source_listener = {
	.target = handle_target,
	.send = handle_send,
	.cancelled = handle_cancelled,
};

static void
set_selection(uint32_t serial)
{
	struct wl_data_source *source =
		wl_data_device_manager_create_data_source(client.selections);
	wl_data_source_add_listener(source, &source_listener, NULL);
	if (strcmp(habit, "many") == 0) {
		for (int i = 0; i < 1000; i++) {
			char type[32];
			snprintf(type, sizeof(type), "application/x-%d", i);
			wl_data_source_offer(source, type);
		}
	}
	wl_data_source_offer(source, strcmp(habit, "image") == 0 ? "image/png"
		: "text/plain");
	wl_data_device_set_selection(device, source, serial);
}

static void
handle_focus(struct client *to, uint32_t serial)
{
	(void)to;
	bool first = last_serial == 0;
	last_serial = serial;
	if (text != NULL && first) {
		set_selection(serial);
	}
}

static void
handle_offer_type(void *data, struct wl_data_offer *offer, const char *type)
{
	(void)data;
	(void)offer;
	strncat(offered, " ", sizeof(offered) - strlen(offered) - 1);
	strncat(offered, type, sizeof(offered) - strlen(offered) - 1);
}

static void
handle_actions(void *data, struct wl_data_offer *offer, uint32_t actions)
{
	(void)data;
	(void)offer;
	(void)actions;
}

static const struct wl_data_offer_listener offer_listener = {
	.offer = handle_offer_type,
	.source_actions = handle_actions,
	.action = handle_actions,
};

static void
handle_data_offer(void *data, struct wl_data_device *to,
	struct wl_data_offer *offer)
{
	(void)data;
	(void)to;
	offered[0] = '\0';
	wl_data_offer_add_listener(offer, &offer_listener, NULL);
}

static void
ask_in_vain(struct wl_data_offer *offer)
{
	for (int i = 0; i < 100; i++) {
		int ends[2];
		must(pipe2(ends, O_CLOEXEC) == 0);
		must(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 0);
		wl_data_offer_receive(offer, "text/plain", ends[1]);
		must(wl_display_flush(client.display) >= 0);
		close(ends[1]);
	}
	client_settle(&client);
	client_say("asked");
}

/*
 * The flags of what was sent are those of what is kept. With room for one page
 * the writer is in the middle as soon as there is something to read.
 */
static void
make_block(struct wl_data_offer *offer)
{
	char page[4096];
	int ends[2];
	must(pipe2(ends, O_CLOEXEC) == 0);
	must(fcntl(ends[1], F_SETPIPE_SZ, sizeof(page)) >= 0);
	wl_data_offer_receive(offer, "text/plain", ends[1]);
	client_settle(&client);
	must(poll(&(struct pollfd){ ends[0], POLLIN, 0 }, 1, -1) == 1);
	must(fcntl(ends[1], F_SETFL, O_WRONLY) == 0);
	must(read(ends[0], page, sizeof(page)) == sizeof(page));
	client_settle(&client);
	client_say("answered");
}

static void
handle_selection(void *data, struct wl_data_device *to,
	struct wl_data_offer *offer)
{
	(void)data;
	(void)to;
	if (offer == NULL) {
		client_say("selection none");
		return;
	}
	client_say("selection%s", offered);
	if (strcmp(habit, "stubborn") == 0) {
		make_block(offer);
		return;
	}
	if (strcmp(habit, "deaf") == 0) {
		ask_in_vain(offer);
	} else if (text == NULL) {
		int ends[2];
		fd_close(&reading);
		must(strcmp(habit, "socket") == 0
			? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				ends) == 0
			: pipe2(ends, O_CLOEXEC) == 0);
		wl_data_offer_receive(offer, "text/plain", ends[1]);
		close(ends[1]);
		reading = ends[0];
	}
}

static void
handle_drag_enter(void *data, struct wl_data_device *to, uint32_t serial,
	struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y,
	struct wl_data_offer *offer)
{
	(void)data;
	(void)to;
	(void)serial;
	(void)surface;
	(void)x;
	(void)y;
	client_say("drag%s", offer == NULL ? " of nothing" : offered);
}

static void
handle_drag_leave(void *data, struct wl_data_device *to)
{
	(void)data;
	(void)to;
}

static void
handle_drag_motion(void *data, struct wl_data_device *to, uint32_t time,
	wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)to;
	(void)time;
	(void)x;
	(void)y;
}

static const struct wl_data_device_listener device_listener = {
	.data_offer = handle_data_offer,
	.enter = handle_drag_enter,
	.leave = handle_drag_leave,
	.motion = handle_drag_motion,
	.drop = handle_drag_leave,
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
	client_say("text ends");
}

int
main(int argc, char *argv[])
{
	struct window window;
	text = argc > 1 && argv[1][0] != '\0' ? argv[1] : NULL;
	habit = argc > 2 ? argv[2] : "";
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	int signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	must(signals >= 0);

	client_init(&client);
	client.handle_focus = handle_focus;
	device = wl_data_device_manager_get_data_device(client.selections,
		client.seat);
	wl_data_device_add_listener(device, &device_listener, NULL);
	window_show(&window, &client, 200, 120, "clip");
	client_say("shown");
	for (;;) {
		struct pollfd fds[] = {
			{ wl_display_get_fd(client.display), POLLIN, 0 },
			{ signals, POLLIN, 0 },
			{ reading, POLLIN, 0 },
		};
		must(wl_display_flush(client.display) >= 0);
		must(poll(fds, 3, -1) > 0);
		if (fds[1].revents != 0) {
			struct signalfd_siginfo info;
			must(read(signals, &info, sizeof(info))
				== (ssize_t)sizeof(info));
			set_selection(last_serial);
			client_settle(&client);
			client_say("tried");
		}
		if (fds[2].revents != 0) {
			read_text();
		}
		if (fds[0].revents != 0
				&& wl_display_dispatch(client.display) < 0) {
			return EXIT_FAILURE;
		}
	}
}
