/* SPDX-License-Identifier: MIT */
#include "option.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
option_parse_size(const char *text, uint64_t *ret)
{
	char *end;
	/* strtoull() takes a sign, and spaces before it. */
	if (*text < '0' || *text > '9') {
		return -EINVAL;
	}
	errno = 0;
	unsigned long long number = strtoull(text, &end, 0);
	if (errno != 0) {
		return -errno;
	}
	unsigned shift = 0;
	if (*end != '\0') {
		const char *units = "KMG";
		const char *unit = strchr(units, *end);
		if (unit == NULL || end[1] != '\0') {
			return -EINVAL;
		}
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (number > UINT64_MAX >> shift) {
		return -ERANGE;
	}
	*ret = (uint64_t)number << shift;
	return 0;
}

int
option_complain(const char *what, const char *value)
{
	fprintf(stderr, "%s: %s: '%s'\n", program_invocation_short_name, what,
		value);
	return -EINVAL;
}

int
option_fd(const char *text, int *ret)
{
	uint64_t number;
	if (option_parse_size(text, &number) < 0 || number > INT_MAX) {
		return option_complain("not a descriptor", text);
	}
	*ret = (int)number;
	return 0;
}

int
option_choice(const char *text, const char *yes, const char *no, bool *ret)
{
	bool is_yes = strcmp(text, yes) == 0;
	if (!is_yes && strcmp(text, no) != 0) {
		fprintf(stderr, "%s: neither %s nor %s: '%s'\n",
			program_invocation_short_name, yes, no, text);
		return -EINVAL;
	}
	*ret = is_yes;
	return 0;
}

int
option_log_level(const char *text, enum log_level *ret)
{
	int level = log_level_parse(text);
	if (level < 0) {
		return option_complain("no such log level", text);
	}
	*ret = (enum log_level)level;
	return 0;
}
