/* SPDX-License-Identifier: MIT */
/* What tells a compositor the VMs' names, in the words of its configuration. */
#ifndef WLB_LABELS_PRINT_H
#define WLB_LABELS_PRINT_H

#include <stdio.h>

#include "config.h"

enum wlb_labels_for {
	WLB_LABELS_OWN,		/* wlbridge-compositor, or its library */
	WLB_LABELS_LABWC,
	WLB_LABELS_SWAY,
};

/* The compositor called that, or -1. */
int
wlb_labels_by_name(const char *name);

/**
 * wlb_labels_print() - Print it
 * @display: only VMs displayed there, a VM's name or "host"; NULL: all
 * @ret_bad: a name that cannot be a label, on -EINVAL
 *
 * Return: 0; -ENOENT when there is no such VM; -EINVAL when a VM is called what
 * compositors call what is no VM's. Then nothing has been printed.
 */
int
wlb_labels_print(const struct wlb_config *config, enum wlb_labels_for kind,
	const char *display, FILE *out, const char **ret_bad);

#endif
