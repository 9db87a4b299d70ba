/* SPDX-License-Identifier: MIT */
/* The budgets of a VM: their keys in wlbridge.conf, and what the device calls
 * them (wlbridge-wl --limit RESOURCE=N). */
#ifndef WLB_LIMITS_H
#define WLB_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

struct wlb_limit {
	const char *resource;	/* the key in the file is "max-" and this */
	bool bytes;		/* takes K, M and G */
};

#define WLB_LIMITS 6

extern const struct wlb_limit wlb_limits[WLB_LIMITS];

/* The index of the limit whose key is @key ("max-…"), or -1. */
int
wlb_limit_by_key(const char *key);

#endif
