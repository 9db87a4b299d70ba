/* SPDX-License-Identifier: MIT */
/*
 * must() - assert() that stays in every build, for conditions with side effects
 *
 * For test code that runs outside a cmocka test: threads, helpers, callbacks.
 */
#ifndef TESTS_MUST_H
#define TESTS_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define must(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not so: %s\n",		\
				__FILE__, __LINE__, #condition);	\
			abort();					\
		}							\
	} while (0)

#endif
