/* SPDX-License-Identifier: MIT */
/*
 * A carrier, through a device that leads back to itself: what it connects to is
 * where it listens, so one program holds both ends. Run with --program, the
 * device is a process of our own; with --address, it is somebody's (in a guest:
 * the kernel's node).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/device-run.h"
#include "../lib/must.h"
#include "conformance.h"

static struct vwl_device *device;
static int listener = -1;
static struct device_run run;

static struct vwl_device *
get_device(void)
{
	return device;
}

static void
start_device(const char *program)
{
	char connect[128];
	char accept[128];
	device_run_init(&run);
	snprintf(connect, sizeof(connect), "%s=%s/loop.sock", options->connect,
		run.dir);
	snprintf(accept, sizeof(accept), "%s=%s/loop.sock", options->accept,
		run.dir);
	const char *args[] = {
		"--connect", connect, "--accept", accept, NULL,
	};
	device_run_start(&run, program, "self", args);
}

static void
start(const struct options *unused)
{
	(void)unused;
	const char *address = options->address;
	if (address == NULL) {
		must(options->program != NULL);
		start_device(options->program);
		address = run.address;
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
	if (options->address == NULL) {
		device_run_stop(&run);
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
