/* SPDX-License-Identifier: MIT */
/* A Wayland client of few words, for tests that lie: whatever fails, aborts. */
#ifndef TESTS_LABELS_CLIENT_H
#define TESTS_LABELS_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <wayland-client.h>

#include "xdg-shell-client.h"

/* What nothing else on the screen is painted with. */
#define PAINT 0xffff00ff

struct client {
	struct wl_display *display;
	struct wl_registry *registry;
	struct wl_compositor *compositor;
	struct wl_subcompositor *subcompositor;
	struct wl_shm *shm;
	struct wl_seat *seat;
	struct wl_data_device_manager *selections;
	struct xdg_wm_base *wm_base;
	struct wl_pointer *pointer;
	struct wl_keyboard *keyboard;
	bool has_keymap;		/* was told, some time */

	/* Called on each, if set. */
	void (*handle_enter)(struct client *client, uint32_t serial);
	void (*handle_button)(struct client *client, uint32_t serial);
	void (*handle_focus)(struct client *client, uint32_t serial);
};

struct window {
	struct client *client;
	struct wl_surface *surface;
	struct xdg_surface *xdg;
	struct xdg_toplevel *toplevel;
	int width;		/* to paint, whatever was configured */
	int height;
	bool configured;
	/* As last configured. */
	int told_width;
	int told_height;
	bool maximized;
	bool fullscreen;
};

/* Connect to $WAYLAND_DISPLAY and bind what is needed here. */
void
client_connect(struct client *client);

/* And listen to the seat, which must have a pointer and a keyboard. */
void
client_init(struct client *client);

/* Bind one thing more, version 1. */
void *
client_bind(struct client *client, const struct wl_interface *interface);

/* Everything sent so far has been handled. */
void
client_settle(struct client *client);

/* Whether there still is a connection, with all that was sent handled. */
bool
client_goes_on(struct client *client);

/* Handle events until the connection ends, by either side. */
void
client_stay(struct client *client);

/* What a program can be asked to do, by name. */
struct trick {
	const char *name;
	void (*run)(void);
};

/*
 * Connect, do that trick, say "shown" and stay. Return: the exit status, 2 if there
 * is no such trick.
 */
int
client_play(struct client *client, const char *name,
	const struct trick *tricks, size_t count);

/* "shown": for whoever waits to take a picture. */
void
client_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Say @word once the compositor has handled all that it was asked for until now: for
 * whoever goes on from there by way of another connection.
 */
void
client_say_handled(struct client *client, const char *word);

/* A buffer and its pixels, which are the caller's to munmap(). */
struct wl_buffer *
client_picture(struct client *client, int width, int height,
	uint32_t **ret_pixels);

struct wl_buffer *
client_buffer(struct client *client, int width, int height, uint32_t colour);

/* Attach a new buffer of one colour; no commit. */
void
client_fill(struct client *client, struct wl_surface *surface, int width,
	int height, uint32_t colour);

/* Make a window that does not ask to be shown yet. */
void
window_make(struct window *window, struct client *client, const char *title);

/* Ask for it, and map it at that size, whatever it is told. */
void
window_map(struct window *window, int width, int height);

/* Both. */
void
window_show(struct window *window, struct client *client, int width,
	int height, const char *title);

/* Begin to drag text. Return: what is to show it, with nothing attached. */
struct wl_surface *
client_drag(struct client *client, struct wl_data_device *device,
	struct wl_surface *origin, uint32_t serial);

/* A surface of one colour at a place of its parent; neither is committed. */
struct wl_subsurface *
sub_create(struct client *client, struct wl_surface *parent, int x, int y,
	int width, int height, struct wl_surface **ret_surface);

/* A popup at an offset from its parent's corner, mapped; perhaps with a grab. */
struct wl_surface *
popup_show(struct window *window, int x, int y, int width, int height,
	bool grab);

#endif
