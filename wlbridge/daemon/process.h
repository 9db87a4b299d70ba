/* SPDX-License-Identifier: MIT */
/* A child that is kept running until told otherwise. */
#ifndef WLB_PROCESS_H
#define WLB_PROCESS_H

#include <sys/types.h>

#include "util/loop.h"

struct wlb_process;
struct wlb_spawn;

enum wlb_process_state {
	WLB_PROCESS_STOPPED,
	WLB_PROCESS_RUNNING,
	WLB_PROCESS_STOPPING,	/* told to end; may be wanted again already */
	WLB_PROCESS_WAITING,	/* died; its next run is due */
};

struct wlb_process_ops {
	/* Say what to run, before every run. Return: 0 or -errno. */
	int (*prepare)(void *data, struct wlb_spawn *spawn);
	/* It has ended and is not wanted; may destroy the process. */
	void (*stopped)(void *data);
};

/**
 * wlb_process_create() - A process, not yet started
 * @title: for the log, as "vm 'work': device"; copied
 *
 * Return: 0 or -errno.
 */
int
wlb_process_create(struct loop *loop, const char *title,
	const struct wlb_process_ops *ops, void *data,
	struct wlb_process **ret);

/* A child that still runs is killed. NULL is fine. */
void
wlb_process_destroy(struct wlb_process *process);

/* Run it, and again whenever it ends by itself. */
void
wlb_process_start(struct wlb_process *process);

/* End it: SIGTERM, then SIGKILL. ops->stopped() follows, never from here. */
void
wlb_process_stop(struct wlb_process *process);

/* End it and start it again, or start it at once if it is waiting. */
void
wlb_process_restart(struct wlb_process *process);

enum wlb_process_state
wlb_process_get_state(const struct wlb_process *process);

/* Of the run that is on, or 0. */
pid_t
wlb_process_get_pid(const struct wlb_process *process);

/* How often it died unasked. */
unsigned
wlb_process_get_deaths(const struct wlb_process *process);

const char *
wlb_process_state_name(enum wlb_process_state state);

#endif
