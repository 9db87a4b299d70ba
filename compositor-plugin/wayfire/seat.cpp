/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Wayfire gives the keyboard away through wlroots' default grab; its way in is
 * replaced by the library's, which changes the selections while nobody has the
 * keyboard. Popups are given it past all grabs, when they grab themselves: that
 * is noticed afterwards, before the client can hear of it, and undone unless it
 * stays in the label. It would have been sent the keys that are held, which may
 * have gone down for another VM's window. So one that says beforehand what it wants
 * is not shown at all (window.cpp), or has the keyboard when Wayfire gives it.
 *
 * Wayfire's answers to requests for selections and drags would bypass the
 * library. They are taken out of wlroots' lists as long as the plugin is there;
 * their owners can still take themselves off.
 *
 * A drag, by pointer or touch, tells surfaces of its own label only: the way into
 * one is replaced as long as it lasts.
 *
 * A cursor is drawn by wlroots, in front of everything. One that is too large,
 * not where the pointer is or about to reach into a strip is replaced by the
 * theme's before it is drawn.
 */
#include "seat.hpp"

#include <algorithm>
#include <wayfire/core.hpp>
#include <wayfire/output-layout.hpp>
#include <wayfire/output.hpp>
#include <wayfire/render-manager.hpp>
#include <wayfire/scene-operations.hpp>
#include <wayfire/seat.hpp>
#include <wayfire/unstable/wlr-surface-controller.hpp>
#include <wayfire/unstable/wlr-surface-node.hpp>
#include <wayfire/util/log.hpp>
#include <wayfire/view-helpers.hpp>

#include "shape.hpp"
#include "window.hpp"

namespace {

void
keyboard_enter(wlr_seat_keyboard_grab *grab, wlr_surface *surface,
	const uint32_t *keycodes, size_t count,
	const wlr_keyboard_modifiers *modifiers)
{
	(void)keycodes;
	(void)count;
	(void)modifiers;
	reinterpret_cast<const label_seat::keyboard_hook *>(grab->interface)
		->owner->focus(surface);
}

void
keyboard_clear(wlr_seat_keyboard_grab *grab)
{
	reinterpret_cast<const label_seat::keyboard_hook *>(grab->interface)
		->owner->focus(nullptr);
}

void
drag_enter(wlr_seat_pointer_grab *grab, wlr_surface *surface, double x,
	double y)
{
	auto hook = reinterpret_cast<const label_seat::drag_hook *>(
		grab->interface);
	if (hook->owner->may_drop(static_cast<wlr_drag *>(grab->data),
			surface)) {
		hook->original->enter(grab, surface, x, y);
	} else {
		hook->original->clear_focus(grab);
	}
}

void
drag_touch_enter(wlr_seat_touch_grab *grab, uint32_t time_ms,
	wlr_touch_point *point)
{
	auto hook = reinterpret_cast<const label_seat::touch_hook *>(
		grab->interface);
	auto drag = static_cast<wlr_drag *>(grab->data);
	if (point->focus_surface == nullptr
			|| hook->owner->may_drop(drag, point->focus_surface)) {
		hook->original->enter(grab, time_ms, point);
	} else {
		/* The pointer's way of it, but it is the same drag. */
		drag->pointer_grab.interface->clear_focus(&drag->pointer_grab);
	}
}

/* Move all listeners from a signal to a list. */
void
park(wl_signal *signal, wl_list *list)
{
	wl_list_init(list);
	wl_list_insert_list(list, &signal->listener_list);
	wl_list_init(&signal->listener_list);
}

void
unpark(wl_signal *signal, wl_list *list)
{
	wl_list_insert_list(&signal->listener_list, list);
	wl_list_init(list);
}

wf::scene::node_ptr
surface_node_in(const wf::scene::node_ptr &parent, wlr_surface *surface)
{
	for (auto &child : parent->get_children()) {
		auto node = dynamic_cast<wf::scene::wlr_surface_node_t *>(
			child.get());
		if (node != nullptr && node->get_surface() == surface) {
			return child;
		}
	}
	return nullptr;
}

/* What is dragged, in a frame; Wayfire has just put it before everything. */
void
frame_icon(struct wlbl *labels, const struct wlbl_label *label,
	wlr_drag_icon *icon)
{
	for (auto &node : wf::get_core().scene()->get_children()) {
		auto root = std::dynamic_pointer_cast<
			wf::scene::floating_inner_node_t>(node);
		auto shown = surface_node_in(node, icon->surface);
		if (root == nullptr || shown == nullptr) {
			continue;
		}
		auto surface = std::static_pointer_cast<
			wf::scene::wlr_surface_node_t>(shown);
		auto frame = std::make_shared<frame_node>(labels,
			WLBL_FRAME_ICON, label,
			[=] {
				return icon_shape(surface->get_surface());
			},
			[] (frame_part) {});
		root->set_children_list({frame});
		frame->set_children_list({shown});
		wf::wlr_surface_controller_t::create_controller(icon->surface,
			frame);
		wf::scene::update(root, wf::scene::update_flag::CHILDREN_LIST);
		return;
	}
}

/* Whether a cursor would reach into a strip. Both are small. */
bool
is_on_strip(wf::pointf_t at, int hotspot_x, int hotspot_y, int width, int height)
{
	const wf::geometry_t image = { (int)at.x - hotspot_x - 1,
		(int)at.y - hotspot_y - 1, width + 2, height + 2 };
	for (auto output : wf::get_core().output_layout->get_outputs()) {
		wf::geometry_t strip = output->get_layout_geometry();
		strip.height = WLBL_STRIP_HEIGHT;
		if (image & strip) {
			return true;
		}
	}
	return false;
}

/* One place behind another in the same list, each with its dialogs. */
void
put_behind(wayfire_view view, wayfire_view front)
{
	auto node = wf::find_topmost_parent(view)->get_root_node();
	auto before = wf::find_topmost_parent(front)->get_root_node();
	auto parent = dynamic_cast<wf::scene::floating_inner_node_t *>(
		before->parent());
	if (parent == nullptr || node->parent() != parent || node == before) {
		return;
	}
	auto children = parent->get_children();
	children.erase(std::remove(children.begin(), children.end(), node),
		children.end());
	auto at = std::find(children.begin(), children.end(), before);
	children.insert(at + 1, node);
	parent->set_children_list(children);
	wf::scene::update(parent->shared_from_this(),
		wf::scene::update_flag::CHILDREN_LIST);
}

}

label_seat::label_seat(struct wlbl *labels, std::function<void()> covered)
	: labels(labels), covered(covered),
	seat(wf::get_core().get_current_seat())
{
	on_new_surface = [=] (wf::new_xdg_surface_signal *) {
		start();
	};
	wf::get_core().connect(&on_new_surface);
	on_mapped = [=] (wf::view_mapped_signal *event) {
		fresh = event->view.get();
	};
	wf::get_core().connect(&on_mapped);
	on_unmapped = [=] (wf::view_unmapped_signal *event) {
		if (event->view.get() == waiting_view) {
			show_waiting(nullptr, nullptr);
		}
	};
	wf::get_core().connect(&on_unmapped);
	on_request = [=] (wf::view_focus_request_signal *event) {
		handle_focus_request(event);
	};
	wf::get_core().connect(&on_request);
	on_pointer = [=] (wf::pointer_focus_changed_signal *event) {
		auto view = wf::node_to_view(event->new_focus);
		wlbl_show(this->labels, WLBL_ROLE_POINTER, view
			? view_label(this->labels, view) : nullptr);
		judge_cursor();
	};
	wf::get_core().connect(&on_pointer);

	on_start_drag.set_callback([=] (void *data) {
		handle_drag(static_cast<wlr_drag *>(data));
	});
	on_start_drag.connect(&seat->events.start_drag);
	on_set_cursor.set_callback([=] (void *data) {
		handle_cursor(static_cast<
			wlr_seat_pointer_request_set_cursor_event *>(data));
	});
	on_set_cursor.connect(&seat->events.request_set_cursor);
	on_cursor_commit.set_callback([=] (void *) {
		hotspot_x -= cursor->current.dx;
		hotspot_y -= cursor->current.dy;
		judge_cursor();
	});
	on_cursor_destroy.set_callback([=] (void *) {
		forget_cursor();
	});
	on_motion = [=] (auto) {
		judge_cursor();
	};
	wf::get_core().connect(&on_motion);
	on_motion_absolute = [=] (auto) {
		judge_cursor();
	};
	wf::get_core().connect(&on_motion_absolute);
}

label_seat::~label_seat()
{
	if (label == nullptr) {
		return;
	}
	end_drag();
	seat->keyboard_state.default_grab->interface = default_keyboard;
	wlbl_seat_destroy(label);
	unpark(&seat->events.request_set_selection, &parked[0]);
	unpark(&seat->events.request_set_primary_selection, &parked[1]);
	unpark(&seat->events.request_start_drag, &parked[2]);
}

void
label_seat::copy()
{
	if (label != nullptr) {
		wlbl_seat_copy(label);
	}
}

void
label_seat::paste()
{
	if (label != nullptr) {
		wlbl_seat_paste(label);
	}
}

/* Before the first surface of a shell is anybody's. */
void
label_seat::start()
{
	if (label != nullptr) {
		return;
	}
	park(&seat->events.request_set_selection, &parked[0]);
	park(&seat->events.request_set_primary_selection, &parked[1]);
	park(&seat->events.request_start_drag, &parked[2]);
	if (wlbl_seat_create(labels, seat, &label) < 0) {
		LOGE("wlbridge-labels: no memory for the seat: no selections");
		std::abort();
	}
	auto grab = seat->keyboard_state.default_grab;
	default_keyboard = grab->interface;
	keyboard = { *default_keyboard, this };
	keyboard.base.enter = keyboard_enter;
	keyboard.base.clear_focus = keyboard_clear;
	grab->interface = &keyboard.base;

	on_focus_change.set_callback([=] (void *data) {
		handle_focus_change(static_cast<
			wlr_seat_keyboard_focus_change_event *>(data)
			->new_surface);
	});
	on_focus_change.connect(&seat->keyboard_state.events.focus_change);
}

void
label_seat::focus(wlr_surface *surface)
{
	giving = true;
	wlbl_seat_focus(label, surface);
	giving = false;
	holder = wlbl_seat_keyboard_label(label);
	if (surface != nullptr) {
		auto view = wf::wl_surface_to_wayfire_view(surface->resource);
		last = view && !is_popup(view) ? view->weak_from_this() : last;
	}
	if (holder != nullptr && holder == waiting) {
		show_waiting(nullptr, nullptr);
	}
}

void
label_seat::show_waiting(const struct wlbl_label *wants,
	wf::view_interface_t *view)
{
	waiting = wants;
	waiting_view = view;
	wlbl_show(labels, WLBL_ROLE_WAITING, wants);
}

/* The keyboard went somewhere without focus(). */
void
label_seat::handle_focus_change(wlr_surface *surface)
{
	if (giving || surface == nullptr || wlbl_label_of(labels,
			wl_resource_get_client(surface->resource)) == holder) {
		return;
	}
	LOGW("wlbridge-labels: a popup takes the keyboard from another label "
		"and is closed");
	focus(nullptr);
	auto view = wf::wl_surface_to_wayfire_view(surface->resource);
	if (view) {
		close_soon(view);
	}
	refocus.run_once([] {
		wf::get_core().seat->refocus();
	});
}

/*
 * What new windows must not come before. Where the keyboard is counts, and not
 * what Wayfire calls active: any popup can make itself that.
 */
wayfire_view
label_seat::front() const
{
	auto view = last.lock();
	const bool nobody = seat->keyboard_state.focused_surface == nullptr
		&& !wf::get_core().seat->get_active_view();
	return view == nullptr || nobody || !view->is_mapped() ? nullptr
		: view->self();
}

bool
label_seat::may_grab(const struct wlbl_label *wants) const
{
	auto view = front();
	return !view || wants == view_label(labels, view);
}

void
label_seat::grab(wlr_surface *popup)
{
	auto keyboard = wlr_seat_get_keyboard(seat);
	if (keyboard != nullptr && holder != nullptr && holder
			== wlbl_label_of(labels,
				wl_resource_get_client(popup->resource))) {
		wlr_seat_keyboard_enter(seat, popup, nullptr, 0,
			&keyboard->modifiers);
	}
}

void
label_seat::keep_behind(wayfire_view view) const
{
	auto before = front();
	if (before && view_label(labels, view) != view_label(labels, before)) {
		put_behind(view, before);
	}
}

/*
 * A new window takes the keyboard from windows of its own label only; nor does
 * one get it that asks for it.
 */
void
label_seat::handle_focus_request(wf::view_focus_request_signal *event)
{
	const bool by_itself = event->self_request
		|| fresh == event->view.get();
	fresh = nullptr;
	auto before = front();
	const struct wlbl_label *wants = view_label(labels, event->view);
	if (!by_itself || !before || wants == view_label(labels, before)) {
		return;
	}
	event->carried_out = true;
	put_behind(event->view, before);
	show_waiting(wants, event->view.get());
}

bool
label_seat::may_drop(const wlr_drag *on, wlr_surface *surface) const
{
	return on->seat_client != nullptr && wlbl_label_of(labels,
		wl_resource_get_client(surface->resource))
		== wlbl_label_of(labels, on->seat_client->client);
}

void
label_seat::handle_drag(wlr_drag *started)
{
	drag = { *started->pointer_grab.interface,
		started->pointer_grab.interface, this };
	drag.base.enter = drag_enter;
	started->pointer_grab.interface = &drag.base;
	touch_drag = { *started->touch_grab.interface,
		started->touch_grab.interface, this };
	touch_drag.base.enter = drag_touch_enter;
	started->touch_grab.interface = &touch_drag.base;
	dragging = started;
	const struct wlbl_label *of = started->seat_client == nullptr ? nullptr
		: wlbl_label_of(labels, started->seat_client->client);
	if (started->icon != nullptr && of != nullptr) {
		frame_icon(labels, of, started->icon);
	}
	on_drag_end.set_callback([=] (void *) {
		end_drag();
		/* Wayfire forgets where the icon was before it is drawn over. */
		for (auto output : wf::get_core().output_layout->get_outputs()) {
			output->render->damage_whole();
		}
	});
	on_drag_end.connect(&started->events.destroy);
	covered();
}

void
label_seat::end_drag()
{
	on_drag_end.disconnect();
	if (dragging != nullptr) {
		dragging->pointer_grab.interface = drag.original;
		dragging->touch_grab.interface = touch_drag.original;
		dragging = nullptr;
	}
}

void
label_seat::forget_cursor()
{
	on_cursor_commit.disconnect();
	on_cursor_destroy.disconnect();
	cursor = nullptr;
}

void
label_seat::handle_cursor(
	const wlr_seat_pointer_request_set_cursor_event *event)
{
	if (event->seat_client != seat->pointer_state.focused_client) {
		return;
	}
	forget_cursor();
	if (event->surface == nullptr || wlbl_label_of(labels,
			event->seat_client->client)
				== wlbl_label_local(labels)) {
		return;
	}
	cursor = event->surface;
	hotspot_x = event->hotspot_x;
	hotspot_y = event->hotspot_y;
	is_cursor_shown = true;		/* by Wayfire, just now */
	on_cursor_commit.connect(&cursor->events.commit);
	on_cursor_destroy.connect(&cursor->events.destroy);
	judge_cursor();
}

void
label_seat::judge_cursor()
{
	if (cursor == nullptr) {
		return;
	}
	auto focused = seat->pointer_state.focused_client;
	if (focused == nullptr || focused->client
			!= wl_resource_get_client(cursor->resource)) {
		/* Nobody else need have one. */
		wf::get_core().set_cursor("default");
		forget_cursor();
		return;
	}
	if (!wlr_surface_has_buffer(cursor)) {
		return;		/* nothing to be seen */
	}
	const int width = cursor->current.width;
	const int height = cursor->current.height;
	const bool good = width <= WLBL_CURSOR_MAX && height <= WLBL_CURSOR_MAX
		&& hotspot_x >= 0 && hotspot_x <= width
		&& hotspot_y >= 0 && hotspot_y <= height
		&& !is_on_strip(wf::get_core().get_cursor_position(),
			(int)hotspot_x, (int)hotspot_y, width, height);
	if (good == is_cursor_shown) {
		return;
	}
	is_cursor_shown = good;
	if (good) {
		wlr_cursor_set_surface(wf::get_core().get_wlr_cursor(), cursor,
			(int32_t)hotspot_x, (int32_t)hotspot_y);
	} else {
		wf::get_core().set_cursor("default");
	}
}
