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

#include <stddef.h>
#include <stdint.h>

#include <seccomp.h>

#define SANDBOX_ARGUMENTS_MAX 2

/* Which argument must be @value in the bits of @mask. */
struct sandbox_argument {
	unsigned index;
	uint64_t mask;
	uint64_t value;
};

struct sandbox_rule {
	int call;		/* SCMP_SYS(name) */
	unsigned argument_count;
	struct sandbox_argument arguments[SANDBOX_ARGUMENTS_MAX];
	int error;		/* refused, with this errno; 0: allowed */
};

#define SANDBOX_ALLOW(name) { .call = SCMP_SYS(name) }
#define SANDBOX_ALLOW_IF(name, index, mask, value) \
	{ .call = SCMP_SYS(name), .argument_count = 1, \
	  .arguments = { { (index), (mask), (value) } } }
/* Two arguments, of 32 bits each. */
#define SANDBOX_ALLOW_IF_BOTH(name, index_1, value_1, index_2, value_2) \
	{ .call = SCMP_SYS(name), .argument_count = 2, \
	  .arguments = { { (index_1), UINT32_MAX, (value_1) }, \
		{ (index_2), UINT32_MAX, (value_2) } } }
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
