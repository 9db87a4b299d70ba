/* SPDX-License-Identifier: MIT */
/* File descriptors: closing, handing over, and passing them over a socket. */
#ifndef WLB_UTIL_FD_H
#define WLB_UTIL_FD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct msghdr;

/* The kernel's SCM_MAX_FD: more never arrives in one message. */
#define FD_PASS_MAX 253

/* Close *@fd unless it is negative, and make it -1; errno is kept. */
void
fd_close(int *fd);

/* Close every one of @count descriptors and make each -1. */
void
fd_close_all(int *fds, size_t count);

/* Give up *@fd: returns its value and leaves -1 behind. */
int
fd_take(int *fd);

/* A close-on-exec duplicate, or -errno. */
int
fd_dup(int fd);

/* Set O_NONBLOCK on the open file description. Return: 0 or -errno. */
int
fd_set_nonblock(int fd);

/**
 * fd_memfd() - Anonymous shared memory of a fixed size
 * @name: for /proc, no more
 * @size: bytes; the file has this size from the start, filled with zeros
 * @seals: F_SEAL_* to put on at once; 0 leaves it open to sealing
 *
 * Return: a close-on-exec descriptor the caller owns, or -errno.
 */
int
fd_memfd(const char *name, uint64_t size, unsigned seals);

/**
 * fd_listen() - A listening AF_UNIX stream socket at @path
 * @path: an old socket there is replaced, any other file is not
 * @backlog: connections that may wait
 *
 * The descriptor is close-on-exec and non-blocking; the file's mode is 0600.
 * Return: the descriptor, which the caller owns, or -errno.
 */
int
fd_listen(const char *path, int backlog);

/**
 * fd_connect() - Connect to the AF_UNIX stream socket at @path
 *
 * Never waits: a full backlog is -EAGAIN. The descriptor is close-on-exec and
 * non-blocking. Return: the descriptor, which the caller owns, or -errno.
 */
int
fd_connect(const char *path);

/* No byte of the memfd @fd changes any more, nor its size. 0 or -errno. */
int
fd_freeze(int fd);

/**
 * fd_put_rights() - Put descriptors beside the bytes of a message
 * @control: room for CMSG_SPACE() of @fd_count descriptors, aligned as a cmsghdr
 * @fds: @fd_count descriptors, borrowed; with none nothing changes
 */
void
fd_put_rights(struct msghdr *msg, void *control, const int *fds,
	size_t fd_count);

/**
 * fd_sendmsg() - Send bytes with descriptors beside them
 * @sock: AF_UNIX stream socket
 * @iov: the bytes; at least one when @fd_count is not 0
 * @fds: @fd_count descriptors, borrowed
 *
 * Never waits and never raises SIGPIPE; EINTR is retried.
 * Return: bytes sent (may be fewer than asked; then the descriptors did go), or
 * -errno with nothing sent.
 */
ssize_t
fd_sendmsg(int sock, const struct iovec *iov, int iov_count,
	const int *fds, size_t fd_count);

/**
 * fd_recvmsg() - Receive bytes and the descriptors beside them
 * @iov: where the bytes go
 * @fds: room for @fds_max; with FD_PASS_MAX nothing can be cut off
 * @ret_fd_count: how many came; the caller owns them, close-on-exec
 *
 * Never waits; EINTR is retried. Descriptors that do not fit are an error:
 * everything that came is closed and -EMSGSIZE returned, the bytes are lost.
 * Return: bytes, 0 at the end of the stream, or -errno.
 */
ssize_t
fd_recvmsg(int sock, const struct iovec *iov, int iov_count,
	int *fds, size_t fds_max, size_t *ret_fd_count);

#endif
