/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Sizes come from clients and are any int; they are cut before anything is added
 * to them. A window is no larger than the output's working area and no narrower
 * than its name. A popup shows what of it is inside of the output, border
 * included, but for the title bar of its window, which it must not cover.
 */
#include "shape.hpp"

#include <cmath>
#include <string.h>
#include <wayfire/output.hpp>
#include <wayfire/unstable/translation-node.hpp>
#include <wayfire/workarea.hpp>

#include "fullscreen.hpp"

namespace {

/* Layouts are small, and so is this: no sum overflows. */
constexpr int FAR = 1 << 24;

int
clamp(int value, int low, int high)
{
	return value > high ? std::max(high, low) : std::max(value, low);
}

wf::geometry_t
tamed(wf::geometry_t box)
{
	return { clamp(box.x, -FAR, FAR), clamp(box.y, -FAR, FAR),
		clamp(box.width, 0, FAR), clamp(box.height, 0, FAR) };
}

/* A view's surface begins where its node says. */
wf::point_t
surface_origin(wayfire_view view)
{
	auto node = dynamic_cast<wf::scene::translation_node_t *>(
		view->get_surface_root_node().get());
	return node == nullptr ? wf::point_t{0, 0} : node->get_offset();
}

wf::geometry_t
grown(wf::geometry_t box, int by)
{
	return { box.x - by, box.y - by, box.width + 2 * by,
		box.height + 2 * by };
}

/* Content with a border, inside of a room that has to hold both. */
frame_shape
bordered(wf::geometry_t content, wf::geometry_t room)
{
	frame_shape shape = {};
	content = wf::geometry_intersection(content,
		grown(room, -WLBL_POPUP_BORDER));
	if (content.width > 0 && content.height > 0) {
		shape.content = content;
		shape.frame = grown(content, WLBL_POPUP_BORDER);
	}
	return shape;
}

wlr_xdg_popup *
xdg_popup_of(wayfire_view view)
{
	wlr_surface *surface = view->get_wlr_surface();
	return surface == nullptr ? nullptr
		: wlr_xdg_popup_try_from_wlr_surface(surface);
}

int
bar_width_min(const struct wlbl_label *label)
{
	int width;
	wlbl_label_picture(label, &width);
	return width + 2 * WLBL_BUTTON_WIDTH;
}

wf::geometry_t
working_area(wayfire_view view)
{
	auto output = view->get_output();
	return output == nullptr ? wf::geometry_t{0, 0, FAR, FAR}
		: output->workarea->get_workarea();
}

enum class dress {
	frame,		/* a border and a title bar */
	border,		/* thin: the person lets it fill the screen */
	nothing,	/* local windows only, whatever their state */
};

dress
dress_of(wayfire_toplevel_view view, const wf::toplevel_state_t &state,
	const struct wlbl_label *label)
{
	if (!state.fullscreen) {
		return dress::frame;
	}
	if (is_full(view)) {
		return dress::border;
	}
	return strcmp(wlbl_label_name(label), WLBL_LOCAL_NAME) == 0
		? dress::nothing : dress::frame;
}

/* The box of a window in its output's coordinates, as it is drawn. */
wf::geometry_t
window_box(wayfire_toplevel_view view, const struct wlbl_label *label)
{
	const auto &state = view->toplevel()->current();
	wf::geometry_t box = tamed(state.geometry);
	const dress wears = dress_of(view, state, label);
	if (wears == dress::nothing) {
		return box;
	}
	if (wears == dress::border && view->get_output() != nullptr) {
		const wf::geometry_t room = usable_of(view->get_output());
		box.width = std::min(box.width, room.width);
		box.height = std::min(box.height, room.height);
		return box;
	}
	const wf::geometry_t area = working_area(view);
	const int least = 2 * WLBL_WINDOW_BORDER;
	box.width = clamp(box.width, bar_width_min(label) + least, area.width);
	box.height = clamp(box.height, WLBL_BAR_HEIGHT + least + 1,
		area.height);
	return box;
}

}

wf::decoration_margins_t
window_margins(wayfire_toplevel_view view, const wf::toplevel_state_t &state,
	const struct wlbl_label *label)
{
	wf::decoration_margins_t margins = {0, 0, 0, 0};
	const dress wears = dress_of(view, state, label);
	if (wears == dress::border) {
		margins.left = margins.right = WLBL_POPUP_BORDER;
		margins.top = margins.bottom = WLBL_POPUP_BORDER;
	}
	if (wears != dress::frame) {
		return margins;
	}
	margins.left = margins.right = margins.bottom = WLBL_WINDOW_BORDER;
	margins.top = WLBL_WINDOW_BORDER + WLBL_BAR_HEIGHT;
	return margins;
}

wf::geometry_t
usable_of(wf::output_t *output)
{
	wf::geometry_t box = output->get_relative_geometry();
	box.y += WLBL_STRIP_HEIGHT;
	box.height -= WLBL_STRIP_HEIGHT;
	return box;
}

frame_shape
window_shape(wayfire_toplevel_view view, const struct wlbl_label *label)
{
	frame_shape shape = {};
	shape.frame = window_box(view, label) - surface_origin(view);
	shape.content = wf::shrink_geometry_by_margins(shape.frame,
		window_margins(view, view->toplevel()->current(), label));
	return shape;
}

bool
is_popup(wayfire_view view)
{
	return xdg_popup_of(view) != nullptr;
}

wayfire_toplevel_view
popup_window(wayfire_view view)
{
	wlr_xdg_popup *popup = xdg_popup_of(view);
	while (popup != nullptr && popup->parent != nullptr) {
		auto window = wf::toplevel_cast(wf::wl_surface_to_wayfire_view(
			popup->parent->resource));
		if (window) {
			return window;
		}
		popup = wlr_xdg_popup_try_from_wlr_surface(popup->parent);
	}
	return nullptr;
}

frame_shape
popup_shape(wayfire_view view, const struct wlbl_label *label)
{
	wlr_xdg_popup *popup = xdg_popup_of(view);
	if (popup == nullptr || view->get_output() == nullptr) {
		return {};
	}
	wlr_box geometry;
	wlr_xdg_surface_get_geometry(popup->base, &geometry);
	const wf::point_t origin = surface_origin(view);
	frame_shape shape = bordered(tamed(geometry),
		usable_of(view->get_output()) - origin);
	auto window = popup_window(view);
	if (window && dress_of(window, window->toplevel()->current(), label)
			== dress::frame) {
		wf::geometry_t bar = window_box(window, label) - origin;
		bar.height = WLBL_WINDOW_BORDER + WLBL_BAR_HEIGHT;
		shape.hidden = bar;
	}
	return shape;
}

frame_shape
icon_shape(wlr_surface *surface)
{
	if (surface == nullptr) {
		return {};
	}
	/* The border is its outermost part: nobody asked for more damage. */
	frame_shape shape = {};
	shape.frame = {0, 0,
		clamp(surface->current.width, 0, WLBL_ICON_MAX),
		clamp(surface->current.height, 0, WLBL_ICON_MAX) };
	shape.content = grown(shape.frame, -WLBL_POPUP_BORDER);
	return shape;
}

wf::point_t
workspace_origin(wf::output_t *output, wf::geometry_t box)
{
	const auto screen = wf::dimensions(output->get_relative_geometry());
	box = tamed(box);
	/* However large it is, it begins where it is. */
	return {
		screen.width * (int)std::floor((box.x
			+ std::min(box.width, screen.width) / 2.0)
			/ screen.width),
		screen.height * (int)std::floor((box.y
			+ std::min(box.height, screen.height) / 2.0)
			/ screen.height),
	};
}

wf::point_t
visible_origin(wayfire_toplevel_view view, const struct wlbl_label *label,
	wf::geometry_t box, wf::geometry_t workspace_of)
{
	const wf::geometry_t area = working_area(view);
	const wf::point_t origin =
		workspace_origin(view->get_output(), workspace_of);
	const int name = bar_width_min(label) + 2 * WLBL_WINDOW_BORDER;
	return {
		clamp(box.x, area.x + origin.x,
			area.x + origin.x + area.width - name),
		clamp(box.y, area.y + origin.y, area.y + origin.y + area.height
			- WLBL_BAR_HEIGHT - 2 * WLBL_WINDOW_BORDER),
	};
}
