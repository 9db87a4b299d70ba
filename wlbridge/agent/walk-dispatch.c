/* SPDX-License-Identifier: MIT */
/* Which interfaces have a handler; what is left of wl_display's own. */
#include <errno.h>
#include <stddef.h>
#include <wayland-client-protocol.h>

#include "walk-private.h"

/* An event of wl_display, as in its XML. */
#define DISPLAY_ERROR 0

typedef int (*handler_fn)(struct wlb_walk *walk, struct wlb_transit *transit);

struct handler {
	const struct wl_interface *interface;
	handler_fn fn;
};

/* The agent's wl_shm and pools, which it never gives up. The client has no id
 * for them; nor for a buffer that ends with its release. */
static bool
is_ours_alone(const struct wlb_object *object)
{
	return object->client_id == 0 && wlb_walk_buffer(object) == NULL;
}

static int
display_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	struct wlb_object *object = wlb_objects_by_server(&walk->objects,
		message->args[0].value);
	if (message->opcode == DISPLAY_ERROR) {
		/* Of something the client does not know: of the whole. */
		if (object == NULL || object->client_id == 0) {
			wlb_wire_put(message->bytes + message->args[0].offset,
				1);
			message->args[0].value = 1;
		}
		return WLB_FORWARD;
	}
	/* Nothing to end, or nothing that can: as a client would, ignore it. */
	if (object == NULL || object->server_id >= WLB_FOREIGN_ID
			|| object->server_id == 1) {
		return WLB_SWALLOW;
	}
	if (is_ours_alone(object)) {
		return wlb_walk_fail(walk, -EPROTO, 1,
			WL_DISPLAY_ERROR_IMPLEMENTATION,
			"the compositor took back an id in use (%u)",
			object->server_id);
	}
	if (object->client_id != 0) {
		int r = wlb_walk_delete_id(walk, object->client_id);
		if (r < 0) {
			return r;
		}
		wlb_objects_forget_client(&walk->objects, object);
	}
	wlb_objects_forget_server(&walk->objects, object);
	return WLB_SWALLOW;
}

static int
call(const struct handler *handlers, size_t count, struct wlb_walk *walk,
	struct wlb_transit *transit)
{
	for (size_t i = 0; i < count; i++) {
		if (handlers[i].interface == transit->sender->interface) {
			return handlers[i].fn(walk, transit);
		}
	}
	return WLB_FORWARD;
}

int
wlb_walk_request(struct wlb_walk *walk, struct wlb_transit *transit)
{
	static const struct handler handlers[] = {
		{ &wl_surface_interface, wlb_walk_surface_request },
		{ &wl_shm_pool_interface, wlb_walk_pool_request },
		{ &wl_buffer_interface, wlb_walk_buffer_request },
		{ &wl_shm_interface, wlb_walk_shm_request },
		{ &wl_registry_interface, wlb_walk_registry_bind },
		{ &wp_viewporter_interface, wlb_walk_viewporter_request },
	};
	return call(handlers, sizeof(handlers) / sizeof(handlers[0]), walk,
		transit);
}

int
wlb_walk_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	static const struct handler handlers[] = {
		{ &wl_display_interface, display_event },
		{ &wl_registry_interface, wlb_walk_registry_event },
		{ &wl_shm_interface, wlb_walk_shm_event },
		{ &wl_buffer_interface, wlb_walk_buffer_event },
		{ &wp_presentation_feedback_interface,
			wlb_walk_feedback_event },
		{ &wp_presentation_interface, wlb_walk_presentation_event },
	};
	return call(handlers, sizeof(handlers) / sizeof(handlers[0]), walk,
		transit);
}
