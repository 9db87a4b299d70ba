/* SPDX-License-Identifier: MIT */
#include "sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

static int
add_rule(scmp_filter_ctx filter, const struct sandbox_rule *rule)
{
	uint32_t action = rule->error == 0 ? SCMP_ACT_ALLOW
		: SCMP_ACT_ERRNO((uint16_t)rule->error);
	struct scmp_arg_cmp compare[SANDBOX_ARGUMENTS_MAX];
	for (unsigned i = 0; i < rule->argument_count; i++) {
		compare[i] = SCMP_CMP(rule->arguments[i].index,
			SCMP_CMP_MASKED_EQ, rule->arguments[i].mask,
			rule->arguments[i].value);
	}
	int r = seccomp_rule_add_array(filter, action, rule->call,
		rule->argument_count, compare);
	return r == -EDOM ? 0 : r;
}

int
sandbox_enter(const struct sandbox_rule *rules, size_t count)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		return -errno;
	}
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL) {
		return -ENOMEM;
	}
	int r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	for (size_t i = 0; r == 0 && i < count; i++) {
		r = add_rule(filter, &rules[i]);
	}
	if (r == 0) {
		r = seccomp_load(filter);
	}
	seccomp_release(filter);
	return r;
}
