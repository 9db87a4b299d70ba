/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Programs copy descriptors: libwayland watches a copy of each connection, and
 * holds a copy of what it is about to send. A VFD of this process ends with its
 * last number in the table, so a copy must be entered there, and a closed number
 * taken out. VFDs of the kernel need none of that.
 *
 * They need something else: before libwayland listens it asks whether it was
 * given a socket. The kernel takes what says S_IFSOCK for a socket of its own,
 * so the module leaves a connection without a type, and it is put in here.
 *
 * read() and write() do to a pipe of this process what the kernel does to its own.
 *
 * dup2() and dup3() are left alone: what they copy to is a descriptor like any
 * other, and the VFD they close is noticed when its other end hangs up.
 */
/* Some programs call fstat() and fcntl(), some the names for large files. */
#undef _FILE_OFFSET_BITS
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interpose.h"
#include "private.h"

static mode_t
missing_type(int fd, mode_t mode)
{
	if ((mode & S_IFMT) != 0) {
		return 0;
	}
	enum vwl_kind kind = vwl_private_kernel_kind(fd);
	return kind == VWL_KIND_CONNECTION || kind == VWL_KIND_LISTENER
		? S_IFSOCK : 0;
}

/* @r: what the C library's own said of @fd. */
static int
with_type(int fd, int r, mode_t *mode)
{
	if (r == 0) {
		*mode |= missing_type(fd, *mode);
	}
	return r;
}

EXPORT int
fstat(int fd, struct stat *st)
{
	REAL(fstat);
	return with_type(fd, real(fd, st), &st->st_mode);
}

static bool
is_copy_of_vfd(int fd, int cmd)
{
	return (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		&& vwl_private_is_local(fd);
}

static int
control(int (*real)(int fd, int cmd, ...), int fd, int cmd, va_list args)
{
	void *arg = va_arg(args, void *);
	if (is_copy_of_vfd(fd, cmd)) {
		return vwl_private_dup(fd, (int)(intptr_t)arg,
			cmd == F_DUPFD_CLOEXEC);
	}
	return real(fd, cmd, arg);
}

EXPORT int
fcntl(int fd, int cmd, ...)
{
	REAL(fcntl);
	va_list args;
	va_start(args, cmd);
	int r = control(real, fd, cmd, args);
	va_end(args);
	return r;
}

#ifdef __GLIBC__
EXPORT int
fstat64(int fd, struct stat64 *st)
{
	REAL(fstat64);
	return with_type(fd, real(fd, st), &st->st_mode);
}

EXPORT int
fcntl64(int fd, int cmd, ...)
{
	REAL(fcntl64);
	va_list args;
	va_start(args, cmd);
	int r = control(real, fd, cmd, args);
	va_end(args);
	return r;
}
#endif

EXPORT int
dup(int fd)
{
	REAL(dup);
	if (vwl_private_is_local(fd)) {
		return vwl_private_dup(fd, 0, false);
	}
	return real(fd);
}

EXPORT ssize_t
read(int fd, void *buf, size_t size)
{
	REAL(read);
	if (vwl_private_is_local(fd)) {
		return vwl_read(fd, buf, size);
	}
	return real(fd, buf, size);
}

EXPORT ssize_t
write(int fd, const void *buf, size_t size)
{
	REAL(write);
	if (vwl_private_is_local(fd)) {
		return vwl_write(fd, buf, size);
	}
	return real(fd, buf, size);
}

EXPORT int
close(int fd)
{
	REAL(close);
	if (vwl_private_is_known(fd)) {
		return vwl_close(fd);
	}
	return real(fd);
}
