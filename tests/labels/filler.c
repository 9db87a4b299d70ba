/* SPDX-License-Identifier: MIT */
/*
 * filler FIFO: a window that does as it is told
 *
 * It paints itself as large as it is configured, 300x200 if that is its choice,
 * and says "told WIDTH HEIGHT [maximized] [fullscreen]" each time, once the
 * compositor has that. Lines in FIFO:
 * "full", "unfull", "max", "unmax" are requests; "loop" is a hundred of them;
 * "move" asks for a move at the next button, "guess" at once, with serials that may
 * be somebody's; "huge" paints 2000x2000 once; "unmap" and "map"; "undecorate" asks
 * to be left without a title bar; "awake" asks that the screen stays on, "sleepy" no
 * longer. Each is answered by "done" once the compositor has
 * handled it. "decorated MODE" is what it is told of its title bar.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "client.h"
#include "idle-inhibit-client.h"
#include "xdg-decoration-client.h"

#define WIDTH 300
#define HEIGHT 200

static struct client client;
static struct window window;
static struct zxdg_toplevel_decoration_v1 *decoration;
static struct zwp_idle_inhibitor_v1 *inhibitor;

static void
paint(void)
{
	const int width = window.told_width > 0 ? window.told_width : WIDTH;
	const int height = window.told_height > 0 ? window.told_height : HEIGHT;
	client_fill(&client, window.surface, width, height, PAINT);
	wl_surface_commit(window.surface);
}

static void
obey(void)
{
	while (window.configured) {
		const struct window told = window;
		window.configured = false;
		paint();
		client_settle(&client);
		client_say("told %d %d%s%s", told.told_width,
			told.told_height,
			told.maximized ? " maximized" : "",
			told.fullscreen ? " fullscreen" : "");
	}
}

/* Whatever came of it has been painted, too. */
static void
settle(void)
{
	client_settle(&client);
	obey();
	client_settle(&client);
	obey();
}

static void
full(void)
{
	xdg_toplevel_set_fullscreen(window.toplevel, NULL);
}

static void
unfull(void)
{
	xdg_toplevel_unset_fullscreen(window.toplevel);
}

static void
maximize(void)
{
	xdg_toplevel_set_maximized(window.toplevel);
}

static void
unmaximize(void)
{
	xdg_toplevel_unset_maximized(window.toplevel);
}

static void
loop(void)
{
	for (int i = 0; i < 100; i++) {
		full();
		client_settle(&client);
		must(!window.fullscreen && window.maximized);
		maximize();
		full();
	}
	unmaximize();
	unfull();
}

static void
handle_button(struct client *to, uint32_t serial)
{
	xdg_toplevel_move(window.toplevel, to->seat, serial);
}

static void
move(void)
{
	client.handle_button = handle_button;
}

static void
handle_now(void *data, struct wl_callback *callback, uint32_t serial)
{
	uint32_t *now = data;
	(void)callback;
	*now = serial;
}

static const struct wl_callback_listener now_listener = {
	.done = handle_now,
};

/* Others' serials are of the same row of numbers; one of them is a press. */
static void
guess(void)
{
	uint32_t now = 0;
	struct wl_callback *callback = wl_display_sync(client.display);
	wl_callback_add_listener(callback, &now_listener, &now);
	client_settle(&client);
	wl_callback_destroy(callback);
	for (uint32_t i = 0; i < 200; i++) {
		xdg_toplevel_move(window.toplevel, client.seat, now - i);
	}
}

static void
huge(void)
{
	client_fill(&client, window.surface, 2000, 2000, PAINT);
	wl_surface_commit(window.surface);
}

static void
unmap(void)
{
	wl_surface_attach(window.surface, NULL, 0, 0);
	wl_surface_commit(window.surface);
}

static void
map(void)
{
	wl_surface_commit(window.surface);
}

static void
undecorate(void)
{
	zxdg_toplevel_decoration_v1_set_mode(decoration,
		ZXDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
}

static void
stay_awake(void)
{
	struct zwp_idle_inhibit_manager_v1 *manager = client_bind(&client,
		&zwp_idle_inhibit_manager_v1_interface);
	inhibitor = zwp_idle_inhibit_manager_v1_create_inhibitor(manager,
		window.surface);
}

static void
sleep_at_will(void)
{
	zwp_idle_inhibitor_v1_destroy(inhibitor);
}

static void
handle_decoration(void *data, struct zxdg_toplevel_decoration_v1 *of,
	uint32_t mode)
{
	(void)data;
	(void)of;
	client_say("decorated %u", mode);
}

static const struct zxdg_toplevel_decoration_v1_listener decoration_listener = {
	.configure = handle_decoration,
};

static void
decorate(void)
{
	struct zxdg_decoration_manager_v1 *manager = client_bind(&client,
		&zxdg_decoration_manager_v1_interface);
	decoration = zxdg_decoration_manager_v1_get_toplevel_decoration(
		manager, window.toplevel);
	zxdg_toplevel_decoration_v1_add_listener(decoration,
		&decoration_listener, NULL);
}

static const struct {
	const char *line;
	void (*run)(void);
} orders[] = {
	{ "full\n", full },
	{ "unfull\n", unfull },
	{ "max\n", maximize },
	{ "unmax\n", unmaximize },
	{ "loop\n", loop },
	{ "move\n", move },
	{ "guess\n", guess },
	{ "huge\n", huge },
	{ "unmap\n", unmap },
	{ "map\n", map },
	{ "undecorate\n", undecorate },
	{ "awake\n", stay_awake },
	{ "sleepy\n", sleep_at_will },
};

static void
take_order(FILE *fifo)
{
	char line[16];
	must(fgets(line, sizeof(line), fifo) != NULL);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (strcmp(line, orders[i].line) == 0) {
			orders[i].run();
			settle();
			client_say("done");
			return;
		}
	}
	must(!"such an order");
}

int
main(int argc, char *argv[])
{
	must(argc == 2);
	/* For both, so that opening it does not wait for a writer. */
	FILE *fifo = fopen(argv[1], "r+e");
	must(fifo != NULL);
	client_init(&client);
	window_make(&window, &client, "filler");
	decorate();
	window_map(&window, WIDTH, HEIGHT);
	window.configured = false;
	client_settle(&client);
	client_say("shown");
	for (;;) {
		struct pollfd fds[] = {
			{ wl_display_get_fd(client.display), POLLIN, 0 },
			{ fileno(fifo), POLLIN, 0 },
		};
		obey();
		must(wl_display_flush(client.display) >= 0);
		must(poll(fds, 2, -1) > 0 || errno == EINTR);
		if (fds[1].revents != 0) {
			/* What came from there has been read by now, perhaps. */
			take_order(fifo);
			continue;
		}
		if (fds[0].revents != 0
				&& wl_display_dispatch(client.display) < 0) {
			return EXIT_FAILURE;
		}
	}
}
