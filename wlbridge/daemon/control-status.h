/* SPDX-License-Identifier: MIT */
#ifndef WLB_CONTROL_STATUS_H
#define WLB_CONTROL_STATUS_H

#include <jansson.h>

struct wlb_vm;

/* The "vm" member of a status reply; the caller's. NULL: no memory. */
json_t *
wlb_control_status(const struct wlb_vm *vm);

#endif
