/* SPDX-License-Identifier: MIT */
/* What must hold in a sandbox, claimed by a child that is in it. */
#ifndef TESTS_UNIT_SANDBOXED_H
#define TESTS_UNIT_SANDBOXED_H

#include <stdbool.h>

/* Which of the child's claims was the first not to hold; 0: all did. */
int
run_in_sandbox(int (*enter)(void), int (*claims)(void));

/* @r: what a system call returned, just now. */
bool
is_refused(long r);

/* What claims() return: the number of the first that does not hold, from 1; or 0. */
int
first_false(const bool *claims, int count);

#define FIRST_FALSE(claims) \
	first_false(claims, (int)(sizeof(claims) / sizeof((claims)[0])))

#endif
