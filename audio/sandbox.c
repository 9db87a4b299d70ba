/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A guest that breaks this process owns its own VM's memory, which it had
 * before, and a connection to PipeWire. Afterwards we can no longer:
 *
 *  - execute or trace anything, signal anybody, make processes (threads we can:
 *    PipeWire may want another one for realtime work);
 *  - open, change, create or rename any file, or read one that is not open;
 *  - listen, or use any network;
 *  - give another process other limits, or another niceness, or get beyond the
 *    limits that were set for our own realtime threads (priority.c);
 *  - map executable memory: what PipeWire would load with its first stream is
 *    loaded before (sink-pipewire.c).
 *
 * What we can still do is connect to Unix sockets, for PipeWire may end and come
 * back at its path. A user's session has others that obey whoever connects, so
 * this is a wall around the host's files and kernel and not around the session;
 * see docs/threat-model.md.
 *
 * The calls are those that PipeWire 1.4's client was seen to make, and a margin.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "util/sandbox.h"

#define FCNTL(command) SANDBOX_ALLOW_IF(fcntl, 1, UINT32_MAX, command)

#define POLICY(policy) \
	SANDBOX_ALLOW_IF(sched_setscheduler, 1, UINT32_MAX, \
		(policy) | SCHED_RESET_ON_FORK)

static const struct sandbox_rule rules[] = {
	/* The loops, ours and PipeWire's. */
	SANDBOX_ALLOW(epoll_create1), SANDBOX_ALLOW(epoll_ctl),
	SANDBOX_ALLOW(epoll_pwait), SANDBOX_ALLOW(epoll_pwait2),
	SANDBOX_ALLOW(epoll_wait), SANDBOX_ALLOW(eventfd2),
	SANDBOX_ALLOW(poll), SANDBOX_ALLOW(ppoll),
	SANDBOX_ALLOW(timerfd_create), SANDBOX_ALLOW(timerfd_gettime),
	SANDBOX_ALLOW(timerfd_settime),
	/* Descriptors, whatever they are. */
	SANDBOX_ALLOW(close), SANDBOX_ALLOW(fstat), SANDBOX_ALLOW(fstatfs),
	SANDBOX_ALLOW(lseek), SANDBOX_ALLOW(read), SANDBOX_ALLOW(readv),
	SANDBOX_ALLOW(write), SANDBOX_ALLOW(writev),
	FCNTL(F_DUPFD_CLOEXEC), FCNTL(F_GETFD), FCNTL(F_SETFD),
	FCNTL(F_GETFL), FCNTL(F_SETFL), FCNTL(F_GET_SEALS),
	FCNTL(F_ADD_SEALS),
	/* Sockets: front-ends, orders, and PipeWire when it comes back. */
	SANDBOX_ALLOW(accept4), SANDBOX_ALLOW(connect),
	SANDBOX_ALLOW(getpeername), SANDBOX_ALLOW(getsockname),
	SANDBOX_ALLOW(getsockopt), SANDBOX_ALLOW(recvfrom),
	SANDBOX_ALLOW(recvmsg), SANDBOX_ALLOW(sendmsg),
	SANDBOX_ALLOW(sendto), SANDBOX_ALLOW(shutdown),
	SANDBOX_ALLOW_IF(socket, 0, UINT32_MAX, AF_UNIX),
	/* Memory: the guest's, PipeWire's buffers, ours. */
	SANDBOX_ALLOW(brk), SANDBOX_ALLOW(fallocate),
	SANDBOX_ALLOW(ftruncate), SANDBOX_ALLOW(madvise),
	SANDBOX_ALLOW(memfd_create), SANDBOX_ALLOW(mlock),
	SANDBOX_ALLOW(mlock2), SANDBOX_ALLOW(mremap), SANDBOX_ALLOW(munlock),
	SANDBOX_ALLOW(munmap),
	SANDBOX_ALLOW_IF(mmap, 2, PROT_EXEC, 0),
	SANDBOX_ALLOW_IF(mprotect, 2, PROT_EXEC, 0),
	/*
	 * Threads. The flags of clone3() cannot be seen from here; without it
	 * the C library takes clone().
	 */
	SANDBOX_REFUSE(clone3, ENOSYS),
	SANDBOX_ALLOW_IF(clone, 0, CLONE_THREAD, CLONE_THREAD),
	SANDBOX_ALLOW(futex), SANDBOX_ALLOW(getpriority),
	SANDBOX_ALLOW(gettid),
	SANDBOX_ALLOW_IF(prlimit64, 0, UINT32_MAX, 0),
	SANDBOX_ALLOW(rseq), SANDBOX_ALLOW(sched_get_priority_max),
	SANDBOX_ALLOW(sched_get_priority_min),
	SANDBOX_ALLOW(sched_getaffinity), SANDBOX_ALLOW(sched_getparam),
	SANDBOX_ALLOW(sched_getscheduler),
	SANDBOX_ALLOW(sched_yield), SANDBOX_ALLOW(set_robust_list),
	/* Whose cannot be said in advance where it is PipeWire's threads,
	 * which come later. What they start does not inherit it. */
	POLICY(SCHED_OTHER), POLICY(SCHED_FIFO),
	SANDBOX_ALLOW_IF_BOTH(sched_setscheduler, 0, 0,
		1, SCHED_RR | SCHED_RESET_ON_FORK),
	SANDBOX_ALLOW_IF_BOTH(setpriority, 0, PRIO_PROCESS, 1, 0),
	/* The C library. */
	SANDBOX_ALLOW(clock_getres), SANDBOX_ALLOW(clock_gettime),
	SANDBOX_ALLOW(clock_nanosleep), SANDBOX_ALLOW(exit),
	SANDBOX_ALLOW(exit_group), SANDBOX_ALLOW(getegid),
	SANDBOX_ALLOW(geteuid), SANDBOX_ALLOW(getgid), SANDBOX_ALLOW(getpid),
	SANDBOX_ALLOW(getrandom), SANDBOX_ALLOW(getuid),
	SANDBOX_ALLOW(restart_syscall), SANDBOX_ALLOW(rt_sigaction),
	SANDBOX_ALLOW(rt_sigprocmask), SANDBOX_ALLOW(rt_sigreturn),
	SANDBOX_ALLOW(sigaltstack),
};

int
vsnd_sandbox_enter(void)
{
	return sandbox_enter(rules, sizeof(rules) / sizeof(rules[0]));
}
