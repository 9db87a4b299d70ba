/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client's cursor is a picture of its own making that may be anywhere near the
 * pointer, and is as large as a name. So it is shown as a frame in the scene, below
 * the strip and no larger than WLBL_CURSOR_MAX, and only where all that it covers
 * is content of one frame of its VM: never on a title bar, nor on what another VM
 * shows. That is looked at before each frame, since windows move, too. A cursor
 * that may not be there, or whose hot spot is not in it, is not shown; the theme's
 * arrow is. What is dragged is shown likewise, anywhere, with a border.
 */
#include <string.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_cursor_shape_v1.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "server.h"

static void
image_drop(struct pointer *pointer)
{
	if (pointer->image_surface == NULL) {
		return;
	}
	wl_list_remove(&pointer->image_commit.link);
	wl_list_remove(&pointer->image_destroy.link);
	wlbl_frame_destroy(pointer->image);
	pointer->image = NULL;
	pointer->image_surface = NULL;
	pointer->image_shown = false;
}

static void
use_theme(struct pointer *pointer, const char *name)
{
	wlr_cursor_set_xcursor(pointer->cursor, pointer->theme, name);
}

void
pointer_image_default(struct server *server, const char *name)
{
	image_drop(&server->pointer);
	use_theme(&server->pointer, name);
}

static bool
is_hotspot(int value, int size)
{
	return value >= 0 && value < size;
}

static bool
image_is_good(const struct pointer *pointer)
{
	const struct wlr_surface_state *state =
		&pointer->image_surface->current;
	return state->width <= WLBL_CURSOR_MAX
		&& state->height <= WLBL_CURSOR_MAX
		&& is_hotspot(pointer->hotspot_x, state->width)
		&& is_hotspot(pointer->hotspot_y, state->height);
}

/*
 * Whether it covers nothing but content of the frame below the pointer, and that is
 * of its VM. Other frames are wider than a cursor, for their names and buttons,
 * and higher than half of it: one that is in the way is at an edge of it.
 */
static bool
image_is_at_home(struct server *server, const struct wlr_box *box)
{
	const struct pointer *pointer = &server->pointer;
	struct wlbl_hit below, hit;
	wlbl_at(server->labels, server->layers[LAYER_WINDOWS],
		pointer->cursor->x, pointer->cursor->y, &below);
	if (below.part != WLBL_PART_CONTENT || wlbl_frame_label(below.frame)
			!= wlbl_frame_label(pointer->image)) {
		return false;
	}
	for (int i = 0; i < 6; i++) {
		const int x = box->x + i % 2 * (box->width - 1);
		const int y = box->y + i / 2 * (box->height - 1) / 2;
		wlbl_at(server->labels, server->layers[LAYER_WINDOWS],
			x + 0.5, y + 0.5, &hit);
		if (hit.frame != below.frame
				|| hit.part != WLBL_PART_CONTENT) {
			return false;
		}
	}
	return true;
}

/* Where it would be; false if it is nowhere. */
static bool
image_find_place(struct server *server, struct wlr_box *ret)
{
	const struct pointer *pointer = &server->pointer;
	if (!image_is_good(pointer)) {
		return false;
	}
	*ret = (struct wlr_box){
		.x = (int)pointer->cursor->x - pointer->hotspot_x,
		.y = (int)pointer->cursor->y - pointer->hotspot_y,
		.width = pointer->image_surface->current.width,
		.height = pointer->image_surface->current.height,
	};
	return image_is_at_home(server, ret);
}

static void
image_place(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	struct wlr_box box, usable;
	if (pointer->image_surface == NULL) {
		return;
	}
	if (!image_find_place(server, &box)) {
		wlbl_frame_hide(pointer->image);
		use_theme(pointer, "default");
		pointer->image_shown = false;
		return;
	}
	if (!pointer->image_shown) {
		wlr_cursor_unset_image(pointer->cursor);
		pointer->image_shown = true;
	}
	const struct wlr_box all = { .width = box.width, .height = box.height };
	output_usable(server, pointer->cursor->x, pointer->cursor->y, &usable);
	wlbl_frame_place(pointer->image, box.x, box.y, &all, &usable);
}

/* Pictures are small; where they could not be seen is no place for them. */
static int
offset_add(int offset, int change, int sign)
{
	const int max = WLBL_ICON_MAX;
	if (change > max || change < -max || offset > max || offset < -max) {
		return offset;
	}
	offset += sign * change;
	return offset > max ? max : offset < -max ? -max : offset;
}

static void
handle_image_commit(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.image_commit);
	const struct wlr_surface *surface = data;
	struct pointer *pointer = &server->pointer;
	pointer->hotspot_x = offset_add(pointer->hotspot_x,
		surface->current.dx, -1);
	pointer->hotspot_y = offset_add(pointer->hotspot_y,
		surface->current.dy, -1);
	image_place(server);
}

static void
handle_image_destroy(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.image_destroy);
	(void)data;
	pointer_image_default(server, "default");
}

static bool
is_under_pointer(struct server *server, struct wlr_seat_client *client)
{
	return client == server->seat->pointer_state.focused_client;
}

static void
handle_request_cursor(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.request_cursor);
	const struct wlr_seat_pointer_request_set_cursor_event *event = data;
	struct pointer *pointer = &server->pointer;
	if (!is_under_pointer(server, event->seat_client)) {
		return;
	}
	if (event->surface == pointer->image_surface
			&& event->surface != NULL) {
		pointer->hotspot_x = event->hotspot_x;
		pointer->hotspot_y = event->hotspot_y;
		image_place(server);
		return;
	}
	image_drop(pointer);
	if (event->surface == NULL) {
		wlr_cursor_unset_image(pointer->cursor);
		return;
	}
	if (wlbl_frame_create(server->labels, WLBL_FRAME_CURSOR,
			server->layers[LAYER_CURSOR], event->surface,
			&pointer->image) < 0) {
		use_theme(pointer, "default");
		return;
	}
	pointer->image_surface = event->surface;
	pointer->hotspot_x = event->hotspot_x;
	pointer->hotspot_y = event->hotspot_y;
	pointer->image_commit.notify = handle_image_commit;
	wl_signal_add(&event->surface->events.commit, &pointer->image_commit);
	pointer->image_destroy.notify = handle_image_destroy;
	wl_signal_add(&event->surface->events.destroy,
		&pointer->image_destroy);
	image_place(server);
}

static void
handle_request_shape(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.request_shape);
	const struct wlr_cursor_shape_manager_v1_request_set_shape_event *event
		= data;
	if (is_under_pointer(server, event->seat_client)) {
		pointer_image_default(server,
			wlr_cursor_shape_v1_name(event->shape));
	}
}

static void
handle_focus_change(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.focus_change);
	const struct wlr_seat_pointer_focus_change_event *event = data;
	/* Whoever comes next says what it wants; until then an arrow. */
	if (event->old_surface == NULL || event->new_surface == NULL
			|| wl_resource_get_client(event->old_surface->resource)
			!= wl_resource_get_client(
				event->new_surface->resource)) {
		pointer_image_default(server, "default");
	}
}

static void
icon_place(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	if (pointer->icon_surface == NULL) {
		return;
	}
	const struct wlr_box all = {
		.width = pointer->icon_surface->current.width,
		.height = pointer->icon_surface->current.height,
	};
	struct wlr_box usable;
	output_usable(server, pointer->cursor->x, pointer->cursor->y, &usable);
	wlbl_frame_place(pointer->icon,
		(int)pointer->cursor->x + pointer->icon_x,
		(int)pointer->cursor->y + pointer->icon_y, &all, &usable);
}

static void
handle_icon_commit(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.icon_commit);
	const struct wlr_surface *surface = data;
	struct pointer *pointer = &server->pointer;
	pointer->icon_x = offset_add(pointer->icon_x, surface->current.dx, 1);
	pointer->icon_y = offset_add(pointer->icon_y, surface->current.dy, 1);
	icon_place(server);
}

static void
icon_drop(struct pointer *pointer)
{
	if (pointer->icon_surface == NULL) {
		return;
	}
	wl_list_remove(&pointer->icon_commit.link);
	wl_list_remove(&pointer->icon_destroy.link);
	wlbl_frame_destroy(pointer->icon);
	pointer->icon = NULL;
	pointer->icon_surface = NULL;
}

static void
handle_icon_destroy(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.icon_destroy);
	(void)data;
	icon_drop(&server->pointer);
}

static void
handle_start_drag(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.start_drag);
	struct wlr_drag *drag = data;
	struct pointer *pointer = &server->pointer;
	icon_drop(pointer);
	if (drag->icon == NULL || wlbl_frame_create(server->labels,
			WLBL_FRAME_ICON, server->layers[LAYER_ICON],
			drag->icon->surface, &pointer->icon) < 0) {
		return;
	}
	pointer->icon_surface = drag->icon->surface;
	pointer->icon_x = 0;
	pointer->icon_y = 0;
	pointer->icon_commit.notify = handle_icon_commit;
	wl_signal_add(&pointer->icon_surface->events.commit,
		&pointer->icon_commit);
	pointer->icon_destroy.notify = handle_icon_destroy;
	wl_signal_add(&drag->icon->events.destroy, &pointer->icon_destroy);
	icon_place(server);
}

void
pointer_image_place(struct server *server)
{
	image_place(server);
	icon_place(server);
}

void
pointer_image_init(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	pointer->focus_change.notify = handle_focus_change;
	wl_signal_add(&server->seat->pointer_state.events.focus_change,
		&pointer->focus_change);
	pointer->request_cursor.notify = handle_request_cursor;
	wl_signal_add(&server->seat->events.request_set_cursor,
		&pointer->request_cursor);
	pointer->request_shape.notify = handle_request_shape;
	wl_signal_add(&wlr_cursor_shape_manager_v1_create(server->display, 1)
		->events.request_set_shape, &pointer->request_shape);
	pointer->start_drag.notify = handle_start_drag;
	wl_signal_add(&server->seat->events.start_drag, &pointer->start_drag);
}

void
pointer_image_finish(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	image_drop(pointer);
	icon_drop(pointer);
	wl_list_remove(&pointer->focus_change.link);
	wl_list_remove(&pointer->request_cursor.link);
	wl_list_remove(&pointer->request_shape.link);
	wl_list_remove(&pointer->start_drag.link);
}
