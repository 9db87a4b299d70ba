/* SPDX-License-Identifier: MIT */
/* What the kernel says of a process. Each aborts when it is not there. */
#ifndef TESTS_PROC_H
#define TESTS_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/* How often it went to sleep of its own will, or was put aside. */
long
proc_switches(pid_t pid);

/* Whether it sleeps now, waiting for something to happen. */
bool
proc_sleeps(pid_t pid);

/* A line of its smaps_rollup, such as "Pss": KiB of all its mappings. */
long
proc_memory_kib(pid_t pid, const char *name);

#endif
