/* SPDX-License-Identifier: MIT */
/*
 * flood TRICK: a client that makes the compositor hold more than is good for it
 *
 * It says "cut off" if it is disconnected for it, and else "shown"; then it stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"
#include "util/fd.h"

#define WIDTH 300
#define HEIGHT 200
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct client client;
static struct window window;

static void
show(void)
{
	window_show(&window, &client, WIDTH, HEIGHT, "title");
}

static struct wl_shm_pool *
pool(off_t bytes, int32_t said)
{
	int fd = fd_memfd("flood", (size_t)bytes, 0);
	must(fd >= 0);
	struct wl_shm_pool *made =
		wl_shm_create_pool(client.shm, fd, said);
	close(fd);
	return made;
}

static void
handle_configure(void *data, struct xdg_surface *xdg, uint32_t serial)
{
	bool *answer = data;
	if (answer == NULL || *answer) {
		xdg_surface_ack_configure(xdg, serial);
	}
}

static const struct xdg_surface_listener xdg_listener = {
	.configure = handle_configure,
};

/* Ten thousand windows, mapped as far as they are let. */
static void
toplevels(void)
{
	struct wl_buffer *buffer = client_buffer(&client, 10, 10, PAINT);
	struct wl_surface *surfaces[100];
	for (int i = 0; i < 100 && client_goes_on(&client); i++) {
		for (size_t j = 0; j < COUNT(surfaces); j++) {
			surfaces[j] =
				wl_compositor_create_surface(client.compositor);
			struct xdg_surface *xdg = xdg_wm_base_get_xdg_surface(
				client.wm_base, surfaces[j]);
			xdg_surface_add_listener(xdg, &xdg_listener, NULL);
			xdg_surface_get_toplevel(xdg);
			wl_surface_commit(surfaces[j]);
		}
		if (!client_goes_on(&client) || !client_goes_on(&client)) {
			return;
		}
		for (size_t j = 0; j < COUNT(surfaces); j++) {
			wl_surface_attach(surfaces[j], buffer, 0, 0);
			wl_surface_commit(surfaces[j]);
		}
	}
}

static void
surfaces(void)
{
	for (int i = 0; i < 100 && client_goes_on(&client); i++) {
		for (int j = 0; j < 50; j++) {
			wl_compositor_create_surface(client.compositor);
		}
	}
}

/* Callbacks for a frame that never comes. */
static void
callbacks(void)
{
	show();
	for (int i = 0; i < 1000 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			wl_surface_frame(window.surface);
		}
	}
}

/* As many objects, but not at once. */
static void
turnover(void)
{
	show();
	for (int i = 0; i < 1000 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			wl_region_destroy(wl_compositor_create_region(
				client.compositor));
		}
	}
}

static void
make_pools(int count)
{
	int fd = fd_memfd("flood", 4096, 0);
	must(fd >= 0);
	for (int i = 0; i < count / 20 && client_goes_on(&client); i++) {
		for (int j = 0; j < 20; j++) {
			wl_shm_create_pool(client.shm, fd, 4096);
		}
	}
}

static void
pools(void)
{
	make_pools(4000);
}

static void
pools_many(void)
{
	make_pools(1900);
}

static void
pools_some(void)
{
	make_pools(800);
}

static void
pools_few(void)
{
	make_pools(100);
}

static void
memory(void)
{
	for (int i = 0; i < 10 && client_goes_on(&client); i++) {
		pool(INT32_MAX, 50 << 20);
	}
}

static void
memory_grows(void)
{
	struct wl_shm_pool *growing = pool(INT32_MAX, 4096);
	for (int i = 1; i < 50 && client_goes_on(&client); i++) {
		wl_shm_pool_resize(growing, i * (40 << 20));
	}
}

/* One piece of memory, shown by many a surface. */
static void
memory_shown(void)
{
	struct wl_shm_pool *shared = pool(16 << 20, 16 << 20);
	struct wl_buffer *buffer = wl_shm_pool_create_buffer(shared, 0, 2048,
		2048, 2048 * 4, WL_SHM_FORMAT_ARGB8888);
	for (int i = 0; i < 100 && client_goes_on(&client); i++) {
		struct wl_surface *surface =
			wl_compositor_create_surface(client.compositor);
		wl_surface_attach(surface, buffer, 0, 0);
		wl_surface_commit(surface);
	}
}

/* Pools and buffers that are gone before they are shown, hundreds in turn. */
static void
memory_returned(void)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	for (int i = 0; i < 300 && client_goes_on(&client); i++) {
		struct wl_shm_pool *made = pool(40 << 20, 40 << 20);
		struct wl_buffer *buffer = wl_shm_pool_create_buffer(made, 0,
			16, 16, 64, WL_SHM_FORMAT_ARGB8888);
		if (i % 3 == 0) {
			wl_shm_pool_destroy(made);
		}
		wl_surface_attach(surface, buffer, 0, 0);
		wl_surface_commit(surface);
		if (i % 2 == 0) {
			wl_buffer_destroy(buffer);
		}
		wl_surface_attach(surface, NULL, 0, 0);
		wl_surface_commit(surface);
		if (i % 2 == 1) {
			wl_buffer_destroy(buffer);
		}
		if (i % 3 != 0) {
			wl_shm_pool_destroy(made);
		}
	}
}

static void
wide(void)
{
	wl_shm_pool_create_buffer(pool(1 << 20, 1 << 20), 0, 20000, 1, 80000,
		WL_SHM_FORMAT_ARGB8888);
}

/* In sources of a few each; nothing is ever done with them. */
static void
mime_types(void)
{
	static char type[4001];
	memset(type, 'a', sizeof(type) - 1);
	for (int i = 0; i < 4000 && client_goes_on(&client); i++) {
		struct wl_data_source *source =
			wl_data_device_manager_create_data_source(
				client.selections);
		for (int j = 0; j < 16; j++) {
			wl_data_source_offer(source, type);
		}
	}
}

/* In one source: each is compared with all before it. */
static void
mime_types_of_one(void)
{
	struct wl_data_source *source =
		wl_data_device_manager_create_data_source(client.selections);
	for (int i = 0; i < 50 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			char type[32];
			snprintf(type, sizeof(type), "application/x-%d",
				i * 100 + j);
			wl_data_source_offer(source, type);
		}
	}
}

/* One region of many pieces that do not touch. */
static void
region_of_many(void)
{
	struct wl_region *region =
		wl_compositor_create_region(client.compositor);
	for (int i = 0; i < 200 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			wl_region_add(region, j * 2, i * 2, 1, 1);
		}
	}
}

/*
 * Bars and beams across them: as many pieces as the product of both, to be copied
 * to every surface that has them.
 */
static struct wl_region *
grid(int bars)
{
	struct wl_region *region =
		wl_compositor_create_region(client.compositor);
	for (int i = 0; i < bars; i++) {
		wl_region_add(region, 2 * i, 0, 1, 2 * bars);
	}
	for (int i = 0; i < bars && client_goes_on(&client); i++) {
		wl_region_add(region, 0, 2 * i, 2 * bars, 1);
	}
	return region;
}

static void
grids(void)
{
	grid(600);
}

static void
grids_copied(void)
{
	struct wl_region *region = grid(90);
	for (int i = 0; i < 1000 && client_goes_on(&client); i++) {
		struct wl_surface *surface =
			wl_compositor_create_surface(client.compositor);
		wl_surface_set_opaque_region(surface, region);
		wl_surface_commit(surface);
	}
}

/* The same, with commits that wait. */
static void
grids_waiting(void)
{
	struct wl_region *region = grid(90);
	struct wl_surface *sub;
	show();
	sub_create(&client, window.surface, 0, 0, 10, 10, &sub);
	wl_surface_set_input_region(sub, region);
	for (int i = 0; i < 5000 && client_goes_on(&client); i++) {
		wl_surface_commit(sub);
	}
}

/* Bars and beams again, on forty surfaces that are never committed. */
static void
damage(void)
{
	const int bars = 500;
	for (int i = 0; i < 40 && client_goes_on(&client); i++) {
		struct wl_surface *surface =
			wl_compositor_create_surface(client.compositor);
		for (int j = 0; j < bars; j++) {
			wl_surface_damage(surface, 2 * j, 0, 1, 2 * bars);
			wl_surface_damage_buffer(surface, 2 * j, 0, 1,
				2 * bars);
		}
		for (int j = 0; j < bars && client_goes_on(&client); j++) {
			wl_surface_damage(surface, 0, 2 * j, 2 * bars, 1);
			wl_surface_damage_buffer(surface, 0, 2 * j, 2 * bars,
				1);
		}
	}
}

/* Pieces that do not touch, in each of twenty commits. */
static void
damage_enough(void)
{
	show();
	for (int i = 0; i < 20 && client_goes_on(&client); i++) {
		for (int j = 0; j < 4000; j++) {
			wl_surface_damage(window.surface, j % 100 * 2,
				j / 100 * 2, 1, 1);
		}
		wl_surface_commit(window.surface);
	}
}

/* Send what there is to send, and read nothing. */
static bool
push(void)
{
	struct pollfd poller = {
		.fd = wl_display_get_fd(client.display),
		.events = POLLOUT,
	};
	while (wl_display_flush(client.display) < 0) {
		if (errno != EAGAIN || poll(&poller, 1, -1) < 0) {
			return false;
		}
	}
	return true;
}

/* A program that types into the window has brought a keymap. */
static void
wait_for_keymap(void)
{
	show();
	while (!client.has_keymap) {
		must(wl_display_dispatch(client.display) >= 0);
	}
}

/* Each keyboard is told its keymap, by a descriptor that stays unread. */
static void
keymaps(void)
{
	wait_for_keymap();
	for (int i = 0; i < 10000 && push(); i++) {
		wl_keyboard_release(wl_seat_get_keyboard(client.seat));
	}
}

static void
keymaps_taken(void)
{
	wait_for_keymap();
	for (int i = 0; i < 100 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			wl_keyboard_release(wl_seat_get_keyboard(client.seat));
		}
	}
}

/* Commits that are carried out when the parent's is, which is never. */
static void
waiting(void)
{
	struct wl_surface *sub;
	show();
	sub_create(&client, window.surface, 0, 0, 10, 10, &sub);
	for (int i = 0; i < 400 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			wl_surface_commit(sub);
		}
	}
}

/* As many, but carried out. */
static void
waiting_enough(void)
{
	struct wl_surface *sub;
	show();
	sub_create(&client, window.surface, 0, 0, 10, 10, &sub);
	for (int i = 0; i < 400 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			wl_surface_commit(sub);
		}
		wl_surface_commit(window.surface);
	}
}

/* Each is another, and each might be drawn. */
static void
titles(void)
{
	show();
	for (int i = 0; i < 300 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			char title[64];
			snprintf(title, sizeof(title), "number %d of many "
				"titles that nobody can read", i * 100 + j);
			xdg_toplevel_set_title(window.toplevel, title);
		}
	}
	xdg_toplevel_set_title(window.toplevel, "title");
}

/* A bar of another width each time. */
static void
widths(void)
{
	show();
	for (int i = 0; i < 300 && client_goes_on(&client); i++) {
		for (int j = 0; j < 100; j++) {
			xdg_surface_set_window_geometry(window.xdg, 0, 0,
				100 + j, HEIGHT);
			wl_surface_commit(window.surface);
		}
	}
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
}

/* Maximised and not, again and again; no answer is looked at. */
static void
maximise(bool answers)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	struct xdg_surface *xdg =
		xdg_wm_base_get_xdg_surface(client.wm_base, surface);
	xdg_surface_add_listener(xdg, &xdg_listener, &answers);
	struct xdg_toplevel *toplevel = xdg_surface_get_toplevel(xdg);
	wl_surface_commit(surface);
	for (int i = 0; i < 1500 && client_goes_on(&client); i++) {
		xdg_toplevel_set_maximized(toplevel);
		client_goes_on(&client);
		xdg_toplevel_unset_maximized(toplevel);
	}
	xdg_surface_set_user_data(xdg, NULL);
}

static void
maximise_unread(void)
{
	maximise(false);
}

static void
maximise_storm(void)
{
	maximise(true);
}

/* Parents of parents, and then one that is its own grandparent. */
static void
parents(void)
{
	static struct window windows[150];
	for (size_t i = 0; i < COUNT(windows); i++) {
		window_show(&windows[i], &client, 10, 10, "title");
		if (i > 0) {
			xdg_toplevel_set_parent(windows[i].toplevel,
				windows[i - 1].toplevel);
		}
	}
	must(client_goes_on(&client));
	/* From the middle on they get another parent. */
	xdg_toplevel_destroy(windows[75].toplevel);
	xdg_surface_destroy(windows[75].xdg);
	must(client_goes_on(&client));
	xdg_toplevel_set_parent(windows[0].toplevel, windows[149].toplevel);
}

/* Memory that is not where it is said to be. */
static const struct {
	off_t bytes;
	int32_t said;
	int32_t grown;		/* 0: not at all */
	int32_t offset;
	int32_t width;
	int32_t height;
	int32_t stride;
	uint32_t format;
} buffers[] = {
	{ 4096, 4096, 0, 0, 32, 32, INT32_MAX, 0 },
	{ 4096, 4096, 0, 0, 32, 32, INT32_MIN, 0 },
	{ 4096, 4096, 0, 0, INT32_MAX, 1, INT32_MAX, 0 },
	{ 4096, 4096, 0, 0, 1 << 30, 2, 0, 0 },
	{ 4096, 4096, 0, 0, 1, INT32_MAX, 4, 0 },
	{ 4096, 4096, 0, 0, 65536, 65536, 65536, 0 },
	{ 4096, 4096, 0, 0, 1, 1, 1, 0 },
	{ 4096, 4096, 0, 4093, 1, 1, 4, 0 },
	{ 4096, 4096, 0, INT32_MAX, 1, 1, 4, 0 },
	{ 4096, 4096, 0, INT32_MIN, 1, 1, 4, 0 },
	{ 4096, 4096, 0, -4, 1, 1, 4, 0 },
	{ 4096, 4096, 0, 1, 31, 31, 128, 0 },
	{ 4096, 4096, 0, 0, 32, 32, 128, UINT32_MAX },
	{ 4096, 4096, 0, 0, 0, 32, 128, 0 },
	{ 4096, 4096, 0, 0, -1, -1, -4, 0 },
	{ 4096, 0, 0, 0, 32, 32, 128, 0 },
	{ 4096, -1, 0, 0, 32, 32, 128, 0 },
	{ 4096, INT32_MIN, 0, 0, 32, 32, 128, 0 },
	{ 4096, 4096, 1, 0, 32, 32, 128, 0 },
	{ 4096, 4096, -1, 0, 32, 32, 128, 0 },
	{ 4096, 4096, INT32_MIN, 0, 32, 32, 128, 0 },
	{ 0, 4096, 0, 0, 32, 32, 128, 0 },
	{ 4096, 1 << 20, 0, 0, 512, 512, 2048, 0 },
	{ 4096, 4096, 1 << 20, 0, 512, 512, 2048, 0 },
	{ 4096, 4096, 0, 0, 32, 32, 128, 0 },
};

/* Each lie on a connection of its own; and each is drawn, if it can be. */
static void
lies(void)
{
	for (size_t i = 0; i < COUNT(buffers); i++) {
		struct wl_display *first = client.display;
		client = (struct client){ 0 };
		client_init(&client);
		show();
		struct wl_shm_pool *made =
			pool(buffers[i].bytes, buffers[i].said);
		if (buffers[i].grown != 0) {
			wl_shm_pool_resize(made, buffers[i].grown);
		}
		wl_surface_attach(window.surface, wl_shm_pool_create_buffer(
			made, buffers[i].offset, buffers[i].width,
			buffers[i].height, buffers[i].stride,
			buffers[i].format), 0, 0);
		wl_surface_damage(window.surface, 0, 0, INT32_MAX, INT32_MAX);
		wl_callback_destroy(wl_surface_frame(window.surface));
		wl_surface_commit(window.surface);
		client_say("%zu %s", i, client_goes_on(&client) && client_goes_on(&client) ? "taken"
			: "refused");
		wl_display_disconnect(client.display);
		client.display = first;
	}
	client = (struct client){ 0 };
	client_init(&client);
}

/* Memory that is taken away from under what is shown. */
static void
shrinks(void)
{
	const int32_t bytes = WIDTH * HEIGHT * 4;
	show();
	for (int i = 0; i < 20; i++) {
		int fd = fd_memfd("flood", (size_t)bytes, 0);
		must(fd >= 0);
		struct wl_shm_pool *made =
			wl_shm_create_pool(client.shm, fd, bytes);
		struct wl_buffer *buffer = wl_shm_pool_create_buffer(made, 0,
			WIDTH, HEIGHT, WIDTH * 4, WL_SHM_FORMAT_ARGB8888);
		wl_surface_attach(window.surface, buffer, 0, 0);
		wl_surface_damage(window.surface, 0, 0, WIDTH, HEIGHT);
		wl_surface_commit(window.surface);
		if (i % 2 == 0) {
			client_settle(&client);
		}
		must(ftruncate(fd, i * 100) == 0);
		client_settle(&client);
		close(fd);
		wl_shm_pool_destroy(made);
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} tricks[] = {
	{ "toplevels", toplevels },
	{ "surfaces", surfaces },
	{ "callbacks", callbacks },
	{ "turnover", turnover },
	{ "pools", pools },
	{ "pools-many", pools_many },
	{ "pools-some", pools_some },
	{ "pools-few", pools_few },
	{ "memory", memory },
	{ "memory-grows", memory_grows },
	{ "memory-shown", memory_shown },
	{ "memory-returned", memory_returned },
	{ "wide", wide },
	{ "mime-types", mime_types },
	{ "mime-types-of-one", mime_types_of_one },
	{ "region-of-many", region_of_many },
	{ "grids", grids },
	{ "grids-copied", grids_copied },
	{ "grids-waiting", grids_waiting },
	{ "damage", damage },
	{ "damage-enough", damage_enough },
	{ "keymaps", keymaps },
	{ "keymaps-taken", keymaps_taken },
	{ "waiting", waiting },
	{ "waiting-enough", waiting_enough },
	{ "titles", titles },
	{ "widths", widths },
	{ "maximise-unread", maximise_unread },
	{ "maximise-storm", maximise_storm },
	{ "parents", parents },
	{ "lies", lies },
	{ "shrinks", shrinks },
};

int
main(int argc, char *argv[])
{
	must(argc == 2);
	for (size_t i = 0; i < COUNT(tricks); i++) {
		if (strcmp(argv[1], tricks[i].name) == 0) {
			client_init(&client);
			tricks[i].run();
			client_say(client_goes_on(&client) ? "shown" : "cut off");
			client_stay(&client);
			return EXIT_SUCCESS;
		}
	}
	return 2;
}
