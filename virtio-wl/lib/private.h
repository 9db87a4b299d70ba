/* SPDX-License-Identifier: MIT */
/* What the interposer asks the library, and nobody else. */
#ifndef VWL_PRIVATE_H
#define VWL_PRIVATE_H

#include <stdbool.h>

#pragma GCC visibility push(default)
#include "virtio_wl.h"

/* Whether @fd is a VFD that only this process knows. Costs a few loads. */
bool
vwl_private_is_local(int fd);
#pragma GCC visibility pop

#endif
