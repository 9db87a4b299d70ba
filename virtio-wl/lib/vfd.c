/* SPDX-License-Identifier: MIT */
/* What can be done with one VFD, beside moving messages. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "carrier.h"
#include "private.h"
#include "table.h"
#include "util/fd.h"

const struct vwl_vfd_ops *
vwl_find_ops(int fd)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(fd);
	if (ops != NULL && ops != &vwl_kernel_vfd_ops) {
		return ops;
	}
	/* The kernel's are known by asking; a hint may be out of date. */
	struct vwl_info info;
	return vwl_kernel_vfd_ops.info(fd, &info) < 0
		? NULL : &vwl_kernel_vfd_ops;
}

bool
vwl_private_is_local(int fd)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(fd);
	return ops != NULL && ops != &vwl_kernel_vfd_ops
		&& !vwl_table_is_locked();
}

bool
vwl_private_is_known(int fd)
{
	return vwl_table_ops(fd) != NULL && !vwl_table_is_locked();
}

enum vwl_kind
vwl_private_kernel_kind(int fd)
{
	int saved = errno;
	struct vwl_info info = { .kind = VWL_KIND_NONE };
	if (!vwl_table_is_locked()) {
		vwl_kernel_vfd_ops.info(fd, &info);
	}
	errno = saved;
	return info.kind;
}

static int
result(int r)
{
	if (r < 0) {
		errno = -r;
		return -1;
	}
	return r;
}

static int
find_info(int fd, struct vwl_info *ret)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(fd);
	if (ops == NULL) {
		ops = &vwl_kernel_vfd_ops;
	}
	return ops->info(fd, ret);
}

enum vwl_kind
vwl_kind(int fd)
{
	struct vwl_info info;
	return find_info(fd, &info) < 0 ? VWL_KIND_NONE : info.kind;
}

struct vwl_device *
vwl_private_device(int fd)
{
	struct vwl_info info;
	return find_info(fd, &info) < 0 ? NULL : info.device;
}

off_t
vwl_memory_size(int vfd)
{
	struct vwl_info info;
	int r = find_info(vfd, &info);
	if (r == 0 && info.kind != VWL_KIND_MEMORY
			&& info.kind != VWL_KIND_SNAPSHOT) {
		r = -EINVAL;
	}
	if (r < 0) {
		errno = r == -ENOTTY ? EINVAL : -r;
		return -1;
	}
	return (off_t)info.size;
}

int
vwl_getpeer(int vfd, struct vwl_peer *peer)
{
	const struct vwl_vfd_ops *ops = vwl_find_ops(vfd);
	return result(ops == NULL ? -ENOTSOCK : ops->peer(vfd, peer));
}

int
vwl_shutdown(int vfd, int how)
{
	const struct vwl_vfd_ops *ops = vwl_find_ops(vfd);
	if (ops == NULL) {
		return (int)syscall(SYS_shutdown, vfd, how);
	}
	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR) {
		return result(-EINVAL);
	}
	return result(ops->shutdown(vfd, how));
}

int
vwl_close(int vfd)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(vfd);
	if (ops != NULL) {
		int r = ops->close(vfd);
		if (r != -ENOTTY) {
			return result(r);
		}
	}
	return close(vfd);
}

int
vwl_dup(int fd)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(fd);
	if (ops != NULL) {
		int copy = ops->dup(fd, 0);
		if (copy != -ENOTTY) {
			return copy;
		}
	}
	return fd_dup(fd);
}

int
vwl_private_dup(int fd, int least, bool cloexec)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(fd);
	int copy = ops == NULL ? -ENOTTY : ops->dup(fd, least);
	if (copy == -ENOTTY) {
		/* Gone meanwhile; whatever it is now. */
		return (int)syscall(SYS_fcntl, fd,
			cloexec ? F_DUPFD_CLOEXEC : F_DUPFD, least);
	}
	if (copy >= 0 && !cloexec) {
		fcntl(copy, F_SETFD, 0);
	}
	return result(copy);
}
