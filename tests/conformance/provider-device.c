/* SPDX-License-Identifier: MIT */
/*
 * A carrier, through a device that leads back to itself: what it connects to is
 * where it listens, so one program holds both ends. Run with --program, the
 * device is a process of our own; with --address, it is somebody's (in a guest:
 * the kernel's node). With --two, what listens is another process's guest: the
 * whole way between two VMs, with one program for both.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../lib/device-run.h"
#include "../lib/must.h"
#include "conformance.h"

static struct vwl_device *device;
static struct vwl_device *far_device;
static int listener = -1;
static struct device_run run;
static struct device_run far_run;

static struct vwl_device *
get_device(void)
{
	return device;
}

static struct vwl_device *
get_far_device(void)
{
	return far_device;
}

static void
start_devices(const char *program)
{
	char connect[128];
	char accept[128];
	device_run_init(&run);
	snprintf(connect, sizeof(connect), "%s=%s/loop.sock", options->connect,
		run.dir);
	snprintf(accept, sizeof(accept), "%s=%s/loop.sock", options->accept,
		run.dir);
	const char *near_args[] = {
		"--connect", connect, "--accept", accept, NULL,
	};
	const char *far_args[] = { "--accept", accept, NULL };
	if (options->two) {
		device_run_init(&far_run);
		device_run_start(&far_run, program, "far", far_args);
		near_args[2] = NULL;
	}
	device_run_start(&run, program, "near", near_args);
}

static struct vwl_device *
open_device(const char *address)
{
	struct vwl_device *opened = vwl_device_open(address);
	if (opened == NULL) {
		fprintf(stderr, "%s: %s\n", address, strerror(errno));
		exit(1);
	}
	return opened;
}

static void
start(const struct options *unused)
{
	(void)unused;
	const char *address = options->address;
	if (address == NULL) {
		must(options->program != NULL);
		start_devices(options->program);
		address = run.address;
	}
	device = open_device(address);
	far_device = options->two ? open_device(far_run.address) : device;
	listener = vwl_listen(far_device, options->accept, 0);
	must(listener >= 0);
}

static void
stop(void)
{
	must(vwl_close(listener) == 0);
	vwl_device_close(device);
	if (options->two) {
		vwl_device_close(far_device);
		device_run_stop(&far_run);
	}
	if (options->address == NULL) {
		device_run_stop(&run);
	}
}

#ifdef CONFORMANCE_INTERPOSED
/* What libwayland does with a listener, and with what it accepts. */
static int
accept_next(int flags)
{
	struct sockaddr_un addr = { 0 };
	socklen_t len = sizeof(addr);
	int fd = accept4(listener, (struct sockaddr *)&addr, &len,
		SOCK_CLOEXEC | flags);
	if (fd < 0) {
		fail_msg("accept4: %s", strerror(errno));
	}
	assert_int_equal(addr.sun_family, AF_UNIX);
	struct ucred cred;
	len = sizeof(cred);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len),
		0);
	assert_int_equal(cred.pid, 0);
	return fd;
}
#else
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
#endif

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
	.far_device = get_far_device,
	.start = start,
	.stop = stop,
	.connect = connect_pair,
	.accept = accept_next,
	.pipe = make_pipe,
	.memory = make_memory,
	.snapshot = make_snapshot,
};
