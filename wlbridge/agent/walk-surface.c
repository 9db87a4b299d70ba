/* SPDX-License-Identifier: MIT */
/* Listening to a surface: what it shows next, and what of that is new. */
#include <errno.h>
#include <wayland-client-protocol.h>

#include "damage.h"
#include "surface.h"
#include "walk-private.h"

/* Requests of wp_viewporter, as in its XML. */
#define VIEWPORTER_GET_VIEWPORT 1

static void
handle_attach(struct wlb_walk *walk, struct wlb_surface *surface,
	const struct wlb_message *message)
{
	struct wlb_buffer *buffer = wlb_walk_buffer(wlb_objects_by_client(
		&walk->objects, message->args[0].value));
	wlb_surface_attach(surface, buffer,
		message->args[1].value != 0 || message->args[2].value != 0);
}

static void
handle_damage(pixman_region32_t *damage, const struct wlb_message *message)
{
	wlb_damage_add(damage, (int32_t)message->args[0].value,
		(int32_t)message->args[1].value,
		(int32_t)message->args[2].value,
		(int32_t)message->args[3].value, 1);
}

static int
handle_commit(struct wlb_walk *walk, struct wlb_surface *surface)
{
	struct wlb_buffer *buffer;
	wlb_surface_commit(surface, &buffer);
	if (buffer == NULL) {
		return WLB_FORWARD;
	}
	int r = wlb_walk_update(walk, buffer);
	return r < 0 ? r : WLB_FORWARD;
}

static void
handle_destroy(struct wlb_object *object)
{
	object->destroy_data(object->data);
	object->data = NULL;
	object->destroy_data = NULL;
}

int
wlb_walk_surface_request(struct wlb_walk *walk, struct wlb_transit *transit)
{
	const struct wlb_message *message = transit->message;
	struct wlb_surface *surface = transit->sender->data;
	if (surface == NULL) {
		/* Destroyed already; the server will say so. */
		return WLB_FORWARD;
	}
	switch (message->opcode) {
	case WL_SURFACE_DESTROY:
		handle_destroy(transit->sender);
		break;
	case WL_SURFACE_ATTACH:
		handle_attach(walk, surface, message);
		break;
	case WL_SURFACE_DAMAGE:
		handle_damage(&surface->pending.damage, message);
		break;
	case WL_SURFACE_DAMAGE_BUFFER:
		handle_damage(&surface->pending.buffer_damage, message);
		break;
	case WL_SURFACE_SET_BUFFER_SCALE:
		/* Anything else is an error, which the server will raise. */
		if ((int32_t)message->args[0].value > 0) {
			surface->pending.scale =
				(int32_t)message->args[0].value;
		}
		break;
	case WL_SURFACE_SET_BUFFER_TRANSFORM:
		surface->pending.transform = (int32_t)message->args[0].value;
		break;
	case WL_SURFACE_OFFSET:
		surface->pending.moved |= message->args[0].value != 0
			|| message->args[1].value != 0;
		break;
	case WL_SURFACE_COMMIT:
		return handle_commit(walk, surface);
	default:
		break;
	}
	return WLB_FORWARD;
}

int
wlb_walk_viewporter_request(struct wlb_walk *walk,
	struct wlb_transit *transit)
{
	if (transit->message->opcode == VIEWPORTER_GET_VIEWPORT) {
		struct wlb_object *object = wlb_objects_by_client(
			&walk->objects, transit->message->args[1].value);
		if (object != NULL && object->data != NULL
				&& object->interface == &wl_surface_interface) {
			struct wlb_surface *surface = object->data;
			surface->has_viewport = true;
		}
	}
	return WLB_FORWARD;
}
