/* SPDX-License-Identifier: MIT */
/* Which Wayland interfaces the agent can walk, and which of them may cross. */
#ifndef WLB_AGENT_PROTOCOLS_H
#define WLB_AGENT_PROTOCOLS_H

#include <wayland-util.h>

/* Every interface in the XML of the build machine, by name; generated. */
extern const struct wl_interface *const wlb_protocols_interfaces[];
extern const unsigned wlb_protocols_count;

/* Those with a meaning of their own to the walker, tables of the same XML. */
extern const struct wl_interface wl_buffer_interface;
extern const struct wl_interface wl_display_interface;
extern const struct wl_interface wl_registry_interface;
extern const struct wl_interface wl_shm_interface;
extern const struct wl_interface wl_shm_pool_interface;
extern const struct wl_interface wl_surface_interface;
extern const struct wl_interface wp_presentation_feedback_interface;
extern const struct wl_interface wp_presentation_interface;
extern const struct wl_interface wp_viewporter_interface;

/* The tables of interface @name, or NULL. */
const struct wl_interface *
wlb_protocols_find(const char *name);

/* Why a global of interface @name is not offered to clients; NULL: it is. */
const char *
wlb_protocols_excluded(const char *name);

#endif
