/* SPDX-License-Identifier: MIT */
/* The time since some beginning, on the clock that never jumps. */
#ifndef UTIL_NOW_H
#define UTIL_NOW_H

#include <stdint.h>
#include <time.h>

static inline int64_t
now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t
now_ms(void)
{
	return now_ns() / 1000000;
}

static inline double
now_s(void)
{
	return (double)now_ns() / 1e9;
}

#endif
