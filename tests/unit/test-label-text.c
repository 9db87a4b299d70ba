/* SPDX-License-Identifier: MIT */
/* A client's title, in the only form in which it is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "label-text.h"
#include "wlbridge-labels.h"

static void
is_cleaned_to(const char *title, const char *expected)
{
	char text[WLBL_TITLE_MAX + 1];
	size_t len = wlbl_text_clean(text, sizeof(text), title);
	assert_string_equal(text, expected);
	assert_int_equal(len, strlen(expected));
}

static void
plain_text_stays(void **state)
{
	(void)state;
	is_cleaned_to("foot", "foot");
	is_cleaned_to("[work] ~/src & <b>bold</b>",
		"[work] ~/src & <b>bold</b>");
}

static void
no_title_is_empty(void **state)
{
	(void)state;
	is_cleaned_to(NULL, "");
	is_cleaned_to("", "");
	is_cleaned_to("    ", "");
}

static void
a_character_becomes_one_mark(void **state)
{
	(void)state;
	is_cleaned_to("na\xc3\xafve", "na_ve");
	is_cleaned_to("\xf0\x9f\x94\x92 bank", "_ bank");
}

static void
marks_of_direction_are_marks(void **state)
{
	(void)state;
	is_cleaned_to("\xe2\x80\xaekrow\xe2\x80\xac", "_krow_");
	is_cleaned_to("a\xe2\x81\xa6" "b\xe2\x81\xa9", "a_b_");
}

static void
control_characters_are_marks(void **state)
{
	(void)state;
	is_cleaned_to("a\nb\tc\x1b[31m\x7f", "a_b_c_[31m_");
}

static void
broken_utf8_is_marks(void **state)
{
	(void)state;
	is_cleaned_to("\x80", "_");
	is_cleaned_to("a\xff\xfe\xff", "a___");
	is_cleaned_to("\xe2\x80", "_");
	is_cleaned_to("\xc3(", "_(");
}

static void
spaces_cannot_push_the_text_away(void **state)
{
	(void)state;
	is_cleaned_to("   a          b   ", "a b");
}

static void
a_long_title_is_cut_and_says_so(void **state)
{
	(void)state;
	const size_t size = 65536;
	char *title = malloc(size + 1);
	memset(title, 'x', size);
	title[size] = '\0';
	char text[WLBL_TITLE_MAX + 1];
	assert_int_equal(wlbl_text_clean(text, sizeof(text), title),
		WLBL_TITLE_MAX);
	assert_string_equal(text + WLBL_TITLE_MAX - 4, "x...");
	title[WLBL_TITLE_MAX] = '\0';
	wlbl_text_clean(text, sizeof(text), title);
	assert_string_equal(text, title);
	free(title);
}

static void
a_name_is_short_and_lower_case(void **state)
{
	(void)state;
	assert_true(wlbl_text_is_name("work"));
	assert_true(wlbl_text_is_name("a-1"));
	assert_true(wlbl_text_is_name("abcdefghijklmnopqrstuvwxyz01234"));
	assert_false(wlbl_text_is_name("abcdefghijklmnopqrstuvwxyz012345"));
	assert_false(wlbl_text_is_name(""));
	assert_false(wlbl_text_is_name("Work"));
	assert_false(wlbl_text_is_name("my work"));
	assert_false(wlbl_text_is_name("w\xc3\xb6rk"));
}

static void
no_vm_is_called_local(void **state)
{
	(void)state;
	assert_false(wlbl_text_is_name("local"));
	assert_true(wlbl_text_is_name("locals"));
}

static void
a_colour_is_six_digits(void **state)
{
	(void)state;
	uint32_t colour = 1;
	assert_true(wlbl_text_colour("#3584E4", &colour));
	assert_int_equal(colour, 0x3584e4);
	assert_false(wlbl_text_colour("3584e4", &colour));
	assert_false(wlbl_text_colour("#3584e", &colour));
	assert_false(wlbl_text_colour("#3584e40", &colour));
	assert_false(wlbl_text_colour("#-584e4", &colour));
	assert_false(wlbl_text_colour("", &colour));
	assert_int_equal(colour, 0x3584e4);
}

static void
a_number_is_in_its_range(void **state)
{
	(void)state;
	unsigned number = 7;
	assert_true(wlbl_text_number("100", 100, &number));
	assert_int_equal(number, 100);
	assert_false(wlbl_text_number("101", 100, &number));
	assert_false(wlbl_text_number("0", 100, &number));
	assert_false(wlbl_text_number("-1", 100, &number));
	assert_false(wlbl_text_number("4294967297", 100, &number));
	assert_false(wlbl_text_number("1x", 100, &number));
	assert_false(wlbl_text_number("", 100, &number));
	assert_int_equal(number, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(no_title_is_empty),
		cmocka_unit_test(a_character_becomes_one_mark),
		cmocka_unit_test(marks_of_direction_are_marks),
		cmocka_unit_test(control_characters_are_marks),
		cmocka_unit_test(broken_utf8_is_marks),
		cmocka_unit_test(spaces_cannot_push_the_text_away),
		cmocka_unit_test(a_long_title_is_cut_and_says_so),
		cmocka_unit_test(a_name_is_short_and_lower_case),
		cmocka_unit_test(no_vm_is_called_local),
		cmocka_unit_test(a_colour_is_six_digits),
		cmocka_unit_test(a_number_is_in_its_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
