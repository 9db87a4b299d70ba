/* SPDX-License-Identifier: MIT */
#include "fd-limit.h"

#include <stdbool.h>
#include <sys/resource.h>

static struct rlimit given;
static bool raised;

uint64_t
fd_limit_raise(void)
{
	struct rlimit all;
	if (getrlimit(RLIMIT_NOFILE, &all) < 0) {
		return 0;
	}
	if (!raised) {
		given = all;
	}
	all.rlim_cur = all.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &all) < 0) {
		return given.rlim_cur;
	}
	raised = true;
	return all.rlim_cur;
}

void
fd_limit_restore(void)
{
	if (raised) {
		setrlimit(RLIMIT_NOFILE, &given);
	}
}
