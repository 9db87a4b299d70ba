/* SPDX-License-Identifier: MIT */
/* The page of counters that a device keeps (virtio-wl/device/status.h). */
#ifndef WLB_STATUS_PAGE_H
#define WLB_STATUS_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WLB_USAGES_MAX 16

struct wlb_usage {
	char name[16];
	uint64_t used;
	uint64_t limit;
};

struct wlb_device_status {
	bool front_end;			/* a VMM is connected */
	bool driver;			/* and the guest uses the device */
	uint64_t sessions;
	uint64_t resets;
	uint64_t connections_made;
	uint64_t connections_accepted;
	uint64_t bytes_to_host;
	uint64_t bytes_to_guest;
	uint64_t refused;
	uint64_t over_budget;
	struct wlb_usage usages[WLB_USAGES_MAX];
	size_t usage_count;
};

/**
 * wlb_status_page_decode() - Read the bytes of a status page
 * @page: @size bytes, written by a device that a guest may have taken over
 *
 * Every number fits an int64_t afterwards, every name is one of wlb_value's.
 * Return: 0; -ENODATA when it is no page of the version we know.
 */
int
wlb_status_page_decode(const void *page, size_t size,
	struct wlb_device_status *ret);

#endif
