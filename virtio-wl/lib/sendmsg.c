/* SPDX-License-Identifier: MIT */
/*
 * sendmsg(2) and write(2), imitated.
 *
 * What the table does not know may still be a VFD: one of the kernel's, made by
 * another process. It answers ENOTSOCK to the real call, and is then tried.
 * The real call is made as a bare system call, so that a program whose
 * sendmsg() is interposed by us does not come round in circles.
 */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmsg.h"
#include "table.h"

static ssize_t
send_parts(const struct vwl_vfd_ops *ops, int vfd, const struct msghdr *msg,
	int flags)
{
	if (flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL)) {
		return -EOPNOTSUPP;
	}
	if (msg->msg_namelen != 0) {
		return -EISCONN;
	}
	ssize_t size = vwl_iov_size(msg->msg_iov, msg->msg_iovlen);
	if (size < 0) {
		return size;
	}
	int fds[VWL_FDS_MAX];
	int fd_count = vwl_cmsg_get_fds(msg, fds);
	if (fd_count < 0) {
		return fd_count;
	}
	struct vwl_message parts = {
		.iov = msg->msg_iov,
		.iov_count = msg->msg_iovlen,
		.size = (size_t)size,
		.fds = fds,
		.fd_count = (size_t)fd_count,
	};
	return ops->send(vfd, &parts, flags & MSG_DONTWAIT);
}

static ssize_t
finish_send(ssize_t n, int flags)
{
	if (n >= 0) {
		return n;
	}
	if (n == -EPIPE && !(flags & MSG_NOSIGNAL)) {
		raise(SIGPIPE);
	}
	errno = (int)-n;
	return -1;
}

ssize_t
vwl_sendmsg(int vfd, const struct msghdr *msg, int flags)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(vfd);
	if (ops == NULL) {
		ssize_t n = syscall(SYS_sendmsg, vfd, msg, flags);
		if (n >= 0 || errno != ENOTSOCK) {
			return n;
		}
		ops = &vwl_kernel_vfd_ops;
		vwl_table_hint(vfd, ops);
	}
	ssize_t n = send_parts(ops, vfd, msg, flags);
	if (n == -ENOTTY) {
		/* No VFD, or none any more. */
		vwl_table_unhint(vfd, &vwl_kernel_vfd_ops);
		return syscall(SYS_sendmsg, vfd, msg, flags);
	}
	return finish_send(n, flags);
}

ssize_t
vwl_write(int vfd, const void *buf, size_t size)
{
	const struct vwl_vfd_ops *ops = vwl_table_ops(vfd);
	if (ops == NULL || ops == &vwl_kernel_vfd_ops) {
		return write(vfd, buf, size);
	}
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n = send_parts(ops, vfd, &msg, 0);
	if (n == -ENOTTY) {
		return write(vfd, buf, size);
	}
	return finish_send(n, 0);
}
