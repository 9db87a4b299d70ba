/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client can paint a copy of anything, but not there: the strip is a node of
 * the scene's root, in front of all layers, that of a locked session among them,
 * and its place is reserved like a panel's. It takes the pointer's clicks and
 * does nothing with them.
 *
 * Others put something in front of all layers, too: what is dragged, or a window
 * while it is moved. So before each frame it is seen to that strips are in front of
 * that. A node that fills an output to the point, and has nothing below it, is a
 * picture of all of it that a plugin draws, with the frames of windows. There a strip
 * would only hide the names of the uppermost, and may be behind. What is dragged is
 * as large as its client says, but has its surface below it. Windows that are moved
 * together might be as large for a moment; then their title bars are there.
 */
#include "strip.hpp"

#include <algorithm>
#include <cmath>
#include <wayfire/core.hpp>
#include <wayfire/output.hpp>
#include <wayfire/scene-input.hpp>
#include <wayfire/scene-operations.hpp>
#include <wayfire/scene-render.hpp>
#include <wayfire/scene.hpp>

class strip_node : public wf::scene::node_t,
	public wf::pointer_interaction_t {
public:
	strip_node(struct wlbl *labels, wf::output_t *output)
		: node_t(false), labels(labels), output(output)
	{
	}

	std::string
	stringify() const override
	{
		return "strip of labels " + stringify_flags();
	}

	wf::geometry_t
	get_bounding_box() override
	{
		wf::geometry_t box = output->get_layout_geometry();
		box.height = WLBL_STRIP_HEIGHT;
		return box;
	}

	std::optional<wf::scene::input_node_t>
	find_node_at(const wf::pointf_t &at) override
	{
		if (wf::region_t{get_bounding_box()}.contains_pointf(at)) {
			return wf::scene::input_node_t{ this, at };
		}
		return {};
	}

	wf::pointer_interaction_t &
	pointer_interaction() override
	{
		return *this;
	}

	/* That of the window below stays, otherwise. */
	void
	handle_pointer_enter(wf::pointf_t at) override
	{
		(void)at;
		wf::get_core().set_cursor("default");
	}

	void
	gen_render_instances(
		std::vector<wf::scene::render_instance_uptr> &instances,
		wf::scene::damage_callback push_damage,
		wf::output_t *on) override;

	void
	draw(const wf::render_target_t &target, const wf::region_t &region)
	{
		OpenGL::render_begin(target);
		for (const auto &box : region) {
			target.logic_scissor(wlr_box_from_pixman_box(box));
			draw_once(target);
		}
		OpenGL::render_end();
	}

private:
	void
	draw_once(const wf::render_target_t &target)
	{
		const wf::geometry_t box = get_bounding_box();
		OpenGL::render_rectangle(box, grey(0.0f),
			target.get_orthographic_projection());
		int x = box.x + WLBL_STRIP_GAP;
		for (int i = 0; i < WLBL_ROLES; i++) {
			const enum wlbl_role role = (enum wlbl_role)i;
			const struct wlbl_label *label =
				wlbl_shown(labels, role);
			if (label == nullptr) {
				continue;
			}
			int width, name_width;
			captions[i].set(wlbl_role_picture(labels, role,
				&width));
			names[i].set(wlbl_label_picture(label, &name_width));
			const int name_x = x + width + WLBL_STRIP_GAP;
			/* Half a name could be another's. */
			if (role != WLBL_ROLE_KEYBOARD && name_x + name_width
					> box.x + box.width) {
				continue;
			}
			captions[i].draw(target, {x, box.y, width,
				WLBL_STRIP_HEIGHT});
			names[i].draw(target, {name_x, box.y, name_width,
				WLBL_STRIP_HEIGHT});
			x = name_x + name_width + 2 * WLBL_STRIP_GAP;
		}
		/* At the right; over nothing that says who has the keyboard. */
		int width;
		notice.set(wlbl_notice_picture(labels, &width));
		if (notice) {
			notice.draw(target, {std::max(x, box.x + box.width
				- width - WLBL_STRIP_GAP), box.y, width,
				WLBL_STRIP_HEIGHT});
		}
	}

	struct wlbl *labels;
	wf::output_t *output;
	picture captions[WLBL_ROLES];
	picture names[WLBL_ROLES];
	picture notice;
};

namespace {

class strip_instance
	: public wf::scene::simple_render_instance_t<strip_node> {
public:
	using simple_render_instance_t::simple_render_instance_t;

	void
	render(const wf::render_target_t &target,
		const wf::region_t &region) override
	{
		self->draw(target, region);
	}
};

}

void
strip_node::gen_render_instances(
	std::vector<wf::scene::render_instance_uptr> &instances,
	wf::scene::damage_callback push_damage, wf::output_t *on)
{
	instances.push_back(std::make_unique<strip_instance>(this, push_damage,
		on));
}

strips::strips(struct wlbl *labels, std::function<void()> changed,
	std::function<void()> drawing)
	: labels(labels), changed(changed), drawing(drawing)
{
	auto &layout = wf::get_core().output_layout;
	on_added = [=] (wf::output_added_signal *event) {
		add(event->output);
		this->changed();
	};
	layout->connect(&on_added);
	on_removed = [=] (wf::output_pre_remove_signal *event) {
		remove(event->output);
	};
	layout->connect(&on_removed);
	for (auto output : layout->get_outputs()) {
		add(output);
	}
}

strips::~strips()
{
	while (!all.empty()) {
		remove(all.begin()->first);
	}
}

void
strips::add(wf::output_t *output)
{
	auto added = std::make_unique<strip>();
	added->node = std::make_shared<strip_node>(labels, output);
	wf::scene::add_front(wf::get_core().scene(), added->node);
	added->area.edge = wf::output_workarea_manager_t::ANCHORED_EDGE_TOP;
	added->area.reserved_size = WLBL_STRIP_HEIGHT;
	output->workarea->add_reserved_area(&added->area);
	output->workarea->reflow_reserved_areas();
	auto node = added->node;
	added->on_change = [=] (auto) {
		wf::scene::update(node, wf::scene::update_flag::GEOMETRY);
		changed();
	};
	output->connect(&added->on_change);
	added->before_frame = [=] {
		raise();
		this->drawing();
	};
	output->render->add_effect(&added->before_frame,
		wf::OUTPUT_EFFECT_DAMAGE);
	all[output] = std::move(added);
}

void
strips::remove(wf::output_t *output)
{
	auto found = all.find(output);
	if (found == all.end()) {
		return;
	}
	output->render->rem_effect(&found->second->before_frame);
	output->workarea->remove_reserved_area(&found->second->area);
	output->workarea->reflow_reserved_areas();
	wf::scene::remove_child(found->second->node);
	all.erase(found);
}

bool
strips::is_picture(const wf::scene::node_ptr &node) const
{
	const wf::geometry_t box = node->get_bounding_box();
	return node->get_children().empty() && std::any_of(all.begin(),
		all.end(), [=] (const auto &entry) {
			return entry.first->get_layout_geometry() == box;
		});
}

void
strips::raise()
{
	auto root = wf::get_core().scene();
	size_t left = all.size();
	for (auto &node : root->get_children()) {
		if (left == 0) {
			return;
		}
		if (dynamic_cast<strip_node *>(node.get()) != nullptr) {
			left--;
		} else if (!is_picture(node)) {
			break;
		}
	}
	for (auto &[output, strip] : all) {
		wf::scene::readd_front(root, strip->node);
	}
}

void
strips::damage()
{
	for (auto &[output, strip] : all) {
		wf::scene::damage_node(strip->node,
			strip->node->get_bounding_box());
	}
}

int
strips::scale() const
{
	float scale = 1;
	for (auto &[output, strip] : all) {
		scale = std::max(scale, output->handle->scale);
	}
	return (int)std::ceil(scale);
}
