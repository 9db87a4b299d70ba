/* SPDX-License-Identifier: MIT */
/* A program to start: its arguments and the descriptors it inherits. */
#ifndef WLB_SPAWN_H
#define WLB_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "config.h"

/* A listening socket, a status page and one socket for each other VM. */
#define WLB_SPAWN_FDS_MAX (WLB_VMS_MAX + 2)
#define WLB_SPAWN_ARGS_MAX \
	(2 * (WLB_LIMITS + WLB_VMS_MAX * (1 + WLB_LIMITS)) + 32)

/* The number the first inherited descriptor has in the program. */
#define WLB_SPAWN_FIRST_FD 3

struct wlb_spawn {
	char *args[WLB_SPAWN_ARGS_MAX + 1];	/* owned, ends with NULL */
	size_t arg_count;
	char *env;				/* owned, or NULL */
	int fds[WLB_SPAWN_FDS_MAX];	/* borrowed */
	size_t fd_count;
	bool realtime;		/* may have a realtime priority, where we may */
	int error;			/* the first -errno of those below */
};

/* Append an argument; what fails is kept in @spawn->error. */
void
wlb_spawn_arg(struct wlb_spawn *spawn, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Add one "NAME=value" to its environment, which is ours otherwise. */
void
wlb_spawn_env(struct wlb_spawn *spawn, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Let the program inherit @fd. Return: the number that it has there. */
int
wlb_spawn_fd(struct wlb_spawn *spawn, int fd);

/**
 * wlb_spawn_run() - Start the program
 * @ret_pidfd: readable when it has ended; the caller's
 *
 * It gets the listed descriptors and standard output and error, nothing else;
 * no blocked signal, no capability, and a SIGTERM should this process die.
 * Return: its pid, or -errno. That it cannot be executed shows as an early
 * end with status 127.
 */
pid_t
wlb_spawn_run(struct wlb_spawn *spawn, int *ret_pidfd);

/* Free the arguments; the struct is empty afterwards. */
void
wlb_spawn_finish(struct wlb_spawn *spawn);

#endif
