/* SPDX-License-Identifier: MIT */
/* A wlbridge-wl of our own, to be opened with vwl_device_open(). */
#ifndef TESTS_DEVICE_RUN_H
#define TESTS_DEVICE_RUN_H

#include <sys/types.h>

struct device_run {
	pid_t pid;		/* 0: does not run */
	char dir[64];		/* ours, also for the caller's sockets */
	char address[128];	/* for vwl_device_open() */
};

/* Make the directory; sockets named in arguments may lie there. */
void
device_run_init(struct device_run *run);

/*
 * Start @program for a VM called @name. It gets a socket that listens already,
 * so it can be opened at once. @args: NULL-terminated, or NULL.
 */
void
device_run_start(struct device_run *run, const char *program, const char *name,
	const char *const *args);

/* End it, which it must do well, and remove the directory. */
void
device_run_stop(struct device_run *run);

/* The same without mercy, and without asking how it went. */
void
device_run_kill(struct device_run *run);

#endif
