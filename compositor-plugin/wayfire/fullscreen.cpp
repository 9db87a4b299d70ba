/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A person may let one window fill the screen, by a chord and for as long as that
 * window has the keyboard. It then has all of the output but the strip and a thin
 * border. For Wayfire it is full screen; that a window is so does not say who asked,
 * so this one is marked. One that is full screen without the mark is maximised
 * instead (window.cpp), before and after.
 *
 * The strip names whoever has the keyboard, so it names a window without a title
 * bar only while the two are the same. Wayfire takes the keyboard away for a moment
 * when a menu opens; so who has it is looked at when all that is done, before
 * anything is drawn.
 */
#include "fullscreen.hpp"

#include <wayfire/core.hpp>
#include <wayfire/output.hpp>
#include <wayfire/seat.hpp>
#include <wayfire/txn/transaction-manager.hpp>
#include <wayfire/window-manager.hpp>

#include "shape.hpp"
#include "window.hpp"

namespace {

/* Kept with the view, with what it is to be afterwards. */
class full_mark : public wf::custom_data_t {
public:
	wf::geometry_t geometry;
	uint32_t tiled_edges;
	const struct wlbl_label *label;
};

/* The window that has the keyboard, itself or by a menu of it. */
wayfire_toplevel_view
keyboard_window()
{
	auto surface = wf::get_core().get_current_seat()
		->keyboard_state.focused_surface;
	auto view = surface == nullptr ? nullptr
		: wf::wl_surface_to_wayfire_view(surface->resource);
	if (!view) {
		return nullptr;
	}
	return is_popup(view) ? popup_window(view) : wf::toplevel_cast(view);
}

}

bool
is_full(wayfire_toplevel_view view)
{
	return view->has_data<full_mark>();
}

full_screen::full_screen(struct wlbl *labels) : labels(labels)
{
	on_focus_change.set_callback([=] (void *) {
		judging.run_once([=] {
			judge();
		});
	});
	on_focus_change.connect(&wf::get_core().get_current_seat()
		->keyboard_state.events.focus_change);
	on_unmapped = [=] (wf::view_unmapped_signal *event) {
		auto window = wf::toplevel_cast(event->view);
		if (window && is_full(window)) {
			restore(window);
		}
	};
	wf::get_core().connect(&on_unmapped);
}

full_screen::~full_screen()
{
	end();
}

void
full_screen::toggle()
{
	auto window = keyboard_window();
	if (!window || !window->get_output()) {
		return;
	}
	const bool was_full = is_full(window);
	end();
	if (!was_full) {
		begin(window);
	}
}

void
full_screen::begin(wayfire_toplevel_view view)
{
	auto toplevel = view->toplevel();
	auto mark = std::make_unique<full_mark>();
	mark->geometry = toplevel->pending().geometry;
	mark->tiled_edges = toplevel->pending().tiled_edges;
	mark->label = view_label(labels, view);
	wlbl_notify(labels, "%s fills the screen; the same keys end it",
		wlbl_label_name(mark->label));
	view->store_data(std::move(mark));
	current = view->weak_from_this();
	toplevel->pending().fullscreen = true;
	wf::get_core().tx_manager->schedule_object(toplevel);
}

bool
full_screen::adjust(wayfire_toplevel_view view)
{
	auto &pending = view->toplevel()->pending();
	if (!pending.fullscreen) {
		restore(view);
		return false;
	}
	if (view->get_output()) {
		pending.geometry = usable_of(view->get_output())
			+ workspace_origin(view->get_output(),
				pending.geometry);
	}
	return true;
}

void
full_screen::restore(wayfire_toplevel_view view)
{
	auto &pending = view->toplevel()->pending();
	auto mark = view->get_data<full_mark>();
	pending.fullscreen = false;
	pending.tiled_edges = mark->tiled_edges;
	if (view->get_output()) {
		/* With the person's workspaces it may have moved. */
		const wf::point_t before = workspace_origin(view->get_output(),
			mark->geometry);
		const wf::point_t now = workspace_origin(view->get_output(),
			pending.geometry);
		pending.geometry = mark->geometry + (now - before);
	}
	wlbl_notify(labels, "%s no longer fills the screen",
		wlbl_label_name(mark->label));
	view->erase_data<full_mark>();
	current.reset();
}

void
full_screen::end()
{
	auto view = current.lock();
	if (view) {
		auto window = wf::toplevel_cast(view->self());
		restore(window);
		wf::get_core().tx_manager->schedule_object(window->toplevel());
	}
}

void
full_screen::judge()
{
	auto view = current.lock();
	if (view && keyboard_window() != wf::toplevel_cast(view->self())) {
		end();
	}
}
