/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A guest that breaks this process owns its own VM's memory, which it had
 * before, and the sockets to its peers. The stages take the rest away:
 *
 *  1. a root directory: afterwards no path leads out of this VM's own sockets
 *     and labels, so we can no longer connect in another VM's name. Where we
 *     may not change it as we are, we may inside a user namespace.
 *  2. no new privileges: afterwards no file we could execute makes us more
 *     than we are.
 *  3. a list of system calls: afterwards we can no longer execute or trace
 *     anything, make threads or processes, change, create or rename files,
 *     listen, use any network, or map executable memory. We still connect to
 *     Unix sockets and read files (labels) below the root.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/sandbox.h"

/* Flags of open(2) that do more than read what is there. */
#define OPEN_CHANGES (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND \
	| (O_TMPFILE & ~O_DIRECTORY))

#define FCNTL(command) SANDBOX_ALLOW_IF(fcntl, 1, UINT32_MAX, command)

static const struct sandbox_rule rules[] = {
	/* The loop. */
	SANDBOX_ALLOW(epoll_ctl), SANDBOX_ALLOW(epoll_pwait),
	SANDBOX_ALLOW(epoll_pwait2), SANDBOX_ALLOW(epoll_wait),
	SANDBOX_ALLOW(timerfd_settime),
	/* Descriptors, whatever they are. */
	SANDBOX_ALLOW(close), SANDBOX_ALLOW(fstat), SANDBOX_ALLOW(fstatfs),
	SANDBOX_ALLOW(lseek), SANDBOX_ALLOW(newfstatat),
	SANDBOX_ALLOW(pread64), SANDBOX_ALLOW(preadv2),
	SANDBOX_ALLOW(pwrite64), SANDBOX_ALLOW(pwritev),
	SANDBOX_ALLOW(pwritev2), SANDBOX_ALLOW(read), SANDBOX_ALLOW(readv),
	SANDBOX_ALLOW(write), SANDBOX_ALLOW(writev),
	FCNTL(F_DUPFD_CLOEXEC), FCNTL(F_GETFD), FCNTL(F_SETFD),
	FCNTL(F_GETFL), FCNTL(F_SETFL), FCNTL(F_GET_SEALS),
	FCNTL(F_ADD_SEALS),
	SANDBOX_ALLOW_IF(openat, 2, OPEN_CHANGES, O_RDONLY),
	/* Sockets that exist, and those they bring. */
	SANDBOX_ALLOW(accept4), SANDBOX_ALLOW(connect),
	SANDBOX_ALLOW(getpeername), SANDBOX_ALLOW(getsockname),
	SANDBOX_ALLOW(getsockopt), SANDBOX_ALLOW(recvmsg),
	SANDBOX_ALLOW_IF(ioctl, 1, UINT32_MAX, SIOCOUTQ),
	SANDBOX_ALLOW(sendmsg), SANDBOX_ALLOW(shutdown),
	SANDBOX_ALLOW_IF(socket, 0, UINT32_MAX, AF_UNIX),
	SANDBOX_ALLOW_IF(socketpair, 0, UINT32_MAX, AF_UNIX),
	/* Memory and pipes that guests ask for. */
	SANDBOX_ALLOW(fallocate), SANDBOX_ALLOW(ftruncate),
	SANDBOX_ALLOW(memfd_create), SANDBOX_ALLOW(pipe2),
	SANDBOX_ALLOW_IF(mmap, 2, PROT_EXEC, 0),
	SANDBOX_ALLOW_IF(mprotect, 2, PROT_EXEC, 0),
	/* The C library. */
	SANDBOX_ALLOW(brk), SANDBOX_ALLOW(clock_gettime),
	SANDBOX_ALLOW(exit), SANDBOX_ALLOW(exit_group),
	SANDBOX_ALLOW(futex), SANDBOX_ALLOW(getrandom),
	SANDBOX_ALLOW(madvise), SANDBOX_ALLOW(mremap),
	SANDBOX_ALLOW(munmap), SANDBOX_ALLOW(restart_syscall),
	SANDBOX_ALLOW(rt_sigprocmask), SANDBOX_ALLOW(rt_sigreturn),
};

int
vwl_sandbox_confine(void)
{
	if (chroot(".") < 0 && (errno != EPERM || unshare(CLONE_NEWUSER) < 0
			|| chroot(".") < 0)) {
		return -errno;
	}
	return chdir("/") < 0 ? -errno : 0;
}

int
vwl_sandbox_enter(void)
{
	return sandbox_enter(rules, sizeof(rules) / sizeof(rules[0]));
}
