/* SPDX-License-Identifier: MIT */
/*
 * liar TRICK [TITLE]: a client that tries to be seen where it must not be
 *
 * It shows a window of 300x200 in a colour that nothing else has, does what its
 * trick is and says "shown". Then it stays until it is killed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"

#define WIDTH 300
#define HEIGHT 200

static struct client client;
static struct window window;
static const char *title = "title";

static void
show(int width, int height)
{
	window_show(&window, &client, width, height, title);
}

static void
honest(void)
{
	show(WIDTH, HEIGHT);
}

static void
huge(void)
{
	show(5000, 4000);
}

static void
tiny(void)
{
	show(1, 1);
}

/* Larger than it says, on all sides. */
static void
geometry(void)
{
	show(WIDTH, HEIGHT);
	client_fill(&client, window.surface, WIDTH + 200, HEIGHT + 200, PAINT);
	xdg_surface_set_window_geometry(window.xdg, 100, 100, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
}

/* The geometry begins before the surface and ends beyond it. */
static void
geometry_negative(void)
{
	show(WIDTH, HEIGHT);
	xdg_surface_set_window_geometry(window.xdg, -200, -150, WIDTH + 300,
		HEIGHT + 250);
	wl_surface_commit(window.surface);
}

/* Buffers that say they lie above and left of the one before. */
static void
offsets(void)
{
	static const int steps[] = { -1, -40, -64, -100, -5000, -(1 << 24) };
	show(WIDTH, HEIGHT);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct wl_buffer *buffer = client_buffer(&client, WIDTH,
			HEIGHT, PAINT);
		wl_surface_attach(window.surface, buffer, steps[i], steps[i]);
		wl_surface_damage(window.surface, 0, 0, WIDTH, HEIGHT);
		wl_surface_commit(window.surface);
		client_settle(&client);
	}
}

/* A geometry where there is no surface: nothing is left of it. */
static void
geometry_elsewhere(void)
{
	show(WIDTH, HEIGHT);
	xdg_surface_set_window_geometry(window.xdg, 5000, 5000, 10, 10);
	wl_surface_commit(window.surface);
}

static void
sub_over_title(void)
{
	struct wl_surface *surface;
	show(WIDTH, HEIGHT);
	struct wl_subsurface *sub = sub_create(&client, window.surface, -100,
		-100, WIDTH + 200, HEIGHT + 200, &surface);
	wl_subsurface_set_desync(sub);
	/* So that the window itself does not grow with it. */
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(surface);
	wl_surface_commit(window.surface);
}

/* A subsurface that has one of its own before the window knows of it. */
static void
sub_of_sub(void)
{
	struct wl_surface *child, *grandchild;
	show(WIDTH, HEIGHT);
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	wl_surface_commit(window.surface);
	client_settle(&client);
	sub_create(&client, window.surface, 10, 10, 20, 20, &child);
	sub_create(&client, child, -110, -110, WIDTH + 200, HEIGHT + 200,
		&grandchild);
	wl_surface_commit(grandchild);
	wl_surface_commit(child);
	wl_surface_commit(window.surface);
}

/* One that moves and takes its own along. */
static void
sub_moves(void)
{
	struct wl_surface *child, *grandchild;
	show(WIDTH, HEIGHT);
	xdg_surface_set_window_geometry(window.xdg, 0, 0, WIDTH, HEIGHT);
	struct wl_subsurface *sub = sub_create(&client, window.surface, 0, 0,
		20, 20, &child);
	wl_subsurface_set_desync(sub);
	wl_subsurface_set_desync(sub_create(&client, child, 0, 0, WIDTH,
		HEIGHT, &grandchild));
	wl_surface_commit(grandchild);
	wl_surface_commit(child);
	wl_surface_commit(window.surface);
	client_settle(&client);
	wl_surface_commit(grandchild);
	client_settle(&client);
	wl_subsurface_set_position(sub, -80, -70);
	wl_surface_commit(window.surface);
}

static void
popup_above(void)
{
	show(WIDTH, HEIGHT);
	popup_show(&window, -20, -1000, 200, 980, false);
}

static void
popup_over_title(void)
{
	show(WIDTH, HEIGHT);
	popup_show(&window, -30, -60, WIDTH + 60, 120, false);
}

static void
popup_outside(void)
{
	show(WIDTH, HEIGHT);
	popup_show(&window, -5000, 30, 100, 100, false);
}

static void
popup_huge(void)
{
	show(WIDTH, HEIGHT);
	popup_show(&window, -2000, -2000, 5000, 5000, false);
}

/* A popup within bounds, with a surface that is not. */
static void
popup_with_sub(void)
{
	struct wl_surface *sub;
	show(WIDTH, HEIGHT);
	struct wl_surface *popup = popup_show(&window, 150, 150, 200, 200,
		false);
	sub_create(&client, popup, -300, -300, 900, 900, &sub);
	wl_surface_commit(sub);
	wl_surface_commit(popup);
}

static void
popup_grab(void)
{
	show(WIDTH, HEIGHT);
	popup_show(&window, 10, 10, 50, 50, true);
}

/* A window with another in front of it, which is its dialog. */
static void
dialog(void)
{
	static struct window other;
	show(WIDTH, HEIGHT);
	window_make(&other, &client, title);
	xdg_toplevel_set_parent(other.toplevel, window.toplevel);
	window_map(&other, WIDTH / 3, HEIGHT / 4);
}

/* A dialog so high that it begins where its window cannot. */
static void
dialog_high(void)
{
	static struct window other;
	show(WIDTH, 600);
	client_fill(&client, window.surface, WIDTH, 1, PAINT);
	wl_surface_commit(window.surface);
	client_settle(&client);
	window_make(&other, &client, title);
	xdg_toplevel_set_parent(other.toplevel, window.toplevel);
	window_map(&other, WIDTH, 664);
	xdg_toplevel_set_parent(other.toplevel, window.toplevel);
}

/* To the front by way of a parent that it has no more. */
static void
orphan(void)
{
	static struct window other;
	show(WIDTH, HEIGHT);
	window_show(&other, &client, WIDTH, HEIGHT, title);
	for (int i = 0; i < 10; i++) {
		xdg_toplevel_set_parent(window.toplevel, other.toplevel);
		client_settle(&client);
		xdg_toplevel_set_parent(window.toplevel, NULL);
		client_settle(&client);
	}
}

/* It goes, and comes back larger without an answer to what it is told. */
static void
deaf(void)
{
	show(WIDTH / 3, HEIGHT / 2);
	wl_surface_attach(window.surface, NULL, 0, 0);
	wl_surface_commit(window.surface);
	client_settle(&client);
	window.configured = false;
	xdg_toplevel_set_title(window.toplevel, title);
	xdg_toplevel_set_maximized(window.toplevel);
	wl_surface_commit(window.surface);
	client_settle(&client);
	must(window.configured);
	client_fill(&client, window.surface, 600, 400, PAINT);
	wl_surface_commit(window.surface);
	must(wl_display_flush(client.display) >= 0);
	client_say("deaf");
	pause();
}

/* Gives its window back while the compositor waits for it, but not the surface. */
static void
half_gone(void)
{
	show(WIDTH, HEIGHT);
	xdg_toplevel_set_maximized(window.toplevel);
	client_settle(&client);
	must(window.maximized);
	xdg_toplevel_destroy(window.toplevel);
	client_settle(&client);
}

static struct wl_output *outputs[2];

static void
handle_output(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data;
	(void)version;
	if (strcmp(interface, wl_output_interface.name) == 0) {
		must(outputs[1] == NULL);
		outputs[outputs[0] != NULL] = wl_registry_bind(registry, name,
			&wl_output_interface, 1);
	}
}

static void
handle_output_gone(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data;
	(void)registry;
	(void)name;
}

static const struct wl_registry_listener output_listener = {
	.global = handle_output,
	.global_remove = handle_output_gone,
};

/* Full screen here and there, also of a dialog, on two outputs. */
static void
screens(void)
{
	static struct window other;
	struct wl_registry *registry = wl_display_get_registry(client.display);
	wl_registry_add_listener(registry, &output_listener, NULL);
	client_settle(&client);
	must(outputs[1] != NULL);
	show(WIDTH, HEIGHT);
	for (int i = 0; i < 4; i++) {
		xdg_toplevel_set_fullscreen(window.toplevel, outputs[i % 2]);
		client_settle(&client);
		xdg_toplevel_unset_fullscreen(window.toplevel);
		client_settle(&client);
	}
	client_say("went");
	window_make(&other, &client, title);
	xdg_toplevel_set_parent(other.toplevel, window.toplevel);
	window_map(&other, WIDTH, HEIGHT);
	for (int i = 0; i < 4; i++) {
		xdg_toplevel_set_fullscreen(other.toplevel, outputs[i % 2]);
		client_settle(&client);
	}
}

static void
full_screen(void)
{
	show(WIDTH, HEIGHT);
	for (int i = 0; i < 100; i++) {
		xdg_toplevel_set_fullscreen(window.toplevel, NULL);
		client_settle(&client);
		must(!window.fullscreen && window.maximized);
		if (i % 3 == 1) {
			xdg_toplevel_unset_fullscreen(window.toplevel);
			client_settle(&client);
			must(!window.fullscreen && !window.maximized);
		}
	}
	client_say("told %d %d", window.told_width, window.told_height);
	client_fill(&client, window.surface, 900, 600, PAINT);
	wl_surface_commit(window.surface);
}

/* The same where the answer may take more than one turn. */
static void
full_screens(void)
{
	show(WIDTH, HEIGHT);
	for (int i = 0; i < 10; i++) {
		xdg_toplevel_set_fullscreen(window.toplevel, NULL);
		while (!window.maximized) {
			must(wl_display_dispatch(client.display) >= 0);
		}
		must(!window.fullscreen);
		client_fill(&client, window.surface, window.told_width,
			window.told_height, PAINT);
		wl_surface_commit(window.surface);
		client_settle(&client);
	}
	client_say("told %d %d", window.told_width, window.told_height);
}

/* Full screen from the start, whatever it is told. */
static void
full_screen_first(void)
{
	window_make(&window, &client, title);
	xdg_toplevel_set_fullscreen(window.toplevel, NULL);
	window_map(&window, 3000, 2000);
	must(!window.fullscreen);
}

static void
storm(void)
{
	show(WIDTH, HEIGHT);
	for (int i = 0; i < 200; i++) {
		if (i % 2 == 0) {
			xdg_toplevel_set_maximized(window.toplevel);
		} else {
			xdg_toplevel_unset_maximized(window.toplevel);
		}
		const int size = 1 + i * 37 % 1200;
		client_fill(&client, window.surface, size, 1201 - size, PAINT);
		wl_surface_commit(window.surface);
	}
	xdg_toplevel_unset_maximized(window.toplevel);
	client_settle(&client);
	client_fill(&client, window.surface, WIDTH, HEIGHT, PAINT);
	wl_surface_commit(window.surface);
}

static void
foreign_app_id(void)
{
	show(WIDTH, HEIGHT);
	xdg_toplevel_set_app_id(window.toplevel, "personal");
}

/* Buffers and roles in every order that is not a protocol error. */
static void
again_and_again(void)
{
	show(WIDTH, HEIGHT);
	for (int i = 0; i < 50; i++) {
		wl_surface_attach(window.surface, NULL, 0, 0);
		wl_surface_commit(window.surface);
		if (i % 5 == 0) {
			wl_surface_commit(window.surface);
			xdg_toplevel_destroy(window.toplevel);
			xdg_surface_destroy(window.xdg);
			wl_surface_destroy(window.surface);
			show(WIDTH, HEIGHT);
			continue;
		}
		/* With the window went its title. */
		window.configured = false;
		xdg_toplevel_set_title(window.toplevel, title);
		wl_surface_commit(window.surface);
		client_settle(&client);
		must(window.configured);
		struct wl_buffer *buffer = client_buffer(&client, WIDTH,
			HEIGHT, PAINT);
		wl_surface_attach(window.surface, buffer, 0, 0);
		wl_surface_commit(window.surface);
		wl_buffer_destroy(buffer);
	}
}

/* As many as it is let; all in one place of memory. */
static void
windows(void)
{
	for (int i = 0; i < 30; i++) {
		struct window *other = calloc(1, sizeof(*other));
		must(other != NULL);
		window_show(other, &client, WIDTH, HEIGHT, title);
	}
}

static void
surfaces(void)
{
	show(WIDTH, HEIGHT);
	for (int i = 0; i < 5000; i++) {
		wl_compositor_create_surface(client.compositor);
	}
	/* What it is cut off by is its last word. */
	if (wl_display_roundtrip(client.display) < 0) {
		client_say("cut off");
		exit(EXIT_SUCCESS);
	}
}

static void
set_cursor(uint32_t serial, int width, int height, int x, int y)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	wl_pointer_set_cursor(client.pointer, serial, surface, x, y);
	client_fill(&client, surface, width, height, 0xff00ffff);
	wl_surface_commit(surface);
	client_say_handled(&client, "cursor");
}

static void
set_cursor_good(struct client *to, uint32_t serial)
{
	(void)to;
	set_cursor(serial, 64, 64, 32, 63);
}

static void
set_cursor_large(struct client *to, uint32_t serial)
{
	(void)to;
	set_cursor(serial, 400, 300, 0, 0);
}

static void
set_cursor_far(struct client *to, uint32_t serial)
{
	(void)to;
	set_cursor(serial, 64, 64, -100, -100);
}

static void
cursor(void)
{
	client.handle_enter = set_cursor_good;
	show(WIDTH, HEIGHT);
}

static void
cursor_large(void)
{
	client.handle_enter = set_cursor_large;
	show(WIDTH, HEIGHT);
}

static void
cursor_far(void)
{
	client.handle_enter = set_cursor_far;
	show(WIDTH, HEIGHT);
}

static void
drag(struct client *to, uint32_t serial)
{
	struct wl_surface *icon = client_drag(to,
		wl_data_device_manager_get_data_device(to->selections,
			to->seat), window.surface, serial);
	client_fill(to, icon, 500, 400, 0xff00ffff);
	wl_surface_commit(icon);
	client_say_handled(to, "dragging");
}

static void
drag_icon(void)
{
	client.handle_button = drag;
	show(WIDTH, HEIGHT);
}

static const struct trick tricks[] = {
	{ "honest", honest },
	{ "huge", huge },
	{ "tiny", tiny },
	{ "geometry", geometry },
	{ "geometry-negative", geometry_negative },
	{ "offsets", offsets },
	{ "geometry-elsewhere", geometry_elsewhere },
	{ "sub-over-title", sub_over_title },
	{ "sub-of-sub", sub_of_sub },
	{ "sub-moves", sub_moves },
	{ "popup-above", popup_above },
	{ "popup-over-title", popup_over_title },
	{ "popup-outside", popup_outside },
	{ "popup-huge", popup_huge },
	{ "popup-with-sub", popup_with_sub },
	{ "popup-grab", popup_grab },
	{ "dialog", dialog },
	{ "dialog-high", dialog_high },
	{ "orphan", orphan },
	{ "deaf", deaf },
	{ "half-gone", half_gone },
	{ "screens", screens },
	{ "full-screen", full_screen },
	{ "full-screens", full_screens },
	{ "full-screen-first", full_screen_first },
	{ "storm", storm },
	{ "foreign-app-id", foreign_app_id },
	{ "again-and-again", again_and_again },
	{ "windows", windows },
	{ "surfaces", surfaces },
	{ "cursor", cursor },
	{ "cursor-large", cursor_large },
	{ "cursor-far", cursor_far },
	{ "drag-icon", drag_icon },
};

int
main(int argc, char *argv[])
{
	must(argc >= 2);
	if (argc > 2) {
		title = argv[2];
	}
	return client_play(&client, argv[1], tricks,
		sizeof(tricks) / sizeof(tricks[0]));
}
