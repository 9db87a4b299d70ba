/* SPDX-License-Identifier: MIT */
/*
 * dragger TRICK: a window that drags as none should, at each press
 *
 * It says "dragging" after that, and "cancelled" for a source that is.
 */
#include <stdlib.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "client.h"

#define WIDTH 300
#define HEIGHT 200

static struct client client;
static struct window window;
static struct wl_data_device *device;
static struct wl_data_source *source;
static void (*drag)(uint32_t serial);

static void
handle_cancelled(void *data, struct wl_data_source *from)
{
	(void)data;
	(void)from;
	client_say("cancelled");
}

static void
handle_send(void *data, struct wl_data_source *from, const char *type, int fd)
{
	(void)data;
	(void)from;
	(void)type;
	(void)fd;
}

static const struct wl_data_source_listener source_listener = {
	.target = ignore_target,
	.send = handle_send,
	.cancelled = handle_cancelled,
};

/* Of version 1: such a source does not end with its drag. */
static void
make_source(void)
{
	struct wl_data_device_manager *manager =
		client_bind(&client, &wl_data_device_manager_interface);
	source = wl_data_device_manager_create_data_source(manager);
	wl_data_source_add_listener(source, &source_listener, NULL);
	wl_data_source_offer(source, "text/plain");
	device = wl_data_device_manager_get_data_device(manager, client.seat);
}

static void
start(uint32_t serial, struct wl_data_source *what)
{
	wl_data_device_start_drag(device, what, window.surface, NULL, serial);
}

/* The same source each time. */
static void
again(uint32_t serial)
{
	start(serial, source);
}

/* A drag, and ever more of them while that is on. */
static void
more(uint32_t serial)
{
	start(serial, source);
	for (int i = 0; i < 100
			&& wl_display_roundtrip(client.display) >= 0; i++) {
		for (int j = 0; j < 1000; j++) {
			start(serial, NULL);
		}
	}
}

static void
handle_button(struct client *to, uint32_t serial)
{
	(void)to;
	drag(serial);
	wl_display_roundtrip(client.display);
	client_say("dragging");
}

static void
show(void)
{
	window_show(&window, &client, WIDTH, HEIGHT, "title");
	make_source();
	client.handle_button = handle_button;
}

static void
same_source(void)
{
	show();
	drag = again;
}

static void
many(void)
{
	show();
	drag = more;
}

static const struct trick tricks[] = {
	{ "same-source", same_source },
	{ "many", many },
};

int
main(int argc, char *argv[])
{
	must(argc == 2);
	return client_play(&client, argv[1], tricks,
		sizeof(tricks) / sizeof(tricks[0]));
}
