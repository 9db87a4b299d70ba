/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Only files of shared memory count as memory. A file of any other kind may
 * sit on a file system that answers when it pleases, and this process must
 * never wait for a peer. Memory is mapped when nobody can shrink it under the
 * guest, and the VMM can map it at all: open for writing, whole pages, not
 * sealed against writing. Smaller pieces of the rest are read once.
 */
#include "fd-kind.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "region.h"

static bool
is_shared_memory(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
}

static bool
can_be_mapped(int fd, int access, uint64_t size)
{
	int seals = fcntl(fd, F_GET_SEALS);
	int fixed = F_SEAL_SHRINK | F_SEAL_GROW;
	return access == O_RDWR && seals >= 0 && (seals & fixed) == fixed
		&& (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) == 0
		&& size % VWL_PAGE_SIZE == 0;
}

static bool
socket_option_is(int fd, int option, int expected)
{
	int value;
	socklen_t len = sizeof(value);
	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0
		&& value == expected;
}

static bool
is_connection(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	return socket_option_is(fd, SO_DOMAIN, AF_UNIX)
		&& socket_option_is(fd, SO_TYPE, SOCK_STREAM)
		&& socket_option_is(fd, SO_ACCEPTCONN, 0)
		&& getpeername(fd, (struct sockaddr *)&peer, &len) == 0;
}

struct vwl_fd_info
vwl_fd_classify(int fd)
{
	struct vwl_fd_info info = { .kind = VWL_FD_OTHER };
	struct stat st;
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || (flags & O_PATH) || fstat(fd, &st) < 0) {
		return info;
	}
	int access = flags & O_ACCMODE;
	info.can_read = access != O_WRONLY;
	info.can_write = access != O_RDONLY;
	if (S_ISFIFO(st.st_mode)) {
		info.kind = VWL_FD_PIPE;
	} else if (S_ISSOCK(st.st_mode) && is_connection(fd)) {
		info.kind = VWL_FD_SOCKET;
	} else if (S_ISREG(st.st_mode) && st.st_size > 0
			&& is_shared_memory(fd)) {
		info.size = (uint64_t)st.st_size;
		info.dev = st.st_dev;
		info.ino = st.st_ino;
		if (can_be_mapped(fd, access, info.size)) {
			info.kind = VWL_FD_MAPPABLE;
		} else if (info.can_read && info.size <= VWL_COPY_MAX) {
			info.kind = VWL_FD_COPYABLE;
		}
	}
	return info;
}
