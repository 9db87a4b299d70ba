/* SPDX-License-Identifier: MIT */
/* What a device says of itself on its status page. */
#ifndef WLB_DEVICE_STATUS_H
#define WLB_DEVICE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "limits.h"

struct wlb_vm;

struct wlb_usage {
	uint64_t used;
	uint64_t limit;
	uint64_t peak;
};

struct wlb_device_status {
	bool front_end;			/* a VMM is connected */
	uint64_t bytes_to_guest;
	uint64_t bytes_from_guest;
	struct wlb_usage usage[WLB_LIMITS];
};

/* Return: 0; -ENODATA when nothing runs or the page says nothing we know. */
int
wlb_device_status_read(const struct wlb_vm *vm, struct wlb_device_status *ret);

/* Whether ending the device would end a session, as far as can be known. */
bool
wlb_device_is_in_use(const struct wlb_vm *vm);

#endif
