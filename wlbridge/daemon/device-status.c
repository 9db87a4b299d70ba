/* SPDX-License-Identifier: MIT */
#include "device-status.h"

#include <errno.h>
#include <unistd.h>

#include "virtio-wl/device/status.h"
#include "vm.h"

int
wlb_device_status_read(const struct wlb_vm *vm, struct wlb_device_status *ret)
{
	char page[VWL_STATUS_SIZE];
	if (wlb_process_get_state(vm->device) != WLB_PROCESS_RUNNING) {
		return -ENODATA;
	}
	ssize_t n = pread(vm->status_fd, page, sizeof(page), 0);
	return n < 0 ? -ENODATA
		: wlb_status_page_decode(page, (size_t)n, ret);
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
