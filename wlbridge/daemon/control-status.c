/* SPDX-License-Identifier: MIT */
#include "control-status.h"

#include <stdio.h>
#include <string.h>

#include "broker.h"
#include "device-status.h"
#include "paths.h"
#include "sound.h"
#include "vm.h"

static json_t *
budgets(const struct wlb_device_status *status)
{
	json_t *object = json_object();
	for (size_t i = 0; i < status->usage_count; i++) {
		const struct wlb_usage *usage = &status->usages[i];
		json_object_set_new(object, usage->name,
			json_pack("{s:I, s:I}",
				"used", (json_int_t)usage->used,
				"limit", (json_int_t)usage->limit));
	}
	return object;
}

/* null while the device says nothing. */
static json_t *
counters(const struct wlb_vm *vm)
{
	struct wlb_device_status status;
	if (wlb_device_status_read(vm, &status) < 0) {
		return json_null();
	}
	return json_pack("{s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
			"s:o}",
		"front-end", status.front_end,
		"driver", status.driver,
		"sessions", (json_int_t)status.sessions,
		"resets", (json_int_t)status.resets,
		"connections-made", (json_int_t)status.connections_made,
		"connections-accepted",
			(json_int_t)status.connections_accepted,
		"bytes-from-guest", (json_int_t)status.bytes_to_host,
		"bytes-to-guest", (json_int_t)status.bytes_to_guest,
		"refused", (json_int_t)status.refused,
		"over-budget", (json_int_t)status.over_budget,
		"budgets", budgets(&status));
}

/* null for a VM that the host's compositor does not show. */
static json_t *
context(const struct wlb_vm *vm)
{
	if (strcmp(vm->config.display, WLB_DISPLAY_HOST) != 0
			|| vm->context == NULL) {
		return json_null();
	}
	return json_string(wlb_process_state_name(
		wlb_process_get_state(vm->context)));
}

json_t *
wlb_control_status(const struct wlb_vm *vm)
{
	const struct wlb_vm_config *config = &vm->config;
	char colour[8];
	snprintf(colour, sizeof(colour), "#%06x", config->colour & 0xffffff);
	struct wlb_path socket = wlb_path_vhost_user(
		vm->broker->config->runtime_dir, config->name);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:i, s:b, "
			"s:b, s:o, s:o, s:o}",
		"name", config->name,
		"colour", colour,
		"role", wlb_role_name(config->role),
		"display", config->display,
		"socket", socket.text,
		"device", wlb_process_state_name(
			wlb_process_get_state(vm->device)),
		"pid", (int)wlb_process_get_pid(vm->device),
		"instance", vm->instance,
		"deaths", (int)wlb_process_get_deaths(vm->device),
		"detached", vm->detached,
		"stale", vm->stale,
		"context", context(vm),
		"counters", counters(vm),
		"sound", vm->sound == NULL ? json_null()
			: wlb_sound_status(vm->sound));
}
