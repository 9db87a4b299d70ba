/* SPDX-License-Identifier: MIT */
#include "limits.h"

#include <string.h>

const struct wlb_limit wlb_limits[WLB_LIMITS] = {
	{ "vfds", false },
	{ "connections", false },
	{ "pipes", false },
	{ "fds", false },
	{ "maps", false },
	{ "mapped", true },
	{ "memory", true },
	{ "queued", true },
	{ "in-flight", false },
	{ "vfds-per-second", false },
};

int
wlb_limit_by_key(const char *prefix, const char *key)
{
	size_t len = strlen(prefix);
	if (strncmp(key, prefix, len) != 0) {
		return -1;
	}
	for (int i = 0; i < WLB_LIMITS; i++) {
		if (strcmp(key + len, wlb_limits[i].resource) == 0) {
			return i;
		}
	}
	return -1;
}
