/* SPDX-License-Identifier: MIT */
/* The part of each output that no client covers. */
#ifndef WLBL_WAYFIRE_STRIP_HPP
#define WLBL_WAYFIRE_STRIP_HPP

#include <functional>
#include <map>
#include <memory>
#include <wayfire/output-layout.hpp>
#include <wayfire/render-manager.hpp>
#include <wayfire/scene.hpp>
#include <wayfire/signal-definitions.hpp>
#include <wayfire/workarea.hpp>

#include "picture.hpp"
#include "wlbridge-labels-draw.h"

class strip_node;

class strips {
public:
	/*
	 * Outputs come, go and change: that is told. So is that one is about to be
	 * drawn, when all who move what is on it have done so.
	 */
	strips(struct wlbl *labels, std::function<void()> changed,
		std::function<void()> drawing);
	~strips();

	/* There is something else to show. */
	void
	damage();

	/* The largest scale of an output, as an integer. */
	int
	scale() const;

private:
	struct strip {
		std::shared_ptr<strip_node> node;
		wf::effect_hook_t before_frame;
		wf::output_workarea_manager_t::anchored_area area;
		wf::signal::connection_t<
			wf::output_configuration_changed_signal> on_change;
	};

	void
	add(wf::output_t *output);

	void
	remove(wf::output_t *output);

	/* Above everything that was put there since, but for pictures. */
	void
	raise();

	/* Whether it is of all of an output. */
	bool
	is_picture(const wf::scene::node_ptr &node) const;

	struct wlbl *labels;
	std::function<void()> changed;
	std::function<void()> drawing;
	std::map<wf::output_t *, std::unique_ptr<strip>> all;
	wf::signal::connection_t<wf::output_added_signal> on_added;
	wf::signal::connection_t<wf::output_pre_remove_signal> on_removed;
};

#endif
