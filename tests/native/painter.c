/* SPDX-License-Identifier: MIT */
/*
 * A Wayland client that paints a picture anybody can compute, and a judge of it.
 *
 *   painter [--frames N] [--all] [--popup] [--endless]
 *      Fill a window, in N steps that each change a few rectangles (--all: that
 *      each are told as a change of everything). Say what happened, a line each:
 *        painted FRAME WIDTH HEIGHT BYTES
 *                                      the last frame, or a new size, is shown;
 *                                      so many bytes were, all frames together
 *        popup WIDTH HEIGHT            and so is the popup
 *        keymap BYTES                  a keymap came and could be read
 *        key CODE                      was pressed
 *      Stay until killed. --endless: never stop painting.
 *   painter --judge FRAME [--popup] < PPM
 *      Whether that is what the screen must look like.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "../lib/wl-picture.h"
#include "picture.h"
#include "xdg-shell-client.h"

#define BUFFERS 3
#define POPUP_BUFFER BUFFERS

struct shown_buffer {
	struct wl_buffer *buffer;
	uint32_t *pixels;
	size_t bytes;
	bool busy;
};

struct painter {
	struct wl_display *display;
	struct wl_compositor *compositor;
	struct wl_shm *shm;
	struct wl_seat *seat;
	struct xdg_wm_base *wm_base;
	struct wl_surface *surface;
	struct xdg_surface *xdg_surface;
	struct xdg_toplevel *toplevel;
	struct wl_surface *popup_surface;
	struct xdg_surface *popup_xdg_surface;
	struct shown_buffer buffers[BUFFERS + 1];
	int width;
	int height;
	int told_width;		/* of the last commit */
	int told_height;
	int frame;
	int frames;
	bool all;
	bool popup;
	bool endless;
	long shown_bytes;
	bool waiting;		/* for a frame callback or a free buffer */
	bool again;		/* the frame under way has an old size */
};

static void
say(const char *what, long a, long b, long c, long d)
{
	printf("%s %ld %ld %ld %ld\n", what, a, b, c, d);
	fflush(stdout);
}

static void
paint(struct painter *painter);

static void
handle_release(void *data, struct wl_buffer *wl_buffer)
{
	struct shown_buffer *buffer = data;
	(void)wl_buffer;
	buffer->busy = false;
}

static const struct wl_buffer_listener buffer_listener = {
	.release = handle_release,
};

static void
buffer_finish(struct shown_buffer *buffer)
{
	if (buffer->buffer != NULL) {
		wl_buffer_destroy(buffer->buffer);
		munmap(buffer->pixels, buffer->bytes);
	}
	*buffer = (struct shown_buffer){ 0 };
}

static void
buffer_init(struct painter *painter, struct shown_buffer *buffer, int width,
	int height)
{
	buffer->bytes = (size_t)width * (size_t)height * 4;
	buffer->buffer = wl_picture_create(painter->shm, width, height,
		WL_SHM_FORMAT_XRGB8888, &buffer->pixels);
	wl_buffer_add_listener(buffer->buffer, &buffer_listener, buffer);
}

static void
handle_popup_frame(void *data, struct wl_callback *callback, uint32_t time)
{
	(void)data;
	(void)time;
	wl_callback_destroy(callback);
	say("popup", PICTURE_POPUP_SIDE, PICTURE_POPUP_SIDE, 0, 0);
}

static const struct wl_callback_listener popup_frame_listener = {
	.done = handle_popup_frame,
};

static void
handle_popup_configure(void *data, struct xdg_surface *xdg_surface,
	uint32_t serial)
{
	struct painter *painter = data;
	struct shown_buffer *buffer = &painter->buffers[POPUP_BUFFER];
	const int side = PICTURE_POPUP_SIDE;
	xdg_surface_ack_configure(xdg_surface, serial);
	if (buffer->buffer != NULL) {
		return;
	}
	buffer_init(painter, buffer, side, side);
	for (int i = 0; i < side * side; i++) {
		buffer->pixels[i] = PICTURE_POPUP_COLOUR;
	}
	struct wl_callback *callback = wl_surface_frame(
		painter->popup_surface);
	wl_callback_add_listener(callback, &popup_frame_listener, painter);
	wl_surface_attach(painter->popup_surface, buffer->buffer, 0, 0);
	wl_surface_damage(painter->popup_surface, 0, 0, side, side);
	wl_surface_commit(painter->popup_surface);
}

static const struct xdg_surface_listener popup_xdg_surface_listener = {
	.configure = handle_popup_configure,
};

static void
popup_event(void *data, struct xdg_popup *popup, int32_t x, int32_t y,
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
popup_done(void *data, struct xdg_popup *popup)
{
	(void)data;
	(void)popup;
}

static const struct xdg_popup_listener popup_listener = {
	.configure = popup_event,
	.popup_done = popup_done,
};

static void
open_popup(struct painter *painter)
{
	struct xdg_positioner *positioner =
		xdg_wm_base_create_positioner(painter->wm_base);
	xdg_positioner_set_size(positioner, PICTURE_POPUP_SIDE,
		PICTURE_POPUP_SIDE);
	xdg_positioner_set_anchor_rect(positioner, PICTURE_POPUP_X,
		PICTURE_POPUP_Y, 1, 1);
	xdg_positioner_set_anchor(positioner, XDG_POSITIONER_ANCHOR_TOP_LEFT);
	xdg_positioner_set_gravity(positioner,
		XDG_POSITIONER_GRAVITY_BOTTOM_RIGHT);
	painter->popup_surface =
		wl_compositor_create_surface(painter->compositor);
	painter->popup_xdg_surface = xdg_wm_base_get_xdg_surface(
		painter->wm_base, painter->popup_surface);
	xdg_surface_add_listener(painter->popup_xdg_surface,
		&popup_xdg_surface_listener, painter);
	struct xdg_popup *popup = xdg_surface_get_popup(
		painter->popup_xdg_surface, painter->xdg_surface, positioner);
	xdg_popup_add_listener(popup, &popup_listener, painter);
	xdg_positioner_destroy(positioner);
	wl_surface_commit(painter->popup_surface);
}

static void
handle_frame(void *data, struct wl_callback *callback, uint32_t time)
{
	struct painter *painter = data;
	(void)time;
	wl_callback_destroy(callback);
	painter->waiting = false;
	if (painter->again) {
		painter->again = false;
		paint(painter);
		return;
	}
	if (painter->frame < painter->frames || painter->endless) {
		painter->frame++;
		paint(painter);
		return;
	}
	say("painted", painter->frame, painter->width, painter->height,
		painter->shown_bytes);
	if (painter->popup && painter->popup_surface == NULL) {
		open_popup(painter);
	}
}

static const struct wl_callback_listener frame_listener = {
	.done = handle_frame,
};

static struct shown_buffer *
free_buffer(struct painter *painter)
{
	struct shown_buffer *buffers = painter->buffers;
	for (;;) {
		for (int i = 0; i < BUFFERS; i++) {
			if (!buffers[i].busy) {
				return &buffers[i];
			}
		}
		must(wl_display_dispatch(painter->display) >= 0);
	}
}

/* Show the frame; what is told to have changed is only what did. */
static void
paint(struct painter *painter)
{
	const int width = painter->width, height = painter->height;
	struct shown_buffer *buffer = free_buffer(painter);
	if (buffer->buffer != NULL
			&& buffer->bytes != (size_t)width * height * 4) {
		buffer_finish(buffer);
	}
	if (buffer->buffer == NULL) {
		buffer_init(painter, buffer, width, height);
	}
	picture_paint(buffer->pixels, width, height, painter->frame);
	buffer->busy = true;
	wl_surface_attach(painter->surface, buffer->buffer, 0, 0);
	if (painter->all || width != painter->told_width
			|| height != painter->told_height) {
		wl_surface_damage_buffer(painter->surface, 0, 0, INT32_MAX,
			INT32_MAX);
	} else {
		struct picture_box boxes[PICTURE_BOXES];
		picture_changes(width, height, painter->frame, boxes);
		for (int i = 0; i < PICTURE_BOXES; i++) {
			wl_surface_damage_buffer(painter->surface, boxes[i].x,
				boxes[i].y, boxes[i].width, boxes[i].height);
		}
	}
	struct wl_callback *callback = wl_surface_frame(painter->surface);
	wl_callback_add_listener(callback, &frame_listener, painter);
	painter->waiting = true;
	painter->told_width = width;
	painter->told_height = height;
	painter->shown_bytes += (long)buffer->bytes;
	wl_surface_commit(painter->surface);
}

static void
handle_toplevel_configure(void *data, struct xdg_toplevel *toplevel,
	int32_t width, int32_t height, struct wl_array *states)
{
	struct painter *painter = data;
	(void)toplevel;
	(void)states;
	painter->width = width > 0 ? width : 256;
	painter->height = height > 0 ? height : 256;
}

static void
handle_toplevel_close(void *data, struct xdg_toplevel *toplevel)
{
	(void)data;
	(void)toplevel;
	exit(EXIT_SUCCESS);
}

static const struct xdg_toplevel_listener toplevel_listener = {
	.configure = handle_toplevel_configure,
	.close = handle_toplevel_close,
};

static void
handle_configure(void *data, struct xdg_surface *xdg_surface, uint32_t serial)
{
	struct painter *painter = data;
	xdg_surface_ack_configure(xdg_surface, serial);
	if (!painter->waiting) {
		paint(painter);
	} else {
		painter->again = true;
	}
}

static const struct xdg_surface_listener xdg_surface_listener = {
	.configure = handle_configure,
};

static void
handle_ping(void *data, struct xdg_wm_base *wm_base, uint32_t serial)
{
	(void)data;
	xdg_wm_base_pong(wm_base, serial);
}

static const struct xdg_wm_base_listener wm_base_listener = {
	.ping = handle_ping,
};

static void
handle_keymap(void *data, struct wl_keyboard *keyboard, uint32_t format,
	int32_t fd, uint32_t size)
{
	(void)data;
	(void)keyboard;
	(void)format;
	char *text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	must(text != MAP_FAILED);
	must(memchr(text, '\0', size) != NULL);
	must(strncmp(text, "xkb_keymap", 10) == 0);
	munmap(text, size);
	close(fd);
	say("keymap", size, 0, 0, 0);
}

static void
handle_enter(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *surface, struct wl_array *keys)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)surface;
	(void)keys;
}

static void
handle_leave(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *surface)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)surface;
}

static void
handle_key(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	uint32_t time, uint32_t key, uint32_t state)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)time;
	if (state == WL_KEYBOARD_KEY_STATE_PRESSED) {
		say("key", key, 0, 0, 0);
	}
}

static const struct wl_keyboard_listener keyboard_listener = {
	.keymap = handle_keymap,
	.enter = handle_enter,
	.leave = handle_leave,
	.key = handle_key,
	.modifiers = ignore_modifiers,
	.repeat_info = ignore_repeat_info,
};

static void
handle_capabilities(void *data, struct wl_seat *seat, uint32_t capabilities)
{
	(void)data;
	if ((capabilities & WL_SEAT_CAPABILITY_KEYBOARD) != 0) {
		wl_keyboard_add_listener(wl_seat_get_keyboard(seat),
			&keyboard_listener, NULL);
	}
}

static void
handle_seat_name(void *data, struct wl_seat *seat, const char *name)
{
	(void)data;
	(void)seat;
	(void)name;
}

static const struct wl_seat_listener seat_listener = {
	.capabilities = handle_capabilities,
	.name = handle_seat_name,
};

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct painter *painter = data;
	(void)version;
	if (strcmp(interface, wl_compositor_interface.name) == 0) {
		painter->compositor = wl_registry_bind(registry, name,
			&wl_compositor_interface, 4);
	} else if (strcmp(interface, wl_shm_interface.name) == 0) {
		painter->shm = wl_registry_bind(registry, name,
			&wl_shm_interface, 1);
	} else if (strcmp(interface, xdg_wm_base_interface.name) == 0) {
		painter->wm_base = wl_registry_bind(registry, name,
			&xdg_wm_base_interface, 1);
		xdg_wm_base_add_listener(painter->wm_base, &wm_base_listener,
			painter);
	} else if (strcmp(interface, wl_seat_interface.name) == 0) {
		painter->seat = wl_registry_bind(registry, name,
			&wl_seat_interface, 5);
		wl_seat_add_listener(painter->seat, &seat_listener, painter);
	}
}

static const struct wl_registry_listener registry_listener = {
	.global = handle_global,
	.global_remove = ignore_global_remove,
};

static int
run(struct painter *painter)
{
	painter->display = wl_display_connect(NULL);
	if (painter->display == NULL) {
		perror("painter: connect");
		return EXIT_FAILURE;
	}
	wl_registry_add_listener(wl_display_get_registry(painter->display),
		&registry_listener, painter);
	if (wl_display_roundtrip(painter->display) < 0
			|| painter->compositor == NULL || painter->shm == NULL
			|| painter->wm_base == NULL) {
		fprintf(stderr, "painter: the compositor lacks a global\n");
		return EXIT_FAILURE;
	}
	painter->surface = wl_compositor_create_surface(painter->compositor);
	painter->xdg_surface = xdg_wm_base_get_xdg_surface(painter->wm_base,
		painter->surface);
	xdg_surface_add_listener(painter->xdg_surface, &xdg_surface_listener,
		painter);
	painter->toplevel = xdg_surface_get_toplevel(painter->xdg_surface);
	xdg_toplevel_add_listener(painter->toplevel, &toplevel_listener,
		painter);
	xdg_toplevel_set_title(painter->toplevel, "painter");
	xdg_toplevel_set_app_id(painter->toplevel, "painter");
	wl_surface_commit(painter->surface);
	while (wl_display_dispatch(painter->display) >= 0) {
	}
	fprintf(stderr, "painter: %s\n", strerror(errno));
	return EXIT_FAILURE;
}

int
main(int argc, char *argv[])
{
	enum { FRAMES = 256, ALL, POPUP, ENDLESS, JUDGE };
	static const struct option options[] = {
		{ "frames", required_argument, NULL, FRAMES },
		{ "all", no_argument, NULL, ALL },
		{ "popup", no_argument, NULL, POPUP },
		{ "endless", no_argument, NULL, ENDLESS },
		{ "judge", required_argument, NULL, JUDGE },
		{ 0 },
	};
	struct painter painter = { 0 };
	int opt, judged = -1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (opt) {
		case FRAMES:
			painter.frames = atoi(optarg);
			break;
		case ALL:
			painter.all = true;
			break;
		case POPUP:
			painter.popup = true;
			break;
		case ENDLESS:
			painter.endless = true;
			break;
		case JUDGE:
			judged = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	return judged >= 0 ? picture_judge(stdin, judged, painter.popup)
		: run(&painter);
}
