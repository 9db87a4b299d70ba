/* SPDX-License-Identifier: MIT */
/* What the guest may connect to, and what the host calls it. */
#ifndef VWL_NAMES_H
#define VWL_NAMES_H

#include "label.h"
#include "util/list.h"

struct vwl_names {
	struct list targets;
};

void
vwl_names_init(struct vwl_names *names);

void
vwl_names_finish(struct vwl_names *names);

/* Add "NAME=PATH", or "=PATH" for the default. 0; -EINVAL, -EEXIST, -ENOMEM. */
int
vwl_names_add(struct vwl_names *names, const char *spec);

/**
 * vwl_names_connect() - Connect to @name, without waiting
 * @ret_label: who is there
 *
 * Return: the socket, the caller's; -ENXIO: no such name; -ECONNREFUSED: nobody
 * listens; -EAGAIN: its backlog is full; other -errno.
 */
int
vwl_names_connect(const struct vwl_names *names, const char *name,
	struct vwl_label *ret_label);

#endif
