/* SPDX-License-Identifier: MIT */
/* Clients of other VMs, straight from the virtio-wl device. */
#ifndef WLBL_NATIVE_H
#define WLBL_NATIVE_H

#include "wlbridge-labels.h"

#ifdef __cplusplus
extern "C" {
#endif

struct wlbl_native;

/* What stands in an address' place for no device at all. */
#define WLBL_NATIVE_OFF "none"

/**
 * wlbl_native_create() - Serve the clients of other VMs from here on
 * @display: whose clients they are
 * @labels: which know them
 * @address: see vwl_device_open(); WLBL_NATIVE_OFF; or NULL for the usual device,
 *	without which there are just no such clients
 *
 * libvirtio_wl's interposer must stand before the C library, linked or preloaded.
 *
 * Return: 0, with NULL where there is no device to serve; or -errno, said in the
 * log: the device that was named cannot be had; -ENOTSOCK without an interposer.
 */
int
wlbl_native_create(struct wl_display *display, struct wlbl *labels,
	const char *address, struct wlbl_native **ret);

/* After the clients are gone. NULL is fine. */
void
wlbl_native_destroy(struct wlbl_native *native);

#ifdef __cplusplus
}
#endif

#endif
