/* SPDX-License-Identifier: MIT */
/*
 * sandbox.h - a list of system calls, and no other
 *
 * What is not on the list fails with EPERM rather than ending the process: a
 * library that tries something new must not cost a guest its session, and to an
 * attacker both are the same.
 */
#ifndef UTIL_SANDBOX_H
#define UTIL_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <seccomp.h>

struct sandbox_rule {
	int call;		/* SCMP_SYS(name) */
	bool has_argument;	/* else any will do */
	unsigned argument;	/* which must be @value in the bits of @mask */
	uint64_t mask;
	uint64_t value;
	int error;		/* refused, with this errno; 0: allowed */
};

#define SANDBOX_ALLOW(name) { .call = SCMP_SYS(name) }
#define SANDBOX_ALLOW_IF(name, argument_, mask_, value_) \
	{ .call = SCMP_SYS(name), .has_argument = true, \
	  .argument = (argument_), .mask = (mask_), .value = (value_) }
#define SANDBOX_REFUSE(name, error_) \
	{ .call = SCMP_SYS(name), .error = (error_) }

/**
 * sandbox_enter() - Give up every system call that no rule allows, for good
 * @rules: those for calls that this architecture lacks are passed over
 *
 * For all threads there are and will be; nothing that is executed afterwards
 * gains privileges.
 *
 * Return: 0 or -errno; then the process must not go on.
 */
int
sandbox_enter(const struct sandbox_rule *rules, size_t count);

#endif
