/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Programs of this machine (wlr-randr, kanshi, wlopm) may arrange the outputs and make
 * them dark; VMs do not see that they could. A configuration is tried as a whole and
 * refused as a whole: what cannot be shown with a strip and sharp labels is refused
 * before the monitors are asked, and the strip says why. So is one that leaves no
 * output, since nobody could see to take it back.
 *
 * Who moves no output leaves those that stand side by side to the layout, so that one
 * may become larger without another being in its way. Who moves one has said where
 * all are to be.
 *
 * The first frame of a new mode is drawn before the mode is there, by the library, so
 * that it is guarded like any other.
 */
#include <errno.h>
#include <stdlib.h>
#include <wlr/backend.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_output_management_v1.h>
#include <wlr/types/wlr_output_power_management_v1.h>
#include <wlr/types/wlr_output_swapchain_manager.h>

#include "output-config.h"
#include "output.h"
#include "util/log.h"

struct output_manager {
	struct server *server;
	struct wlr_output_manager_v1 *heads;
	struct wl_listener apply;
	struct wl_listener test;
	struct wl_listener set_power;
};

void
output_manager_tell(struct server *server)
{
	struct wlr_output_configuration_v1 *all =
		wlr_output_configuration_v1_create();
	struct output *output;
	wl_list_for_each_reverse(output, &server->outputs, link) {
		struct wlr_output_configuration_head_v1 *head = all == NULL
			? NULL : wlr_output_configuration_head_v1_create(all,
				output->wlr_output);
		if (head == NULL) {
			break;
		}
		/* A dark one is enabled all the same. */
		head->state.enabled = output_is_used(output);
		head->state.x = output->box.x;
		head->state.y = output->box.y;
	}
	if (all != NULL) {
		wlr_output_manager_v1_set_configuration(
			server->output_manager->heads, all);
	}
}

/* Whether somebody says of one where it is to be, and it is not there. */
static bool
is_moved(const struct wlr_output_configuration_v1 *all)
{
	const struct wlr_output_configuration_head_v1 *head;
	wl_list_for_each(head, &all->heads, link) {
		const struct output *output = head->state.output->data;
		if (head->state.enabled && (head->state.x != output->box.x
				|| head->state.y != output->box.y)) {
			return true;
		}
	}
	return false;
}

/*
 * What is wrong with one; NULL for nothing, and the box is where it is to be: empty
 * if it is where there is room.
 */
static const char *
fault_of_one(const struct wlr_output_head_v1_state *head, bool moved,
	struct wlr_box *ret)
{
	const struct output *output = head->output->data;
	*ret = (struct wlr_box){ 0 };
	if (!head->enabled) {
		return NULL;
	}
	if (!output_scale_is_good(head->scale)) {
		return "a scale is 1 to 4, in quarters";
	}
	if (head->mode == NULL && (head->custom_mode.width > OUTPUT_SIDE_MAX
			|| head->custom_mode.height > OUTPUT_SIDE_MAX)) {
		return "none can be so large";
	}
	if (head->x > OUTPUT_FAR || head->x < -OUTPUT_FAR
			|| head->y > OUTPUT_FAR || head->y < -OUTPUT_FAR) {
		return "one would be too far away";
	}
	struct wlr_output_state state;
	int width, height;
	wlr_output_state_init(&state);
	wlr_output_head_v1_state_apply(head, &state);
	output_state_size(head->output, &state, &width, &height);
	wlr_output_state_finish(&state);
	if (!output_size_is_good(width, height)) {
		return "one would be too small for labels";
	}
	if (moved || output->fixed) {
		ret->x = moved ? head->x : output->x;
		ret->y = moved ? head->y : output->y;
		ret->width = width;
		ret->height = height;
	}
	return NULL;
}

static const char *
fault_of(struct server *server, const struct wlr_output_configuration_v1 *all,
	bool moved)
{
	const struct wlr_output_configuration_head_v1 *head, *other;
	int enabled = 0;
	if (wl_list_length(&all->heads) != wl_list_length(&server->outputs)) {
		return "some are not named";
	}
	wl_list_for_each(head, &all->heads, link) {
		struct wlr_box box, taken, both;
		const char *why = fault_of_one(&head->state, moved, &box);
		if (why != NULL) {
			return why;
		}
		enabled += head->state.enabled;
		wl_list_for_each(other, &all->heads, link) {
			if (other == head) {
				break;
			}
			fault_of_one(&other->state, moved, &taken);
			if (wlr_box_intersection(&both, &box, &taken)) {
				return "one would lie on another";
			}
		}
	}
	return enabled == 0 ? "none would be left" : NULL;
}

static bool
commit(struct server *server, struct wlr_backend_output_state *states,
	size_t count, bool only_test)
{
	struct wlr_output_swapchain_manager swapchains;
	wlr_output_swapchain_manager_init(&swapchains, server->backend);
	bool good = wlr_output_swapchain_manager_prepare(&swapchains, states,
		count);
	for (size_t i = 0; good && !only_test && i < count; i++) {
		const struct output *output = states[i].output->data;
		good = wlbl_output_build_state(server->labels,
			output->scene_output, &states[i].base,
			wlr_output_swapchain_manager_get_swapchain(&swapchains,
				states[i].output));
	}
	if (good && !only_test) {
		good = wlr_backend_commit(server->backend, states, count);
		if (good) {
			wlr_output_swapchain_manager_apply(&swapchains);
		}
	}
	wlr_output_swapchain_manager_finish(&swapchains);
	return good;
}

/* Return: whether the monitors do as they are told. */
static bool
carry_out(struct server *server, const struct wlr_output_configuration_v1 *all,
	bool only_test)
{
	size_t count;
	struct wlr_backend_output_state *states =
		wlr_output_configuration_v1_build_state(all, &count);
	if (states == NULL) {
		return false;
	}
	const bool good = commit(server, states, count, only_test);
	for (size_t i = 0; i < count; i++) {
		wlr_output_state_finish(&states[i].base);
	}
	free(states);
	return good;
}

/* They are lit as they should be: what is left is where. */
static void
lay_out(const struct wlr_output_configuration_v1 *all, bool moved)
{
	const struct wlr_output_configuration_head_v1 *head;
	wl_list_for_each(head, &all->heads, link) {
		struct output *output = head->state.output->data;
		output->wanted = head->state.enabled;
		if (!head->state.enabled) {
			output_drop(output);
			continue;
		}
		if (moved) {
			output->fixed = true;
			output->x = head->state.x;
			output->y = head->state.y;
		}
		if (moved || !output_is_used(output)) {
			output_use(output);
		}
	}
}

static void
answer(struct server *server, struct wlr_output_configuration_v1 *all,
	bool only_test)
{
	const bool moved = is_moved(all);
	const char *why = fault_of(server, all, moved);
	/* Windows wait until all outputs are where they are to be. */
	server->outputs_busy = true;
	if (why == NULL && !carry_out(server, all, only_test)) {
		why = "a monitor cannot do that";
	}
	if (why != NULL) {
		wlbl_notify(server->labels, "screens stay as they are: %s",
			why);
		wlr_output_configuration_v1_send_failed(all);
	} else {
		if (!only_test) {
			lay_out(all, moved);
		}
		wlr_output_configuration_v1_send_succeeded(all);
	}
	wlr_output_configuration_v1_destroy(all);
	server->outputs_busy = false;
	outputs_arrange(server);
}

static void
handle_apply(struct wl_listener *listener, void *data)
{
	struct output_manager *manager =
		wl_container_of(listener, manager, apply);
	answer(manager->server, data, false);
}

static void
handle_test(struct wl_listener *listener, void *data)
{
	struct output_manager *manager =
		wl_container_of(listener, manager, test);
	answer(manager->server, data, true);
}

static void
handle_set_power(struct wl_listener *listener, void *data)
{
	const struct wlr_output_power_v1_set_mode_event *event = data;
	const struct output *output = event->output->data;
	struct wlr_output_state state;
	(void)listener;
	if (output == NULL || !output_is_used(output)) {
		return;
	}
	wlr_output_state_init(&state);
	wlr_output_state_set_enabled(&state,
		event->mode == ZWLR_OUTPUT_POWER_V1_MODE_ON);
	if (!wlr_output_commit_state(event->output, &state)) {
		log_warn("output %s cannot be made dark or lit",
			event->output->name);
	}
	wlr_output_state_finish(&state);
	idle_update(output->server);
}

int
output_manager_init(struct server *server)
{
	struct output_manager *manager = calloc(1, sizeof(*manager));
	struct wlr_output_power_manager_v1 *powers =
		wlr_output_power_manager_v1_create(server->display);
	if (manager == NULL || powers == NULL) {
		free(manager);
		return -ENOMEM;
	}
	manager->server = server;
	manager->heads = wlr_output_manager_v1_create(server->display);
	if (manager->heads == NULL) {
		free(manager);
		return -ENOMEM;
	}
	server->output_manager = manager;
	manager->apply.notify = handle_apply;
	wl_signal_add(&manager->heads->events.apply, &manager->apply);
	manager->test.notify = handle_test;
	wl_signal_add(&manager->heads->events.test, &manager->test);
	manager->set_power.notify = handle_set_power;
	wl_signal_add(&powers->events.set_mode, &manager->set_power);
	return 0;
}

void
output_manager_finish(struct server *server)
{
	struct output_manager *manager = server->output_manager;
	wl_list_remove(&manager->apply.link);
	wl_list_remove(&manager->test.link);
	wl_list_remove(&manager->set_power.link);
	free(manager);
}
