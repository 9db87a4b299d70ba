/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/fd.h"

/* As a shell would say it. */
#define STATUS_SIGNALLED 128

static void
handle_exit(void *data, uint32_t revents)
{
	struct wlb_command *command = data;
	(void)revents;
	siginfo_t info = { 0 };
	if (waitid(P_PIDFD, (id_t)command->pid_fd, &info,
			WEXITED | WNOHANG) < 0 || info.si_pid == 0) {
		return;
	}
	command->pid = -1;
	loop_clear(&command->source);
	loop_quit(command->loop, info.si_code == CLD_EXITED
		? info.si_status : STATUS_SIGNALLED + info.si_status);
}

static int
spawn(pid_t *ret_pid, char *const argv[])
{
	posix_spawnattr_t attributes;
	int error = posix_spawnattr_init(&attributes);
	if (error != 0) {
		return -error;
	}
	/* The loop blocks the signals it takes; that must not be inherited. */
	sigset_t none, defaults;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes,
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(ret_pid, argv[0], NULL, &attributes, argv,
		environ);
	posix_spawnattr_destroy(&attributes);
	return -error;
}

int
wlb_command_start(struct wlb_command *command, struct loop *loop,
	char *const argv[])
{
	*command = (struct wlb_command){
		.pid = -1,
		.pid_fd = -1,
		.loop = loop,
	};
	int r = spawn(&command->pid, argv);
	if (r < 0) {
		return r;
	}
	command->pid_fd = pidfd_open(command->pid, 0);
	if (command->pid_fd < 0) {
		return -errno;
	}
	return loop_add_fd(loop, command->pid_fd, EPOLLIN, handle_exit,
		command, &command->source);
}

void
wlb_command_finish(struct wlb_command *command)
{
	if (command->pid > 0) {
		kill(command->pid, SIGTERM);
		command->pid = -1;
	}
	loop_clear(&command->source);
	fd_close(&command->pid_fd);
}
