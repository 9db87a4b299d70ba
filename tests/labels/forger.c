/* SPDX-License-Identifier: MIT */
/*
 * forger TRICK [FILE [WIDTH HEIGHT]]: a client that paints what others look like
 *
 * FILE is a picture of something that was on the screen, which is made larger or
 * smaller if a size is given. As liar.c it shows a window of 300x200, does what its
 * trick is and says "shown"; "cursor" or "dragging" when it has set that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../lib/must.h"
#include "client.h"

#define SIDE_MAX 4096
#define FIELD 0xff00ffff
#define AWAY 20		/* so far from the arrow is what is dragged */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct client client;
static struct window window;
static uint32_t *picture;
static int width, height;

/* As large as it is to be painted: to its last row and column. */
static void
picture_read(const char *path, const char *to_width, const char *to_height)
{
	int from_width, from_height, max;
	FILE *file = fopen(path, "rbe");
	must(file != NULL);
	must(fscanf(file, "P6 %d %d %d", &from_width, &from_height, &max) == 3
		&& fgetc(file) != EOF && max == 255 && from_width > 1
		&& from_height > 1 && from_width <= SIDE_MAX
		&& from_height <= SIDE_MAX);
	const int count = from_width * from_height;
	uint32_t *from = calloc((size_t)count, sizeof(*from));
	must(from != NULL);
	for (int i = 0; i < count; i++) {
		unsigned char rgb[3];
		must(fread(rgb, 1, 3, file) == 3);
		from[i] = 0xff000000 | (uint32_t)rgb[0] << 16
			| (uint32_t)rgb[1] << 8 | rgb[2];
	}
	fclose(file);

	width = to_width == NULL ? from_width : atoi(to_width);
	height = to_height == NULL ? from_height : atoi(to_height);
	must(width > 1 && height > 1 && width <= SIDE_MAX
		&& height <= SIDE_MAX);
	picture = calloc((size_t)(width * height), sizeof(*picture));
	must(picture != NULL);
	for (int i = 0; i < width * height; i++) {
		const int x = i % width * (from_width - 1) / (width - 1);
		const int y = i / width * (from_height - 1) / (height - 1);
		picture[i] = from[y * from_width + x];
	}
	free(from);
}

/* Attach it, moved by an offset; no commit. */
static void
paint(struct wl_surface *surface, int x, int y)
{
	uint32_t *pixels;
	struct wl_buffer *buffer = client_picture(&client, width, height,
		&pixels);
	const size_t bytes = (size_t)(width * height) * sizeof(*pixels);
	memcpy(pixels, picture, bytes);
	munmap(pixels, bytes);
	wl_surface_attach(surface, buffer, x, y);
	wl_surface_damage(surface, 0, 0, width, height);
}

/* A surface that is small and good, and has all of the picture beside it. */
static void
paint_beside(struct wl_surface *surface, int x, int y)
{
	struct wl_surface *sub;
	wl_subsurface_set_desync(sub_create(&client, surface, -100, -100, 1, 1,
		&sub));
	paint(sub, 0, 0);
	wl_surface_commit(sub);
	wl_surface_attach(surface, client_buffer(&client, 32, 32, PAINT), x, y);
}

static void
show(void)
{
	window_show(&window, &client, 300, 200, "title");
}

/* What asks for a password, for others to copy. */
static void
prompt(void)
{
	struct wl_surface *field;
	window_show(&window, &client, 392, 268, "Password for the disk");
	wl_subsurface_set_desync(sub_create(&client, window.surface, 40, 120,
		312, 40, &field));
	client_fill(&client, field, 312, 40, FIELD);
	wl_surface_commit(field);
	wl_surface_commit(window.surface);
}

static void
paint_window(void)
{
	window_show(&window, &client, width, height, "title");
	paint(window.surface, 0, 0);
	wl_surface_commit(window.surface);
}

static struct wl_surface *
set_cursor(uint32_t serial, int spot_x, int spot_y)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	wl_pointer_set_cursor(client.pointer, serial, surface, spot_x, spot_y);
	return surface;
}

static void
cursor_at_once(struct client *to, uint32_t serial)
{
	(void)to;
	/* In the middle of the lower edge, or where one of 64x64 has that. */
	struct wl_surface *surface = set_cursor(serial, 32,
		height > 64 ? 63 : height - 1);
	paint(surface, 0, 0);
	wl_surface_commit(surface);
	client_say_handled(&client, "cursor");
}

/* Small while it is looked at, then all of it. */
static void
cursor_that_grows(struct client *to, uint32_t serial)
{
	struct wl_surface *surface = set_cursor(serial, 16, 16);
	client_fill(to, surface, 32, 32, PAINT);
	wl_surface_commit(surface);
	paint(surface, 0, 0);
	wl_surface_commit(surface);
	client_say_handled(&client, "cursor");
}

static void
cursor_beside(struct client *to, uint32_t serial)
{
	(void)to;
	struct wl_surface *surface = set_cursor(serial, 16, 16);
	paint_beside(surface, 0, 0);
	wl_surface_commit(surface);
	client_say_handled(&client, "cursor");
}

static void
cursor(void)
{
	client.handle_enter = cursor_at_once;
	show();
}

static void
cursor_grows(void)
{
	client.handle_enter = cursor_that_grows;
	show();
}

static void
cursor_sub(void)
{
	client.handle_enter = cursor_beside;
	show();
}

static struct wl_surface *
begin_drag(uint32_t serial)
{
	return client_drag(&client, wl_data_device_manager_get_data_device(
		client.selections, client.seat), window.surface, serial);
}

static void
drag_at_once(struct client *to, uint32_t serial)
{
	(void)to;
	struct wl_surface *icon = begin_drag(serial);
	paint(icon, AWAY, AWAY);
	wl_surface_commit(icon);
	client_say_handled(&client, "dragging");
}

static void
drag_moved(struct client *to, uint32_t serial)
{
	(void)to;
	struct wl_surface *icon = begin_drag(serial);
	paint(icon, -width / 2, -100);
	wl_surface_commit(icon);
	client_say_handled(&client, "dragging");
}

static void
drag_beside(struct client *to, uint32_t serial)
{
	(void)to;
	struct wl_surface *icon = begin_drag(serial);
	paint_beside(icon, AWAY, AWAY);
	wl_surface_commit(icon);
	client_say_handled(&client, "dragging");
}

static void
drag(void)
{
	client.handle_button = drag_at_once;
	show();
}

static void
drag_above(void)
{
	client.handle_button = drag_moved;
	show();
}

static void
drag_sub(void)
{
	client.handle_button = drag_beside;
	show();
}

static const struct trick tricks[] = {
	{ "prompt", prompt },
	{ "window", paint_window },
	{ "cursor", cursor },
	{ "cursor-grows", cursor_grows },
	{ "cursor-sub", cursor_sub },
	{ "drag", drag },
	{ "drag-above", drag_above },
	{ "drag-sub", drag_sub },
};

int
main(int argc, char *argv[])
{
	must(argc >= 2);
	if (argc > 2) {
		picture_read(argv[2], argc > 3 ? argv[3] : NULL,
			argc > 4 ? argv[4] : NULL);
	}
	return client_play(&client, argv[1], tricks, COUNT(tricks));
}
