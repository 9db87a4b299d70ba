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
 *
 * What is not on the list fails with EPERM rather than ending the process: a
 * C library that tries something new must not cost a guest its windows, and to
 * an attacker both are the same.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int plain_calls[] = {
	/* The loop. */
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait), SCMP_SYS(timerfd_settime),
	/* Descriptors, whatever they are. */
	SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstatfs), SCMP_SYS(lseek),
	SCMP_SYS(newfstatat), SCMP_SYS(pread64), SCMP_SYS(preadv2),
	SCMP_SYS(pwrite64), SCMP_SYS(pwritev), SCMP_SYS(pwritev2),
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev),
	/* Sockets that exist, and those they bring. */
	SCMP_SYS(accept4), SCMP_SYS(connect), SCMP_SYS(getpeername),
	SCMP_SYS(getsockname), SCMP_SYS(getsockopt), SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg), SCMP_SYS(shutdown),
	/* Memory and pipes that guests ask for. */
	SCMP_SYS(fallocate), SCMP_SYS(ftruncate), SCMP_SYS(memfd_create),
	SCMP_SYS(pipe2),
	/* The C library. */
	SCMP_SYS(brk), SCMP_SYS(clock_gettime), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(getrandom),
	SCMP_SYS(madvise), SCMP_SYS(mremap), SCMP_SYS(munmap),
	SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
};

static const int fcntl_commands[] = {
	F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GET_SEALS,
	F_ADD_SEALS,
};

/* Flags of open(2) that do more than read what is there. */
#define OPEN_CHANGES (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND \
	| (O_TMPFILE & ~O_DIRECTORY))

/* A call with one argument that must be @value in the bits of @mask. */
static int
allow_if(scmp_filter_ctx filter, int call, unsigned argument, uint64_t mask,
	uint64_t value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
		SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value));
}

static int
add_rules(scmp_filter_ctx filter)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < COUNT(plain_calls); i++) {
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain_calls[i],
			0);
		if (r == -EDOM) {
			r = 0;	/* not a call of this architecture */
		}
	}
	for (size_t i = 0; r == 0 && i < COUNT(fcntl_commands); i++) {
		r = allow_if(filter, SCMP_SYS(fcntl), 1, UINT32_MAX,
			(uint64_t)fcntl_commands[i]);
	}
	if (r == 0) {
		r = allow_if(filter, SCMP_SYS(openat), 2, OPEN_CHANGES,
			O_RDONLY);
	}
	if (r == 0) {
		r = allow_if(filter, SCMP_SYS(socket), 0, UINT32_MAX, AF_UNIX);
	}
	if (r == 0) {
		r = allow_if(filter, SCMP_SYS(socketpair), 0, UINT32_MAX,
			AF_UNIX);
	}
	if (r == 0) {
		r = allow_if(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0);
	}
	if (r == 0) {
		r = allow_if(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
	}
	return r;
}

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
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		return -errno;
	}
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL) {
		return -ENOMEM;
	}
	int r = add_rules(filter);
	if (r == 0) {
		r = seccomp_load(filter);
	}
	seccomp_release(filter);
	return r;
}
