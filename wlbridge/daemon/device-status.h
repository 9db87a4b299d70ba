/* SPDX-License-Identifier: MIT */
/* What the device of a VM says of itself. */
#ifndef WLB_DEVICE_STATUS_H
#define WLB_DEVICE_STATUS_H

#include <stdbool.h>

#include "status-page.h"

struct wlb_vm;

/* Read its status page. 0; -ENODATA: nothing runs, or it says nothing. */
int
wlb_device_status_read(const struct wlb_vm *vm, struct wlb_device_status *ret);

/* Whether ending the device would end a session, as far as can be known. */
bool
wlb_device_is_in_use(const struct wlb_vm *vm);

#endif
