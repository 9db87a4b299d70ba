/* SPDX-License-Identifier: MIT */
#include "fd-limit.h"

#include <sys/resource.h>

static struct rlimit given;

void
fd_limit_raise(void)
{
	if (getrlimit(RLIMIT_NOFILE, &given) == 0) {
		struct rlimit all = given;
		all.rlim_cur = all.rlim_max;
		setrlimit(RLIMIT_NOFILE, &all);
	}
}

void
fd_limit_restore(void)
{
	if (given.rlim_max != 0) {
		setrlimit(RLIMIT_NOFILE, &given);
	}
}
