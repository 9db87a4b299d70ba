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
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "exchange.h"

static struct exchange exchange;
static struct wl_data_device *device;
static const char *habit = "";

/* Return: whether that is all that is done about it. */
static bool
send_by_habit(int fd)
{
	const char *text = exchange.text;
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
	if (!send_by_habit(fd)) {
		exchange_send(&exchange, fd);
	}
}

static void
handle_cancelled(void *data, struct wl_data_source *source)
{
	(void)data;
	wl_data_source_destroy(source);
	client_say("cancelled");
}

static const struct wl_data_source_listener source_listener = {
	.target = ignore_target,
	.send = handle_send,
	.cancelled = handle_cancelled,
};

static void
set_selection(uint32_t serial)
{
	struct wl_data_source *source =
		wl_data_device_manager_create_data_source(
			exchange.client.selections);
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
handle_offer_type(void *data, struct wl_data_offer *offer, const char *type)
{
	(void)data;
	(void)offer;
	exchange_note_type(&exchange, type);
}

static const struct wl_data_offer_listener offer_listener = {
	.offer = handle_offer_type,
	.source_actions = ignore_actions,
	.action = ignore_actions,
};

static void
handle_data_offer(void *data, struct wl_data_device *to,
	struct wl_data_offer *offer)
{
	(void)data;
	(void)to;
	exchange.offered[0] = '\0';
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
		must(wl_display_flush(exchange.client.display) >= 0);
		close(ends[1]);
	}
	client_settle(&exchange.client);
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
	client_settle(&exchange.client);
	must(poll(&(struct pollfd){ ends[0], POLLIN, 0 }, 1, -1) == 1);
	must(fcntl(ends[1], F_SETFL, O_WRONLY) == 0);
	must(read(ends[0], page, sizeof(page)) == sizeof(page));
	client_settle(&exchange.client);
	client_say("answered");
}

static int
ask_by_socket(void)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	exchange_read(&exchange, ends[0]);
	return ends[1];
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
	client_say("selection%s", exchange.offered);
	if (strcmp(habit, "stubborn") == 0) {
		make_block(offer);
		return;
	}
	if (strcmp(habit, "deaf") == 0) {
		ask_in_vain(offer);
	} else if (exchange.text == NULL) {
		int fd = strcmp(habit, "socket") == 0 ? ask_by_socket()
			: exchange_ask(&exchange);
		wl_data_offer_receive(offer, "text/plain", fd);
		close(fd);
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
	client_say("drag%s", offer == NULL ? " of nothing" : exchange.offered);
}

static const struct wl_data_device_listener device_listener = {
	.data_offer = handle_data_offer,
	.enter = handle_drag_enter,
	.leave = ignore_drag_end,
	.motion = ignore_drag_motion,
	.drop = ignore_drag_end,
	.selection = handle_selection,
};

static void
try(int signo)
{
	(void)signo;
	set_selection(exchange.last_serial);
	client_settle(&exchange.client);
	client_say("tried");
}

int
main(int argc, char *argv[])
{
	habit = argc > 2 ? argv[2] : "";
	exchange_init(&exchange,
		argc > 1 && argv[1][0] != '\0' ? argv[1] : NULL);
	exchange_give_at_focus(&exchange, set_selection);
	exchange.handle_signal = try;
	device = wl_data_device_manager_get_data_device(
		exchange.client.selections, exchange.client.seat);
	wl_data_device_add_listener(device, &device_listener, NULL);
	exchange_run(&exchange, "clip");
	return EXIT_SUCCESS;
}
