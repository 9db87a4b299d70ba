/* SPDX-License-Identifier: MIT */
/*
 * The whole way against a socket: two programs talk over AF_UNIX, then over
 * library, device, device, library. Prints the time of a 64-byte round trip and
 * the rate of 3 KiB messages, and how they compare.
 *
 * usage: bench-echo WLBRIDGE-WL
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "../lib/device-run.h"
#include "../lib/must.h"

#define ECHO_BYTES	64
#define ECHO_WARMUP	1000
#define ECHO_ROUNDS	20000
#define FLOW_BYTES	3072
#define FLOW_MESSAGES	100000

struct result {
	double p50_us;
	double p99_us;
	double mb_per_s;
};

static uint64_t
now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

static void
read_all(int fd, char *buf, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = vwl_read(fd, buf + done, size - done);
		must(n > 0);
		done += (size_t)n;
	}
}

/* The other program: echo, then swallow, then say so. */
static void
serve(int fd)
{
	static char buf[65536];
	for (int i = 0; i < ECHO_WARMUP + ECHO_ROUNDS; i++) {
		read_all(fd, buf, ECHO_BYTES);
		must(vwl_write(fd, buf, ECHO_BYTES) == ECHO_BYTES);
	}
	size_t left = (size_t)FLOW_BYTES * FLOW_MESSAGES;
	while (left > 0) {
		ssize_t n = vwl_read(fd, buf, sizeof(buf));
		must(n > 0);
		left -= (size_t)n;
	}
	must(vwl_write(fd, "done", 4) == 4);
	must(vwl_read(fd, buf, 1) == 0);
}

static struct result
measure(int fd)
{
	static uint64_t times[ECHO_ROUNDS];
	static char buf[FLOW_BYTES];
	struct result result;
	for (int i = -ECHO_WARMUP; i < ECHO_ROUNDS; i++) {
		uint64_t begin = now_ns();
		must(vwl_write(fd, buf, ECHO_BYTES) == ECHO_BYTES);
		read_all(fd, buf, ECHO_BYTES);
		if (i >= 0) {
			times[i] = now_ns() - begin;
		}
	}
	qsort(times, ECHO_ROUNDS, sizeof(times[0]), compare);
	result.p50_us = (double)times[ECHO_ROUNDS / 2] / 1e3;
	result.p99_us = (double)times[ECHO_ROUNDS / 100 * 99] / 1e3;

	uint64_t begin = now_ns();
	for (int i = 0; i < FLOW_MESSAGES; i++) {
		must(vwl_write(fd, buf, FLOW_BYTES) == FLOW_BYTES);
	}
	read_all(fd, buf, 4);
	result.mb_per_s = (double)FLOW_BYTES * FLOW_MESSAGES * 1e3
		/ (double)(now_ns() - begin);
	return result;
}

static void
await_child(pid_t pid)
{
	int status;
	must(waitpid(pid, &status, 0) == pid);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static struct result
over_unix(void)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	pid_t pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		serve(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	struct result result = measure(ends[0]);
	close(ends[0]);
	await_child(pid);
	return result;
}

static void
serve_device(const char *address)
{
	struct vwl_device *device = vwl_device_open(address);
	must(device != NULL);
	int listener = vwl_listen(device, "", 0);
	must(listener >= 0);
	int fd = vwl_accept(listener, NULL, 0);
	must(fd >= 0);
	serve(fd);
	vwl_device_close(device);
}

static struct result
over_devices(const char *program)
{
	struct device_run near;
	struct device_run far;
	char connect[128];
	char accept[128];
	device_run_init(&near);
	device_run_init(&far);
	snprintf(connect, sizeof(connect), "=%s/peer.sock", far.dir);
	snprintf(accept, sizeof(accept), "near=%s/peer.sock", far.dir);
	const char *far_args[] = { "--accept", accept, NULL };
	const char *near_args[] = { "--connect", connect, NULL };
	device_run_start(&far, program, "far", far_args);
	device_run_start(&near, program, "near", near_args);

	/* The far device makes its socket before it serves its guest, so once
	 * the child has it open the near one can connect. */
	int ready[2];
	must(pipe(ready) == 0);
	pid_t pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		struct vwl_device *probe = vwl_device_open(far.address);
		must(probe != NULL);
		vwl_device_close(probe);
		must(write(ready[1], "", 1) == 1);
		serve_device(far.address);
		_exit(0);
	}
	char byte;
	must(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	struct vwl_device *device = vwl_device_open(near.address);
	must(device != NULL);
	int fd = vwl_connect(device, "", 0);
	must(fd >= 0);
	struct result result = measure(fd);
	must(vwl_close(fd) == 0);
	must(vwl_device_dispatch(device) == 0);
	await_child(pid);
	vwl_device_close(device);
	device_run_stop(&near);
	device_run_stop(&far);
	return result;
}

static void
print(const char *name, const struct result *result)
{
	printf("%-10s echo 64 B: p50 %.1f us, p99 %.1f us;"
		" 3 KiB messages: %.0f MB/s\n", name, result->p50_us,
		result->p99_us, result->mb_per_s);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: bench-echo WLBRIDGE-WL\n", stderr);
		return 2;
	}
	struct result direct = over_unix();
	struct result bridged = over_devices(argv[1]);
	print("AF_UNIX", &direct);
	print("wlbridge", &bridged);
	printf("ratio      echo p50 x%.2f, p99 x%.2f; messages x%.2f\n",
		bridged.p50_us / direct.p50_us,
		bridged.p99_us / direct.p99_us,
		bridged.mb_per_s / direct.mb_per_s);
	return 0;
}
