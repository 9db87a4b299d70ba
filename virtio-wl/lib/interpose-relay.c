/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A program passes on what it has: the end of a pipe, say, into which another
 * client is to write a clipboard; or /dev/null in the place of a keymap. Another
 * VM can do nothing with that. So each of those is replaced by a VFD, and the relay
 * moves the bytes for as long as both are open. Everything else is left to
 * vwl_sendmsg(), which knows VFDs and copies files.
 *
 * A message that was not taken will be sent again with the same descriptors, so
 * what was made for it is cancelled: a pipe with a forgotten second writer would
 * never end.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cmsg.h"
#include "interpose.h"
#include "private.h"

static bool
needs_relay(int fd)
{
	struct stat st;
	return vwl_kind(fd) == VWL_KIND_NONE && fstat(fd, &st) == 0
		&& (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)
			|| S_ISCHR(st.st_mode));
}

/* What @fds are replaced by; -1 for what is sent as it is. */
static int
import_all(struct served *served, const int *fds, size_t count, int *made)
{
	for (size_t i = 0; i < count; i++) {
		if (!needs_relay(fds[i])) {
			continue;
		}
		int copy = fcntl(fds[i], F_DUPFD_CLOEXEC, 0);
		if (copy >= 0) {
			made[i] = vwl_relay_import(vwl_served_relay(served),
				copy);
		}
		if (made[i] < 0) {
			return -errno;
		}
	}
	return 0;
}

static ssize_t
send_replaced(int vfd, const struct msghdr *msg, int flags, const int *fds,
	const int *made, size_t count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VWL_FDS_MAX)];
	} control = { 0 };
	int all[VWL_FDS_MAX];
	for (size_t i = 0; i < count; i++) {
		all[i] = made[i] >= 0 ? made[i] : fds[i];
	}
	struct msghdr replaced = *msg;
	replaced.msg_control = control.bytes;
	replaced.msg_controllen = sizeof(control.bytes);
	vwl_cmsg_put_fds(&replaced, all, count);
	return vwl_sendmsg(vfd, &replaced, flags);
}

static ssize_t
send_relayed(struct served *served, int vfd, const struct msghdr *msg,
	int flags, const int *fds, size_t count)
{
	int made[VWL_FDS_MAX];
	for (size_t i = 0; i < count; i++) {
		made[i] = -1;
	}
	int r = import_all(served, fds, count, made);
	ssize_t n = -1;
	if (r == 0) {
		n = send_replaced(vfd, msg, flags, fds, made, count);
		r = n < 0 ? -errno : 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (made[i] >= 0 && r == 0) {
			vwl_close(made[i]);
		} else if (made[i] >= 0) {
			vwl_relay_cancel(vwl_served_relay(served), made[i]);
		}
	}
	errno = -r;
	return n;
}

ssize_t
vwl_relayed_send(int vfd, const struct msghdr *msg, int flags)
{
	int fds[VWL_FDS_MAX];
	int count = msg->msg_controllen == 0 ? 0 : vwl_cmsg_get_fds(msg, fds);
	bool relayed = false;
	for (int i = 0; i < count; i++) {
		relayed |= needs_relay(fds[i]);
	}
	/* A real socket by now, with the number of one that was none? */
	struct served *served = !relayed || vwl_kind(vfd)
		!= VWL_KIND_CONNECTION ? NULL : vwl_served_lock(vfd);
	if (served == NULL) {
		return vwl_sendmsg(vfd, msg, flags);
	}
	ssize_t n = send_relayed(served, vfd, msg, flags, fds, (size_t)count);
	vwl_served_unlock(served);
	return n;
}
