/* SPDX-License-Identifier: MIT */
/* How many descriptors there may be: as many as possible here, as many as
 * programs are used to in what we start. */
#ifndef WLB_UTIL_FD_LIMIT_H
#define WLB_UTIL_FD_LIMIT_H

#include <stdint.h>

/**
 * fd_limit_raise() - Let this process have as many descriptors as it may
 *
 * Peers have us hold descriptors: connections, pools, pipes. Once for each
 * process; where the kernel refuses, all stays as it was.
 *
 * Return: how many descriptors there may be now, or 0 if nobody can tell.
 */
uint64_t
fd_limit_raise(void);

/* Before exec(): what was before, if it was raised. select(2) is not made for
 * large numbers. Safe between fork() and exec(). */
void
fd_limit_restore(void);

#endif
