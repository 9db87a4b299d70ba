/* SPDX-License-Identifier: MIT */
/*
 * drag [TEXT]: a window that things are dragged from, or to
 *
 * With TEXT a press begins a drag of it: "dragging", then "sent" when it was
 * asked for, "dropped", "finished", "cancelled". Without TEXT it takes what comes:
 * "enter TYPE", "accepted", "leave", "drop", "text ...". SIGUSR1: begin a drag although no
 * button is held, a thousand times with nothing to drag and once with TEXT.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "exchange.h"

static struct exchange exchange;
static struct wl_data_device *device;
static struct wl_data_offer *offer;	/* that is over the window */
static char offered[64];

static void
handle_send(void *data, struct wl_data_source *source, const char *type,
	int32_t fd)
{
	(void)data;
	(void)source;
	(void)type;
	exchange_send(&exchange, fd);
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
	.target = ignore_target,
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
		wl_data_device_manager_create_data_source(
			exchange.client.selections);
	wl_data_source_add_listener(source, &source_listener, NULL);
	wl_data_source_offer(source, "text/plain");
	wl_data_source_set_actions(source,
		WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY);
	wl_data_device_start_drag(device, source, exchange.window.surface, NULL,
		serial);
}

static void
handle_button(struct client *to, uint32_t serial)
{
	exchange.last_serial = serial;
	if (exchange.text != NULL) {
		begin(serial);
		client_say_handled(to, "dragging");
	}
}

static void
begin_without_button(int signo)
{
	const uint32_t serial = exchange.last_serial;
	(void)signo;
	for (int i = 0; i < 1000; i++) {
		struct wl_surface *icon = i % 2 == 0 ? NULL
			: wl_compositor_create_surface(
				exchange.client.compositor);
		wl_data_device_start_drag(device, NULL, exchange.window.surface,
			icon, serial);
	}
	begin(serial);
	client_settle(&exchange.client);
	client_say("tried");
}

static void
handle_offer_type(void *data, struct wl_data_offer *from, const char *type)
{
	(void)data;
	(void)from;
	strncpy(offered, type, sizeof(offered) - 1);
}

static const struct wl_data_offer_listener offer_listener = {
	.offer = handle_offer_type,
	.source_actions = ignore_actions,
	.action = ignore_actions,
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
		client_say_handled(&exchange.client, "accepted");
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
handle_drop(void *data, struct wl_data_device *to)
{
	(void)data;
	(void)to;
	client_say("drop");
	must(offer != NULL);
	int fd = exchange_ask(&exchange);
	wl_data_offer_receive(offer, offered, fd);
	close(fd);
}

static const struct wl_data_device_listener device_listener = {
	.data_offer = handle_data_offer,
	.enter = handle_enter,
	.leave = handle_leave,
	.motion = ignore_drag_motion,
	.drop = handle_drop,
	.selection = ignore_offer,
};

static void
finish(void)
{
	wl_data_offer_finish(offer);
	wl_data_offer_destroy(offer);
	offer = NULL;
}

int
main(int argc, char *argv[])
{
	exchange_init(&exchange, argc > 1 ? argv[1] : NULL);
	exchange.client.handle_button = handle_button;
	exchange.handle_signal = begin_without_button;
	exchange.handle_end = finish;
	device = wl_data_device_manager_get_data_device(
		exchange.client.selections, exchange.client.seat);
	wl_data_device_add_listener(device, &device_listener, NULL);
	exchange_run(&exchange, "drag");
	return EXIT_SUCCESS;
}
