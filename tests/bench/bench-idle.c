/* SPDX-License-Identifier: MIT */
/*
 * What a VM that does nothing costs its host: a device process whose guest is
 * there, with one connection open, and silent.
 *
 * usage: bench-idle WLBRIDGE-WL
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "../lib/device-run.h"
#include "../lib/must.h"
#include "../lib/proc.h"
#include "util/fd.h"

#define IDLE_SECONDS 5

static void
pass_time(time_t seconds)
{
	const struct itimerspec once = { .it_value.tv_sec = seconds };
	uint64_t expirations;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	must(fd >= 0 && timerfd_settime(fd, 0, &once, NULL) == 0);
	must(read(fd, &expirations, sizeof(expirations)) > 0);
	close(fd);
}

static void
print_memory(pid_t pid, const char *name)
{
	printf("idle device process, %-14s %5ld KiB\n", name,
		proc_memory_kib(pid, name));
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: bench-idle WLBRIDGE-WL\n", stderr);
		return 2;
	}
	struct device_run run;
	device_run_init(&run);
	char path[96];
	char connect[104];
	snprintf(path, sizeof(path), "%s/peer.sock", run.dir);
	snprintf(connect, sizeof(connect), "=%s", path);
	int peer = fd_listen(path, 4);
	must(peer >= 0);
	const char *args[] = { "--connect", connect, NULL };
	device_run_start(&run, argv[1], "idle", args);
	struct vwl_device *device = vwl_device_open(run.address);
	must(device != NULL);
	int fd = vwl_connect(device, "", 0);
	must(fd >= 0);

	pass_time(1);	/* it still answers, and goes to sleep */
	print_memory(run.pid, "Pss");
	print_memory(run.pid, "Private_Dirty");
	print_memory(run.pid, "Private_Clean");
	print_memory(run.pid, "Rss");
	long before = proc_switches(run.pid);
	pass_time(IDLE_SECONDS);
	printf("idle device process, wake-ups in %d s: %ld\n", IDLE_SECONDS,
		proc_switches(run.pid) - before);

	must(vwl_close(fd) == 0);
	vwl_device_close(device);
	close(peer);
	device_run_stop(&run);
	return 0;
}
