/* SPDX-License-Identifier: MIT */
/* What kind of thing a descriptor from a peer is. */
#ifndef VWL_FD_KIND_H
#define VWL_FD_KIND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Larger files that cannot be mapped do not cross. */
#define VWL_COPY_MAX (1u << 20)

enum vwl_fd_kind {
	VWL_FD_OTHER,		/* nothing that can cross */
	VWL_FD_MAPPABLE,	/* memory, and nobody can pull it away */
	VWL_FD_COPYABLE,	/* memory, small, to be read at once */
	VWL_FD_SOCKET,		/* a connected AF_UNIX stream socket */
	VWL_FD_PIPE,
};

struct vwl_fd_info {
	enum vwl_fd_kind kind;
	bool can_read;		/* sockets and pipes */
	bool can_write;
	uint64_t size;		/* memory: bytes, not 0 */
	dev_t dev;
	ino_t ino;
};

/* Never fails: what cannot be told is OTHER. */
struct vwl_fd_info
vwl_fd_classify(int fd);

#endif
