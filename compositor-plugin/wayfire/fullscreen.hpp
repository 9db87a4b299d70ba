/* SPDX-License-Identifier: MIT */
/* The one window that a person lets fill the screen. */
#ifndef WLBL_WAYFIRE_FULLSCREEN_HPP
#define WLBL_WAYFIRE_FULLSCREEN_HPP

#include <memory>
#include <wayfire/signal-definitions.hpp>
#include <wayfire/toplevel-view.hpp>
#include <wayfire/util.hpp>

#include "wlbridge-labels-draw.h"

/* Whether that is this one. */
bool
is_full(wayfire_toplevel_view view);

class full_screen {
public:
	explicit full_screen(struct wlbl *labels);
	~full_screen();

	/* The window that has the keyboard, or no longer. */
	void
	toggle();

	/*
	 * Look at what a transaction is going to make of a window that may fill
	 * the screen. Return: false when its client wants that no more, and so
	 * it is as it was before.
	 */
	bool
	adjust(wayfire_toplevel_view view);

private:
	void
	begin(wayfire_toplevel_view view);

	/* Wayfire is told by the caller, if it has to be. */
	void
	restore(wayfire_toplevel_view view);

	void
	end();

	void
	judge();

	struct wlbl *labels;
	std::weak_ptr<wf::view_interface_t> current;
	wf::wl_idle_call judging;
	wf::wl_listener_wrapper on_focus_change;
	wf::signal::connection_t<wf::view_unmapped_signal> on_unmapped;
};

#endif
