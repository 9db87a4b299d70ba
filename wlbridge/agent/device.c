/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/log.h"

static void
handle_device(void *data, uint32_t revents)
{
	struct wlb_device *device = data;
	(void)revents;
	if (vwl_device_dispatch(device->vwl) < 0) {
		log_error("the device is gone: %s", strerror(errno));
		loop_clear(&device->device_source);
		loop_quit(device->loop, EXIT_FAILURE);
	}
}

static void
handle_relay(void *data, uint32_t revents)
{
	struct wlb_device *device = data;
	(void)revents;
	vwl_relay_dispatch(device->relay);
}

static int
watch(struct wlb_device *device)
{
	int fd = vwl_device_get_fd(device->vwl);
	if (fd >= 0) {
		int r = loop_add_fd(device->loop, fd, EPOLLIN, handle_device,
			device, &device->device_source);
		if (r < 0) {
			return r;
		}
	}
	return loop_add_fd(device->loop, vwl_relay_get_fd(device->relay),
		EPOLLIN, handle_relay, device, &device->relay_source);
}

int
wlb_device_open(struct wlb_device *device, struct loop *loop,
	const char *address)
{
	*device = (struct wlb_device){ .loop = loop };
	int r = 0;
	device->vwl = vwl_device_open(address);
	if (device->vwl != NULL) {
		device->relay = vwl_relay_create(device->vwl);
	}
	if (device->vwl == NULL || device->relay == NULL) {
		r = -errno;
	} else {
		r = watch(device);
	}
	if (r < 0) {
		log_error("cannot open the device%s%s: %s",
			address == NULL ? "" : " ",
			address == NULL ? "" : address, strerror(-r));
		wlb_device_close(device);
	}
	return r;
}

void
wlb_device_close(struct wlb_device *device)
{
	loop_clear(&device->relay_source);
	loop_clear(&device->device_source);
	vwl_relay_destroy(device->relay);
	if (device->vwl != NULL) {
		vwl_device_close(device->vwl);
	}
	*device = (struct wlb_device){ 0 };
}
