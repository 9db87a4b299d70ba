/* SPDX-License-Identifier: MIT */
/* The budgets of a VM: their keys in wlbridge.conf, and what the device calls
 * them (wlbridge-wl --limit RESOURCE=N). In the device's order. */
#ifndef WLB_LIMITS_H
#define WLB_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

struct wlb_limit {
	const char *resource;	/* the key is "max-" or "peer-max-" and this */
	bool bytes;		/* takes K, M and G */
};

#define WLB_LIMITS 10

extern const struct wlb_limit wlb_limits[WLB_LIMITS];

/* The index of the limit whose key is @prefix and its resource, or -1. */
int
wlb_limit_by_key(const char *prefix, const char *key);

#endif
