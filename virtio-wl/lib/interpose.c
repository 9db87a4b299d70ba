/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Preloaded or linked in, this library stands before the C library's socket
 * calls. A number in the table is a VFD of this process and goes to
 * libvirtio_wl; anything else is tried for real first, and what the kernel
 * calls no socket may be a VFD of its own. So a program pays a few loads for
 * each call on its real sockets and nothing else.
 *
 * The library's own calls come through here as well, and are let through.
 *
 * A VFD has no credentials that mean something here, and must not seem to have
 * some: compositors look up /proc/PID to decide whom to trust. SO_PEERCRED says
 * process 0 and nobody, as the kernel does of what is outside a namespace.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "interpose.h"
#include "private.h"

#define NOBODY 65534

/* The kernel's answer to a socket call on @fd was @r; is it a VFD? */
static bool
is_kernel_vfd(long r, int fd)
{
	return r < 0 && errno == ENOTSOCK
		&& vwl_private_kernel_kind(fd) != VWL_KIND_NONE;
}

EXPORT ssize_t
sendmsg(int fd, const struct msghdr *msg, int flags)
{
	REAL(sendmsg);
	if (vwl_private_is_known(fd)) {
		return vwl_relayed_send(fd, msg, flags);
	}
	ssize_t n = real(fd, msg, flags);
	return n < 0 && errno == ENOTSOCK ? vwl_relayed_send(fd, msg, flags)
		: n;
}

EXPORT ssize_t
recvmsg(int fd, struct msghdr *msg, int flags)
{
	REAL(recvmsg);
	if (vwl_private_is_known(fd)) {
		return vwl_recvmsg(fd, msg, flags);
	}
	ssize_t n = real(fd, msg, flags);
	return n < 0 && errno == ENOTSOCK ? vwl_recvmsg(fd, msg, flags) : n;
}

static int
accept_vfd(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	int vfd = vwl_accept(fd, NULL, flags & SOCK_NONBLOCK);
	if (vfd >= 0 && addr != NULL && len != NULL) {
		struct sockaddr_un nameless = { .sun_family = AF_UNIX };
		socklen_t full = sizeof(nameless.sun_family);
		memcpy(addr, &nameless, *len < full ? *len : full);
		*len = full;
	}
	return vfd;
}

EXPORT int
accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	REAL(accept4);
	if (vwl_private_is_local(fd)) {
		return accept_vfd(fd, addr, len, flags);
	}
	int conn = real(fd, addr, len, flags);
	return is_kernel_vfd(conn, fd) ? accept_vfd(fd, addr, len, flags)
		: conn;
}

EXPORT int
accept(int fd, struct sockaddr *addr, socklen_t *len)
{
	REAL(accept);
	if (vwl_private_is_local(fd)) {
		return accept_vfd(fd, addr, len, 0);
	}
	int conn = real(fd, addr, len);
	return is_kernel_vfd(conn, fd) ? accept_vfd(fd, addr, len, 0) : conn;
}

static int
put_option(void *value, socklen_t *len, const void *src, socklen_t size)
{
	memcpy(value, src, *len < size ? *len : size);
	*len = *len < size ? *len : size;
	return 0;
}

static int
getsockopt_vfd(int fd, int name, void *value, socklen_t *len)
{
	struct ucred nobody = { .pid = 0, .uid = NOBODY, .gid = NOBODY };
	int number;
	switch (name) {
	case SO_PEERCRED:
		return put_option(value, len, &nobody, sizeof(nobody));
	case SO_TYPE:
		number = SOCK_STREAM;
		break;
	case SO_DOMAIN:
		number = AF_UNIX;
		break;
	case SO_ERROR:
		number = 0;
		break;
	case SO_ACCEPTCONN:
		number = vwl_kind(fd) == VWL_KIND_LISTENER;
		break;
	default:
		errno = ENOPROTOOPT;
		return -1;
	}
	return put_option(value, len, &number, sizeof(number));
}

EXPORT int
getsockopt(int fd, int level, int name, void *restrict value,
	socklen_t *restrict len)
{
	REAL(getsockopt);
	if (level == SOL_SOCKET && vwl_private_is_local(fd)) {
		return getsockopt_vfd(fd, name, value, len);
	}
	int r = real(fd, level, name, value, len);
	if (level == SOL_SOCKET && is_kernel_vfd(r, fd)) {
		return getsockopt_vfd(fd, name, value, len);
	}
	return r;
}

EXPORT int
getsockname(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	REAL(getsockname);
	int r = real(fd, addr, len);
	if (is_kernel_vfd(r, fd)) {
		struct sockaddr_un nameless = { .sun_family = AF_UNIX };
		return put_option(addr, len, &nameless,
			sizeof(nameless.sun_family));
	}
	return r;
}

EXPORT int
shutdown(int fd, int how)
{
	REAL(shutdown);
	if (vwl_private_is_local(fd)) {
		return vwl_shutdown(fd, how);
	}
	int r = real(fd, how);
	return is_kernel_vfd(r, fd) ? vwl_shutdown(fd, how) : r;
}
