/* SPDX-License-Identifier: MIT */
/* The command lines of a VM's processes. */
#ifndef WLB_DEVICE_H
#define WLB_DEVICE_H

struct wlb_process;
struct wlb_vm;

/* wlbridge-wl for @vm, not yet started. 0 or -errno. */
int
wlb_device_create(struct wlb_vm *vm, struct wlb_process **ret);

/* wlbridge-agent context for @vm, not yet started. 0 or -errno. */
int
wlb_context_create(struct wlb_vm *vm, struct wlb_process **ret);

#endif
