/* SPDX-License-Identifier: MIT */
/* Memory that a guest writes once, in order, and then passes on for good. */
#ifndef VWL_SNAPSHOT_H
#define VWL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "budget.h"

#define VWL_SNAPSHOT_MAX (16u << 20)	/* bytes */

struct vwl_snapshot {
	int fd;
	uint64_t size;		/* bytes it will have */
	uint64_t filled;	/* bytes it has */
	bool sealed;
	struct vwl_charge charge;
	struct vwl_bill *bill;	/* for its bytes */
};

/* @size: bytes, 1 .. VWL_SNAPSHOT_MAX. 0 or -errno. */
int
vwl_snapshot_create(struct vwl_budget *budget, uint64_t size,
	struct vwl_snapshot **ret);

/* NULL is fine. */
void
vwl_snapshot_destroy(struct vwl_snapshot *snapshot);

/* Append @len bytes. -EINVAL once sealed, -EMSGSIZE beyond the size. */
int
vwl_snapshot_append(struct vwl_snapshot *snapshot, const struct iovec *iov,
	size_t iov_count, size_t len);

/* Make it one that can be passed on. 0, or -EINVAL while it is not full. */
int
vwl_snapshot_seal(struct vwl_snapshot *snapshot);

#endif
