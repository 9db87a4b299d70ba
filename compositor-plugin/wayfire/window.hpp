/* SPDX-License-Identifier: MIT */
/* Views and their frames. */
#ifndef WLBL_WAYFIRE_WINDOW_HPP
#define WLBL_WAYFIRE_WINDOW_HPP

#include <functional>
#include <map>
#include <memory>
#include <wayfire/object.hpp>
#include <wayfire/signal-definitions.hpp>
#include <wayfire/toplevel-view.hpp>
#include <wayfire/txn/transaction-manager.hpp>
#include <wayfire/unstable/wlr-view-events.hpp>
#include <wayfire/util.hpp>
#include <wayfire/view.hpp>

#include "frame-node.hpp"
#include "fullscreen.hpp"

/* What the windows have to ask, and to tell, about the keyboard. */
struct window_rules {
	/* Whether a popup of that label may take it. */
	std::function<bool(const struct wlbl_label *)> may_grab;
	/* Wayfire is about to give it to this popup. */
	std::function<void(wlr_surface *)> grabbed;
	/* Wayfire has put a window in front because its client wanted so. */
	std::function<void(wayfire_view)> raised;
};

/* The frame of a view that is mapped, kept with the view. */
class view_frame : public wf::custom_data_t {
public:
	view_frame(struct wlbl *labels, enum wlbl_frame_kind kind,
		const struct wlbl_label *label, wayfire_view view,
		const window_rules &rules);
	~view_frame();

	/* Put the node between the view and its surfaces. */
	bool
	install();

	const struct wlbl_label *const label;
	std::shared_ptr<frame_node> node;

	/* Its client has given the full screen back, just now. */
	bool was_full = false;

private:
	/* What a client's window asks for, after Wayfire did as it was asked. */
	void
	listen(wlr_xdg_toplevel *xdg, const window_rules &rules);

	/* After the view took another size, or place, by itself. */
	void
	keep_name_visible(wf::geometry_t old);

	const enum wlbl_frame_kind kind;
	wayfire_view view;
	wf::wl_idle_call placed;
	wf::wl_listener_wrapper on_fullscreen;
	wf::wl_listener_wrapper on_parent;
	wf::wl_listener_wrapper on_destroy;
	wf::signal::connection_t<wf::view_title_changed_signal> on_title;
	wf::signal::connection_t<wf::view_activated_state_signal> on_active;
	wf::signal::connection_t<wf::view_geometry_changed_signal> on_geometry;
};

/* The label of a view, or NULL. */
const struct wlbl_label *
view_label(struct wlbl *labels, wayfire_view view);

/* Close it when Wayfire is done with it for now. */
void
close_soon(wayfire_view view);

class windows {
public:
	windows(struct wlbl *labels, window_rules rules);
	~windows();

	/* At another scale. */
	void
	redraw();

	full_screen full;

private:
	bool
	frame(wayfire_view view);

	void
	map(wayfire_view view);

	void
	admit(wf::new_xdg_surface_signal *event);

	/* Its label, mapped or not; NULL when it is not to be shown. */
	const struct wlbl_label *
	label_of(wayfire_toplevel_view view);

	void
	adjust(std::shared_ptr<wf::toplevel_t> toplevel);

	/*
	 * One window of a client, counted as long as the client has it. What it
	 * asks for is heard here before Wayfire does.
	 */
	struct admitted_window {
		const struct wlbl_label *label;
		wf::wl_listener_wrapper on_move;
		wf::wl_listener_wrapper on_resize;
		wf::wl_listener_wrapper on_fullscreen;
		wf::wl_listener_wrapper on_destroy;
	};

	struct wlbl *labels;
	const window_rules rules;
	std::map<wlr_xdg_surface *, std::unique_ptr<admitted_window>> admitted;

	wf::signal::connection_t<wf::new_xdg_surface_signal> on_new_surface;
	wf::signal::connection_t<wf::txn::new_transaction_signal> on_new_tx;
	wf::signal::connection_t<wf::view_mapped_signal> on_mapped;
	wf::signal::connection_t<wf::view_unmapped_signal> on_unmapped;
	wf::wl_listener_wrapper on_decoration;
};

#endif
