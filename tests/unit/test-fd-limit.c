/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/resource.h>

#include "util/fd-limit.h"

static rlim_t
current(void)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	return limit.rlim_cur;
}

static void
what_was_not_raised_is_not_restored(void **state)
{
	(void)state;
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max - 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	fd_limit_restore();
	assert_int_equal(current(), limit.rlim_cur);
}

static void
the_limit_goes_up_and_back_to_what_was_given(void **state)
{
	(void)state;
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max / 2;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);

	assert_int_equal(fd_limit_raise(), limit.rlim_max);
	assert_int_equal(current(), limit.rlim_max);
	/* The second time finds nothing new to remember. */
	assert_int_equal(fd_limit_raise(), limit.rlim_max);
	fd_limit_restore();
	assert_int_equal(current(), limit.rlim_cur);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_raised_is_not_restored),
		cmocka_unit_test(the_limit_goes_up_and_back_to_what_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
