/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Whatever a client shows is below a frame node: it hands down the region to be
 * painted only as far as the content goes, and Wayfire's nodes paint nothing
 * outside of the region they are given; points outside of the content are not
 * handed down either. It does not matter how many surfaces there are below, nor
 * where they are.
 *
 * The rest of the frame and the backdrop, which is all of the content, is one
 * instruction, painted before them. The backdrop is there even where a client
 * says that it is opaque: if it is not, others' windows would shine through.
 *
 * The node is inside of the view's own (window.cpp puts it there), and so it is
 * in every picture that other plugins take of the view to animate it.
 */
#include "frame-node.hpp"

#include <linux/input-event-codes.h>
#include <wayfire/core.hpp>

namespace {

bool
contains(const wf::geometry_t &box, wf::pointf_t at)
{
	return at.x >= box.x && at.x < box.x + box.width
		&& at.y >= box.y && at.y < box.y + box.height;
}

/* After translation_node_instance_t, with a clip in place of the offset. */
class frame_instance : public wf::scene::render_instance_t {
public:
	frame_instance(frame_node *frame, wf::scene::damage_callback push,
		wf::output_t *output)
		: self(std::dynamic_pointer_cast<frame_node>(
			frame->shared_from_this())),
		push_damage(push), output(output)
	{
		self->connect(&on_damage);
		self->connect(&on_regenerate);
		regenerate();
	}

	void
	schedule_instructions(
		std::vector<wf::scene::render_instruction_t> &instructions,
		const wf::render_target_t &target,
		wf::region_t &damage) override
	{
		const frame_shape now = self->shape();
		wf::region_t ours = (damage & now.frame) ^ now.hidden;
		if (ours.empty()) {
			return;
		}
		wf::region_t inside = ours & now.content;
		for (auto &child : children) {
			child->schedule_instructions(instructions, target,
				inside);
		}
		damage ^= ours;
		instructions.push_back({ this, target, std::move(ours), {} });
	}

	void
	render(const wf::render_target_t &target,
		const wf::region_t &region) override
	{
		self->draw(target, region);
	}

	void
	presentation_feedback(wf::output_t *on) override
	{
		for (auto &child : children) {
			child->presentation_feedback(on);
		}
	}

	void
	compute_visibility(wf::output_t *on, wf::region_t &visible) override
	{
		const frame_shape now = self->shape();
		wf::region_t inside = (visible & now.content) ^ now.hidden;
		wf::scene::compute_visibility_from_list(children, on, inside,
			{0, 0});
		visible ^= wf::region_t{now.frame} ^ now.hidden;
	}

private:
	void
	regenerate()
	{
		auto push_child = [this] (const wf::region_t &region) {
			push_damage(region & self->shape().content);
		};
		children.clear();
		for (auto &child : self->get_children()) {
			if (child->is_enabled()) {
				child->gen_render_instances(children,
					push_child, output);
			}
		}
	}

	std::shared_ptr<frame_node> self;
	wf::scene::damage_callback push_damage;
	wf::output_t *output;
	std::vector<wf::scene::render_instance_uptr> children;

	wf::signal::connection_t<wf::scene::node_damage_signal> on_damage =
		[this] (wf::scene::node_damage_signal *event) {
			push_damage(event->region);
		};
	wf::signal::connection_t<wf::scene::node_regen_instances_signal>
		on_regenerate = [this] (auto) {
			regenerate();
		};
};

}

frame_node::frame_node(struct wlbl *labels, enum wlbl_frame_kind kind,
	const struct wlbl_label *label, std::function<frame_shape()> shape,
	std::function<void(frame_part)> pressed)
	: floating_inner_node_t(false), label(label), labels(labels), kind(kind),
	ask_shape(shape), pressed(pressed)
{
	redraw();
}

void
frame_node::redraw()
{
	if (kind != WLBL_FRAME_WINDOW) {
		return;
	}
	name_picture.set(wlbl_label_picture(label, &name_width));
	buttons_picture.set(wlbl_buttons_picture(labels));
	wlr_buffer *drawn = wlbl_title_picture(labels, title.c_str(),
		&title_width);
	title_picture.set(drawn);
	wlr_buffer_drop(drawn);
	if (drawn == nullptr) {
		title_width = 0;
	}
}

void
frame_node::forget()
{
	ask_shape = nullptr;
	pressed = nullptr;
	name_picture.set(nullptr);
	title_picture.set(nullptr);
	buttons_picture.set(nullptr);
}

frame_shape
frame_node::shape() const
{
	return ask_shape ? ask_shape() : frame_shape{};
}

bool
frame_node::has_content_at(wf::pointf_t at) const
{
	return contains(shape().content, at);
}

bool
frame_node::is_drawn() const
{
	return kind != WLBL_FRAME_WINDOW || name_picture;
}

void
frame_node::set_title(const std::string &new_title)
{
	/* More than is shown need not be compared. */
	std::string text = new_title.substr(0, 4 * WLBL_TITLE_MAX);
	if (text != title) {
		title = text;
		redraw();
		wf::scene::damage_node(this, get_bounding_box());
	}
}

void
frame_node::set_active(bool is_active)
{
	if (active != is_active) {
		active = is_active;
		wf::scene::damage_node(this, get_bounding_box());
	}
}

std::string
frame_node::stringify() const
{
	return std::string("frame ") + (ask_shape ? "of "
		+ std::string(wlbl_label_name(label)) : "of nothing") + " "
		+ stringify_flags();
}

std::optional<wf::scene::input_node_t>
frame_node::find_node_at(const wf::pointf_t &at)
{
	const frame_shape now = shape();
	if (!contains(now.frame, at) || now.hidden.contains_pointf(at)) {
		return {};
	}
	if (contains(now.content, at)) {
		auto found = floating_inner_node_t::find_node_at(at);
		if (found) {
			return found;
		}
	}
	/* What takes no input there does not let it through either. */
	return wf::scene::input_node_t{ this, at };
}

wf::pointer_interaction_t &
frame_node::pointer_interaction()
{
	return *this;
}

wf::touch_interaction_t &
frame_node::touch_interaction()
{
	return *this;
}

void
frame_node::gen_render_instances(
	std::vector<wf::scene::render_instance_uptr> &instances,
	wf::scene::damage_callback push_damage, wf::output_t *output)
{
	instances.push_back(std::make_unique<frame_instance>(this, push_damage,
		output));
}

wf::geometry_t
frame_node::get_bounding_box()
{
	return shape().frame;
}

uint32_t
frame_node::optimize_update(uint32_t flags)
{
	return wf::scene::optimize_nested_render_instances(shared_from_this(),
		flags);
}

frame_part
frame_node::part_at(wf::pointf_t at) const
{
	const frame_shape now = shape();
	if (contains(now.content, at)) {
		return { WLBL_PART_CONTENT, 0 };
	}
	if (kind != WLBL_FRAME_WINDOW) {
		return { WLBL_PART_BORDER, 0 };
	}
	const wf::geometry_t &box = now.frame;
	const int border = WLBL_WINDOW_BORDER;
	const int right = box.x + box.width - border;
	uint32_t edges = 0;
	if (at.x < box.x + border) {
		edges |= WLR_EDGE_LEFT;
	} else if (at.x >= right) {
		edges |= WLR_EDGE_RIGHT;
	}
	if (at.y < box.y + border) {
		edges |= WLR_EDGE_TOP;
	} else if (at.y >= box.y + box.height - border) {
		edges |= WLR_EDGE_BOTTOM;
	}
	if (edges != 0) {
		return { WLBL_PART_BORDER, edges };
	}
	if (at.x >= right - WLBL_BUTTON_WIDTH) {
		return { WLBL_PART_CLOSE, 0 };
	}
	if (at.x >= right - 2 * WLBL_BUTTON_WIDTH) {
		return { WLBL_PART_MAXIMIZE, 0 };
	}
	return { WLBL_PART_TITLE, 0 };
}

void
frame_node::handle_pointer_enter(wf::pointf_t at)
{
	pointer = at;
	wf::get_core().set_cursor("default");
}

void
frame_node::handle_pointer_motion(wf::pointf_t at, uint32_t time_ms)
{
	(void)time_ms;
	pointer = at;
}

void
frame_node::handle_pointer_button(const wlr_pointer_button_event &event)
{
	if (pressed && event.button == BTN_LEFT
			&& event.state == WL_POINTER_BUTTON_STATE_PRESSED) {
		pressed(part_at(pointer));
	}
}

void
frame_node::handle_touch_down(uint32_t time_ms, int finger_id, wf::pointf_t at)
{
	(void)time_ms;
	if (pressed && finger_id == 0) {
		pressed(part_at(at));
	}
}

void
frame_node::draw_bar(const wf::render_target_t &target, const frame_shape &now)
{
	const int x = now.frame.x + WLBL_WINDOW_BORDER;
	const int y = now.frame.y + WLBL_WINDOW_BORDER;
	const int width = now.frame.width - 2 * WLBL_WINDOW_BORDER;
	const int height = WLBL_BAR_HEIGHT;
	OpenGL::render_rectangle({x, y, width, height},
		grey(active ? WLBL_BAR_GREY_ACTIVE : WLBL_BAR_GREY),
		target.get_orthographic_projection());
	name_picture.draw(target, {x, y, name_width, height});
	buttons_picture.draw(target, {x + width - 2 * WLBL_BUTTON_WIDTH, y,
		2 * WLBL_BUTTON_WIDTH, height});
	const int used = name_width + WLBL_TITLE_GAP;
	const int room = std::min(width - used - 2 * WLBL_BUTTON_WIDTH,
		title_width);
	if (room > 0) {
		title_picture.draw(target, {x + used, y, room, height},
			(double)room / title_width);
	}
}

void
frame_node::draw(const wf::render_target_t &target, const wf::region_t &region)
{
	const frame_shape now = shape();
	const auto matrix = target.get_orthographic_projection();
	const wf::color_t colour = colour_of(wlbl_label_colour(label));
	const bool has_bar = kind == WLBL_FRAME_WINDOW
		&& now.content.y - now.frame.y > WLBL_WINDOW_BORDER;
	OpenGL::render_begin(target);
	for (const auto &box : region) {
		target.logic_scissor(wlr_box_from_pixman_box(box));
		OpenGL::render_rectangle(now.frame, colour, matrix);
		OpenGL::render_rectangle(now.content, grey(WLBL_BACKDROP_GREY),
			matrix);
		if (has_bar) {
			draw_bar(target, now);
		}
	}
	OpenGL::render_end();
}

closed_node::closed_node() : floating_inner_node_t(false)
{
}

std::string
closed_node::stringify() const
{
	return "not to be shown " + stringify_flags();
}

std::optional<wf::scene::input_node_t>
closed_node::find_node_at(const wf::pointf_t &at)
{
	(void)at;
	return {};
}

wf::keyboard_focus_node_t
closed_node::keyboard_refocus(wf::output_t *output)
{
	(void)output;
	return {};
}

void
closed_node::gen_render_instances(
	std::vector<wf::scene::render_instance_uptr> &instances,
	wf::scene::damage_callback push_damage, wf::output_t *output)
{
	(void)instances;
	(void)push_damage;
	(void)output;
}

wf::geometry_t
closed_node::get_bounding_box()
{
	return {0, 0, 0, 0};
}
