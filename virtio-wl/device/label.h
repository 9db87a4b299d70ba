/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a socket, as the host says. */
#ifndef VWL_LABEL_H
#define VWL_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#define VWL_LABEL_NAME_MAX 64		/* with the NUL */
#define VWL_LABEL_INSTANCE_MAX 40

struct vwl_label {
	char name[VWL_LABEL_NAME_MAX];	/* printable ASCII */
	char instance[VWL_LABEL_INSTANCE_MAX];
	uint32_t colour;		/* 0x00RRGGBB */
	bool has_colour;
	bool is_host;			/* a program of the host itself */
};

/* The label of a peer of whom only the name is known; cut if too long. */
struct vwl_label
vwl_label_named(const char *name);

/**
 * vwl_label_read() - Read the label beside a socket
 * @socket_path: the label is the file of that name and ".label"
 *
 * Return: 0; -ENOENT when there is none; -EINVAL when it makes no sense.
 */
int
vwl_label_read(const char *socket_path, struct vwl_label *ret);

#endif
