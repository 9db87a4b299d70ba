/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "util/uuid.h"

static void
a_uuid_says_that_it_is_random(void **state)
{
	static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
	(void)state;
	/* Often enough that the fixed bits are not there by luck. */
	for (int i = 0; i < 32; i++) {
		char text[UUID_SIZE];
		assert_int_equal(uuid_make(text), 0);
		assert_int_equal(strlen(text), UUID_SIZE - 1);
		for (size_t k = 0; k < UUID_SIZE - 1; k++) {
			const char *allowed = form[k] == 'x'
				? "0123456789abcdef"
				: form[k] == 'v' ? "89ab"
				: (char[]){ form[k], '\0' };
			assert_non_null(strchr(allowed, text[k]));
		}
	}
}

static void
no_two_uuids_are_alike(void **state)
{
	(void)state;
	char a[UUID_SIZE], b[UUID_SIZE];
	assert_int_equal(uuid_make(a), 0);
	assert_int_equal(uuid_make(b), 0);
	assert_string_not_equal(a, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uuid_says_that_it_is_random),
		cmocka_unit_test(no_two_uuids_are_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
