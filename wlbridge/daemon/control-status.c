/* SPDX-License-Identifier: MIT */
#include "control-status.h"

#include <stdio.h>

#include "broker.h"
#include "device-status.h"
#include "paths.h"
#include "vm.h"

static json_t *
budgets(const struct wlb_device_status *status)
{
	json_t *object = json_object();
	for (int i = 0; i < WLB_LIMITS; i++) {
		const struct wlb_usage *usage = &status->usage[i];
		json_object_set_new(object, wlb_limits[i].resource,
			json_pack("{s:I, s:I, s:I}",
				"used", (json_int_t)usage->used,
				"limit", (json_int_t)usage->limit,
				"peak", (json_int_t)usage->peak));
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
	return json_pack("{s:b, s:I, s:I, s:o}",
		"front-end", status.front_end,
		"bytes-to-guest", (json_int_t)status.bytes_to_guest,
		"bytes-from-guest", (json_int_t)status.bytes_from_guest,
		"budgets", budgets(&status));
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
			"s:b, s:o}",
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
		"counters", counters(vm));
}
