/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An output has a background, a strip, and frames when something changed. It is used
 * (in the layout, with windows on it) as long as the person wants that: by the
 * configuration when it comes, and by output-manager.c from then on. Where none that
 * is wanted is there, one of the others is used, so that nobody has to type blindly.
 * Which one is decided once all that come or go together have: in the next turn of
 * the loop.
 *
 * A used output has a place of its own, or the next one at the right of all. Two never
 * overlap: one's strip would lie on the other's windows. Dark outputs stay in the
 * layout, and windows on them.
 *
 * When the layout changes, a window stays on its output, wherever that is now, and so
 * does the pointer. What was on one that went is brought to the nearest.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wlr/backend.h>
#include <wlr/backend/wayland.h>
#include <wlr/render/allocator.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output_layout.h>

#include "output-config.h"
#include "output.h"
#include "util/log.h"

static void
handle_settle(void *data);

/* Look which outputs are to be used, soon. */
static void
settle_soon(struct server *server)
{
	if (server->outputs_settle == NULL) {
		server->outputs_settle = wl_event_loop_add_idle(
			wl_display_get_event_loop(server->display),
			handle_settle, server);
	}
}

bool
output_is_used(const struct output *output)
{
	return wlr_output_layout_get(output->server->layout,
		output->wlr_output) != NULL;
}

/* Whether there is room for it where it would like to be. */
static bool
is_free(const struct output *output)
{
	struct wlr_box box = { .x = output->x, .y = output->y }, both;
	wlr_output_effective_resolution(output->wlr_output, &box.width,
		&box.height);
	const struct output *other;
	wl_list_for_each(other, &output->server->outputs, link) {
		struct wlr_box taken;
		wlr_output_layout_get_box(output->server->layout,
			other->wlr_output, &taken);
		if (other != output && other->fixed
				&& wlr_box_intersection(&both, &box, &taken)) {
			return false;
		}
	}
	return true;
}

bool
output_use(struct output *output)
{
	struct server *server = output->server;
	if (output->fixed && !server->outputs_busy && !is_free(output)) {
		log_warn("output %s: another one is where it should be: "
			"beside the others", output->wlr_output->name);
		output->fixed = false;
	}
	struct wlr_output_layout_output *place = output->fixed
		? wlr_output_layout_add(server->layout, output->wlr_output,
			output->x, output->y)
		: wlr_output_layout_add_auto(server->layout,
			output->wlr_output);
	if (place == NULL) {
		return false;
	}
	wlr_scene_output_layout_add_output(server->scene_layout, place,
		output->scene_output);
	return true;
}

void
output_drop(struct output *output)
{
	wlr_output_layout_remove(output->server->layout, output->wlr_output);
}

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
	if (wlr_output_commit_state(output->wlr_output, event->state)
			&& output->fixed && output_is_used(output)
			&& !is_free(output)) {
		output_use(output);
	}
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
	output->wlr_output->data = NULL;
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
	settle_soon(server);
}

static bool
try_config(struct output *output, const struct output_config *config)
{
	struct wlr_output_state state;
	int width, height;
	wlr_output_state_init(&state);
	output_config_apply(config, output->wlr_output, &state);
	output_state_size(output->wlr_output, &state, &width, &height);
	const bool good = output_size_is_good(width, height)
		&& wlr_output_commit_state(output->wlr_output, &state);
	wlr_output_state_finish(&state);
	return good;
}

/* As the configuration says; if that cannot be, as the monitor likes best. */
static bool
output_enable(struct output *output)
{
	const struct output_config *all = &output->server->config.outputs[0];
	const struct output_config plain = {
		.width = all->width,
		.height = all->height,
	};
	if (try_config(output, &output->config)) {
		return true;
	}
	log_warn("output %s cannot be as the configuration says",
		output->wlr_output->name);
	return try_config(output, &plain);
}

static bool
output_make(struct output *output)
{
	static const float colour[4] = { 0.16f, 0.20f, 0.24f, 1.0f };
	struct server *server = output->server;
	output->background = wlr_scene_rect_create(
		server->layers[LAYER_BACKGROUND], 0, 0, colour);
	/* Without a strip there is no output. */
	if (output->background == NULL || wlbl_strip_create(server->labels,
			server->layers[LAYER_STRIP], &output->strip) < 0) {
		return false;
	}
	output->scene_output = wlr_scene_output_create(server->scene,
		output->wlr_output);
	return output->scene_output != NULL;
}

/* How far what is at a point has to go to be at the same one of its output. */
static bool
find_shift(struct server *server, double x, double y, int *ret_x, int *ret_y)
{
	struct output *output;
	wl_list_for_each(output, &server->outputs, link) {
		struct wlr_box box;
		if (!wlr_box_contains_point(&output->box, x, y)) {
			continue;
		}
		wlr_output_layout_get_box(server->layout, output->wlr_output,
			&box);
		*ret_x = box.x - output->box.x;
		*ret_y = box.y - output->box.y;
		return !wlr_box_empty(&box);
	}
	return false;
}

static void
carry_all(struct server *server)
{
	struct wlr_cursor *cursor = server->pointer.cursor;
	int dx, dy;
	struct window *window;
	wl_list_for_each(window, &server->windows, link) {
		if (window->frame != NULL && find_shift(server, window->x,
				window->y, &dx, &dy)) {
			window_carry(window, dx, dy);
		}
	}
	if (find_shift(server, cursor->x, cursor->y, &dx, &dy)) {
		wlr_cursor_warp_closest(cursor, NULL, cursor->x + dx,
			cursor->y + dy);
	} else {
		wlr_cursor_warp_closest(cursor, NULL, cursor->x, cursor->y);
	}
}

/* Labels are drawn once, for whatever shows them largest. */
static void
rescale(struct server *server)
{
	float largest = 1;
	int grid = 1;
	struct output *output;
	wl_list_for_each(output, &server->outputs, link) {
		const float scale = output->wlr_output->scale;
		const int needs = scale == floorf(scale) ? 1
			: 2 * scale == floorf(2 * scale) ? 2 : 4;
		if (output_is_used(output)) {
			largest = scale > largest ? scale : largest;
			grid = needs > grid ? needs : grid;
		}
	}
	wlbl_set_grid(server->labels, grid);
	if (wlbl_set_scale(server->labels, largest) < 0) {
		log_warn("labels cannot be drawn for scale %g", largest);
	}
}

void
outputs_arrange(struct server *server)
{
	if (server->outputs_busy) {
		return;
	}
	carry_all(server);
	rescale(server);
	struct output *output;
	wl_list_for_each(output, &server->outputs, link) {
		struct wlr_box *box = &output->box;
		wlr_output_layout_get_box(server->layout, output->wlr_output,
			box);
		wlbl_strip_set_box(output->strip, box);
		wlr_scene_rect_set_size(output->background, box->width,
			box->height);
		wlr_scene_node_set_position(&output->background->node, box->x,
			box->y);
	}
	struct window *window;
	wl_list_for_each(window, &server->windows, link) {
		window_adapt(window);
	}
	pointer_update(server);
	output_manager_tell(server);
}

static void
handle_layout_change(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, layout_change);
	(void)data;
	outputs_arrange(server);
}

/* On or off, as it should be. */
static void
settle(struct output *output, bool use)
{
	struct wlr_output *wlr_output = output->wlr_output;
	if (use && !output_is_used(output)) {
		if (!output_enable(output) || !output_use(output)) {
			log_error("output %s cannot be used",
				wlr_output->name);
		}
	} else if (!use && wlr_output->enabled) {
		struct wlr_output_state state;
		wlr_output_state_init(&state);
		wlr_output_state_set_enabled(&state, false);
		wlr_output_commit_state(wlr_output, &state);
		wlr_output_state_finish(&state);
		output_drop(output);
	}
}

static void
handle_settle(void *data)
{
	struct server *server = data;
	struct output *output, *spare = NULL;
	bool any = false;
	server->outputs_settle = NULL;
	wl_list_for_each(output, &server->outputs, link) {
		if (output->wanted) {
			settle(output, true);
			any = any || output_is_used(output);
		} else if (spare == NULL || output_is_used(output)) {
			spare = output;
		}
	}
	wl_list_for_each(output, &server->outputs, link) {
		if (!output->wanted) {
			settle(output, !any && output == spare);
		}
	}
	outputs_arrange(server);
}

/*
 * How the configuration may name it; the log says that, to be copied from there, and
 * nobody else is told.
 */
static void
configure(struct output *output)
{
	const struct wlr_output *wlr_output = output->wlr_output;
	char monitor[CONFIG_OUTPUT_NAME_MAX + 1] = "";
	if (wlr_output->make != NULL && wlr_output->model != NULL) {
		snprintf(monitor, sizeof(monitor), "%s %s %s",
			wlr_output->make, wlr_output->model,
			wlr_output->serial == NULL ? "Unknown"
				: wlr_output->serial);
		log_info("output %s: %s", wlr_output->name, monitor);
	}
	struct output_config *config = &output->config;
	output_config_find(&output->server->config, wlr_output->name, monitor,
		config);
	output->wanted = config->enabled;
	output->fixed = config->has_position;
	output->x = config->x;
	output->y = config->y;
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
	output->server = server;
	output->wlr_output = wlr_output;
	wlr_output->data = output;
	configure(output);
	wlbl_hide_monitor(wlr_output);
	output->frame.notify = handle_frame;
	wl_signal_add(&wlr_output->events.frame, &output->frame);
	output->request_state.notify = handle_request_state;
	wl_signal_add(&wlr_output->events.request_state,
		&output->request_state);
	output->destroy.notify = handle_destroy;
	wl_signal_add(&wlr_output->events.destroy, &output->destroy);
	wl_list_insert(&server->outputs, &output->link);
	if (!output_make(output)) {
		log_error("output %s cannot be used", wlr_output->name);
		output_destroy(output);
		return;
	}
	settle_soon(server);
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

int
outputs_init(struct server *server)
{
	wl_list_init(&server->outputs);
	server->new_output.notify = handle_new_output;
	wl_signal_add(&server->backend->events.new_output,
		&server->new_output);
	server->layout_change.notify = handle_layout_change;
	wl_signal_add(&server->layout->events.change, &server->layout_change);
	return output_manager_init(server);
}

void
outputs_finish(struct server *server)
{
	wl_list_remove(&server->new_output.link);
	wl_list_remove(&server->layout_change.link);
	if (server->outputs_settle != NULL) {
		wl_event_source_remove(server->outputs_settle);
	}
	output_manager_finish(server);
	struct output *output, *tmp;
	wl_list_for_each_safe(output, tmp, &server->outputs, link) {
		output_destroy(output);
	}
}
