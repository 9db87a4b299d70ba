/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The child's descriptors are 0 (/dev/null), 1 and 2 (ours, for its log), and
 * from 3 on the ones it was promised, in their order. A promised one may sit
 * at a number that another is promised, so all are first copied above the
 * range and then put in place. Any other is made close-on-exec, whoever forgot.
 *
 * PR_SET_PDEATHSIG ends devices whose daemon was killed: their sockets would
 * be replaced by those of the next daemon, and they would wait for ever. The
 * signal only covers a death after the call, so the parent is looked at once.
 */
#include "spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "privileges.h"
#include "util/fd.h"
#include "util/log.h"

#define EXIT_CANNOT_RUN 127

void
wlb_spawn_arg(struct wlb_spawn *spawn, const char *format, ...)
{
	assert(spawn->arg_count < WLB_SPAWN_ARGS_MAX);
	char *text;
	va_list args;
	va_start(args, format);
	int len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		spawn->error = -ENOMEM;
		return;
	}
	spawn->args[spawn->arg_count++] = text;
}

void
wlb_spawn_env(struct wlb_spawn *spawn, const char *format, ...)
{
	assert(spawn->env == NULL);
	va_list args;
	va_start(args, format);
	if (vasprintf(&spawn->env, format, args) < 0) {
		spawn->env = NULL;
		spawn->error = -ENOMEM;
	}
	va_end(args);
}

int
wlb_spawn_fd(struct wlb_spawn *spawn, int fd)
{
	assert(spawn->fd_count < WLB_SPAWN_FDS_MAX);
	spawn->fds[spawn->fd_count] = fd;
	return WLB_SPAWN_FIRST_FD + (int)spawn->fd_count++;
}

static int
place_fds(const struct wlb_spawn *spawn)
{
	int copies[WLB_SPAWN_FDS_MAX];
	int above = WLB_SPAWN_FIRST_FD + (int)spawn->fd_count;
	for (size_t i = 0; i < spawn->fd_count; i++) {
		copies[i] = fcntl(spawn->fds[i], F_DUPFD_CLOEXEC, above);
		if (copies[i] < 0) {
			return -errno;
		}
	}
	for (size_t i = 0; i < spawn->fd_count; i++) {
		if (dup2(copies[i], WLB_SPAWN_FIRST_FD + (int)i) < 0) {
			return -errno;
		}
	}
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0) {
		return -errno;
	}
	if (syscall(SYS_close_range, (unsigned)above, ~0U,
			CLOSE_RANGE_CLOEXEC) < 0) {
		return -errno;
	}
	return 0;
}

static void
__attribute__((noreturn))
run_child(const struct wlb_spawn *spawn, pid_t parent)
{
	sigset_t none;
	sigemptyset(&none);
	int r = 0;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0
			|| sigprocmask(SIG_SETMASK, &none, NULL) < 0) {
		r = -errno;
	}
	if (getppid() != parent) {
		_exit(EXIT_CANNOT_RUN);
	}
	if (r == 0 && !spawn->realtime) {
		const struct rlimit nothing = { 0 };
		r = setrlimit(RLIMIT_RTPRIO, &nothing) < 0 ? -errno : 0;
	}
	if (r == 0) {
		r = wlb_privileges_none();
	}
	if (r == 0) {
		r = place_fds(spawn);
	}
	if (r == 0 && spawn->env != NULL && putenv(spawn->env) != 0) {
		r = -errno;
	}
	if (r == 0) {
		execv(spawn->args[0], spawn->args);
		r = -errno;
	}
	log_error("cannot run %s: %s", spawn->args[0], strerror(-r));
	_exit(EXIT_CANNOT_RUN);
}

pid_t
wlb_spawn_run(struct wlb_spawn *spawn, int *ret_pidfd)
{
	if (spawn->error < 0) {
		return spawn->error;
	}
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0) {
		return -errno;
	}
	if (pid == 0) {
		run_child(spawn, parent);
	}
	/* Not reaped before this, so the number is still this child's. */
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0) {
		int r = -errno;
		kill(pid, SIGKILL);
		siginfo_t info;
		waitid(P_PID, (id_t)pid, &info, WEXITED);
		return r;
	}
	*ret_pidfd = pidfd;
	return pid;
}

void
wlb_spawn_finish(struct wlb_spawn *spawn)
{
	for (size_t i = 0; i < spawn->arg_count; i++) {
		free(spawn->args[i]);
	}
	free(spawn->env);
	*spawn = (struct wlb_spawn){ 0 };
}
