/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client asks for a window and Wayfire makes a view of it; clients without a
 * label, or with too many windows, get none. When a view is mapped its surfaces
 * hang below its root node. A frame is put in between, and the controller that
 * keeps the subsurfaces in order is told that they belong there from now on.
 * That happens before anything is drawn; if it cannot be done the view stays
 * disabled and is asked to close. Others may enable a view at any time, to show
 * how it goes; so as long as it has surfaces without a frame these are closed off.
 *
 * Wayfire does what clients ask for without asking whose turn it is: a move needs
 * the serial of the last press, which any client can guess, a parent that is taken
 * back puts a window in front, full screen on another output takes the keyboard
 * there and may not be asked for a dialog, a dialog may begin behind the strip, a popup that
 * grabs is given the keyboard with the keys that are held. The windows hear of some
 * before Wayfire does and make good others before anything is drawn; a popup that
 * must not grab is not shown, and one that may has the keyboard before Wayfire
 * gives it.
 *
 * A popup is put right above its window, so that others can be above both.
 *
 * Wayfire changes windows in transactions. Each is looked at before it begins:
 * a window has room for its frame, and a VM's is never full screen but maximised,
 * unless the person allowed it (fullscreen.cpp).
 */
#include "window.hpp"

#include <algorithm>
#include <wayfire/core.hpp>
#include <wayfire/output.hpp>
#include <wayfire/scene-operations.hpp>
#include <wayfire/unstable/wlr-surface-controller.hpp>
#include <wayfire/unstable/wlr-surface-node.hpp>
#include <wayfire/util/log.hpp>
#include <wayfire/window-manager.hpp>
#include <wayfire/workarea.hpp>

#include "shape.hpp"

namespace {

/* Not one that outlived it. */
bool
shows_surface(const wf::scene::node_ptr &node)
{
	auto shown = dynamic_cast<wf::scene::wlr_surface_node_t *>(node.get());
	return shown != nullptr && shown->get_surface() != nullptr;
}

/* What a node has of a client, not its subsurfaces; taken out, or null. */
wf::scene::node_ptr
take_surface(wf::scene::floating_inner_node_t *from)
{
	auto children = from->get_children();
	auto found = std::find_if(children.begin(), children.end(),
		shows_surface);
	if (found == children.end()) {
		return nullptr;
	}
	auto surface = *found;
	from->set_children_list({});
	return surface;
}

/* Put a node between a parent and a surface of it. */
void
put_between(const wf::scene::floating_inner_ptr &root,
	const wf::scene::floating_inner_ptr &node, wf::scene::node_ptr surface)
{
	root->set_children_list({node});
	node->set_children_list({surface});
	/* Subsurfaces come back with the controller. */
	wf::wlr_surface_controller_t::create_controller(
		std::static_pointer_cast<wf::scene::wlr_surface_node_t>(surface)
			->get_surface(), node);
	wf::scene::update(node, wf::scene::update_flag::CHILDREN_LIST);
	wf::scene::update(root, wf::scene::update_flag::CHILDREN_LIST);
}

/* Surfaces of a view that have no frame, kept with the view. */
class view_closed : public wf::custom_data_t {
public:
	const std::shared_ptr<closed_node> node =
		std::make_shared<closed_node>();

	~view_closed()
	{
		node->set_children_list({});
		wf::scene::remove_child(node);
	}
};

void
close_off(wayfire_view view)
{
	auto root = view->get_surface_root_node();
	auto surface = take_surface(root.get());
	if (surface == nullptr) {
		return;		/* they have a frame, or are closed off */
	}
	auto closed = std::make_unique<view_closed>();
	put_between(root, closed->node, surface);
	view->store_data(std::move(closed));
}

/* Goes with its view. */
class idle_close : public wf::custom_data_t {
public:
	wf::wl_idle_call idle;
};

/* Whether a popup is to have the keyboard. */
bool
grabs(wayfire_view popup)
{
	return wlr_xdg_popup_try_from_wlr_surface(popup->get_wlr_surface())
		->seat != nullptr;
}

/* Whether the person has a button or a finger on something of a client. */
bool
is_held(const wlr_xdg_toplevel *toplevel)
{
	auto client = wl_resource_get_client(toplevel->resource);
	auto seat = wf::get_core().get_current_seat();
	auto pointed = seat->pointer_state.focused_client;
	if (pointed != nullptr && pointed->client == client
			&& seat->pointer_state.button_count > 0) {
		return true;
	}
	wlr_touch_point *point;
	wl_list_for_each(point, &seat->touch_state.touch_points, link) {
		if (point->client != nullptr
				&& point->client->client == client) {
			return true;
		}
	}
	return false;
}

wlr_xdg_toplevel *
xdg_of(wayfire_view view)
{
	wlr_surface *surface = view->get_wlr_surface();
	return surface == nullptr ? nullptr
		: wlr_xdg_toplevel_try_from_wlr_surface(surface);
}

void
act(wayfire_view view, frame_part part)
{
	auto &manager = wf::get_core().default_wm;
	auto window = wf::toplevel_cast(view);
	if (!window || is_full(window)) {
		return;
	}
	switch (part.part) {
	case WLBL_PART_TITLE:
		manager->move_request(window);
		break;
	case WLBL_PART_MAXIMIZE:
		manager->tile_request(window, window->pending_tiled_edges()
			? 0 : wf::TILED_EDGES_ALL);
		break;
	case WLBL_PART_CLOSE:
		window->close();
		break;
	case WLBL_PART_BORDER:
		manager->resize_request(window, part.edges);
		break;
	case WLBL_PART_CONTENT:
	case WLBL_PART_NONE:
		break;
	}
}

/* Which output it is to be on; wlroots listens for its end as long as it is set. */
void
forget_output(wlr_xdg_toplevel_requested *requested)
{
	if (requested->fullscreen_output != nullptr) {
		wl_list_remove(&requested->fullscreen_output_destroy.link);
		requested->fullscreen_output = nullptr;
	}
}

/* Wayfire looks for that of the last press; instead, one that nobody had yet. */
uint32_t
judged_serial(const wlr_xdg_toplevel *toplevel, uint32_t serial)
{
	return is_held(toplevel) ? serial
		: wl_display_get_serial(wf::get_core().display) + 1;
}

}

view_frame::view_frame(struct wlbl *labels, enum wlbl_frame_kind kind,
	const struct wlbl_label *label, wayfire_view view,
	const window_rules &rules)
	: label(label), kind(kind), view(view)
{
	auto window = wf::toplevel_cast(view);
	node = std::make_shared<frame_node>(labels, kind, label,
		[=] () -> frame_shape {
			return window ? window_shape(window, label)
				: popup_shape(view, label);
		},
		[=] (frame_part part) {
			act(view, part);
		});
	node->set_title(view->get_title());
	on_title = [=] (auto) {
		node->set_title(view->get_title());
	};
	view->connect(&on_title);
	if (!window) {
		return;
	}
	node->set_active(window->activated);
	on_active = [=] (auto) {
		node->set_active(window->activated);
	};
	view->connect(&on_active);
	on_geometry = [=] (wf::view_geometry_changed_signal *event) {
		if (wf::dimensions(event->old_geometry)
				!= wf::dimensions(window->get_geometry())) {
			keep_name_visible(event->old_geometry);
		}
	};
	view->connect(&on_geometry);
	auto xdg = xdg_of(view);
	if (xdg != nullptr && label != wlbl_label_local(labels)) {
		listen(xdg, rules);
	}
	placed.run_once([=] {
		keep_name_visible(window->get_pending_geometry());
	});
}

void
view_frame::listen(wlr_xdg_toplevel *xdg, const window_rules &rules)
{
	auto window = wf::toplevel_cast(view);
	/* Wayfire's own answer came first, and was made maximised. */
	on_fullscreen.set_callback([=] (void *) {
		if (was_full) {
			was_full = false;
			return;
		}
		wf::get_core().default_wm->tile_request(window,
			xdg->requested.fullscreen ? wf::TILED_EDGES_ALL : 0);
		wlr_xdg_surface_schedule_configure(xdg->base);
	});
	on_fullscreen.connect(&xdg->events.request_fullscreen);
	/* It was put in the middle of its parent, or in front of everything. */
	on_parent.set_callback([=, raised = rules.raised] (void *) {
		if (xdg->parent == nullptr) {
			raised(view);
		}
		placed.run_once([=] {
			keep_name_visible(window->get_pending_geometry());
		});
	});
	on_parent.connect(&xdg->events.set_parent);
	/* Wayfire may unmap it after it has gone. */
	on_destroy.set_callback([=] (void *) {
		on_fullscreen.disconnect();
		on_parent.disconnect();
		on_destroy.disconnect();
	});
	on_destroy.connect(&xdg->events.destroy);
}

view_frame::~view_frame()
{
	node->set_children_list({});
	wf::scene::remove_child(node);
	node->forget();
	if (kind == WLBL_FRAME_POPUP) {
		wlbl_release(kind, label);
	}
}

bool
view_frame::install()
{
	if (!node->is_drawn()) {
		return false;
	}
	auto root = view->get_surface_root_node();
	auto closed = view->get_data<view_closed>();
	auto surface = take_surface(closed ? closed->node.get() : root.get());
	if (surface == nullptr) {
		return false;
	}
	view->erase_data<view_closed>();
	put_between(root, node, surface);
	return true;
}

void
view_frame::keep_name_visible(wf::geometry_t old)
{
	auto window = wf::toplevel_cast(view);
	if (!window->get_output() || window->pending_fullscreen()) {
		return;
	}
	const wf::geometry_t now = window->get_pending_geometry();
	const wf::point_t at = visible_origin(window, label, now, old);
	if (at != wf::origin(now)) {
		window->move(at.x, at.y);
	}
}

void
close_soon(wayfire_view view)
{
	auto closing = std::make_unique<idle_close>();
	closing->idle.run_once([view] {
		view->close();
	});
	view->store_data(std::move(closing));
}

const struct wlbl_label *
view_label(struct wlbl *labels, wayfire_view view)
{
	auto client = view->get_client();
	return client == nullptr ? wlbl_label_local(labels)
		: wlbl_label_of(labels, client);
}

windows::windows(struct wlbl *labels, window_rules rules)
	: full(labels), labels(labels), rules(rules)
{
	on_new_surface = [=] (wf::new_xdg_surface_signal *event) {
		if (event->surface->role == WLR_XDG_SURFACE_ROLE_TOPLEVEL) {
			admit(event);
		}
	};
	wf::get_core().connect(&on_new_surface);

	on_new_tx = [=] (wf::txn::new_transaction_signal *event) {
		for (const auto &object : event->tx->get_objects()) {
			auto toplevel = std::dynamic_pointer_cast<
				wf::toplevel_t>(object);
			if (toplevel) {
				adjust(toplevel);
			}
		}
	};
	wf::get_core().tx_manager->connect(&on_new_tx);

	on_mapped = [=] (wf::view_mapped_signal *event) {
		map(event->view);
	};
	wf::get_core().connect(&on_mapped);
	on_unmapped = [=] (wf::view_unmapped_signal *event) {
		event->view->erase_data<view_frame>();
		event->view->erase_data<view_closed>();
	};
	wf::get_core().connect(&on_unmapped);

	on_decoration.set_callback([] (void *data) {
		auto decoration =
			static_cast<wlr_xdg_toplevel_decoration_v1 *>(data);
		wlr_xdg_toplevel_decoration_v1_set_mode(decoration,
			WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
	});
	on_decoration.connect(&wf::get_core().protocols.xdg_decorator
		->events.new_toplevel_decoration);

	for (auto &view : wf::get_core().get_all_views()) {
		auto window = wf::toplevel_cast(view);
		if (view->is_mapped()) {
			map(view);
		}
		if (window) {
			wf::get_core().tx_manager->schedule_object(
				window->toplevel());
		}
	}
}

windows::~windows()
{
	for (auto &view : wf::get_core().get_all_views()) {
		view->erase_data<view_frame>();
		view->erase_data<view_closed>();
	}
}

/* A client wants one window more. */
void
windows::admit(wf::new_xdg_surface_signal *event)
{
	wlr_xdg_surface *surface = event->surface;
	wlr_xdg_toplevel *toplevel = surface->toplevel;
	const struct wlbl_label *label;
	if (wlbl_admit(labels, WLBL_FRAME_WINDOW,
			wl_resource_get_client(surface->resource), &label)
				< 0) {
		event->use_default_implementation = false;
		wlr_xdg_toplevel_send_close(toplevel);
		return;
	}
	auto window = std::make_unique<admitted_window>();
	window->label = label;
	window->on_destroy.set_callback([=] (void *) {
		auto gone = admitted.extract(surface);
		wlbl_release(WLBL_FRAME_WINDOW, label);
		/*
		 * It may go before its xdg_surface does, for whose end a part
		 * of Wayfire waits that uses it until then.
		 */
		wl_signal_emit_mutable(&surface->events.destroy, nullptr);
	});
	window->on_destroy.connect(&toplevel->events.destroy);
	if (label != wlbl_label_local(labels)) {
		window->on_move.set_callback([=] (void *data) {
			auto move = static_cast<wlr_xdg_toplevel_move_event *>(
				data);
			move->serial = judged_serial(toplevel, move->serial);
		});
		window->on_move.connect(&toplevel->events.request_move);
		window->on_resize.set_callback([=] (void *data) {
			auto resize = static_cast<
				wlr_xdg_toplevel_resize_event *>(data);
			resize->serial = judged_serial(toplevel,
				resize->serial);
		});
		window->on_resize.connect(&toplevel->events.request_resize);
		/* To another output it would go with the keyboard. */
		window->on_fullscreen.set_callback([=] (void *) {
			forget_output(&toplevel->requested);
		});
		window->on_fullscreen.connect(
			&toplevel->events.request_fullscreen);
	}
	admitted[surface] = std::move(window);
}

void
windows::redraw()
{
	for (auto &view : wf::get_core().get_all_views()) {
		auto frame = view->get_data<view_frame>();
		if (frame) {
			frame->node->redraw();
		}
	}
}

/* Whether a view that was just mapped has what it needs to be seen. */
bool
windows::frame(wayfire_view view)
{
	auto window = wf::toplevel_cast(view);
	const bool popup = is_popup(view);
	const struct wlbl_label *label = view_label(labels, view);
	if (!window && !popup) {
		/* Panels and the like; what else could a VM show? */
		return label == wlbl_label_local(labels);
	}
	const enum wlbl_frame_kind kind =
		window ? WLBL_FRAME_WINDOW : WLBL_FRAME_POPUP;
	if (label == nullptr || (popup && grabs(view)
			&& !rules.may_grab(label))) {
		return false;
	}
	if (popup && wlbl_admit(labels, kind, view->get_client(), &label) < 0) {
		return false;
	}
	auto made = std::make_unique<view_frame>(labels, kind, label, view,
		rules);
	const bool shown = made->install();
	view->store_data(std::move(made));
	/* Where Wayfire has popups they would cover every window. */
	auto owner = popup ? popup_window(view) : nullptr;
	if (shown && owner) {
		wf::scene::readd_front(owner->get_root_node(),
			view->get_root_node());
	}
	return shown;
}

/* Wayfire has just shown it; nothing was drawn since. */
void
windows::map(wayfire_view view)
{
	if (frame(view)) {
		if (is_popup(view) && grabs(view)) {
			rules.grabbed(view->get_wlr_surface());
		}
		return;
	}
	LOGE("wlbridge-labels: not shown, and asked to close: ", view);
	view->erase_data<view_frame>();
	close_off(view);
	wf::scene::set_node_enabled(view->get_root_node(), false);
	close_soon(view);
}

const struct wlbl_label *
windows::label_of(wayfire_toplevel_view view)
{
	/* Before it is mapped Wayfire does not know whose it is. */
	for (auto &[surface, window] : admitted) {
		if (surface->data == static_cast<wf::view_interface_t *>(
				view.get())) {
			return window->label;
		}
	}
	return view_label(labels, view);
}

/* Look at what a transaction is going to make of a window. */
void
windows::adjust(std::shared_ptr<wf::toplevel_t> toplevel)
{
	auto view = wf::find_view_for_toplevel(toplevel);
	if (!view) {
		return;
	}
	auto &pending = toplevel->pending();
	auto output = view->get_output();
	if (pending.mapped && !view->is_mapped()) {
		close_off(view);
	}
	const struct wlbl_label *label = label_of(view);
	if (label == nullptr) {
		return;
	}
	if (is_full(view)) {
		auto frame = view->get_data<view_frame>();
		const bool stays = full.adjust(view);
		if (frame && !stays) {
			frame->was_full = true;
		}
	} else if (pending.fullscreen && output != nullptr
			&& label != wlbl_label_local(labels)) {
		pending.fullscreen = false;
		pending.tiled_edges = wf::TILED_EDGES_ALL;
		pending.geometry = output->workarea->get_workarea();
	}
	const bool framed = pending.margins.top > 0;
	pending.margins = window_margins(view, pending, label);
	if (pending.fullscreen || pending.tiled_edges != 0) {
		return;
	}
	if (!framed) {
		/* What it said of its size was without a frame. */
		pending.geometry = wf::expand_geometry_by_margins(
			pending.geometry, pending.margins);
	}
	if (output == nullptr) {
		return;
	}
	const wf::geometry_t area = output->workarea->get_workarea();
	const bool large = pending.geometry.width > area.width
		|| pending.geometry.height > area.height;
	if (!framed || large) {
		const wf::point_t at = visible_origin(view, label,
			pending.geometry, pending.geometry);
		pending.geometry.x = at.x;
		pending.geometry.y = at.y;
	}
}
