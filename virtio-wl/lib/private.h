/* SPDX-License-Identifier: MIT */
/*
 * What the interposer asks the library, and nobody else. A call that the library
 * makes itself, with its lock held, is about no VFD.
 */
#ifndef VWL_PRIVATE_H
#define VWL_PRIVATE_H

#include <stdbool.h>

#pragma GCC visibility push(default)
#include "virtio_wl.h"

/* Whether @fd is a VFD that only this process knows. Costs a few loads. */
bool
vwl_private_is_local(int fd);

/* The same, or one of the kernel's that was seen before and may be gone. */
bool
vwl_private_is_known(int fd);

/* The kind of @fd where it is a VFD of the kernel's. */
enum vwl_kind
vwl_private_kernel_kind(int fd);

/* The device of a VFD that only this process knows, else NULL. */
struct vwl_device *
vwl_private_device(int fd);

/* fcntl(F_DUPFD) on what is local: -1 and errno on failure. */
int
vwl_private_dup(int fd, int least, bool cloexec);
#pragma GCC visibility pop

#endif
