/* SPDX-License-Identifier: MIT */
/*
 * menu TRICK: popups that are made, and grab, as none should
 *
 * It says "cut off" if it is disconnected for it, and else "shown"; then it stays.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "client.h"

#define WIDTH 300
#define HEIGHT 200
#define SIDE 50
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct client client;
static struct window window;

struct menu {
	struct wl_surface *surface;
	struct xdg_surface *xdg;
	struct xdg_popup *popup;
};

static void
handle_xdg_configure(void *data, struct xdg_surface *xdg, uint32_t serial)
{
	(void)data;
	xdg_surface_ack_configure(xdg, serial);
}

static const struct xdg_surface_listener xdg_listener = {
	.configure = handle_xdg_configure,
};

static void
handle_configure(void *data, struct xdg_popup *popup, int32_t x, int32_t y,
	int32_t width, int32_t height)
{
	(void)data;
	(void)popup;
	(void)x;
	(void)y;
	(void)width;
	(void)height;
}

static void
handle_done(void *data, struct xdg_popup *popup)
{
	(void)data;
	(void)popup;
	client_say("popup done");
}

static const struct xdg_popup_listener popup_listener = {
	.configure = handle_configure,
	.popup_done = handle_done,
};

static void
begin(struct menu *menu)
{
	menu->surface = wl_compositor_create_surface(client.compositor);
	menu->xdg = xdg_wm_base_get_xdg_surface(client.wm_base, menu->surface);
	xdg_surface_add_listener(menu->xdg, &xdg_listener, NULL);
}

static void
belong(struct menu *menu, struct xdg_surface *parent)
{
	struct xdg_positioner *positioner =
		xdg_wm_base_create_positioner(client.wm_base);
	xdg_positioner_set_size(positioner, SIDE, SIDE);
	xdg_positioner_set_anchor_rect(positioner, 0, 0, 1, 1);
	menu->popup = xdg_surface_get_popup(menu->xdg, parent, positioner);
	xdg_popup_add_listener(menu->popup, &popup_listener, NULL);
	xdg_positioner_destroy(positioner);
}

static void
map(struct menu *menu)
{
	wl_surface_commit(menu->surface);
	if (client_goes_on(&client) && client_goes_on(&client)) {
		client_fill(&client, menu->surface, SIDE, SIDE, PAINT);
		wl_surface_commit(menu->surface);
		client_goes_on(&client);
	}
}

static void
end(struct menu *menu)
{
	xdg_popup_destroy(menu->popup);
	xdg_surface_destroy(menu->xdg);
	wl_surface_destroy(menu->surface);
}

/* A popup of itself. */
static void
own_parent(void)
{
	struct menu menu;
	begin(&menu);
	belong(&menu, menu.xdg);
	map(&menu);
}

/* A popup of one that was a popup, and becomes one of it. */
static void
circle(void)
{
	struct menu first, second;
	begin(&first);
	belong(&first, window.xdg);
	xdg_popup_destroy(first.popup);
	begin(&second);
	belong(&second, first.xdg);
	belong(&first, second.xdg);
	map(&first);
	map(&second);
}

/* One that grabs twice, then goes; and the next one. */
static void
twice(void)
{
	for (int i = 0; i < 10 && client_goes_on(&client); i++) {
		struct menu menu;
		begin(&menu);
		belong(&menu, window.xdg);
		xdg_popup_grab(menu.popup, client.seat, 1);
		xdg_popup_grab(menu.popup, client.seat, 1);
		map(&menu);
		end(&menu);
	}
}

/* Again and again, whoever has the keyboard. */
static void
again(void)
{
	for (int i = 0; i < 20 && client_goes_on(&client); i++) {
		struct menu menu;
		begin(&menu);
		belong(&menu, window.xdg);
		xdg_popup_grab(menu.popup, client.seat, 1);
		map(&menu);
		end(&menu);
	}
}

/* One that is there, and stays. */
static void
grab(void)
{
	static struct menu menu;
	begin(&menu);
	belong(&menu, window.xdg);
	xdg_popup_grab(menu.popup, client.seat, 1);
	map(&menu);
}

/* Menus of menus, the last of them to be seen; and the first one changes. */
static void
deep(void)
{
	static struct menu menus[3000];
	for (size_t i = 0; i < COUNT(menus) && client_goes_on(&client); i++) {
		begin(&menus[i]);
		belong(&menus[i], i == 0 ? window.xdg : menus[i - 1].xdg);
		wl_surface_commit(menus[i].surface);
	}
	struct wl_buffer *buffer = client_buffer(&client, SIDE, SIDE, PAINT);
	client_goes_on(&client);
	for (size_t i = COUNT(menus) - 150; i < COUNT(menus); i++) {
		wl_surface_attach(menus[i].surface, buffer, 0, 0);
		wl_surface_commit(menus[i].surface);
	}
	for (int i = 0; i < 1000 && client_goes_on(&client); i++) {
		wl_surface_commit(menus[0].surface);
	}
}

static const struct trick tricks[] = {
	{ "deep", deep },
	{ "own-parent", own_parent },
	{ "circle", circle },
	{ "twice", twice },
	{ "again", again },
	{ "grab", grab },
};

int
main(int argc, char *argv[])
{
	must(argc == 2);
	for (size_t i = 0; i < COUNT(tricks); i++) {
		if (strcmp(argv[1], tricks[i].name) == 0) {
			client_init(&client);
			window_show(&window, &client, WIDTH, HEIGHT, "title");
			tricks[i].run();
			client_say(client_goes_on(&client) ? "shown" : "cut off");
			client_stay(&client);
			return EXIT_SUCCESS;
		}
	}
	return 2;
}
