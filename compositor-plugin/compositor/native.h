/* SPDX-License-Identifier: MIT */
/* Clients of other VMs, straight from the virtio-wl device. */
#ifndef WLBC_NATIVE_H
#define WLBC_NATIVE_H

struct native;
struct server;

/* What stands in an address' place for no device at all. */
#define NATIVE_OFF "none"

/**
 * native_create() - Serve the clients of other VMs from here on
 * @address: see vwl_device_open(); NATIVE_OFF; or NULL for the usual device,
 *	without which there are just no such clients
 *
 * Return: 0, with NULL where there is no device to serve; or -errno, said in the
 * log: the device that was named cannot be had.
 */
int
native_create(struct server *server, const char *address, struct native **ret);

/* After the clients are gone. NULL is fine. */
void
native_destroy(struct native *native);

#endif
