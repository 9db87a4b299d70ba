/* SPDX-License-Identifier: MIT */
#include "device-run.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"
#include "util/fd.h"

#define ARGS_MAX 16
#define LISTEN_FD 3

void
device_run_init(struct device_run *run)
{
	run->pid = 0;
	strcpy(run->dir, "/tmp/device-XXXXXX");
	must(mkdtemp(run->dir) != NULL);
}

/* In the child. */
static void
run_program(const char *program, const char *name, int fd,
	const char *const *args)
{
	const char *argv[ARGS_MAX] = {
		program, "--name", name, "--fd=3", "--log-level", "warn",
	};
	size_t count = 6;
	for (; args != NULL && *args != NULL; args++) {
		must(count < ARGS_MAX - 1);
		argv[count++] = *args;
	}
	if (fd == LISTEN_FD) {
		must(fcntl(fd, F_SETFD, 0) == 0);
	} else {
		must(dup2(fd, LISTEN_FD) == LISTEN_FD);
	}
	execv(program, (char *const *)argv);
	perror(program);
	_exit(127);
}

void
device_run_start(struct device_run *run, const char *program, const char *name,
	const char *const *args)
{
	char path[80];
	snprintf(path, sizeof(path), "%s/wl.sock", run->dir);
	snprintf(run->address, sizeof(run->address), "vhost-user:%s", path);
	int fd = fd_listen(path, 4);
	must(fd >= 0);
	run->pid = fork();
	must(run->pid >= 0);
	if (run->pid == 0) {
		run_program(program, name, fd, args);
	}
	fd_close(&fd);
}

static void
remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	must(dir != NULL);
	struct dirent *entry;
	while ((entry = readdir(dir)) != NULL) {
		unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
	rmdir(path);
}

static int
end(struct device_run *run, int signo)
{
	int status = 0;
	kill(run->pid, signo);
	must(waitpid(run->pid, &status, 0) == run->pid);
	run->pid = 0;
	remove_dir(run->dir);
	return status;
}

void
device_run_stop(struct device_run *run)
{
	int status = end(run, SIGTERM);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void
device_run_kill(struct device_run *run)
{
	end(run, SIGKILL);
}
