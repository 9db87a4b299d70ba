/* SPDX-License-Identifier: MIT */
/*
 * A carrier, through a device that leads back to itself: what it connects to is
 * where it listens, so one program holds both ends. Run with --program, the
 * device is a process of our own; with --address, it is somebody's (in a guest:
 * the kernel's node).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/must.h"
#include "conformance.h"
#include "util/fd.h"

static struct vwl_device *device;
static int listener = -1;
static pid_t device_pid = -1;
static char directory[] = "/tmp/conformance-XXXXXX";

static struct vwl_device *
get_device(void)
{
	return device;
}

/* In the child: descriptor @fd becomes number 3, and nothing else stays. */
static void
run_device(const char *program, int fd, const char *path)
{
	char connect[128];
	char accept[128];
	snprintf(connect, sizeof(connect), "%s=%s", options->connect, path);
	snprintf(accept, sizeof(accept), "%s=%s", options->accept, path);
	if (fd == 3) {
		must(fcntl(fd, F_SETFD, 0) == 0);
	} else {
		must(dup2(fd, 3) == 3);
	}
	execl(program, program, "--name", "self", "--fd=3", "--connect",
		connect, "--accept", accept, (char *)NULL);
	perror(program);
	_exit(127);
}

static void
start_device(const char *program, char *address, size_t size)
{
	char path[64];
	must(mkdtemp(directory) != NULL);
	snprintf(path, sizeof(path), "%s/wl.sock", directory);
	snprintf(address, size, "vhost-user:%s", path);
	int fd = fd_listen(path, 1);
	must(fd >= 0);
	snprintf(path, sizeof(path), "%s/loop.sock", directory);
	device_pid = fork();
	must(device_pid >= 0);
	if (device_pid == 0) {
		run_device(program, fd, path);
	}
	fd_close(&fd);
}

static void
start(const struct options *unused)
{
	(void)unused;
	char started[128];
	const char *address = options->address;
	if (address == NULL) {
		must(options->program != NULL);
		start_device(options->program, started, sizeof(started));
		address = started;
	}
	device = vwl_device_open(address);
	if (device == NULL) {
		fprintf(stderr, "%s: %s\n", address, strerror(errno));
		exit(1);
	}
	listener = vwl_listen(device, options->accept, 0);
	must(listener >= 0);
}

static void
stop(void)
{
	must(vwl_close(listener) == 0);
	vwl_device_close(device);
	if (device_pid > 0) {
		int status = 0;
		kill(device_pid, SIGTERM);
		must(waitpid(device_pid, &status, 0) == device_pid);
		must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		char path[64];
		snprintf(path, sizeof(path), "%s/wl.sock", directory);
		unlink(path);
		snprintf(path, sizeof(path), "%s/loop.sock", directory);
		unlink(path);
		rmdir(directory);
	}
}

static int
accept_next(int flags)
{
	struct vwl_peer peer;
	int fd = vwl_accept(listener, &peer, flags);
	if (fd < 0) {
		fail_msg("accept: %s", strerror(errno));
	}
	assert_string_equal(peer.name, options->accept);
	return fd;
}

static void
connect_pair(struct pair *ret)
{
	ret->a = vwl_connect(device, options->connect, 0);
	if (ret->a < 0) {
		fail_msg("connect: %s", strerror(errno));
	}
	ret->b = accept_next(0);
}

static struct offer
make_pipe(enum vwl_direction direction)
{
	int fd = vwl_pipe(device, direction);
	assert_true(fd >= 0);
	return (struct offer){ fd, fd };
}

static int
make_memory(size_t size)
{
	return vwl_memory(device, size);
}

static int
make_snapshot(const void *data, size_t size)
{
	return vwl_snapshot(device, data, size);
}

const struct provider provider_device = {
	.device = get_device,
	.start = start,
	.stop = stop,
	.connect = connect_pair,
	.accept = accept_next,
	.pipe = make_pipe,
	.memory = make_memory,
	.snapshot = make_snapshot,
};
