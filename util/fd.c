/* SPDX-License-Identifier: MIT */
#include "fd.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void
fd_close(int *fd)
{
	if (*fd >= 0) {
		int saved_errno = errno;
		close(*fd);
		errno = saved_errno;
		*fd = -1;
	}
}

void
fd_close_all(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fd_close(&fds[i]);
	}
}

int
fd_take(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

int
fd_dup(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return copy < 0 ? -errno : copy;
}

int
fd_set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
		return -errno;
	}
	return 0;
}

int
fd_memfd(const char *name, uint64_t size, unsigned seals)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0) {
		return -errno;
	}
	int r = 0;
	if (ftruncate(fd, (off_t)size) < 0) {
		r = -errno;
	} else if (seals != 0 && fcntl(fd, F_ADD_SEALS, seals) < 0) {
		r = -errno;
	}
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	return fd;
}

int
fd_freeze(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW
		| F_SEAL_WRITE | F_SEAL_SEAL) < 0 ? -errno : 0;
}

static int
address_from_path(const char *path, struct sockaddr_un *ret)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	if (len == 0) {
		return -EINVAL;
	}
	if (len >= sizeof(addr.sun_path)) {
		return -ENAMETOOLONG;
	}
	memcpy(addr.sun_path, path, len + 1);
	*ret = addr;
	return 0;
}

static int
stream_socket(void)
{
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return sock < 0 ? -errno : sock;
}

int
fd_listen(const char *path, int backlog)
{
	struct sockaddr_un addr;
	int r = address_from_path(path, &addr);
	if (r < 0) {
		return r;
	}
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)
			&& unlink(path) < 0) {
		return -errno;
	}
	int sock = stream_socket();
	if (sock < 0) {
		return sock;
	}
	/* The mode is set before bind() makes the file: no window in which
	 * somebody else may connect. */
	if (fchmod(sock, 0600) < 0
			|| bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0
			|| listen(sock, backlog) < 0) {
		r = -errno;
		fd_close(&sock);
		return r;
	}
	return sock;
}

int
fd_connect(const char *path)
{
	struct sockaddr_un addr;
	int r = address_from_path(path, &addr);
	if (r < 0) {
		return r;
	}
	int sock = stream_socket();
	if (sock < 0) {
		return sock;
	}
	if (connect(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		r = -errno;
		fd_close(&sock);
		return r;
	}
	return sock;
}

void
fd_put_rights(struct msghdr *msg, void *control, const int *fds,
	size_t fd_count)
{
	if (fd_count == 0) {
		return;
	}
	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
	memcpy(CMSG_DATA(cmsg), fds, sizeof(int) * fd_count);
}

ssize_t
fd_sendmsg(int sock, const struct iovec *iov, int iov_count,
	const int *fds, size_t fd_count)
{
	assert(fd_count <= FD_PASS_MAX);
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * FD_PASS_MAX)];
	} control;
	struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = (size_t)iov_count,
	};
	fd_put_rights(&msg, control.bytes, fds, fd_count);
	ssize_t n;
	do {
		n = sendmsg(sock, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* Move the descriptors of @msg into @fds; those past @max are closed. */
static size_t
collect_fds(struct msghdr *msg, int *fds, size_t max, bool *ret_cut)
{
	size_t count = 0;
	struct cmsghdr *cmsg;
	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET
				|| cmsg->cmsg_type != SCM_RIGHTS) {
			continue;
		}
		size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int),
				sizeof(fd));
			if (count < max) {
				fds[count++] = fd;
			} else {
				fd_close(&fd);
				*ret_cut = true;
			}
		}
	}
	return count;
}

ssize_t
fd_recvmsg(int sock, const struct iovec *iov, int iov_count,
	int *fds, size_t fds_max, size_t *ret_fd_count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * FD_PASS_MAX)];
	} control;
	struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = (size_t)iov_count,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;
	do {
		n = recvmsg(sock, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return -errno;
	}
	bool cut = (msg.msg_flags & MSG_CTRUNC) != 0;
	size_t count = collect_fds(&msg, fds, fds_max, &cut);
	if (cut) {
		fd_close_all(fds, count);
		return -EMSGSIZE;
	}
	*ret_fd_count = count;
	return n;
}
