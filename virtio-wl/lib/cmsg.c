/* SPDX-License-Identifier: MIT */
#include "cmsg.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

int
vwl_cmsg_get_fds(const struct msghdr *msg, int *fds)
{
	/* CMSG_NXTHDR() wants to write to nothing, but takes no const. */
	struct msghdr copy = *msg;
	size_t count = 0;
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(&copy); cmsg != NULL;
			cmsg = CMSG_NXTHDR(&copy, cmsg)) {
		size_t offset = (size_t)((char *)cmsg - (char *)copy.msg_control);
		if (cmsg->cmsg_level != SOL_SOCKET
				|| cmsg->cmsg_type != SCM_RIGHTS
				|| cmsg->cmsg_len < CMSG_LEN(0)
				|| cmsg->cmsg_len > copy.msg_controllen - offset) {
			return -EINVAL;
		}
		size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		if (n > VWL_FDS_MAX - count) {
			return -EINVAL;
		}
		memcpy(fds + count, CMSG_DATA(cmsg), n * sizeof(int));
		count += n;
	}
	return (int)count;
}

size_t
vwl_cmsg_room(const struct msghdr *msg)
{
	/* As the kernel counts: what fits behind one header, unpadded. */
	if (msg->msg_control == NULL || msg->msg_controllen < CMSG_LEN(0)) {
		return 0;
	}
	size_t room = (msg->msg_controllen - CMSG_LEN(0)) / sizeof(int);
	return room < VWL_FDS_MAX ? room : VWL_FDS_MAX;
}

void
vwl_cmsg_put_fds(struct msghdr *msg, const int *fds, size_t count)
{
	if (count == 0) {
		msg->msg_controllen = 0;
		return;
	}
	struct cmsghdr header = {
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(count * sizeof(int)),
	};
	char *control = msg->msg_control;
	memcpy(control, &header, sizeof(header));
	memcpy(control + CMSG_LEN(0), fds, count * sizeof(int));

	size_t used = CMSG_SPACE(count * sizeof(int));
	if (used < msg->msg_controllen) {
		msg->msg_controllen = used;
	}
}

ssize_t
vwl_iov_size(const struct iovec *iov, size_t count)
{
	if (count > IOV_MAX) {
		return -EMSGSIZE;
	}
	size_t size = 0;
	for (size_t i = 0; i < count; i++) {
		if (iov[i].iov_len > (size_t)SSIZE_MAX - size) {
			return -EINVAL;
		}
		size += iov[i].iov_len;
	}
	return (ssize_t)size;
}
