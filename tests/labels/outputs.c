/* SPDX-License-Identifier: MIT */
/* outputs: say what a client is told of the outputs, a line "WHAT TEXT" each */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wayland-client.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "xdg-output-client.h"

#define OUTPUTS_MAX 8

static struct wl_output *outputs[OUTPUTS_MAX];
static int count;
static struct zxdg_output_manager_v1 *manager;

static void
handle_geometry(void *data, struct wl_output *output, int32_t x, int32_t y,
	int32_t width_mm, int32_t height_mm, int32_t subpixel, const char *make,
	const char *model, int32_t transform)
{
	(void)data;
	(void)output;
	(void)x;
	(void)y;
	(void)width_mm;
	(void)height_mm;
	(void)subpixel;
	(void)transform;
	printf("make %s\nmodel %s\n", make, model);
}

static void
handle_mode(void *data, struct wl_output *output, uint32_t flags, int32_t width,
	int32_t height, int32_t refresh)
{
	(void)data;
	(void)output;
	(void)flags;
	(void)width;
	(void)height;
	(void)refresh;
}

static void
handle_done(void *data, struct wl_output *output)
{
	(void)data;
	(void)output;
}

static void
handle_scale(void *data, struct wl_output *output, int32_t factor)
{
	(void)data;
	(void)output;
	(void)factor;
}

static void
handle_name(void *data, struct wl_output *output, const char *name)
{
	(void)data;
	(void)output;
	printf("name %s\n", name);
}

static void
handle_description(void *data, struct wl_output *output, const char *description)
{
	(void)data;
	(void)output;
	printf("description %s\n", description);
}

static const struct wl_output_listener output_listener = {
	.geometry = handle_geometry,
	.mode = handle_mode,
	.done = handle_done,
	.scale = handle_scale,
	.name = handle_name,
	.description = handle_description,
};

static void
handle_xdg_pair(void *data, struct zxdg_output_v1 *output, int32_t a, int32_t b)
{
	(void)data;
	(void)output;
	(void)a;
	(void)b;
}

static void
handle_xdg_done(void *data, struct zxdg_output_v1 *output)
{
	(void)data;
	(void)output;
}

static void
handle_xdg_name(void *data, struct zxdg_output_v1 *output, const char *name)
{
	(void)data;
	(void)output;
	printf("xdg-name %s\n", name);
}

static void
handle_xdg_description(void *data, struct zxdg_output_v1 *output,
	const char *description)
{
	(void)data;
	(void)output;
	printf("xdg-description %s\n", description);
}

static const struct zxdg_output_v1_listener xdg_listener = {
	.logical_position = handle_xdg_pair,
	.logical_size = handle_xdg_pair,
	.done = handle_xdg_done,
	.name = handle_xdg_name,
	.description = handle_xdg_description,
};

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data;
	if (strcmp(interface, wl_output_interface.name) == 0) {
		must(count < OUTPUTS_MAX && version >= 4);
		outputs[count] = wl_registry_bind(registry, name,
			&wl_output_interface, 4);
		wl_output_add_listener(outputs[count++], &output_listener,
			NULL);
	} else if (strcmp(interface, zxdg_output_manager_v1_interface.name)
			== 0) {
		manager = wl_registry_bind(registry, name,
			&zxdg_output_manager_v1_interface, 2);
	}
}

static const struct wl_registry_listener registry_listener = {
	.global = handle_global,
	.global_remove = ignore_global_remove,
};

int
main(void)
{
	struct zxdg_output_v1 *described[OUTPUTS_MAX];
	struct wl_display *display = wl_display_connect(NULL);
	must(display != NULL);
	struct wl_registry *registry = wl_display_get_registry(display);
	wl_registry_add_listener(registry, &registry_listener, NULL);
	/* What there is, and what it says of itself. */
	must(wl_display_roundtrip(display) >= 0);
	must(wl_display_roundtrip(display) >= 0);
	must(manager != NULL);
	for (int i = 0; i < count; i++) {
		described[i] = zxdg_output_manager_v1_get_xdg_output(manager,
			outputs[i]);
		zxdg_output_v1_add_listener(described[i], &xdg_listener, NULL);
	}
	must(wl_display_roundtrip(display) >= 0);
	for (int i = 0; i < count; i++) {
		zxdg_output_v1_destroy(described[i]);
		wl_output_destroy(outputs[i]);
	}
	zxdg_output_manager_v1_destroy(manager);
	wl_registry_destroy(registry);
	wl_display_disconnect(display);
	return EXIT_SUCCESS;
}
