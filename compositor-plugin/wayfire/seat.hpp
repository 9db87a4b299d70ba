/* SPDX-License-Identifier: MIT */
/* Who has the keyboard, whose selection it is, and what the pointer shows. */
#ifndef WLBL_WAYFIRE_SEAT_HPP
#define WLBL_WAYFIRE_SEAT_HPP

#include <functional>
#include <wayfire/nonstd/wlroots-full.hpp>
#include <wayfire/signal-definitions.hpp>
#include <wayfire/unstable/wlr-view-events.hpp>
#include <wayfire/util.hpp>
#include <wayfire/view.hpp>

#include "wlbridge-labels-draw.h"

class label_seat {
public:
	/* It is told when something new is in front of everything. */
	label_seat(struct wlbl *labels, std::function<void()> covered);
	~label_seat();

	/* The two steps from one clipboard to another. */
	void
	copy();

	void
	paste();

	/* In place of wlr_seat_keyboard_enter(). */
	void
	focus(wlr_surface *surface);

	/* Whether a popup of that label may have it, with the keys held. */
	bool
	may_grab(const struct wlbl_label *label) const;

	/* One that grabs gets it now, before Wayfire tells it which keys are held. */
	void
	grab(wlr_surface *popup);

	/* A client put its window in front: behind what has the keyboard. */
	void
	keep_behind(wayfire_view view) const;

	/* Whether a drag of that client may be told of a surface. */
	bool
	may_drop(const wlr_drag *drag, wlr_surface *surface) const;

	/* What wlroots calls, with a way back to here. */
	struct keyboard_hook {
		wlr_keyboard_grab_interface base;
		label_seat *owner;
	};
	struct drag_hook {
		wlr_pointer_grab_interface base;
		const wlr_pointer_grab_interface *original;
		label_seat *owner;
	};
	struct touch_hook {
		wlr_touch_grab_interface base;
		const wlr_touch_grab_interface *original;
		label_seat *owner;
	};

private:
	void
	start();

	/* A window of that label, or of nobody. */
	void
	show_waiting(const struct wlbl_label *label,
		wf::view_interface_t *view);

	void
	handle_focus_change(wlr_surface *surface);

	void
	handle_focus_request(wf::view_focus_request_signal *event);

	wayfire_view
	front() const;

	void
	handle_drag(wlr_drag *drag);

	void
	end_drag();

	void
	handle_cursor(const wlr_seat_pointer_request_set_cursor_event *event);

	void
	forget_cursor();

	void
	judge_cursor();

	struct wlbl *labels;
	std::function<void()> covered;
	wlr_seat *const seat;
	struct wlbl_seat *label = nullptr;	/* from the first window on */
	bool giving = false;			/* the keyboard, by focus() */
	const struct wlbl_label *holder = nullptr;
	const struct wlbl_label *waiting = nullptr;
	wf::view_interface_t *waiting_view = nullptr;
	wf::view_interface_t *fresh = nullptr;	/* mapped just now */
	/* The window or panel that had the keyboard last. */
	std::weak_ptr<wf::view_interface_t> last;
	wf::wl_idle_call refocus;

	keyboard_hook keyboard = {};
	const wlr_keyboard_grab_interface *default_keyboard = nullptr;
	wlr_drag *dragging = nullptr;
	drag_hook drag = {};
	touch_hook touch_drag = {};

	/* Wayfire's own answers to selections and drags, out of the way. */
	wl_list parked[3];

	wlr_surface *cursor = nullptr;
	int64_t hotspot_x = 0;	/* a sum of what a client says */
	int64_t hotspot_y = 0;
	bool is_cursor_shown = false;

	wf::wl_listener_wrapper on_focus_change;
	wf::wl_listener_wrapper on_start_drag;
	wf::wl_listener_wrapper on_drag_end;
	wf::wl_listener_wrapper on_set_cursor;
	wf::wl_listener_wrapper on_cursor_commit;
	wf::wl_listener_wrapper on_cursor_destroy;
	wf::signal::connection_t<wf::new_xdg_surface_signal> on_new_surface;
	wf::signal::connection_t<wf::view_mapped_signal> on_mapped;
	wf::signal::connection_t<wf::view_unmapped_signal> on_unmapped;
	wf::signal::connection_t<wf::view_focus_request_signal> on_request;
	wf::signal::connection_t<wf::pointer_focus_changed_signal> on_pointer;
	wf::signal::connection_t<wf::post_input_event_signal<
		wlr_pointer_motion_event>> on_motion;
	wf::signal::connection_t<wf::post_input_event_signal<
		wlr_pointer_motion_absolute_event>> on_motion_absolute;
};

#endif
