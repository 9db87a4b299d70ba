/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "util/option.h"

static void
sizes_have_units(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t size;
	} good[] = {
		{ "0", 0 }, { "10", 10 }, { "0x10", 16 }, { "3K", 3 << 10 },
		{ "2M", 2 << 20 }, { "8G", UINT64_C(8) << 30 },
		{ "18446744073709551615", UINT64_MAX },
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint64_t size = 77;
		assert_int_equal(option_parse_size(good[i].text, &size), 0);
		assert_int_equal(size, good[i].size);
	}
}

static void
what_is_no_size_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "-1", "+1", " 1", "x", "1x", "1KK", "1 K", "K", "0x",
		"18446744073709551616", "17179869184G",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t size = 77;
		assert_true(option_parse_size(bad[i], &size) < 0);
		assert_int_equal(size, 77);
	}
}

static void
a_descriptor_is_a_number_that_one_may_have(void **state)
{
	(void)state;
	int fd = 77;
	assert_int_equal(option_fd("2147483648", &fd), -EINVAL);
	assert_int_equal(option_fd("-1", &fd), -EINVAL);
	assert_int_equal(fd, 77);
	assert_int_equal(option_fd("5", &fd), 0);
	assert_int_equal(fd, 5);
}

static void
a_choice_is_one_of_its_two_words(void **state)
{
	(void)state;
	bool on = false;
	assert_int_equal(option_choice("on", "on", "off", &on), 0);
	assert_true(on);
	assert_int_equal(option_choice("yes", "on", "off", &on), -EINVAL);
	assert_true(on);
	assert_int_equal(option_choice("off", "on", "off", &on), 0);
	assert_false(on);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_have_units),
		cmocka_unit_test(what_is_no_size_is_refused),
		cmocka_unit_test(a_descriptor_is_a_number_that_one_may_have),
		cmocka_unit_test(a_choice_is_one_of_its_two_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
