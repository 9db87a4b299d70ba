/* SPDX-License-Identifier: MIT */
/*
 * What differs between wlroots 0.18 and 0.19, as far as it is used here.
 *
 * Calls are named as what they do; nothing else asks for the version.
 */
#ifndef WLBL_WLR_COMPAT_H
#define WLBL_WLR_COMPAT_H

#include <wlr/types/wlr_presentation_time.h>
#include <wlr/types/wlr_xdg_shell.h>
#include <wlr/util/box.h>
#include <wlr/version.h>

#define WLBL_WLR_0_19 (WLR_VERSION_NUM >= ((0 << 16) | (19 << 8)))

/* What of a surface is the window. */
static inline void
compat_xdg_geometry(struct wlr_xdg_surface *surface, struct wlr_box *ret)
{
#if WLBL_WLR_0_19
	*ret = surface->geometry;
#else
	wlr_xdg_surface_get_geometry(surface, ret);
#endif
}

/* Since 0.19 the compositor picks the version; 1 is the one of 0.18. */
static inline struct wlr_presentation *
compat_presentation_create(struct wl_display *display,
	struct wlr_backend *backend)
{
#if WLBL_WLR_0_19
	return wlr_presentation_create(display, backend, 1);
#else
	return wlr_presentation_create(display, backend);
#endif
}

#endif
