/* SPDX-License-Identifier: MIT */
#include "limits.h"

#include <string.h>

const struct wlb_limit wlb_limits[WLB_LIMITS] = {
	{ "connections", false },
	{ "memory", true },
	{ "maps", false },
	{ "vfds", false },
	{ "pipes", false },
	{ "queued", true },
};

int
wlb_limit_by_key(const char *key)
{
	if (strncmp(key, "max-", 4) != 0) {
		return -1;
	}
	for (int i = 0; i < WLB_LIMITS; i++) {
		if (strcmp(key + 4, wlb_limits[i].resource) == 0) {
			return i;
		}
	}
	return -1;
}
