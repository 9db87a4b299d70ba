/* SPDX-License-Identifier: MIT */
/*
 * carrier.h - what a way to the host has to do
 *
 * The public functions take message headers and control data apart; a carrier
 * moves bytes and descriptors. Everything here returns 0 (or a descriptor, or a
 * count) or -errno; the public functions make -1 and errno of it.
 *
 * A carrier whose VFDs are objects of the kernel needs no memory of them. One
 * whose VFDs live in this process enters them into the table (table.h).
 */
#ifndef VWL_CARRIER_H
#define VWL_CARRIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#pragma GCC visibility push(default)
#include "virtio_wl.h"
#pragma GCC visibility pop

/* A message without its wrapping. */
struct vwl_message {
	const struct iovec *iov;
	size_t iov_count;
	size_t size;		/* bytes in all of @iov */
	int *fds;
	size_t fd_count;	/* to send; or room, then what came */
	bool truncated;		/* more came, and were closed */
};

struct vwl_info {
	enum vwl_kind kind;
	uint64_t size;		/* bytes of memory or of a snapshot */
	bool readable;		/* of a pipe: it is the reading end */
	struct vwl_device *device;	/* NULL: the kernel knows it */
};

/*
 * On one VFD. Each returns -ENOTTY when @fd is none of this carrier, having
 * done nothing. Received descriptors are close-on-exec.
 */
struct vwl_vfd_ops {
	/* @flags: MSG_DONTWAIT. Bytes taken; never raises SIGPIPE. */
	ssize_t (*send)(int fd, struct vwl_message *msg, int flags);
	/* @flags: MSG_DONTWAIT, MSG_PEEK (data only). */
	ssize_t (*recv)(int fd, struct vwl_message *msg, int flags);
	int (*shutdown)(int fd, int how);
	int (*peer)(int fd, struct vwl_peer *ret);
	int (*info)(int fd, struct vwl_info *ret);
	/* Another descriptor, close-on-exec, @least or above, of the VFD. */
	int (*dup)(int fd, int least);
	int (*close)(int fd);
};

struct vwl_carrier {
	const struct vwl_vfd_ops *vfd_ops;
	void (*destroy)(struct vwl_device *device);
	int (*get_fd)(struct vwl_device *device);
	int (*dispatch)(struct vwl_device *device);
	/* @name: shorter than VIRTIO_WL_NAME_MAX. */
	int (*connect)(struct vwl_device *device, const char *name);
	int (*listen)(struct vwl_device *device, const char *name);
	int (*pipe)(struct vwl_device *device, enum vwl_direction direction);
	/* @size: whole pages. */
	int (*memory)(struct vwl_device *device, uint32_t size);
	/* @size: 1 .. VWL_SNAPSHOT_MAX. */
	int (*snapshot)(struct vwl_device *device, const void *data,
		uint32_t size);
};

/* Embedded as the first member of a carrier's own. */
struct vwl_device {
	const struct vwl_carrier *carrier;
};

#define VWL_SNAPSHOT_MAX (16u << 20)	/* bytes; the device's limit too */

int
vwl_kernel_open(const char *path, struct vwl_device **ret);

extern const struct vwl_vfd_ops vwl_kernel_vfd_ops;

/* @path: the device process's socket. */
int
vwl_guest_open(const char *path, struct vwl_device **ret);

/* The operations of @fd, or NULL where it is no VFD. May ask the kernel. */
const struct vwl_vfd_ops *
vwl_find_ops(int fd);

/* Another descriptor of a VFD, or of any other file. */
int
vwl_dup(int fd);

/*
 * A private copy of a regular file, to make a snapshot of. Return: 0, -EINVAL
 * (no regular file, or empty, or one that may stall: util/fd-stall.h), -EFBIG.
 */
struct vwl_file_view {
	void *data;
	uint32_t size;
};

int
vwl_file_view(int fd, struct vwl_file_view *ret);

void
vwl_file_view_close(struct vwl_file_view *view);

#endif
