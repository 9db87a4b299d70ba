/* SPDX-License-Identifier: MIT */
/* The way to the host, driven by the agent's loop. */
#ifndef WLB_AGENT_DEVICE_H
#define WLB_AGENT_DEVICE_H

#include <virtio_wl.h>

#include "util/loop.h"

struct wlb_device {
	struct vwl_device *vwl;
	struct vwl_relay *relay;
	struct loop *loop;
	struct loop_source *device_source;
	struct loop_source *relay_source;
};

/**
 * wlb_device_open() - Open the device and its relay
 * @address: as vwl_device_open() wants it
 *
 * Logs why not. When the device goes away later, @loop quits with a failure.
 * Return: 0 or -errno.
 */
int
wlb_device_open(struct wlb_device *device, struct loop *loop,
	const char *address);

void
wlb_device_close(struct wlb_device *device);

#endif
