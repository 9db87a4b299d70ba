/* SPDX-License-Identifier: MIT */
/*
 * stage-client COUNT WIDTH HEIGHT: the client of a stage
 *
 * It shows so many windows of that size, each with two buffers of its own, and then
 * does what its input says:
 *
 *   commit FIRST COUNT X Y WIDTH HEIGHT   so much of each is painted, by turns in
 *                                         the one buffer and in the other, which
 *                                         are the same otherwise
 *   title N TEXT                          window N is called that
 *   clear N                               window N is opaque in its middle only
 *   stretch N WIDTH HEIGHT                window N is stretched to that size
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "client.h"
#include "viewporter-client.h"

#define WINDOWS_MAX 64

struct picture {
	struct wl_buffer *buffer;
	uint32_t *pixels;
	bool busy;		/* the compositor reads it */
};

/* What was painted last, which the other picture lacks. */
struct stroke {
	int x;
	int y;
	int width;
	int height;
	uint32_t colour;
};

static struct client client;
static struct window windows[WINDOWS_MAX];
static struct picture pictures[WINDOWS_MAX][2];
static struct stroke strokes[WINDOWS_MAX];
static int turns[WINDOWS_MAX];
static int stride;		/* in pixels */

static void
handle_release(void *data, struct wl_buffer *buffer)
{
	struct picture *picture = data;
	(void)buffer;
	picture->busy = false;
}

static const struct wl_buffer_listener buffer_listener = {
	.release = handle_release,
};

static void
make_pictures(int count, int width, int height)
{
	stride = width;
	for (int i = 0; i < 2 * count; i++) {
		struct picture *picture = &pictures[i / 2][i % 2];
		picture->buffer = client_picture(&client, width, height,
			&picture->pixels);
		wl_buffer_add_listener(picture->buffer, &buffer_listener,
			picture);
		for (int n = 0; n < width * height; n++) {
			picture->pixels[n] = 0xff406080;
		}
	}
}

static void
paint(struct picture *picture, const struct stroke *stroke)
{
	for (int row = stroke->y; row < stroke->y + stroke->height; row++) {
		uint32_t *pixels = picture->pixels + row * stride + stroke->x;
		for (int n = 0; n < stroke->width; n++) {
			pixels[n] = stroke->colour;
		}
	}
}

static bool
covers(const struct stroke *stroke, const struct stroke *other)
{
	return stroke->x <= other->x && stroke->y <= other->y
		&& stroke->x + stroke->width >= other->x + other->width
		&& stroke->y + stroke->height >= other->y + other->height;
}

static void
commit(int first, int count, int x, int y, int width, int height)
{
	for (int i = first; i < first + count; i++) {
		const int turn = turns[i]++;
		struct picture *picture = &pictures[i][turn % 2];
		must(!picture->busy);
		/* One colour: no program does less than that. */
		const struct stroke stroke = { x, y, width, height,
			0xff000000 | (uint32_t)turn * 0x10203 };
		if (!covers(&stroke, &strokes[i])) {
			paint(picture, &strokes[i]);
		}
		paint(picture, &stroke);
		strokes[i] = stroke;
		wl_surface_attach(windows[i].surface, picture->buffer, 0, 0);
		wl_surface_damage(windows[i].surface, x, y, width, height);
		wl_surface_commit(windows[i].surface);
		picture->busy = true;
	}
}

/* It is opaque but for so much at its edges. */
static void
set_opaque(int n, int width, int height, int edge)
{
	struct wl_region *region =
		wl_compositor_create_region(client.compositor);
	wl_region_add(region, edge, edge, width - 2 * edge, height - 2 * edge);
	wl_surface_set_opaque_region(windows[n].surface, region);
	wl_region_destroy(region);
	wl_surface_commit(windows[n].surface);
}

static void
stretch(int n, int width, int height)
{
	struct wp_viewport *viewport = wp_viewporter_get_viewport(
		client_bind(&client, &wp_viewporter_interface),
		windows[n].surface);
	wp_viewport_set_destination(viewport, width + 16, height + 16);
	xdg_surface_set_window_geometry(windows[n].xdg, 7, 9, width, height);
	wl_surface_commit(windows[n].surface);
}

int
main(int argc, char *argv[])
{
	must(argc == 4);
	const int count = atoi(argv[1]);
	const int width = atoi(argv[2]), height = atoi(argv[3]);
	must(count <= WINDOWS_MAX);
	client_init(&client);
	for (int i = 0; i < count; i++) {
		window_show(&windows[i], &client, width, height, "title");
		set_opaque(i, width, height, 0);
	}
	wl_display_flush(client.display);
	make_pictures(count, width, height);
	char line[256];
	while (fgets(line, sizeof(line), stdin) != NULL) {
		int n, m, x, y, w, h, at = 0;
		if (sscanf(line, "commit %d %d %d %d %d %d", &n, &m, &x, &y,
				&w, &h) == 6) {
			commit(n, m, x, y, w, h);
		} else if (sscanf(line, "title %d %n", &n, &at) == 1) {
			line[strcspn(line, "\n")] = '\0';
			xdg_toplevel_set_title(windows[n].toplevel, line + at);
		} else if (sscanf(line, "stretch %d %d %d", &n, &w, &h) == 3) {
			stretch(n, w, h);
		} else {
			must(sscanf(line, "clear %d", &n) == 1);
			set_opaque(n, width, height, 8);
		}
		/* Events too: nobody else reads them. */
		if (wl_display_roundtrip(client.display) < 0) {
			break;
		}
	}
	return EXIT_SUCCESS;
}
