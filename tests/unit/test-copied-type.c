/* SPDX-License-Identifier: MIT */
/* What may go from one VM's clipboard to another's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "transfer.h"

static void
is_plain(const char *text, bool expected)
{
	assert_int_equal(wlbl_text_fault(text, strlen(text)) == NULL, expected);
}

static void
text_of_any_language_is_text(void **state)
{
	(void)state;
	is_plain("plain", true);
	is_plain("two\tcolumns\r\nand lines\n", true);
	is_plain("Gr\xc3\xbc\xc3\x9f" "e \xe4\xb8\x96 \xf0\x9f\x90\xa7", true);
}

static void
what_a_terminal_would_obey_is_not(void **state)
{
	(void)state;
	is_plain("\x1b[31mred", false);
	is_plain("bell\x07", false);
	is_plain("gone\x7f", false);
	is_plain("\xc2\x9b" "31mred", false);
	is_plain("\xc2\x80", false);
	is_plain("\xc2\x9f", false);
	is_plain("\xc2\xa0", true);
	assert_non_null(wlbl_text_fault("a\0b", 3));
}

/* All of a row, and its neighbours, which are something else. */
static void
turns(unsigned before, unsigned last, unsigned after)
{
	char text[8] = "a";
	for (unsigned c = before; c <= after; c++) {
		text[1] = (char)(0xe0 | c >> 12);
		text[2] = (char)(0x80 | (c >> 6 & 0x3f));
		text[3] = (char)(0x80 | (c & 0x3f));
		is_plain(text, c == before || c > last);
	}
}

static void
what_makes_a_command_read_as_another_is_not(void **state)
{
	(void)state;
	turns(0x2029, 0x202e, 0x202f);
	turns(0x2065, 0x2069, 0x206a);
	is_plain("rm \xe2\x80\xae" "cod.evil", false);
	assert_string_not_equal(wlbl_text_fault("\xe2\x80\xae", 3),
		wlbl_text_fault("\x1b", 1));
}

static void
the_marks_of_right_to_left_languages_are_text(void **state)
{
	(void)state;
	is_plain("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d\xe2\x80\x8f!", true);
	is_plain("C++\xe2\x80\x8e", true);
	is_plain("\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85\xd8\x9c 12", true);
}

static void
what_is_not_utf_8_is_not(void **state)
{
	(void)state;
	is_plain("\xff\xfe", false);
	is_plain("cut \xc3", false);
	is_plain("overlong \xc0\x80", false);
	is_plain("surrogate \xed\xa0\x80", false);
}

static const char *
choose(const char *allowed, char **types, size_t count)
{
	struct wl_array offered = {
		.size = count * sizeof(*types),
		.data = types,
	};
	return wlbl_type_choose(allowed, &offered);
}

static void
the_first_allowed_type_that_is_offered_is_chosen(void **state)
{
	(void)state;
	char html[] = "text/html", text[] = "TEXT", utf8[] = "UTF8_STRING";
	char *types[] = { html, text, utf8 };
	assert_ptr_equal(choose("UTF8_STRING TEXT", types, 3), utf8);
	assert_ptr_equal(choose("image/png TEXT", types, 3), text);
	assert_null(choose("image/png", types, 3));
	assert_null(choose("TEXT", types, 1));
	assert_null(choose("TEXT", NULL, 0));
	assert_null(choose("", types, 3));
}

static void
part_of_a_type_is_not_the_type(void **state)
{
	(void)state;
	char longer[] = "TEXTS", shorter[] = "TEX", none[] = "";
	char both[] = "TEXT image/png";
	char *types[] = { longer, shorter, none, both };
	assert_null(choose("TEXT image/png", types, 4));
}

static size_t
names_of(struct copied_data *data, const char *first)
{
	struct wl_array names;
	wl_array_init(&names);
	assert_int_equal(wlbl_type_names(data, &names), 0);
	const size_t count = names.size / sizeof(char *);
	assert_string_equal(*(char **)names.data, first);
	char **name;
	wl_array_for_each(name, &names) {
		assert_int_equal(wlbl_type_is_text(*name), data->text);
		free(*name);
	}
	wl_array_release(&names);
	return count;
}

static void
text_is_offered_under_all_its_names_and_the_rest_under_its_own(void **state)
{
	(void)state;
	struct copied_data text = { .text = true, .type = "TEXT" };
	struct copied_data image = { .type = "image/png" };
	assert_int_equal(names_of(&text, "text/plain;charset=utf-8"), 5);
	assert_int_equal(names_of(&image, "image/png"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_any_language_is_text),
		cmocka_unit_test(what_a_terminal_would_obey_is_not),
		cmocka_unit_test(what_makes_a_command_read_as_another_is_not),
		cmocka_unit_test(the_marks_of_right_to_left_languages_are_text),
		cmocka_unit_test(what_is_not_utf_8_is_not),
		cmocka_unit_test(
			the_first_allowed_type_that_is_offered_is_chosen),
		cmocka_unit_test(part_of_a_type_is_not_the_type),
		cmocka_unit_test(
text_is_offered_under_all_its_names_and_the_rest_under_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
