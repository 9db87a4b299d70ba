/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client sees only globals whose interface can be walked and may cross, in
 * versions no newer than our tables; what it binds must be one of those. So no
 * object can come into being whose messages could not be taken apart.
 */
#include <errno.h>
#include <string.h>
#include <wayland-client-protocol.h>

#include "walk-private.h"

/* Events of wl_registry, as in its XML. */
#define REGISTRY_GLOBAL 0

static int
handle_global(struct wlb_walk *walk, struct wlb_message *message)
{
	const char *interface_name = message->args[1].string;
	struct wlb_arg *version = &message->args[2];
	const struct wl_interface *interface =
		wlb_protocols_find(interface_name);
	if (interface == NULL || version->value == 0
			|| wlb_protocols_excluded(interface_name) != NULL) {
		return WLB_SWALLOW;
	}
	if (version->value > (uint32_t)interface->version) {
		version->value = (uint32_t)interface->version;
		wlb_wire_put(message->bytes + version->offset, version->value);
	}
	struct wlb_global global = {
		.name = message->args[0].value,
		.version = version->value,
		.interface = interface,
	};
	int r = wlb_globals_add(&walk->globals, &global);
	if (r < 0) {
		return wlb_walk_fail(walk, r, 1,
			WL_DISPLAY_ERROR_IMPLEMENTATION,
			"too many globals");
	}
	return WLB_FORWARD;
}

int
wlb_walk_registry_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	if (transit->message->opcode == REGISTRY_GLOBAL) {
		return handle_global(walk, transit->message);
	}
	uint32_t name = transit->message->args[0].value;
	return wlb_globals_find(&walk->globals, name) == NULL
		? WLB_SWALLOW : WLB_FORWARD;
}

int
wlb_walk_registry_bind(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	if (message->opcode != WL_REGISTRY_BIND) {
		return WLB_FORWARD;
	}
	const uint32_t name = message->args[0].value;
	const char *interface_name = message->args[1].string;
	const uint32_t version = message->args[2].value;
	const struct wlb_global *global =
		wlb_globals_find(&walk->globals, name);
	if (global == NULL
			|| strcmp(global->interface->name, interface_name) != 0
			|| version == 0 || version > global->version) {
		return wlb_walk_fail(walk, -EPROTO, transit->sender->client_id,
			WL_DISPLAY_ERROR_INVALID_OBJECT,
			"invalid global %s (%u), version %u", interface_name,
			name, version);
	}
	if (global->interface == &wl_shm_interface) {
		int r = wlb_walk_shm_bound(walk, transit->sender, name);
		if (r < 0) {
			return r;
		}
	}
	return WLB_FORWARD;
}
