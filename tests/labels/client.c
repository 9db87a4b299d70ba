/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "../lib/wl-picture.h"

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
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct client *client = data;
	const struct {
		const struct wl_interface *interface;
		uint32_t version;
		void *place;
	} wanted[] = {
		{ &wl_compositor_interface, 4, &client->compositor },
		{ &wl_subcompositor_interface, 1, &client->subcompositor },
		{ &wl_shm_interface, 1, &client->shm },
		{ &wl_seat_interface, 5, &client->seat },
		{ &wl_data_device_manager_interface, 3, &client->selections },
		{ &xdg_wm_base_interface, 3, &client->wm_base },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (strcmp(interface, wanted[i].interface->name) == 0) {
			must(version >= wanted[i].version);
			*(void **)wanted[i].place = wl_registry_bind(registry,
				name, wanted[i].interface, wanted[i].version);
		}
	}
}

static const struct wl_registry_listener registry_listener = {
	.global = handle_global,
	.global_remove = ignore_global_remove,
};

static void
handle_enter(void *data, struct wl_pointer *pointer, uint32_t serial,
	struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y)
{
	struct client *client = data;
	(void)pointer;
	(void)surface;
	client_say("entered %d %d", wl_fixed_to_int(x), wl_fixed_to_int(y));
	if (client->handle_enter != NULL) {
		client->handle_enter(client, serial);
	}
}

static void
handle_leave(void *data, struct wl_pointer *pointer, uint32_t serial,
	struct wl_surface *surface)
{
	(void)data;
	(void)pointer;
	(void)serial;
	(void)surface;
	client_say("left");
}

static void
handle_motion(void *data, struct wl_pointer *pointer, uint32_t time,
	wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)pointer;
	(void)time;
	(void)x;
	(void)y;
}

static void
handle_button(void *data, struct wl_pointer *pointer, uint32_t serial,
	uint32_t time, uint32_t button, uint32_t state)
{
	struct client *client = data;
	(void)pointer;
	(void)time;
	client_say("button %u %u", button, state);
	if (client->handle_button != NULL && state != 0) {
		client->handle_button(client, serial);
	}
}

static void
handle_axis(void *data, struct wl_pointer *pointer, uint32_t time,
	uint32_t axis, wl_fixed_t value)
{
	(void)data;
	(void)pointer;
	(void)time;
	client_say("axis %u %d", axis, wl_fixed_to_int(value));
}

static void
handle_pointer_frame(void *data, struct wl_pointer *pointer)
{
	(void)data;
	(void)pointer;
}

static void
handle_axis_source(void *data, struct wl_pointer *pointer, uint32_t source)
{
	(void)data;
	(void)pointer;
	(void)source;
}

static void
handle_axis_stop(void *data, struct wl_pointer *pointer, uint32_t time,
	uint32_t axis)
{
	(void)data;
	(void)pointer;
	(void)time;
	(void)axis;
}

static void
handle_axis_discrete(void *data, struct wl_pointer *pointer, uint32_t axis,
	int32_t discrete)
{
	(void)data;
	(void)pointer;
	(void)axis;
	(void)discrete;
}

static const struct wl_pointer_listener pointer_listener = {
	.enter = handle_enter,
	.leave = handle_leave,
	.motion = handle_motion,
	.button = handle_button,
	.axis = handle_axis,
	.frame = handle_pointer_frame,
	.axis_source = handle_axis_source,
	.axis_stop = handle_axis_stop,
	.axis_discrete = handle_axis_discrete,
};

static void
handle_keymap(void *data, struct wl_keyboard *keyboard, uint32_t format,
	int fd, uint32_t size)
{
	struct client *client = data;
	(void)keyboard;
	(void)size;
	client->has_keymap |= format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1;
	close(fd);
}

static void
handle_keyboard_enter(void *data, struct wl_keyboard *keyboard,
	uint32_t serial, struct wl_surface *surface, struct wl_array *keys)
{
	struct client *client = data;
	(void)keyboard;
	(void)surface;
	const uint32_t *key;
	wl_array_for_each(key, keys) {
		client_say("held %u", *key);
	}
	client_say("focus");
	if (client->handle_focus != NULL) {
		client->handle_focus(client, serial);
	}
}

static void
handle_keyboard_leave(void *data, struct wl_keyboard *keyboard,
	uint32_t serial, struct wl_surface *surface)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)surface;
	client_say("unfocus");
}

static void
handle_key(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	uint32_t time, uint32_t key, uint32_t state)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)time;
	client_say("key %u %u", key, state);
}

static const struct wl_keyboard_listener keyboard_listener = {
	.keymap = handle_keymap,
	.enter = handle_keyboard_enter,
	.leave = handle_keyboard_leave,
	.key = handle_key,
	.modifiers = ignore_modifiers,
	.repeat_info = ignore_repeat_info,
};

void
client_connect(struct client *client)
{
	client->display = wl_display_connect(NULL);
	must(client->display != NULL);
	client->registry = wl_display_get_registry(client->display);
	wl_registry_add_listener(client->registry, &registry_listener, client);
	client_settle(client);
	must(client->compositor != NULL && client->subcompositor != NULL
		&& client->shm != NULL && client->seat != NULL
		&& client->selections != NULL && client->wm_base != NULL);
	xdg_wm_base_add_listener(client->wm_base, &wm_base_listener, client);
}

void
client_init(struct client *client)
{
	client_connect(client);
	client->pointer = wl_seat_get_pointer(client->seat);
	wl_pointer_add_listener(client->pointer, &pointer_listener, client);
	client->keyboard = wl_seat_get_keyboard(client->seat);
	wl_keyboard_add_listener(client->keyboard, &keyboard_listener, client);
}

struct search {
	const struct wl_interface *interface;
	void *found;
};

static void
handle_other_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct search *search = data;
	(void)version;
	if (strcmp(interface, search->interface->name) == 0) {
		search->found = wl_registry_bind(registry, name,
			search->interface, 1);
	}
}

static const struct wl_registry_listener search_listener = {
	.global = handle_other_global,
	.global_remove = ignore_global_remove,
};

void *
client_bind(struct client *client, const struct wl_interface *interface)
{
	struct search search = { .interface = interface };
	struct wl_registry *registry =
		wl_display_get_registry(client->display);
	wl_registry_add_listener(registry, &search_listener, &search);
	client_settle(client);
	must(search.found != NULL);
	wl_registry_destroy(registry);
	return search.found;
}

void
client_settle(struct client *client)
{
	/* Twice: the answers to the first may be events to answer. */
	must(wl_display_roundtrip(client->display) >= 0);
	must(wl_display_roundtrip(client->display) >= 0);
}

bool
client_goes_on(struct client *client)
{
	return wl_display_roundtrip(client->display) >= 0;
}

void
client_stay(struct client *client)
{
	while (wl_display_dispatch(client->display) >= 0) {
		continue;
	}
	client_say("disconnected");
}

int
client_play(struct client *client, const char *name,
	const struct trick *tricks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, tricks[i].name) == 0) {
			client_init(client);
			tricks[i].run();
			client_settle(client);
			client_say("shown");
			client_stay(client);
			return EXIT_SUCCESS;
		}
	}
	return 2;
}

void
client_say(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static void
handle_handled(void *data, struct wl_callback *callback, uint32_t serial)
{
	(void)serial;
	wl_callback_destroy(callback);
	client_say("%s", (const char *)data);
}

static const struct wl_callback_listener handled_listener = {
	.done = handle_handled,
};

void
client_say_handled(struct client *client, const char *word)
{
	wl_callback_add_listener(wl_display_sync(client->display),
		&handled_listener, (void *)word);
}

struct wl_buffer *
client_picture(struct client *client, int width, int height,
	uint32_t **ret_pixels)
{
	return wl_picture_create(client->shm, width, height,
		WL_SHM_FORMAT_ARGB8888, ret_pixels);
}

struct wl_buffer *
client_buffer(struct client *client, int width, int height, uint32_t colour)
{
	const size_t count = (size_t)width * (size_t)height;
	uint32_t *pixels;
	struct wl_buffer *buffer = client_picture(client, width, height,
		&pixels);
	for (size_t i = 0; i < count; i++) {
		pixels[i] = colour;
	}
	munmap(pixels, count * sizeof(*pixels));
	return buffer;
}

void
client_fill(struct client *client, struct wl_surface *surface, int width,
	int height, uint32_t colour)
{
	wl_surface_attach(surface, client_buffer(client, width, height, colour),
		0, 0);
	wl_surface_damage_buffer(surface, 0, 0, width, height);
}

static void
handle_surface_configure(void *data, struct xdg_surface *xdg, uint32_t serial)
{
	struct window *window = data;
	xdg_surface_ack_configure(xdg, serial);
	window->configured = true;
}

static const struct xdg_surface_listener xdg_surface_listener = {
	.configure = handle_surface_configure,
};

static void
handle_configure(void *data, struct xdg_toplevel *toplevel, int32_t width,
	int32_t height, struct wl_array *states)
{
	struct window *window = data;
	(void)toplevel;
	window->told_width = width;
	window->told_height = height;
	window->maximized = false;
	window->fullscreen = false;
	const uint32_t *state;
	wl_array_for_each(state, states) {
		window->maximized |= *state == XDG_TOPLEVEL_STATE_MAXIMIZED;
		window->fullscreen |= *state == XDG_TOPLEVEL_STATE_FULLSCREEN;
	}
}

static void
handle_close(void *data, struct xdg_toplevel *toplevel)
{
	(void)data;
	(void)toplevel;
	client_say("closed");
}

static const struct xdg_toplevel_listener toplevel_listener = {
	.configure = handle_configure,
	.close = handle_close,
};

void
window_make(struct window *window, struct client *client, const char *title)
{
	*window = (struct window){ .client = client };
	window->surface = wl_compositor_create_surface(client->compositor);
	window->xdg = xdg_wm_base_get_xdg_surface(client->wm_base,
		window->surface);
	xdg_surface_add_listener(window->xdg, &xdg_surface_listener, window);
	window->toplevel = xdg_surface_get_toplevel(window->xdg);
	xdg_toplevel_add_listener(window->toplevel, &toplevel_listener, window);
	xdg_toplevel_set_title(window->toplevel, title);
}

void
window_map(struct window *window, int width, int height)
{
	window->width = width;
	window->height = height;
	wl_surface_commit(window->surface);
	client_settle(window->client);
	must(window->configured);
	client_fill(window->client, window->surface, width, height, PAINT);
	wl_surface_commit(window->surface);
	client_settle(window->client);
}

void
window_show(struct window *window, struct client *client, int width,
	int height, const char *title)
{
	window_make(window, client, title);
	window_map(window, width, height);
}

struct wl_surface *
client_drag(struct client *client, struct wl_data_device *device,
	struct wl_surface *origin, uint32_t serial)
{
	struct wl_surface *icon =
		wl_compositor_create_surface(client->compositor);
	struct wl_data_source *source =
		wl_data_device_manager_create_data_source(client->selections);
	wl_data_source_offer(source, "text/plain");
	wl_data_source_set_actions(source,
		WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY);
	wl_data_device_start_drag(device, source, origin, icon, serial);
	return icon;
}

struct wl_subsurface *
sub_create(struct client *client, struct wl_surface *parent, int x, int y,
	int width, int height, struct wl_surface **ret_surface)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client->compositor);
	struct wl_subsurface *sub = wl_subcompositor_get_subsurface(
		client->subcompositor, surface, parent);
	wl_subsurface_set_position(sub, x, y);
	client_fill(client, surface, width, height, PAINT);
	*ret_surface = surface;
	return sub;
}

struct popup {
	struct wl_surface *surface;
	bool configured;
};

static void
handle_popup_surface_configure(void *data, struct xdg_surface *xdg,
	uint32_t serial)
{
	struct popup *popup = data;
	xdg_surface_ack_configure(xdg, serial);
	if (popup != NULL) {
		popup->configured = true;
	}
}

static const struct xdg_surface_listener popup_surface_listener = {
	.configure = handle_popup_surface_configure,
};

static void
handle_popup_configure(void *data, struct xdg_popup *popup, int32_t x,
	int32_t y, int32_t width, int32_t height)
{
	(void)data;
	(void)popup;
	(void)x;
	(void)y;
	(void)width;
	(void)height;
}

static void
handle_popup_done(void *data, struct xdg_popup *popup)
{
	(void)data;
	(void)popup;
	client_say("popup done");
}

static void
handle_repositioned(void *data, struct xdg_popup *popup, uint32_t token)
{
	(void)data;
	(void)popup;
	(void)token;
}

static const struct xdg_popup_listener popup_listener = {
	.configure = handle_popup_configure,
	.popup_done = handle_popup_done,
	.repositioned = handle_repositioned,
};

struct wl_surface *
popup_show(struct window *window, int x, int y, int width, int height,
	bool grab)
{
	struct client *client = window->client;
	struct xdg_positioner *positioner =
		xdg_wm_base_create_positioner(client->wm_base);
	xdg_positioner_set_size(positioner, width, height);
	xdg_positioner_set_anchor_rect(positioner, 0, 0, 1, 1);
	xdg_positioner_set_anchor(positioner, XDG_POSITIONER_ANCHOR_TOP_LEFT);
	xdg_positioner_set_gravity(positioner,
		XDG_POSITIONER_GRAVITY_BOTTOM_RIGHT);
	xdg_positioner_set_offset(positioner, x, y);

	struct popup popup = {
		.surface = wl_compositor_create_surface(client->compositor),
	};
	struct xdg_surface *xdg = xdg_wm_base_get_xdg_surface(client->wm_base,
		popup.surface);
	xdg_surface_add_listener(xdg, &popup_surface_listener, &popup);
	struct xdg_popup *role = xdg_surface_get_popup(xdg, window->xdg,
		positioner);
	xdg_popup_add_listener(role, &popup_listener, NULL);
	xdg_positioner_destroy(positioner);
	if (grab) {
		xdg_popup_grab(role, client->seat, 1);
	}
	wl_surface_commit(popup.surface);
	client_settle(client);
	/* One that may not grab is over before it begins. */
	must(popup.configured || grab);
	if (popup.configured) {
		client_fill(client, popup.surface, width, height, PAINT);
		xdg_surface_set_window_geometry(xdg, 0, 0, width, height);
		wl_surface_commit(popup.surface);
		client_settle(client);
	}
	/* Later configures are not for a popup that does not move. */
	xdg_surface_set_user_data(xdg, NULL);
	return popup.surface;
}
