/* SPDX-License-Identifier: MIT */
#include "sandboxed.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/must.h"

int
run_in_sandbox(int (*enter)(void), int (*claims)(void))
{
	pid_t pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		_exit(enter() < 0 ? 99 : claims());
	}
	int status;
	must(waitpid(pid, &status, 0) == pid);
	must(WIFEXITED(status));
	return WEXITSTATUS(status);
}

bool
is_refused(long r)
{
	return r < 0 && errno == EPERM;
}

int
first_false(const bool *claims, int count)
{
	for (int i = 0; i < count; i++) {
		if (!claims[i]) {
			return i + 1;
		}
	}
	return 0;
}
