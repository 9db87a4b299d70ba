/* SPDX-License-Identifier: MIT */
/* The node that stands between a view and what its client shows. */
#ifndef WLBL_WAYFIRE_FRAME_NODE_HPP
#define WLBL_WAYFIRE_FRAME_NODE_HPP

#include <functional>
#include <string>
#include <wayfire/scene-input.hpp>
#include <wayfire/scene-render.hpp>
#include <wayfire/scene.hpp>

#include "picture.hpp"
#include "wlbridge-labels-draw.h"

/* Where everything is, in the coordinates of the client's surface. */
struct frame_shape {
	wf::geometry_t frame;	/* with its border; empty: nothing to see */
	wf::geometry_t content;	/* the client's part of it */
	wf::region_t hidden;	/* of the frame: what belongs to others */
};

/* What was hit of a frame. */
struct frame_part {
	enum wlbl_part part;
	uint32_t edges;		/* enum wlr_edges, for the border */
};

class frame_node : public wf::scene::floating_inner_node_t,
	public wf::pointer_interaction_t, public wf::touch_interaction_t {
public:
	/*
	 * The shape is asked for whenever it matters, so that no change of a
	 * view can be missed. A press on the frame itself is told.
	 */
	frame_node(struct wlbl *labels, enum wlbl_frame_kind kind,
		const struct wlbl_label *label,
		std::function<frame_shape()> shape,
		std::function<void(frame_part)> pressed);

	/* Whether the name is there to be shown. */
	bool
	is_drawn() const;

	void
	set_title(const std::string &title);

	void
	set_active(bool active);

	/* Everything is to be drawn anew, at another scale. */
	void
	redraw();

	/*
	 * What it is of goes. The node may stay a while: with whoever draws, or
	 * as what the pointer is on. It is nothing then.
	 */
	void
	forget();

	/* Empty once it is forgotten. */
	frame_shape
	shape() const;

	/* Whether what is there, in its own coordinates, is the client's. */
	bool
	has_content_at(wf::pointf_t at) const;

	std::string
	stringify() const override;

	std::optional<wf::scene::input_node_t>
	find_node_at(const wf::pointf_t &at) override;

	wf::pointer_interaction_t &
	pointer_interaction() override;

	wf::touch_interaction_t &
	touch_interaction() override;

	void
	gen_render_instances(
		std::vector<wf::scene::render_instance_uptr> &instances,
		wf::scene::damage_callback push_damage,
		wf::output_t *output) override;

	wf::geometry_t
	get_bounding_box() override;

	uint32_t
	optimize_update(uint32_t flags) override;

	void
	handle_pointer_enter(wf::pointf_t at) override;

	void
	handle_pointer_motion(wf::pointf_t at, uint32_t time_ms) override;

	void
	handle_pointer_button(const wlr_pointer_button_event &event) override;

	void
	handle_touch_down(uint32_t time_ms, int finger_id, wf::pointf_t at)
		override;

	/* For its render instances. */
	void
	draw(const wf::render_target_t &target, const wf::region_t &region);

	const struct wlbl_label *const label;

private:
	frame_part
	part_at(wf::pointf_t at) const;

	void
	draw_bar(const wf::render_target_t &target, const frame_shape &now);

	struct wlbl *labels;
	const enum wlbl_frame_kind kind;
	std::function<frame_shape()> ask_shape;
	std::function<void(frame_part)> pressed;

	std::string title;
	picture name_picture;
	picture title_picture;
	picture buttons_picture;
	int name_width = 0;
	int title_width = 0;
	bool active = false;
	wf::pointf_t pointer = {0, 0};
};

/* Holds what must not be shown, nor be told anything, whoever enables it. */
class closed_node : public wf::scene::floating_inner_node_t {
public:
	closed_node();

	std::string
	stringify() const override;

	std::optional<wf::scene::input_node_t>
	find_node_at(const wf::pointf_t &at) override;

	wf::keyboard_focus_node_t
	keyboard_refocus(wf::output_t *output) override;

	void
	gen_render_instances(
		std::vector<wf::scene::render_instance_uptr> &instances,
		wf::scene::damage_callback push_damage,
		wf::output_t *output) override;

	wf::geometry_t
	get_bounding_box() override;
};

#endif
