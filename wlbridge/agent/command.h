/* SPDX-License-Identifier: MIT */
/* A program that runs inside the agent's session, and ends it. */
#ifndef WLB_AGENT_COMMAND_H
#define WLB_AGENT_COMMAND_H

#include <sys/types.h>

#include "util/loop.h"

struct wlb_command {
	pid_t pid;
	int pid_fd;
	struct loop_source *source;
	struct loop *loop;
};

/**
 * wlb_command_start() - Run @argv, and quit @loop with its exit status
 *
 * It inherits the environment and the standard streams, and no blocked
 * signals. Return: 0 or -errno.
 */
int
wlb_command_start(struct wlb_command *command, struct loop *loop,
	char *const argv[]);

/* Ask it to end, if it still runs, and wait for nothing. */
void
wlb_command_finish(struct wlb_command *command);

#endif
