/* SPDX-License-Identifier: MIT */
/* How soon the device's thread gets a processor. */
#ifndef VSND_PRIORITY_H
#define VSND_PRIORITY_H

#include "status.h"

struct loop;
struct vsnd_priority;

/**
 * vsnd_priority_create() - What a priority of the calling thread needs
 * @loop: run by this thread
 * @status: where to say what was granted; borrowed
 *
 * Call it before there are other threads: SIGXCPU is blocked from here on, and
 * would end the process in a thread where it is not. Return: 0 or -errno.
 */
int
vsnd_priority_create(struct loop *loop, struct vsnd_status_page *status,
	struct vsnd_priority **ret);

/**
 * vsnd_priority_take() - Have the calling thread run before others
 *
 * Realtime if the process may, else nice, else as it was; each says so in the
 * log, and none is a failure. Call it when all is there that takes its time, and
 * before the sandbox.
 *
 * Return: 0, or -errno where a budget for it cannot be had, and nothing was taken.
 */
int
vsnd_priority_take(struct vsnd_priority *priority);

/* Gives up what was granted. NULL is fine. */
void
vsnd_priority_destroy(struct vsnd_priority *priority);

#endif
