/* SPDX-License-Identifier: MIT */
/* Control data: SCM_RIGHTS and nothing else. */
#ifndef VWL_CMSG_H
#define VWL_CMSG_H

#include <stddef.h>
#include <sys/socket.h>

#include "carrier.h"

/* The descriptors of @msg into @fds (VWL_FDS_MAX). Their number, or -EINVAL. */
int
vwl_cmsg_get_fds(const struct msghdr *msg, int *fds);

/* How many descriptors the control buffer of @msg has room for. */
size_t
vwl_cmsg_room(const struct msghdr *msg);

/* Fill the control buffer of @msg; @count is at most vwl_cmsg_room(). */
void
vwl_cmsg_put_fds(struct msghdr *msg, const int *fds, size_t count);

/* Bytes in all of @iov: the number, -EMSGSIZE (too many), -EINVAL (overflow). */
ssize_t
vwl_iov_size(const struct iovec *iov, size_t count);

#endif
