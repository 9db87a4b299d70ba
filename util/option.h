/* SPDX-License-Identifier: MIT */
/* Values of command line options. All but the first say on stderr what is
 * wrong, in the name of the program. */
#ifndef UTIL_OPTION_H
#define UTIL_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"

/*
 * A number of bytes or things: decimal, 0x…, with K, M or G (powers of 1024)
 * behind it. 0, -EINVAL, or -ERANGE.
 */
int
option_parse_size(const char *text, uint64_t *ret);

/* Say what is wrong with @value. Return: -EINVAL. */
int
option_complain(const char *what, const char *value);

/* A descriptor that we inherited. 0 or -EINVAL. */
int
option_fd(const char *text, int *ret);

/* One of two words: whether it is @yes. 0 or -EINVAL. */
int
option_choice(const char *text, const char *yes, const char *no, bool *ret);

/* As log_level_parse() reads it. 0 or -EINVAL. */
int
option_log_level(const char *text, enum log_level *ret);

#endif
