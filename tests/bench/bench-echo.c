/* SPDX-License-Identifier: MIT */
/*
 * The whole way against a socket: two programs talk over AF_UNIX, and over
 * library, device, device, library. Prints the time of a 64-byte round trip and
 * the rate of 3 KiB messages, and how they compare.
 *
 * Both are there from the beginning and have their turns one after the other,
 * twenty each, so that whatever else the machine does meanwhile falls on both:
 * else a ratio of what is rare, such as p99, would compare two moments and not
 * two ways.
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
#include <unistd.h>
#include <virtio_wl.h>

#include "../lib/device-run.h"
#include "../lib/must.h"
#include "util/now.h"

#define ECHO_BYTES	64
#define ECHO_WARMUP	1000
#define ECHO_ROUNDS	20000
#define FLOW_BYTES	3072
#define FLOW_MESSAGES	100000
#define TURNS		20

struct way {
	int fd;				/* to the other program */
	pid_t pid;			/* which is a child of ours */
	uint64_t times[ECHO_ROUNDS];	/* ns, of each round trip */
	unsigned rounds;
	uint64_t flow_ns;

	double p50_us;
	double p99_us;
	double mb_per_s;
};

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

static void
answer_echo(int fd, int rounds)
{
	char buf[ECHO_BYTES];
	for (int i = 0; i < rounds; i++) {
		read_all(fd, buf, ECHO_BYTES);
		must(vwl_write(fd, buf, ECHO_BYTES) == ECHO_BYTES);
	}
}

/* The other program: echo, then swallow, and say so in each turn. */
static void
serve(int fd)
{
	static char buf[65536];
	answer_echo(fd, ECHO_WARMUP + ECHO_ROUNDS);
	for (int turn = 0; turn < TURNS; turn++) {
		size_t left = (size_t)FLOW_BYTES * (FLOW_MESSAGES / TURNS);
		while (left > 0) {
			ssize_t n = vwl_read(fd, buf, sizeof(buf));
			must(n > 0);
			left -= (size_t)n;
		}
		must(vwl_write(fd, "done", 4) == 4);
	}
	must(vwl_read(fd, buf, 1) == 0);
}

static uint64_t
echo(int fd)
{
	char buf[ECHO_BYTES] = { 0 };
	uint64_t begin = now_ns();
	must(vwl_write(fd, buf, ECHO_BYTES) == ECHO_BYTES);
	read_all(fd, buf, ECHO_BYTES);
	return now_ns() - begin;
}

static void
take_echo_turn(struct way *way)
{
	for (int i = 0; i < ECHO_ROUNDS / TURNS; i++) {
		way->times[way->rounds++] = echo(way->fd);
	}
}

static void
take_flow_turn(struct way *way)
{
	static char buf[FLOW_BYTES];
	uint64_t begin = now_ns();
	for (int i = 0; i < FLOW_MESSAGES / TURNS; i++) {
		must(vwl_write(way->fd, buf, FLOW_BYTES) == FLOW_BYTES);
	}
	read_all(way->fd, buf, 4);
	way->flow_ns += now_ns() - begin;
}

static void
measure(struct way *ways, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int k = 0; k < ECHO_WARMUP; k++) {
			echo(ways[i].fd);
		}
	}
	for (int turn = 0; turn < TURNS; turn++) {
		for (size_t i = 0; i < count; i++) {
			take_echo_turn(&ways[i]);
		}
	}
	for (int turn = 0; turn < TURNS; turn++) {
		for (size_t i = 0; i < count; i++) {
			take_flow_turn(&ways[i]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		struct way *way = &ways[i];
		qsort(way->times, ECHO_ROUNDS, sizeof(way->times[0]), compare);
		way->p50_us = (double)way->times[ECHO_ROUNDS / 2] / 1e3;
		way->p99_us = (double)way->times[ECHO_ROUNDS / 100 * 99] / 1e3;
		way->mb_per_s = (double)FLOW_BYTES * FLOW_MESSAGES * 1e3
			/ (double)way->flow_ns;
	}
}

static void
await_child(pid_t pid)
{
	int status;
	must(waitpid(pid, &status, 0) == pid);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
open_unix(struct way *way)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	way->pid = fork();
	must(way->pid >= 0);
	if (way->pid == 0) {
		close(ends[0]);
		serve(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	way->fd = ends[0];
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

/* The two device processes, and how the near one is reached. */
struct bridge {
	struct device_run near;
	struct device_run far;
	struct vwl_device *device;
};

static void
open_devices(struct way *way, struct bridge *bridge, const char *program)
{
	char connect[128];
	char accept[128];
	device_run_init(&bridge->near);
	device_run_init(&bridge->far);
	snprintf(connect, sizeof(connect), "=%s/peer.sock", bridge->far.dir);
	snprintf(accept, sizeof(accept), "near=%s/peer.sock", bridge->far.dir);
	const char *far_args[] = { "--accept", accept, NULL };
	const char *near_args[] = { "--connect", connect, NULL };
	device_run_start(&bridge->far, program, "far", far_args);
	device_run_start(&bridge->near, program, "near", near_args);

	/* The far device makes its socket before it serves its guest, so once
	 * the child has it open the near one can connect. */
	int ready[2];
	must(pipe(ready) == 0);
	way->pid = fork();
	must(way->pid >= 0);
	if (way->pid == 0) {
		struct vwl_device *probe = vwl_device_open(bridge->far.address);
		must(probe != NULL);
		vwl_device_close(probe);
		must(write(ready[1], "", 1) == 1);
		serve_device(bridge->far.address);
		_exit(0);
	}
	char byte;
	must(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	bridge->device = vwl_device_open(bridge->near.address);
	must(bridge->device != NULL);
	way->fd = vwl_connect(bridge->device, "", 0);
	must(way->fd >= 0);
}

static void
close_devices(struct way *way, struct bridge *bridge)
{
	must(vwl_close(way->fd) == 0);
	must(vwl_device_dispatch(bridge->device) == 0);
	await_child(way->pid);
	vwl_device_close(bridge->device);
	device_run_stop(&bridge->near);
	device_run_stop(&bridge->far);
}

static void
print(const char *name, const struct way *way)
{
	printf("%-10s echo 64 B: p50 %.1f us, p99 %.1f us;"
		" 3 KiB messages: %.0f MB/s\n", name, way->p50_us,
		way->p99_us, way->mb_per_s);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: bench-echo WLBRIDGE-WL\n", stderr);
		return 2;
	}
	enum { DIRECT, BRIDGED, WAYS };
	static struct way ways[WAYS];
	struct bridge bridge;
	/* This child first: it must not hold what belongs to the other. */
	open_unix(&ways[DIRECT]);
	open_devices(&ways[BRIDGED], &bridge, argv[1]);
	measure(ways, WAYS);
	print("AF_UNIX", &ways[DIRECT]);
	print("wlbridge", &ways[BRIDGED]);
	printf("ratio      echo p50 x%.2f, p99 x%.2f; messages x%.2f\n",
		ways[BRIDGED].p50_us / ways[DIRECT].p50_us,
		ways[BRIDGED].p99_us / ways[DIRECT].p99_us,
		ways[BRIDGED].mb_per_s / ways[DIRECT].mb_per_s);
	close_devices(&ways[BRIDGED], &bridge);
	close(ways[DIRECT].fd);
	await_child(ways[DIRECT].pid);
	return 0;
}
