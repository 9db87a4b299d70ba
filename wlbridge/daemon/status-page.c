/* SPDX-License-Identifier: MIT */
#include "status-page.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "config-value.h"
#include "virtio-wl/device/status.h"

static_assert(WLB_USAGES_MAX == VWL_STATUS_RESOURCES, "room for all");

/* JSON knows no number beyond this. */
static uint64_t
bounded(uint64_t number)
{
	return number > INT64_MAX ? INT64_MAX : number;
}

static bool
decode_usage(const struct vwl_status_resource *resource, struct wlb_usage *ret)
{
	if (memchr(resource->name, '\0', sizeof(resource->name)) == NULL
			|| !wlb_value_is_name(resource->name)) {
		return false;
	}
	memcpy(ret->name, resource->name, sizeof(ret->name));
	ret->used = bounded(resource->used);
	ret->limit = bounded(resource->limit);
	return true;
}

int
wlb_status_page_decode(const void *page, size_t size,
	struct wlb_device_status *ret)
{
	struct vwl_status_page copy;
	if (size < sizeof(copy)) {
		return -ENODATA;
	}
	memcpy(&copy, page, sizeof(copy));
	if (copy.magic != VWL_STATUS_MAGIC
			|| copy.version != VWL_STATUS_VERSION
			|| copy.resource_count > VWL_STATUS_RESOURCES) {
		return -ENODATA;
	}
	struct wlb_device_status status = {
		.front_end = copy.state != VWL_STATUS_WAITING,
		.driver = copy.state == VWL_STATUS_RUNNING,
		.sessions = bounded(copy.sessions),
		.resets = bounded(copy.resets),
		.connections_made = bounded(copy.connections_made),
		.connections_accepted = bounded(copy.connections_accepted),
		.bytes_to_host = bounded(copy.bytes_to_host),
		.bytes_to_guest = bounded(copy.bytes_to_guest),
		.refused = bounded(copy.commands_refused),
		.over_budget = bounded(copy.over_budget),
	};
	for (uint32_t i = 0; i < copy.resource_count; i++) {
		if (!decode_usage(&copy.resources[i],
				&status.usages[status.usage_count++])) {
			return -ENODATA;
		}
	}
	*ret = status;
	return 0;
}
