/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-labels: every window of Wayfire says which VM it is
 *
 * window.cpp has the views and their frames, shape.cpp says where those are,
 * fullscreen.cpp has the one that a person lets fill the screen,
 * frame-node.cpp draws them and keeps clients inside, strip.cpp names who has
 * the keyboard, seat.cpp keeps clipboards in bounds and cursor.cpp cursors. Names,
 * colours, pictures and rules are the library's.
 *
 * Wayfire 0.9 has no security contexts; they come with the plugin. A global
 * that clients have bound cannot be taken back, so the plugin stays until
 * Wayfire ends. If there are no labels there are no contexts for anyone, and so
 * no clients of VMs.
 */
#include <optional>
#include <string.h>
#include <wayfire/bindings-repository.hpp>
#include <wayfire/core.hpp>
#include <wayfire/option-wrapper.hpp>
#include <wayfire/output-layout.hpp>
#include <wayfire/output.hpp>
#include <wayfire/plugin.hpp>
#include <wayfire/util/log.hpp>

extern "C" {
#include <wlr/types/wlr_security_context_v1.h>

#include "util/log.h"
}

#include "compositor-plugin/native.h"
#include "cursor.hpp"
#include "seat.hpp"
#include "strip.hpp"
#include "window.hpp"
#include "wlbridge-labels.h"

namespace {

void
handle_log(void *data, const char *line)
{
	(void)data;
	LOGW("wlbridge-labels: ", line);
}

/* Without labels there is nobody to tell VMs apart. */
bool
hides_contexts(const wl_client *client, const wl_global *global, void *data)
{
	(void)client;
	(void)data;
	return strcmp(wl_global_get_interface(global)->name,
		"wp_security_context_manager_v1") != 0;
}

}

class labels_plugin : public wf::plugin_interface_t {
public:
	void
	init() override
	{
		wl_display *display = wf::get_core().display;
		const std::string path = config;
		struct wlbl_options options = {};
		options.config_path = path.c_str();
		options.contexts =
			wlr_security_context_manager_v1_create(display);
		options.log = handle_log;
		int r = wlbl_create(display, &options, &labels);
		if (r < 0) {
			LOGE("wlbridge-labels: no labels: ", strerror(-r));
			wl_display_set_global_filter(display, hides_contexts,
				nullptr);
			return;
		}
		wl_display_set_global_filter(display, filter, this);
		strip.emplace(labels, [=] {
			rescale();
		}, [=] {
			cursor->judge();
		});
		window.emplace(labels, window_rules{
			[=] (const struct wlbl_label *label) {
				return seat->may_grab(label);
			},
			[=] (wlr_surface *popup) {
				seat->grab(popup);
			},
			[=] (wayfire_view view) {
				seat->keep_behind(view);
			},
		});
		seat.emplace(labels);
		cursor.emplace(labels);
		auto &layout = wf::get_core().output_layout;
		layout->connect(&on_output);
		for (auto output : layout->get_outputs()) {
			wlbl_hide_monitor(output->handle);
		}
		wlbl_on_shown(labels, [] (void *data) {
			static_cast<labels_plugin *>(data)->strip->damage();
		}, this);
		rescale();
		/* That it cannot be had is said, and then no VM comes so. */
		log_init("wlbridge-labels", LOG_INFO);
		const std::string address = device;
		wlbl_native_create(display, labels, address.c_str(), &native);
		wf::get_core().bindings->add_key(copy_key, &on_copy);
		wf::get_core().bindings->add_key(paste_key, &on_paste);
		wf::get_core().bindings->add_key(full_key, &on_full);
	}

	void
	fini() override
	{
		wl_display_set_global_filter(wf::get_core().display, nullptr,
			nullptr);
		if (labels == nullptr) {
			return;
		}
		wf::get_core().bindings->rem_binding(&on_copy);
		wf::get_core().bindings->rem_binding(&on_paste);
		wf::get_core().bindings->rem_binding(&on_full);
		wlbl_on_shown(labels, nullptr, nullptr);
		end_clients();
		wlbl_native_destroy(native);
		on_output.disconnect();
		cursor.reset();
		seat.reset();
		window.reset();
		strip.reset();
		wlbl_destroy(labels);
	}

	bool
	is_unloadable() override
	{
		return false;
	}

	/* Before the plugins that look at windows. */
	int
	get_order_hint() const override
	{
		return -100;
	}

private:
	/*
	 * The first client of all asks for the compositor before it can make a
	 * surface; Wayfire itself does not tell where it is.
	 */
	static bool
	filter(const wl_client *client, const wl_global *global, void *data)
	{
		auto plugin = static_cast<labels_plugin *>(data);
		const char *name = wl_global_get_interface(global)->name;
		if (!plugin->is_counting && strcmp(name, "wl_compositor") == 0) {
			plugin->is_counting = true;
			wlbl_limit_surfaces(plugin->labels,
				static_cast<wlr_compositor *>(
					wl_global_get_user_data(global)));
		}
		return wlbl_global_filter(client, global, plugin->labels);
	}

	/*
	 * Wayfire ends its clients after its plugins, but labels must outlive
	 * what is counted for them.
	 */
	void
	end_clients()
	{
		wl_list *all = wl_display_get_client_list(
			wf::get_core().display);
		wl_list *link, *next;
		for (link = all->next; link != all; link = next) {
			next = link->next;
			wl_client *client = wl_client_from_link(link);
			if (wlbl_label_of(labels, client)
					!= wlbl_label_local(labels)) {
				wl_client_destroy(client);
			}
		}
	}

	void
	rescale()
	{
		if (wlbl_set_scale(labels, strip->scale()) == 0) {
			window->redraw();
			strip->damage();
		}
	}

	wf::option_wrapper_t<std::string> config{"wlbridge-labels/config"};
	wf::option_wrapper_t<std::string> device{"wlbridge-labels/device"};
	wf::option_wrapper_t<wf::keybinding_t> copy_key{"wlbridge-labels/copy"};
	wf::option_wrapper_t<wf::keybinding_t>
		paste_key{"wlbridge-labels/paste"};
	wf::option_wrapper_t<wf::keybinding_t>
		full_key{"wlbridge-labels/fullscreen"};
	wf::key_callback on_copy = [this] (const wf::keybinding_t &) {
		seat->copy();
		return true;
	};
	wf::key_callback on_paste = [this] (const wf::keybinding_t &) {
		seat->paste();
		return true;
	};
	wf::key_callback on_full = [this] (const wf::keybinding_t &) {
		window->full.toggle();
		return true;
	};
	struct wlbl *labels = nullptr;
	struct wlbl_native *native = nullptr;
	bool is_counting = false;
	std::optional<strips> strip;
	std::optional<windows> window;
	std::optional<label_seat> seat;
	std::optional<label_cursor> cursor;
	/* Before anybody can ask for it. */
	wf::signal::connection_t<wf::output_added_signal> on_output =
		[] (wf::output_added_signal *event) {
			wlbl_hide_monitor(event->output->handle);
		};
};

DECLARE_WAYFIRE_PLUGIN(labels_plugin)
