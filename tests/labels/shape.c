/* SPDX-License-Identifier: MIT */
/*
 * shape TRICK [ARGUMENT...]: a client that plays with how its pixels become a shape
 *
 * Viewports, scales, transforms, regions, geometries and positions at the edge of
 * what a number can hold. As liar.c it shows a window of 300x200, does what its
 * trick is and says "shown".
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../lib/must.h"
#include "client.h"
#include "single-pixel-client.h"
#include "viewporter-client.h"

#define WIDTH 300
#define HEIGHT 200
#define CHAIN 1000
#define CLOCK_SIZE 20
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct client client;
static struct window window;
static struct window clock_window;
static char **arguments;

/* A point that a number can hold, and the ones next to where it cannot. */
static const int32_t extremes[] = {
	INT32_MIN, INT32_MIN + 1, -(1 << 24) - 1, -1, 0, 1, (1 << 24) + 1,
	INT32_MAX - 1, INT32_MAX,
};

/* An argument that is to be one. */
static int
number(int n)
{
	must(arguments[n] != NULL);
	return atoi(arguments[n]);
}

static void
show(void)
{
	window_show(&window, &client, WIDTH, HEIGHT, "title");
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
	window_show(&clock_window, &client, CLOCK_SIZE, CLOCK_SIZE, "clock");
	client_fill(&client, clock_window.surface, CLOCK_SIZE, CLOCK_SIZE,
		UINT32_MAX);
	wl_surface_commit(clock_window.surface);
	client_settle(&client);
}

static void
handle_done(void *data, struct wl_callback *callback, uint32_t time)
{
	bool *done = data;
	(void)callback;
	(void)time;
	*done = true;
}

static const struct wl_callback_listener done_listener = {
	.done = handle_done,
};

/* What was committed so far has been drawn. */
static void
drawn(void)
{
	bool done = false;
	client_settle(&client);
	struct wl_callback *callback = wl_surface_frame(clock_window.surface);
	wl_callback_add_listener(callback, &done_listener, &done);
	wl_surface_commit(clock_window.surface);
	while (!done) {
		must(wl_display_dispatch(client.display) >= 0);
	}
	wl_callback_destroy(callback);
}

static void
honest(void)
{
	show();
}

static struct wl_region *
everywhere(void)
{
	struct wl_region *region =
		wl_compositor_create_region(client.compositor);
	wl_region_add(region, INT32_MIN / 2, INT32_MIN / 2, INT32_MAX,
		INT32_MAX);
	return region;
}

/* All of the screen is said to be hidden behind this window. */
static void
opaque(void)
{
	struct wl_surface *sub;
	show();
	wl_surface_set_opaque_region(window.surface, everywhere());
	wl_subsurface_set_desync(sub_create(&client, window.surface, -100,
		-100, WIDTH + 200, HEIGHT + 200, &sub));
	wl_surface_set_opaque_region(sub, everywhere());
	wl_surface_commit(sub);
	wl_surface_commit(window.surface);
}

/* Opaque it says, but for a point; and there is nothing to see in it. */
static void
opaque_glass(void)
{
	struct wl_region *region =
		wl_compositor_create_region(client.compositor);
	window_show(&window, &client, 500, 400, "title");
	wl_region_add(region, 0, 0, 499, 400);
	wl_surface_set_opaque_region(window.surface, region);
	client_fill(&client, window.surface, 500, 400, 0);
	wl_surface_commit(window.surface);
}

static void
input(void)
{
	struct wl_surface *sub;
	show();
	wl_surface_set_input_region(window.surface, everywhere());
	wl_subsurface_set_desync(sub_create(&client, window.surface, -200,
		-200, WIDTH + 400, HEIGHT + 400, &sub));
	wl_surface_set_input_region(sub, everywhere());
	wl_surface_commit(sub);
	wl_surface_commit(window.surface);
}

/* Buffers of all scales and transforms, each larger than what may show. */
static void
scales(void)
{
	show();
	for (int scale = 1; scale <= 4; scale++) {
		for (int transform = 0; transform < 8; transform++) {
			wl_surface_set_buffer_scale(window.surface, scale);
			wl_surface_set_buffer_transform(window.surface,
				transform);
			client_fill(&client, window.surface, 420 * scale,
				420 * scale, PAINT);
			xdg_surface_set_window_geometry(window.xdg, 60 + scale,
				50 + transform, WIDTH, HEIGHT);
			wl_surface_commit(window.surface);
			drawn();
		}
	}
}

/* What is cut off a stretched buffer, for many a ratio of the two. */
static void
viewport(void)
{
	show();
	struct wp_viewport *viewport = wp_viewporter_get_viewport(
		client_bind(&client, &wp_viewporter_interface), window.surface);
	for (int i = 1; i < 120; i++) {
		const int width = 2 + i % 23, across = i % 97 + 3;
		client_fill(&client, window.surface, width, width, PAINT);
		wp_viewport_set_destination(viewport, across, across);
		xdg_surface_set_window_geometry(window.xdg, i % 3 + 1,
			i % 2 + 1, across, across);
		if (i % 4 == 3) {
			wp_viewport_set_source(viewport, i % 5 * 10,
				i % 7 * 11, 256 + i, 200 + i);
		} else {
			wp_viewport_set_source(viewport, -256, -256, -256,
				-256);
		}
		wl_surface_commit(window.surface);
		drawn();
	}
	wp_viewport_set_source(viewport, -256, -256, -256, -256);
	wp_viewport_set_destination(viewport, WIDTH, HEIGHT);
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
}

/* A buffer of one pixel, or some, as large as a surface can be. */
static void
stretched(void)
{
	show();
	struct wp_viewport *viewport = wp_viewporter_get_viewport(
		client_bind(&client, &wp_viewporter_interface), window.surface);
	struct wp_single_pixel_buffer_manager_v1 *pixels = client_bind(&client,
		&wp_single_pixel_buffer_manager_v1_interface);
	static const int32_t sizes[] = {
		1, 256, 1 << 16, 1 << 24, 1 << 30, INT32_MAX,
	};
	for (size_t i = 0; i < COUNT(sizes) * COUNT(sizes); i++) {
		const int32_t size = sizes[i / COUNT(sizes)];
		const int32_t at = sizes[i % COUNT(sizes)];
		wl_surface_attach(window.surface, i % 2 == 0
			? wp_single_pixel_buffer_manager_v1_create_u32_rgba_buffer(
				pixels, UINT32_MAX, 0, UINT32_MAX, UINT32_MAX)
			: client_buffer(&client, 256, 16, PAINT), 0, 0);
		wl_surface_damage(window.surface, 0, 0, INT32_MAX, INT32_MAX);
		wp_viewport_set_destination(viewport, size, size);
		xdg_surface_set_window_geometry(window.xdg, at - 1, at / 2,
			INT32_MAX, INT32_MAX);
		wl_surface_commit(window.surface);
		drawn();
		xdg_surface_set_window_geometry(window.xdg,
			size > 10 ? size / 128 * 65 - 10 : 0, 0, WIDTH, HEIGHT);
		wl_surface_commit(window.surface);
		drawn();
	}
	wp_viewport_set_destination(viewport, WIDTH, HEIGHT);
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
}

/*
 * One pixel stretched to that size from the window's first frame on; what of it
 * is the window is not said, so all of it is.
 */
static void
born(void)
{
	window_make(&window, &client, "title");
	wl_surface_commit(window.surface);
	client_settle(&client);
	struct wp_viewport *viewport = wp_viewporter_get_viewport(
		client_bind(&client, &wp_viewporter_interface), window.surface);
	wp_viewport_set_destination(viewport, number(0), number(1));
	client_fill(&client, window.surface, 1, 1, PAINT);
	wl_surface_commit(window.surface);
}

static void
born_maximised(void)
{
	born();
	client_settle(&client);
	xdg_toplevel_set_maximized(window.toplevel);
	client_settle(&client);
	must(window.maximized);
}

/* What that is to look like: as many pixels as that. */
static void
large(void)
{
	window_show(&window, &client, number(0), number(1), "title");
}

/* All geometries whose numbers are extremes. */
static void
geometries(void)
{
	show();
	for (size_t i = 0; i < COUNT(extremes) * COUNT(extremes); i++) {
		const int32_t at = extremes[i / COUNT(extremes)];
		const int32_t size = extremes[i % COUNT(extremes)];
		if (size > 0) {
			xdg_surface_set_window_geometry(window.xdg, at, at / -2,
				size, size);
			wl_surface_commit(window.surface);
			drawn();
		}
	}
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
}

/* Subsurfaces of subsurfaces at places whose sums no number holds. */
static void
places(void)
{
	struct wl_surface *child, *grandchild;
	show();
	struct wl_subsurface *sub = sub_create(&client, window.surface, 0, 0,
		20, 20, &child);
	struct wl_subsurface *sub_of_sub = sub_create(&client, child, 0, 0,
		WIDTH + 200, HEIGHT + 200, &grandchild);
	wl_subsurface_set_desync(sub);
	wl_subsurface_set_desync(sub_of_sub);
	for (size_t i = 0; i < COUNT(extremes) * COUNT(extremes); i++) {
		const int32_t at = extremes[i / COUNT(extremes)];
		const int32_t back = extremes[i % COUNT(extremes)];
		wl_subsurface_set_position(sub, at, at);
		wl_subsurface_set_position(sub_of_sub, back, back);
		wl_surface_commit(grandchild);
		wl_surface_commit(child);
		wl_surface_commit(window.surface);
		drawn();
	}
	/* Together they are at -100, by way of an overflow. */
	wl_subsurface_set_position(sub, INT32_MAX, INT32_MAX);
	wl_subsurface_set_position(sub_of_sub, INT32_MAX - 98, INT32_MAX - 98);
	wl_surface_commit(child);
	wl_surface_commit(window.surface);
}

static void
chain(void)
{
	struct wl_surface *surfaces[CHAIN];
	show();
	struct wl_surface *parent = window.surface;
	for (int i = 0; i < CHAIN; i++) {
		sub_create(&client, parent, i % 2 == 0 ? -3 : 2, -2, 200, 200,
			&surfaces[i]);
		parent = surfaces[i];
	}
	for (int i = CHAIN - 1; i >= 0; i--) {
		wl_surface_commit(surfaces[i]);
	}
	wl_surface_commit(window.surface);
	client_settle(&client);
	/* And gone again, from the wrong end. */
	for (int i = 0; i < CHAIN / 2; i++) {
		wl_surface_attach(surfaces[i * 2], NULL, 0, 0);
		wl_surface_commit(surfaces[i * 2]);
	}
	wl_surface_commit(window.surface);
}

static void
handle_configure(void *data, struct xdg_surface *xdg, uint32_t serial)
{
	(void)data;
	xdg_surface_ack_configure(xdg, serial);
}

static const struct xdg_surface_listener xdg_listener = {
	.configure = handle_configure,
};

/* As if to lie where these rules say. */
static struct xdg_positioner *
rules(int32_t at, int32_t size, unsigned variant)
{
	struct xdg_positioner *positioner =
		xdg_wm_base_create_positioner(client.wm_base);
	xdg_positioner_set_size(positioner, size > 0 ? size : 1,
		size > 0 ? size : 1);
	xdg_positioner_set_anchor_rect(positioner, at, at,
		size > 0 ? size : 1, size > 0 ? size : 1);
	xdg_positioner_set_anchor(positioner, variant % 9);
	xdg_positioner_set_gravity(positioner, variant / 2 % 9);
	xdg_positioner_set_constraint_adjustment(positioner, variant % 64);
	xdg_positioner_set_offset(positioner, at, at / -2);
	return positioner;
}

/* Popups of popups, by rules that add up to more than a number holds. */
static void
popups(void)
{
	show();
	for (unsigned i = 0; i < COUNT(extremes) * COUNT(extremes); i++) {
		const int32_t at = extremes[i / COUNT(extremes)];
		const int32_t size = extremes[i % COUNT(extremes)];
		struct xdg_surface *parents[5] = { window.xdg };
		struct xdg_popup *roles[5];
		struct wl_surface *surfaces[5];
		for (int j = 1; j < 5; j++) {
			surfaces[j] = wl_compositor_create_surface(
				client.compositor);
			parents[j] = xdg_wm_base_get_xdg_surface(client.wm_base,
				surfaces[j]);
			xdg_surface_add_listener(parents[j], &xdg_listener,
				NULL);
			struct xdg_positioner *positioner = rules(at, size, i);
			roles[j] = xdg_surface_get_popup(parents[j],
				parents[j - 1], positioner);
			xdg_positioner_destroy(positioner);
			wl_surface_commit(surfaces[j]);
			client_settle(&client);
			client_fill(&client, surfaces[j], 50, 50, PAINT);
			wl_surface_commit(surfaces[j]);
			client_settle(&client);
			positioner = rules(size, at, i + 1);
			xdg_popup_reposition(roles[j], positioner, i);
			xdg_positioner_destroy(positioner);
			client_settle(&client);
			wl_surface_commit(surfaces[j]);
		}
		drawn();
		for (int j = 4; j > 0; j--) {
			xdg_popup_destroy(roles[j]);
			xdg_surface_destroy(parents[j]);
			wl_surface_destroy(surfaces[j]);
		}
	}
}

/* Cursors whose hot spot is far away, and moves. */
static void
point(struct client *to, uint32_t serial)
{
	for (size_t i = 0; i < COUNT(extremes) * COUNT(extremes); i++) {
		const int32_t at = extremes[i / COUNT(extremes)];
		const int32_t by = extremes[i % COUNT(extremes)];
		struct wl_surface *surface =
			wl_compositor_create_surface(to->compositor);
		wl_pointer_set_cursor(to->pointer, serial, surface, at, by);
		wl_surface_attach(surface, client_buffer(to, 32, 32, PAINT),
			by, at);
		wl_surface_commit(surface);
		wl_surface_attach(surface, client_buffer(to, 32, 32, PAINT),
			at, by);
		wl_surface_commit(surface);
	}
	client_say_handled(&client, "pointed");
}

static void
hotspots(void)
{
	client.handle_enter = point;
	window_show(&window, &client, WIDTH, HEIGHT, "title");
}

static const struct trick tricks[] = {
	{ "honest", honest },
	{ "opaque", opaque },
	{ "opaque-glass", opaque_glass },
	{ "input", input },
	{ "scales", scales },
	{ "viewport", viewport },
	{ "stretched", stretched },
	{ "born", born },
	{ "born-maximised", born_maximised },
	{ "large", large },
	{ "geometries", geometries },
	{ "places", places },
	{ "chain", chain },
	{ "popups", popups },
	{ "hotspots", hotspots },
};

int
main(int argc, char *argv[])
{
	must(argc >= 2);
	arguments = argv + 2;
	return client_play(&client, argv[1], tricks, COUNT(tricks));
}
