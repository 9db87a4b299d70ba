/* SPDX-License-Identifier: MIT */
/* What the pointer shows, when a VM says so. */
#ifndef WLBL_WAYFIRE_CURSOR_HPP
#define WLBL_WAYFIRE_CURSOR_HPP

#include <wayfire/nonstd/wlroots-full.hpp>
#include <wayfire/signal-definitions.hpp>
#include <wayfire/util.hpp>

#include "wlbridge-labels-draw.h"

class label_cursor {
public:
	label_cursor(struct wlbl *labels);

	/* Look at it again: the pointer has moved, or something below it may have. */
	void
	judge();

private:
	void
	handle_request(const wlr_seat_pointer_request_set_cursor_event *event);

	void
	forget();

	bool
	is_good() const;

	/* Whether all that it would cover is content of one frame of its VM. */
	bool
	is_at_home() const;

	struct wlbl *labels;
	wlr_seat *const seat;
	wlr_surface *surface = nullptr;
	int64_t hotspot_x = 0;	/* a sum of what a client says */
	int64_t hotspot_y = 0;
	bool is_shown = false;

	wf::wl_listener_wrapper on_request;
	wf::wl_listener_wrapper on_commit;
	wf::wl_listener_wrapper on_destroy;
	wf::signal::connection_t<wf::pointer_focus_changed_signal> on_pointer;
	wf::signal::connection_t<wf::post_input_event_signal<
		wlr_pointer_motion_event>> on_motion;
	wf::signal::connection_t<wf::post_input_event_signal<
		wlr_pointer_motion_absolute_event>> on_motion_absolute;
};

#endif
