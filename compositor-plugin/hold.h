/* SPDX-License-Identifier: MIT */
/* What a VM makes the compositor hold, for hold.c and limit.c. */
#ifndef WLBL_HOLD_H
#define WLBL_HOLD_H

#include "private.h"

/*
 * Whose budget a client lives on: its VM's, one that all VMs without a name
 * share, or NULL for local clients, which have none.
 */
struct wlbl_label *
wlbl_account_of(struct wlbl *labels, const struct wl_client *client);

/* End a client that is past a limit; @what it has too much of goes in the log. */
void
wlbl_refuse(struct wlbl *labels, struct wlbl_label *account,
	struct wl_client *client, const char *what);

/*
 * Its pixels are so many bytes now instead of so many.
 * Return: false if that is too much.
 */
bool
wlbl_hold_change(struct wlbl *labels, struct wlbl_label *account,
	uint64_t before, uint64_t after);

#endif
