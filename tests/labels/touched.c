/* SPDX-License-Identifier: MIT */
/*
 * touched [drag]: a window that says where it is touched, and "dragged over"; with
 * "drag" each touch begins to drag something with a picture of 60x60
 */
#include <stdlib.h>

#include "../lib/wl-ignore.h"
#include "client.h"

static struct client client;
static struct window window;
static struct wl_data_device *device;
static bool drags;

static void
start_drag(uint32_t serial)
{
	struct wl_surface *icon = client_drag(&client, device, window.surface,
		serial);
	client_fill(&client, icon, 60, 60, 0xff00ffff);
	wl_surface_commit(icon);
	client_say_handled(&client, "dragging");
}

static void
handle_down(void *data, struct wl_touch *touch, uint32_t serial, uint32_t time,
	struct wl_surface *surface, int32_t id, wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)touch;
	(void)time;
	(void)surface;
	client_say("down %d %d %d", id, wl_fixed_to_int(x), wl_fixed_to_int(y));
	if (drags) {
		start_drag(serial);
	}
}

static void
handle_up(void *data, struct wl_touch *touch, uint32_t serial, uint32_t time,
	int32_t id)
{
	(void)data;
	(void)touch;
	(void)serial;
	(void)time;
	client_say("up %d", id);
}

static void
handle_motion(void *data, struct wl_touch *touch, uint32_t time, int32_t id,
	wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)touch;
	(void)time;
	client_say("move %d %d %d", id, wl_fixed_to_int(x), wl_fixed_to_int(y));
}

static void
handle_frame(void *data, struct wl_touch *touch)
{
	(void)data;
	(void)touch;
}

static void
handle_cancel(void *data, struct wl_touch *touch)
{
	(void)data;
	(void)touch;
	client_say("cancelled");
}

static const struct wl_touch_listener touch_listener = {
	.down = handle_down,
	.up = handle_up,
	.motion = handle_motion,
	.frame = handle_frame,
	.cancel = handle_cancel,
};

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
	client_say("dragged over%s", offer == NULL ? " by nothing" : "");
}

static const struct wl_data_device_listener device_listener = {
	.data_offer = ignore_offer,
	.enter = handle_drag_enter,
	.leave = ignore_drag_end,
	.motion = ignore_drag_motion,
	.drop = ignore_drag_end,
	.selection = ignore_offer,
};

int
main(int argc, char *argv[])
{
	(void)argv;
	drags = argc > 1;
	client_init(&client);
	device = wl_data_device_manager_get_data_device(client.selections,
		client.seat);
	wl_data_device_add_listener(device, &device_listener, NULL);
	wl_touch_add_listener(wl_seat_get_touch(client.seat), &touch_listener,
		NULL);
	window_show(&window, &client, 300, 200, "touched");
	client_say("shown");
	client_stay(&client);
	return EXIT_SUCCESS;
}
