/* SPDX-License-Identifier: MIT */
/* Where wlroots is not 0.18 or was built without X11. */
#include <errno.h>

#include "private.h"

WLBL_PUBLIC int
wlbl_xwayland_create(struct wlbl *labels, struct wlbl_seat *seat,
	const struct wlbl_label *label, struct wlr_compositor *compositor,
	struct wlbl_xwayland **ret)
{
	(void)labels;
	(void)seat;
	(void)label;
	(void)compositor;
	(void)ret;
	return -ENOSYS;
}

WLBL_PUBLIC void
wlbl_xwayland_destroy(struct wlbl_xwayland *xwayland)
{
	(void)xwayland;
}

WLBL_PUBLIC struct wlr_xwayland *
wlbl_xwayland_wlr(struct wlbl_xwayland *xwayland)
{
	(void)xwayland;
	return NULL;
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_xwayland_label(const struct wlbl_xwayland *xwayland)
{
	(void)xwayland;
	return NULL;
}

enum wlbl_sight
wlbl_xwayland_sight(struct wlbl *labels, const struct wl_client *client,
	const struct wl_global *global)
{
	(void)labels;
	(void)client;
	(void)global;
	return WLBL_SIGHT_COMMON;
}
