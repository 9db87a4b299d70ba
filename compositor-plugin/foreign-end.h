/* SPDX-License-Identifier: MIT */
/* A descriptor of a client's that is to be written to; see foreign-end.c. */
#ifndef WLBL_FOREIGN_END_H
#define WLBL_FOREIGN_END_H

#include <sys/types.h>

/* How it is kept from waiting. */
enum foreign_end {
	END_SOCKET,
	END_OWN,
	END_FOREIGN,
};

/*
 * Make an end that can be written to without waiting of the one that came, which
 * is consumed. Return: it, or -1.
 */
int
wlbl_foreign_end_open(int take_fd, enum foreign_end *ret);

/*
 * As write() does, without waiting, and without a signal, whatever the program
 * does about SIGPIPE.
 */
ssize_t
wlbl_foreign_end_write(enum foreign_end kind, int fd, const char *bytes,
	size_t size);

#endif
