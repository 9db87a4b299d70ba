/* SPDX-License-Identifier: MIT */
/* Outputs: a background, a strip, and frames when something changed. */
#include <stdlib.h>
#include <time.h>
#include <wlr/backend.h>
#include <wlr/backend/wayland.h>
#include <wlr/render/allocator.h>
#include <wlr/types/wlr_output_layout.h>

#include "server.h"
#include "util/log.h"

struct output {
	struct wl_list link;		/* server.outputs */
	struct server *server;
	struct wlr_output *wlr_output;
	struct wlr_scene_output *scene_output;
	struct wlr_scene_rect *background;
	struct wlbl_strip *strip;
	struct wl_listener frame;
	struct wl_listener request_state;
	struct wl_listener destroy;
};

static void
handle_frame(struct wl_listener *listener, void *data)
{
	struct output *output = wl_container_of(listener, output, frame);
	struct timespec now;
	(void)data;
	pointer_image_place(output->server);
	wlbl_output_commit(output->server->labels, output->scene_output);
	clock_gettime(CLOCK_MONOTONIC, &now);
	wlr_scene_output_send_frame_done(output->scene_output, &now);
	idle_update(output->server);
}

static void
handle_request_state(struct wl_listener *listener, void *data)
{
	struct output *output =
		wl_container_of(listener, output, request_state);
	const struct wlr_output_event_request_state *event = data;
	wlr_output_commit_state(output->wlr_output, event->state);
}

static void
output_destroy(struct output *output)
{
	wl_list_remove(&output->frame.link);
	wl_list_remove(&output->request_state.link);
	wl_list_remove(&output->destroy.link);
	wl_list_remove(&output->link);
	wlbl_strip_destroy(output->strip);
	if (output->background != NULL) {
		wlr_scene_node_destroy(&output->background->node);
	}
	free(output);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct output *output = wl_container_of(listener, output, destroy);
	struct server *server = output->server;
	const bool is_window = wlr_output_is_wl(output->wlr_output);
	(void)data;
	output_destroy(output);
	/* No screen that could be plugged in again: a window that was closed. */
	if (is_window && wl_list_empty(&server->outputs)) {
		log_info("the window of this compositor was closed: ending");
		wl_display_terminate(server->display);
	}
}

/*
 * A client is told its connector and its size: the serial number, which wlroots puts
 * into the description, is one by which VMs know that they are one person's.
 */
static void
hide_monitor(struct wlr_output *wlr_output)
{
	wlr_output_set_description(wlr_output, wlr_output->name);
	free(wlr_output->make);
	free(wlr_output->model);
	free(wlr_output->serial);
	wlr_output->make = NULL;
	wlr_output->model = NULL;
	wlr_output->serial = NULL;
}

/* Its mode: what it likes best, or what the configuration says. */
static bool
output_enable(struct output *output)
{
	const struct config *config = &output->server->config;
	struct wlr_output_state state;
	wlr_output_state_init(&state);
	wlr_output_state_set_enabled(&state, true);
	wlr_output_state_set_scale(&state, (float)config->scale);
	struct wlr_output_mode *mode =
		wlr_output_preferred_mode(output->wlr_output);
	if (mode != NULL) {
		wlr_output_state_set_mode(&state, mode);
	} else if (config->width > 0) {
		wlr_output_state_set_custom_mode(&state, config->width,
			config->height, 0);
	}
	bool enabled = wlr_output_commit_state(output->wlr_output, &state);
	wlr_output_state_finish(&state);
	return enabled;
}

static bool
output_show(struct output *output)
{
	static const float colour[4] = { 0.16f, 0.20f, 0.24f, 1.0f };
	struct server *server = output->server;
	output->background = wlr_scene_rect_create(
		server->layers[LAYER_BACKGROUND], 0, 0, colour);
	/* Without a strip there is no output. */
	if (output->background == NULL || wlbl_strip_create(server->labels,
			server->layers[LAYER_STRIP], &output->strip) < 0
			|| !output_enable(output)) {
		return false;
	}
	struct wlr_output_layout_output *place = wlr_output_layout_add_auto(
		server->layout, output->wlr_output);
	output->scene_output = wlr_scene_output_create(server->scene,
		output->wlr_output);
	if (place == NULL || output->scene_output == NULL) {
		return false;
	}
	wlr_scene_output_layout_add_output(server->scene_layout, place,
		output->scene_output);
	return true;
}

static void
arrange(struct server *server)
{
	struct output *output;
	wl_list_for_each(output, &server->outputs, link) {
		struct wlr_box box;
		wlr_output_layout_get_box(server->layout, output->wlr_output,
			&box);
		wlbl_strip_set_box(output->strip, &box);
		wlr_scene_rect_set_size(output->background, box.width,
			box.height);
		wlr_scene_node_set_position(&output->background->node, box.x,
			box.y);
	}
	struct window *window;
	wl_list_for_each(window, &server->windows, link) {
		window_adapt(window);
	}
}

static void
handle_layout_change(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, layout_change);
	(void)data;
	arrange(server);
}

static void
handle_new_output(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, new_output);
	struct wlr_output *wlr_output = data;
	struct output *output = calloc(1, sizeof(*output));
	if (output == NULL || !wlr_output_init_render(wlr_output,
			server->allocator, server->renderer)) {
		log_error("output %s cannot be used", wlr_output->name);
		free(output);
		return;
	}
	if (wlr_output_is_wl(wlr_output)) {
		/* For the rules of the compositor around. */
		wlr_wl_output_set_app_id(wlr_output, "wlbridge-compositor");
		wlr_wl_output_set_title(wlr_output, "wlbridge-compositor");
	}
	hide_monitor(wlr_output);
	output->server = server;
	output->wlr_output = wlr_output;
	output->frame.notify = handle_frame;
	output->request_state.notify = handle_request_state;
	output->destroy.notify = handle_destroy;
	wl_list_insert(&server->outputs, &output->link);
	wl_signal_add(&wlr_output->events.destroy, &output->destroy);
	wl_list_init(&output->frame.link);
	wl_list_init(&output->request_state.link);
	if (!output_show(output)) {
		log_error("output %s cannot be used", wlr_output->name);
		output_destroy(output);
		return;
	}
	wl_signal_add(&wlr_output->events.frame, &output->frame);
	wl_signal_add(&wlr_output->events.request_state,
		&output->request_state);
	arrange(server);
}

void
output_usable(struct server *server, double x, double y, struct wlr_box *ret)
{
	double near_x, near_y;
	wlr_output_layout_closest_point(server->layout, NULL, x, y, &near_x,
		&near_y);
	struct wlr_output *wlr_output =
		wlr_output_layout_output_at(server->layout, near_x, near_y);
	*ret = (struct wlr_box){ 0 };
	if (wlr_output != NULL) {
		wlr_output_layout_get_box(server->layout, wlr_output, ret);
		ret->y += WLBL_STRIP_HEIGHT;
		ret->height -= WLBL_STRIP_HEIGHT;
	}
}

void
outputs_init(struct server *server)
{
	wl_list_init(&server->outputs);
	server->new_output.notify = handle_new_output;
	wl_signal_add(&server->backend->events.new_output,
		&server->new_output);
	server->layout_change.notify = handle_layout_change;
	wl_signal_add(&server->layout->events.change, &server->layout_change);
}

void
outputs_finish(struct server *server)
{
	wl_list_remove(&server->new_output.link);
	wl_list_remove(&server->layout_change.link);
	struct output *output, *tmp;
	wl_list_for_each_safe(output, tmp, &server->outputs, link) {
		output_destroy(output);
	}
}
