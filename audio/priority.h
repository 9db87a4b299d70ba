/* SPDX-License-Identifier: MIT */
/* How soon the device's thread gets a processor. */
#ifndef VSND_PRIORITY_H
#define VSND_PRIORITY_H

#include "status.h"

struct loop;
struct vsnd_priority;

/**
 * vsnd_priority_create() - Have the calling thread run before others
 * @loop: run by this thread
 * @status: where to say what was granted; borrowed
 *
 * Realtime if the process may, else nice, else as it was; each says so in the
 * log, and none is a failure. Call it before the sandbox, and before there are
 * threads that must get SIGXCPU: it is blocked from here on.
 *
 * Return: 0, or -errno where a budget for it cannot be had; nothing changed then.
 */
int
vsnd_priority_create(struct loop *loop, struct vsnd_status_page *status,
	struct vsnd_priority **ret);

/* Gives up what was granted. NULL is fine. */
void
vsnd_priority_destroy(struct vsnd_priority *priority);

#endif
