/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Who asks for a selection brings a descriptor to write to, and need never read
 * from it. Only pipes and sockets are written to, since nothing else can be waited
 * for.
 *
 * O_NONBLOCK on the descriptor that came would be the client's to take off again:
 * flags are shared by all who have it. A socket is told with each message not to
 * wait. A pipe is opened once more, for flags of our own; where that is forbidden
 * (it is another user's) the kernel is told with each write.
 */
#include "foreign-end.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

int
wlbl_foreign_end_open(int take_fd, enum foreign_end *ret)
{
	struct stat stat;
	const int flags = fcntl(take_fd, F_GETFL);
	/* What the client may not write to is not opened for it, either. */
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY
			|| fstat(take_fd, &stat) < 0
			|| !(S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode))) {
		close(take_fd);
		return -1;
	}
	if (S_ISSOCK(stat.st_mode)) {
		*ret = END_SOCKET;
		return take_fd;
	}
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", take_fd);
	int own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (own < 0) {
		*ret = END_FOREIGN;
		return take_fd;
	}
	close(take_fd);
	*ret = END_OWN;
	return own;
}

static ssize_t
end_write(enum foreign_end kind, int fd, const char *bytes, size_t size)
{
	struct iovec piece = { .iov_base = (char *)bytes, .iov_len = size };
	const struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
	switch (kind) {
	case END_SOCKET:
		/* Not send(): VFDs are sockets here, and know only this. */
		return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	case END_FOREIGN:
		/* Before Linux 6.4 this is an error, which ends it. */
		return pwritev2(fd, &piece, 1, -1, RWF_NOWAIT);
	case END_OWN:
		break;
	}
	return write(fd, bytes, size);
}

ssize_t
wlbl_foreign_end_write(enum foreign_end kind, int fd, const char *bytes, size_t size)
{
	sigset_t pipe_only, before, pending;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	ssize_t len = end_write(kind, fd, bytes, size);
	int error = errno;
	if (len < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE)) {
		const struct timespec now = { 0 };
		while (sigtimedwait(&pipe_only, NULL, &now) < 0
				&& errno == EINTR) {
			continue;
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return len;
}
