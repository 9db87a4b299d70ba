/* SPDX-License-Identifier: MIT */
#include "wl-process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"
#include "util/fd.h"

#define PATIENCE_MS 10000
#define LIMITS_MAX 16

static void
run_device(struct wl_process *process, const char *const *limits,
	int device_listener, int accept_listener)
{
	/* A test that dies takes its device along. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fcntl(device_listener, F_SETFD, 0);
	fcntl(accept_listener, F_SETFD, 0);

	char fd[32], connect_to[128], accept_from[64], limit_args[LIMITS_MAX][96];
	snprintf(fd, sizeof(fd), "--fd=%d", device_listener);
	snprintf(connect_to, sizeof(connect_to), "--connect==%s",
		process->peer_path);
	snprintf(accept_from, sizeof(accept_from), "--accept=work=fd:%d",
		accept_listener);
	const char *argv[16 + LIMITS_MAX] = {
		getenv("WLBRIDGE_WL"), "--name=test", fd, connect_to,
		accept_from, "--log-level=error",
	};
	size_t count = 6;
	for (size_t i = 0; limits != NULL && limits[i] != NULL; i++) {
		must(i < LIMITS_MAX);
		snprintf(limit_args[i], sizeof(limit_args[i]), "--limit=%s",
			limits[i]);
		argv[count++] = limit_args[i];
	}
	execv(argv[0], (char **)argv);
	_exit(127);
}

void
wl_process_start(struct wl_process *process, const char *const *limits)
{
	must(getenv("WLBRIDGE_WL") != NULL);
	memset(process, 0, sizeof(*process));
	strcpy(process->dir, "/tmp/wl-process-XXXXXX");
	must(mkdtemp(process->dir) != NULL);
	snprintf(process->device_path, sizeof(process->device_path),
		"%s/wl.sock", process->dir);
	snprintf(process->peer_path, sizeof(process->peer_path),
		"%s/peer.sock", process->dir);
	snprintf(process->accept_path, sizeof(process->accept_path),
		"%s/from-work.sock", process->dir);

	int device_listener = fd_listen(process->device_path, 8);
	int accept_listener = fd_listen(process->accept_path, 8);
	process->peer_listener = fd_listen(process->peer_path, 8);
	must(device_listener >= 0 && accept_listener >= 0
		&& process->peer_listener >= 0);
	process->pid = fork();
	must(process->pid >= 0);
	if (process->pid == 0) {
		run_device(process, limits, device_listener, accept_listener);
	}
	fd_close(&device_listener);
	fd_close(&accept_listener);
}

void
wl_process_stop(struct wl_process *process)
{
	int status;
	must(kill(process->pid, SIGTERM) == 0);
	must(waitpid(process->pid, &status, 0) == process->pid);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	fd_close(&process->peer_listener);
	unlink(process->device_path);
	unlink(process->accept_path);
	unlink(process->peer_path);
	must(rmdir(process->dir) == 0);
}

int
wl_process_accept(struct wl_process *process)
{
	struct pollfd pollfd = {
		.fd = process->peer_listener,
		.events = POLLIN,
	};
	must(poll(&pollfd, 1, PATIENCE_MS) == 1);
	int sock = accept4(process->peer_listener, NULL, NULL,
		SOCK_CLOEXEC | SOCK_NONBLOCK);
	must(sock >= 0);
	return sock;
}

int
wl_process_connect_as_work(struct wl_process *process)
{
	int sock = fd_connect(process->accept_path);
	must(sock >= 0);
	return sock;
}
