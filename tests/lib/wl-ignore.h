/* SPDX-License-Identifier: MIT */
/* Handlers for events that a client must take and has no interest in. */
#ifndef TESTS_WL_IGNORE_H
#define TESTS_WL_IGNORE_H

#include <wayland-client.h>

static inline void
ignore_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data;
	(void)registry;
	(void)name;
}

static inline void
ignore_modifiers(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	uint32_t depressed, uint32_t latched, uint32_t locked, uint32_t group)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)depressed;
	(void)latched;
	(void)locked;
	(void)group;
}

static inline void
ignore_repeat_info(void *data, struct wl_keyboard *keyboard, int32_t rate,
	int32_t delay)
{
	(void)data;
	(void)keyboard;
	(void)rate;
	(void)delay;
}

/* Of what a wl_data_source offers: target(). */
static inline void
ignore_target(void *data, struct wl_data_source *source, const char *type)
{
	(void)data;
	(void)source;
	(void)type;
}

/* Of a wl_data_offer: source_actions() and action(). */
static inline void
ignore_actions(void *data, struct wl_data_offer *offer, uint32_t actions)
{
	(void)data;
	(void)offer;
	(void)actions;
}

/* Of a wl_data_device: data_offer() and selection(). */
static inline void
ignore_offer(void *data, struct wl_data_device *device,
	struct wl_data_offer *offer)
{
	(void)data;
	(void)device;
	(void)offer;
}

/* Of a wl_data_device: leave() and drop(). */
static inline void
ignore_drag_end(void *data, struct wl_data_device *device)
{
	(void)data;
	(void)device;
}

static inline void
ignore_drag_motion(void *data, struct wl_data_device *device, uint32_t time,
	wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)device;
	(void)time;
	(void)x;
	(void)y;
}

#endif
