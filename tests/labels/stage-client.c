/* SPDX-License-Identifier: MIT */
/*
 * stage-client COUNT WIDTH HEIGHT: the client of a stage
 *
 * It shows so many windows of that size and then does what its input says:
 *
 *   commit FIRST COUNT X Y WIDTH HEIGHT   so much of each has changed
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

static struct client client;
static struct window windows[WINDOWS_MAX];
static struct wl_buffer *buffers[2];
static int turn;

static void
commit(int first, int count, int x, int y, int width, int height)
{
	turn++;
	for (int i = first; i < first + count; i++) {
		wl_surface_attach(windows[i].surface, buffers[turn % 2], 0, 0);
		wl_surface_damage(windows[i].surface, x, y, width, height);
		wl_surface_commit(windows[i].surface);
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
	buffers[0] = client_buffer(&client, width, height, 0xff406080);
	buffers[1] = client_buffer(&client, width, height, 0xff806040);
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
