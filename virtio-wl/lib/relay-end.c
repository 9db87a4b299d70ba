/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A pipe that a program gave us is open in other processes too, and O_NONBLOCK
 * belongs to what they share: setting it would break a program that never
 * expected EAGAIN. So each call says for itself that it may not wait: sockets
 * and VFDs know MSG_DONTWAIT, pipes RWF_NOWAIT. Where a pipe does not (old
 * kernels, named ones), poll(2) is asked first and no more than PIPE_BUF is
 * written: a pipe that is writable has room for that.
 *
 * Writing to a pipe cannot be told to leave SIGPIPE out; it is held off and
 * eaten around the call, since the program did nothing to deserve it.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "relay-flow.h"
#include "util/fd.h"

static bool
is_ready(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	return poll(&pfd, 1, 0) > 0;
}

static ssize_t
pipe_read(int fd, void *buf, size_t size)
{
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	ssize_t n = preadv2(fd, &iov, 1, -1, RWF_NOWAIT);
	if (n < 0 && errno == EOPNOTSUPP) {
		if (!is_ready(fd, POLLIN)) {
			return -EAGAIN;
		}
		n = read(fd, buf, size);
	}
	return n < 0 ? -errno : n;
}

static ssize_t
pipe_write_unsafe(const struct vwl_end *end, const void *buf, size_t size)
{
	if (end->kind == VWL_END_FILE) {
		return write(end->fd, buf, size);
	}
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = size };
	ssize_t n = pwritev2(end->fd, &iov, 1, -1, RWF_NOWAIT);
	if (n < 0 && errno == EOPNOTSUPP) {
		if (!is_ready(end->fd, POLLOUT)) {
			errno = EAGAIN;
			return -1;
		}
		n = write(end->fd, buf, size < PIPE_BUF ? size : PIPE_BUF);
	}
	return n;
}

static ssize_t
pipe_write(const struct vwl_end *end, const void *buf, size_t size)
{
	sigset_t pipe_signal;
	sigset_t before;
	sigset_t pending;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	ssize_t n = pipe_write_unsafe(end, buf, size);
	int r = n < 0 ? -errno : 0;
	if (r == -EPIPE && !sigismember(&pending, SIGPIPE)) {
		struct timespec now = { 0 };
		sigtimedwait(&pipe_signal, NULL, &now);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return n < 0 ? r : n;
}

ssize_t
vwl_end_read(const struct vwl_end *end, void *buf, size_t size, int *fds,
	size_t *ret_fd_count)
{
	*ret_fd_count = 0;
	if (end->kind == VWL_END_PIPE) {
		return pipe_read(end->fd, buf, size);
	}
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VWL_FDS_MAX)];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n = vwl_recvmsg(end->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0) {
		return -errno;
	}
	size_t count = 0;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg != NULL;
			cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_SOCKET
				&& cmsg->cmsg_type == SCM_RIGHTS) {
			size_t len = cmsg->cmsg_len - CMSG_LEN(0);
			memcpy(fds + count, CMSG_DATA(cmsg), len);
			count += len / sizeof(int);
		}
	}
	if (msg.msg_flags & MSG_CTRUNC) {
		/* A message without all of its descriptors is no message. */
		for (size_t i = 0; i < count; i++) {
			vwl_close(fds[i]);
		}
		return -EMSGSIZE;
	}
	*ret_fd_count = count;
	return n;
}

ssize_t
vwl_end_write(const struct vwl_end *end, const void *buf, size_t size,
	const int *fds, size_t fd_count)
{
	if (end->kind == VWL_END_PIPE || end->kind == VWL_END_FILE) {
		return pipe_write(end, buf, size);
	}
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VWL_FDS_MAX)];
	} control;
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	fd_put_rights(&msg, control.bytes, fds, fd_count);
	ssize_t n = vwl_sendmsg(end->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	return n < 0 ? -errno : n;
}

void
vwl_end_shutdown(const struct vwl_end *end, int how)
{
	/* Pipes have one direction and end by being closed. */
	if (end->kind == VWL_END_SOCKET || end->kind == VWL_END_VFD) {
		vwl_shutdown(end->fd, how);
	}
}
