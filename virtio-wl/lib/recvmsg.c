/* SPDX-License-Identifier: MIT */
/* recvmsg(2) and read(2), imitated; sendmsg.c says how a VFD is told. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmsg.h"
#include "table.h"

static ssize_t
recv_parts(const struct vwl_vfd_ops *ops, int vfd, struct msghdr *msg,
	int flags)
{
	if (flags & ~(MSG_DONTWAIT | MSG_CMSG_CLOEXEC | MSG_PEEK
			| MSG_NOSIGNAL)) {
		return -EOPNOTSUPP;
	}
	ssize_t size = vwl_iov_size(msg->msg_iov, msg->msg_iovlen);
	if (size < 0) {
		return size;
	}
	int fds[VWL_FDS_MAX];
	struct vwl_message parts = {
		.iov = msg->msg_iov,
		.iov_count = msg->msg_iovlen,
		.size = (size_t)size,
		.fds = fds,
		.fd_count = vwl_cmsg_room(msg),
	};
	ssize_t n = ops->recv(vfd, &parts, flags & (MSG_DONTWAIT | MSG_PEEK));
	if (n < 0) {
		return n;
	}
	if (!(flags & MSG_CMSG_CLOEXEC)) {
		for (size_t i = 0; i < parts.fd_count; i++) {
			fcntl(fds[i], F_SETFD, 0);
		}
	}
	msg->msg_namelen = 0;
	msg->msg_flags = (flags & MSG_CMSG_CLOEXEC)
		| (parts.truncated ? MSG_CTRUNC : 0);
	vwl_cmsg_put_fds(msg, fds, parts.fd_count);
	return n;
}

ssize_t
vwl_recvmsg(int vfd, struct msghdr *msg, int flags)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(vfd);
	if (ops == NULL) {
		ssize_t n = syscall(SYS_recvmsg, vfd, msg, flags);
		if (n >= 0 || errno != ENOTSOCK) {
			return n;
		}
		ops = &vwl_kernel_vfd_ops;
		vwl_table_hint(vfd, ops);
	}
	ssize_t n = recv_parts(ops, vfd, msg, flags);
	if (n == -ENOTTY) {
		vwl_table_unhint(vfd, &vwl_kernel_vfd_ops);
		return syscall(SYS_recvmsg, vfd, msg, flags);
	}
	if (n < 0) {
		errno = (int)-n;
		return -1;
	}
	return n;
}

ssize_t
vwl_read(int vfd, void *buf, size_t size)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(vfd);
	if (ops == NULL || ops == &vwl_kernel_vfd_ops) {
		return read(vfd, buf, size);
	}
	if (size == 0) {
		return 0;	/* read(2) of nothing takes no descriptors */
	}
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n = recv_parts(ops, vfd, &msg, MSG_CMSG_CLOEXEC);
	if (n == -ENOTTY) {
		return read(vfd, buf, size);
	}
	if (n < 0) {
		errno = (int)-n;
		return -1;
	}
	return n;
}
