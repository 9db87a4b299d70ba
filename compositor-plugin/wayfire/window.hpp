/* SPDX-License-Identifier: MIT */
/* Views and their frames. */
#ifndef WLBL_WAYFIRE_WINDOW_HPP
#define WLBL_WAYFIRE_WINDOW_HPP

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

/* The frame of a view that is mapped, kept with the view. */
class view_frame : public wf::custom_data_t {
public:
	view_frame(struct wlbl *labels, enum wlbl_frame_kind kind,
		const struct wlbl_label *label, wayfire_view view);
	~view_frame();

	/* Put the node between the view and its surfaces. */
	bool
	install();

	const struct wlbl_label *const label;
	std::shared_ptr<frame_node> node;

private:
	/* After the view took another size by itself. */
	void
	keep_name_visible(wf::geometry_t old);

	const enum wlbl_frame_kind kind;
	wayfire_view view;
	wf::wl_listener_wrapper on_fullscreen;
	wf::wl_listener_wrapper on_destroy;
	wf::signal::connection_t<wf::view_title_changed_signal> on_title;
	wf::signal::connection_t<wf::view_activated_state_signal> on_active;
	wf::signal::connection_t<wf::view_geometry_changed_signal> on_geometry;
};

/* The label of a view, or NULL. */
const struct wlbl_label *
view_label(struct wlbl *labels, wayfire_view view);

class windows {
public:
	explicit windows(struct wlbl *labels);
	~windows();

	/* At another scale. */
	void
	redraw();

private:
	bool
	frame(wayfire_view view);

	void
	map(wayfire_view view);

	/* Its label, mapped or not; NULL when it is not to be shown. */
	const struct wlbl_label *
	label_of(wayfire_toplevel_view view);

	void
	adjust(std::shared_ptr<wf::toplevel_t> toplevel);

	/* One window of a client, counted as long as the client has it. */
	struct admitted_window {
		const struct wlbl_label *label;
		wf::wl_listener_wrapper on_destroy;
	};

	struct wlbl *labels;
	std::map<wlr_xdg_surface *, std::unique_ptr<admitted_window>> admitted;

	wf::signal::connection_t<wf::new_xdg_surface_signal> on_new_surface;
	wf::signal::connection_t<wf::txn::new_transaction_signal> on_new_tx;
	wf::signal::connection_t<wf::view_mapped_signal> on_mapped;
	wf::signal::connection_t<wf::view_unmapped_signal> on_unmapped;
	wf::wl_listener_wrapper on_decoration;
};

#endif
