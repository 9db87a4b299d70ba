/* SPDX-License-Identifier: MIT */
#include "device-status.h"

#include <errno.h>

#include "vm.h"

int
wlb_device_status_read(const struct wlb_vm *vm, struct wlb_device_status *ret)
{
	(void)vm;
	(void)ret;
	return -ENODATA;
}

bool
wlb_device_is_in_use(const struct wlb_vm *vm)
{
	struct wlb_device_status status;
	if (wlb_process_get_state(vm->device) != WLB_PROCESS_RUNNING) {
		return false;
	}
	return wlb_device_status_read(vm, &status) < 0 || status.front_end;
}
