/* SPDX-License-Identifier: MIT */
/* Identity: the file beside a socket that says whose it is. */
#ifndef WLB_LABEL_H
#define WLB_LABEL_H

#include <stdint.h>

#include "paths.h"

/**
 * wlb_label_write() - Say whose the socket at @socket is
 *
 * A reader sees the old label or the new one, never a part of either.
 * Return: 0 or -errno.
 */
int
wlb_label_write(const struct wlb_path *socket, const char *name,
	uint32_t colour, const char *instance);

#endif
