/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "util/fd-stall.h"
#include "util/fd.h"

static void
anonymous_memory_never_stalls(void **state)
{
	(void)state;
	int fd = fd_memfd("pixels", 4096, 0);
	assert_true(fd >= 0);
	assert_false(fd_may_stall(fd));
	close(fd);
}

static void
the_memory_of_a_process_may_stall(void **state)
{
	(void)state;
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(fd_may_stall(fd));
	close(fd);
}

static void
what_nobody_knows_may_stall(void **state)
{
	(void)state;
	assert_true(fd_may_stall(-1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anonymous_memory_never_stalls),
		cmocka_unit_test(the_memory_of_a_process_may_stall),
		cmocka_unit_test(what_nobody_knows_may_stall),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
