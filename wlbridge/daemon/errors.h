/* SPDX-License-Identifier: MIT */
/* What is wrong with a configuration: sentences, collected before any is
 * printed, so that one run names every fault. */
#ifndef WLB_ERRORS_H
#define WLB_ERRORS_H

#include <stddef.h>

/* Further faults are counted, not kept: nobody reads the hundred-and-first. */
#define WLB_ERRORS_KEPT 100

struct wlb_errors {
	char *lines[WLB_ERRORS_KEPT];	/* zero-initialise the whole */
	size_t count;			/* of all, also of those not kept */
};

void
wlb_errors_add(struct wlb_errors *errors, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* How many of the lines can be read: lines[0 .. kept - 1], none of them NULL. */
size_t
wlb_errors_kept(const struct wlb_errors *errors);

/* Free the lines; the struct is empty, and usable, afterwards. */
void
wlb_errors_finish(struct wlb_errors *errors);

#endif
