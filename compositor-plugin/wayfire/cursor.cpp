/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A cursor is drawn by wlroots, in front of everything, and a VM's is a picture of
 * its own making, as large as a name. It cannot be cut off; so it is shown only where
 * all that it covers is content of one frame of its VM: never on a strip or a title
 * bar, nor on what another VM shows. Nor is one shown that is too large or whose hot
 * spot is not in it. The theme's arrow is, instead.
 *
 * That is looked at whenever the pointer moves, and before each frame, since windows
 * move, too. What is below a point is what Wayfire would give it to; so while a plugin
 * has the pointer to itself no VM has a cursor.
 */
#include "cursor.hpp"

#include <wayfire/core.hpp>
#include <wayfire/scene-input.hpp>

#include "frame-node.hpp"

namespace {

wf::pointf_t
to_local(wf::scene::node_t *node, wf::pointf_t at)
{
	return node == nullptr ? at
		: node->to_local(to_local(node->parent(), at));
}

/* The frame whose content is there, or null. */
frame_node *
frame_at(wf::pointf_t at)
{
	auto found = wf::get_core().scene()->find_node_at(at);
	wf::scene::node_t *node = found ? found->node.get() : nullptr;
	frame_node *frame = nullptr;
	while (node != nullptr && frame == nullptr) {
		frame = dynamic_cast<frame_node *>(node);
		node = node->parent();
	}
	return frame != nullptr && frame->has_content_at(to_local(frame, at))
		? frame : nullptr;
}

bool
is_hotspot(int64_t value, int size)
{
	return value >= 0 && value < size;
}

}

label_cursor::label_cursor(struct wlbl *labels)
	: labels(labels), seat(wf::get_core().get_current_seat())
{
	/* Wayfire's own answer came first. */
	on_request.set_callback([=] (void *data) {
		handle_request(static_cast<
			wlr_seat_pointer_request_set_cursor_event *>(data));
	});
	on_request.connect(&seat->events.request_set_cursor);
	on_commit.set_callback([=] (void *) {
		hotspot_x -= surface->current.dx;
		hotspot_y -= surface->current.dy;
		judge();
	});
	on_destroy.set_callback([=] (void *) {
		forget();
	});
	on_pointer = [=] (auto) {
		judge();
	};
	wf::get_core().connect(&on_pointer);
	on_motion = [=] (auto) {
		judge();
	};
	wf::get_core().connect(&on_motion);
	on_motion_absolute = [=] (auto) {
		judge();
	};
	wf::get_core().connect(&on_motion_absolute);
}

void
label_cursor::forget()
{
	on_commit.disconnect();
	on_destroy.disconnect();
	surface = nullptr;
}

void
label_cursor::handle_request(
	const wlr_seat_pointer_request_set_cursor_event *event)
{
	if (event->seat_client != seat->pointer_state.focused_client) {
		return;
	}
	forget();
	if (event->surface == nullptr || wlbl_label_of(labels,
			event->seat_client->client)
				== wlbl_label_local(labels)) {
		return;
	}
	surface = event->surface;
	hotspot_x = event->hotspot_x;
	hotspot_y = event->hotspot_y;
	is_shown = true;		/* by Wayfire, just now */
	on_commit.connect(&surface->events.commit);
	on_destroy.connect(&surface->events.destroy);
	judge();
}

bool
label_cursor::is_good() const
{
	const wlr_surface_state &state = surface->current;
	return state.width <= WLBL_CURSOR_MAX && state.height <= WLBL_CURSOR_MAX
		&& is_hotspot(hotspot_x, state.width)
		&& is_hotspot(hotspot_y, state.height);
}

/*
 * Frames that have a name are wider than a cursor, and higher than half of it: one
 * that is in the way is at an edge of it.
 */
bool
label_cursor::is_at_home() const
{
	const wf::pointf_t pointer = wf::get_core().get_cursor_position();
	const frame_node *home = frame_at(pointer);
	if (home == nullptr || home->label != wlbl_label_of(labels,
			wl_resource_get_client(surface->resource))) {
		return false;
	}
	/* Where it is drawn is rounded. */
	const double left = pointer.x - hotspot_x - 1;
	const double top = pointer.y - hotspot_y - 1;
	for (int i = 0; i < 6; i++) {
		if (frame_at({ left + i % 2 * (surface->current.width + 2),
				top + i / 2 * (surface->current.height + 2)
					/ 2.0 }) != home) {
			return false;
		}
	}
	return true;
}

void
label_cursor::judge()
{
	if (surface == nullptr) {
		return;
	}
	auto focused = seat->pointer_state.focused_client;
	if (focused == nullptr || focused->client
			!= wl_resource_get_client(surface->resource)) {
		/* Nobody else need have one. */
		wf::get_core().set_cursor("default");
		forget();
		return;
	}
	if (!wlr_surface_has_buffer(surface)) {
		return;		/* nothing to be seen */
	}
	const bool good = is_good() && is_at_home();
	if (good == is_shown) {
		return;
	}
	is_shown = good;
	wlr_cursor *cursor = wf::get_core().get_wlr_cursor();
	if (good) {
		wlr_cursor_set_surface(cursor, surface, (int32_t)hotspot_x,
			(int32_t)hotspot_y);
	} else {
		/* The arrow comes in a moment; this frame is not to have it. */
		wlr_cursor_unset_image(cursor);
		wf::get_core().set_cursor("default");
	}
}
