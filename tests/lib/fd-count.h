/* SPDX-License-Identifier: MIT */
/* How many descriptors this process has: what leak tests compare. */
#ifndef TESTS_FD_COUNT_H
#define TESTS_FD_COUNT_H

#include <sys/types.h>

/* Of this process, or of @pid. -1 when it is gone. */
int
fd_count_self(void);

int
fd_count_of(pid_t pid);

#endif
