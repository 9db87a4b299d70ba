/* SPDX-License-Identifier: MIT */
/* Where frames are, and what of the clients they show. */
#ifndef WLBL_WAYFIRE_SHAPE_HPP
#define WLBL_WAYFIRE_SHAPE_HPP

#include <wayfire/toplevel-view.hpp>
#include <wayfire/toplevel.hpp>

#include "frame-node.hpp"

frame_shape
window_shape(wayfire_toplevel_view view, const struct wlbl_label *label);

frame_shape
popup_shape(wayfire_view view, const struct wlbl_label *label);

bool
is_popup(wayfire_view view);

/* The window that a popup belongs to, menus of menus too, or none. */
wayfire_toplevel_view
popup_window(wayfire_view view);

/* What of a drag icon's surface is shown. */
frame_shape
icon_shape(wlr_surface *surface);

/* How much larger than its content a window is. */
wf::decoration_margins_t
window_margins(wayfire_toplevel_view view, const wf::toplevel_state_t &state,
	const struct wlbl_label *label);

/* The output without its strip, in its own coordinates. */
wf::geometry_t
usable_of(wf::output_t *output);

/*
 * Where the workspace begins that has most of a window: they lie side by side, and
 * the current one begins at 0,0.
 */
wf::point_t
workspace_origin(wf::output_t *output, wf::geometry_t box);

/* Where it has to be so that its name is to be seen, on that workspace. */
wf::point_t
visible_origin(wayfire_toplevel_view view, const struct wlbl_label *label,
	wf::geometry_t box, wf::geometry_t workspace_of);

#endif
