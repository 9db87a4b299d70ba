/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "util/fd.h"

int
vwl_snapshot_create(struct vwl_budget *budget, uint64_t size,
	struct vwl_snapshot **ret)
{
	struct vwl_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	if (snapshot == NULL) {
		return -ENOMEM;
	}
	snapshot->fd = -1;
	snapshot->size = size;
	int r = vwl_charge_take(&snapshot->charge, budget,
		(struct vwl_amounts){ .of[VWL_RES_FDS] = 1 });
	if (r == 0) {
		r = vwl_bill_create(budget,
			(struct vwl_amounts){ .of[VWL_RES_MEMORY] = size },
			&snapshot->bill);
	}
	if (r == 0) {
		snapshot->fd = fd_memfd("virtio-wl-snapshot", size, 0);
		r = snapshot->fd < 0 ? snapshot->fd : 0;
	}
	if (r < 0) {
		vwl_snapshot_destroy(snapshot);
		return r;
	}
	*ret = snapshot;
	return 0;
}

void
vwl_snapshot_destroy(struct vwl_snapshot *snapshot)
{
	if (snapshot == NULL) {
		return;
	}
	fd_close(&snapshot->fd);
	vwl_charge_drop(&snapshot->charge);
	vwl_bill_unref(snapshot->bill);
	free(snapshot);
}

int
vwl_snapshot_append(struct vwl_snapshot *snapshot, const struct iovec *iov,
	size_t iov_count, size_t len)
{
	if (snapshot->sealed) {
		return -EINVAL;
	}
	if (len > snapshot->size - snapshot->filled) {
		return -EMSGSIZE;
	}
	ssize_t n = pwritev(snapshot->fd, iov, (int)iov_count,
		(off_t)snapshot->filled);
	if (n < 0) {
		return -errno;
	}
	if ((size_t)n != len) {
		return -EIO;
	}
	snapshot->filled += len;
	return 0;
}

int
vwl_snapshot_seal(struct vwl_snapshot *snapshot)
{
	if (snapshot->sealed) {
		return 0;
	}
	if (snapshot->filled != snapshot->size) {
		return -EINVAL;
	}
	int r = fd_freeze(snapshot->fd);
	snapshot->sealed = r == 0;
	return r;
}
