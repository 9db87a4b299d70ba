/* SPDX-License-Identifier: MIT */
/* What a VM makes the compositor hold, for hold.c and limit.c. */
#ifndef WLBL_HOLD_H
#define WLBL_HOLD_H

#include <pixman.h>

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

/* What a region takes, and whether it may become more. */
uint64_t
wlbl_region_bytes(const pixman_region32_t *region);

bool
wlbl_region_may_grow(const pixman_region32_t *region);

/* Before a request of that name adds to its damage. */
void
wlbl_damage_fit(struct wlr_surface *surface, const char *request);

/* Before it gets a copy of this region: NULL for none. */
void
wlbl_surface_region(struct wlr_surface *surface,
	const pixman_region32_t *region);

#endif
