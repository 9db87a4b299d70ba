/* SPDX-License-Identifier: MIT */
/* The globals that a client was offered, under the server's names. */
#ifndef WLB_AGENT_REGISTRY_H
#define WLB_AGENT_REGISTRY_H

#include <stddef.h>
#include <stdint.h>
#include <wayland-util.h>

#define WLB_GLOBALS_MAX 4096

struct wlb_global {
	uint32_t name;
	uint32_t version;
	const struct wl_interface *interface;
};

struct wlb_globals {
	struct wlb_global *list;
	size_t count;
	size_t capacity;
};

void
wlb_globals_finish(struct wlb_globals *globals);

/*
 * Note an offer. Several registries of a client repeat the same ones, and a
 * removed one may still be bound. Return: 0, -ENOMEM, -EPROTO (a flood).
 */
int
wlb_globals_add(struct wlb_globals *globals, const struct wlb_global *global);

const struct wlb_global *
wlb_globals_find(const struct wlb_globals *globals, uint32_t name);

#endif
