/* SPDX-License-Identifier: MIT */
/* What the window manager may read of a property that an X program set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xwayland-property.h"

/* As libxcb gives it: no byte more than came. */
static xcb_get_property_reply_t *
property(xcb_atom_t type, uint8_t format, uint32_t items, uint32_t units)
{
	xcb_get_property_reply_t *reply =
		malloc(sizeof(*reply) + (size_t)units * 4);
	assert_non_null(reply);
	*reply = (xcb_get_property_reply_t){
		.format = format,
		.length = units,
		.type = type,
		.value_len = items,
	};
	memset(reply + 1, 0xaa, (size_t)units * 4);
	return reply;
}

/* What wlroots does. Under the address sanitizer one too many is found. */
static uint32_t
read_as_numbers(const xcb_get_property_reply_t *reply, uint32_t count)
{
	uint32_t all = 0;
	const uint32_t *numbers = (const void *)(reply + 1);
	for (uint32_t i = 0; i < count; i++) {
		all |= numbers[i];
	}
	return all;
}

static void
as_many_numbers_as_there_are_bytes_can_be_read(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply =
		wlbl_property_secure(property(XCB_ATOM_CARDINAL, 8, 8192, 2048));
	assert_non_null(reply);
	assert_int_equal(reply->value_len, 8192);
	read_as_numbers(reply, 8192);
	const uint32_t *numbers = (const void *)(reply + 1);
	assert_int_equal(numbers[2047], 0xaaaaaaaa);
	assert_int_equal(numbers[2048], 0);
	assert_int_equal(numbers[8191], 0);
	free(reply);
}

static void
an_empty_property_reads_as_zeros(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply =
		wlbl_property_secure(property(XCB_ATOM_WINDOW, 32, 0, 0));
	assert_non_null(reply);
	assert_int_equal(read_as_numbers(reply, 5), 0);
	free(reply);
}

static void
one_that_is_not_there_has_no_items(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply =
		wlbl_property_secure(property(XCB_NONE, 0, 100, 0));
	assert_non_null(reply);
	assert_int_equal(reply->value_len, 0);
	free(reply);
}

static void
numbers_are_left_as_they_are(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply =
		wlbl_property_secure(property(XCB_ATOM_CARDINAL, 32, 12, 12));
	assert_non_null(reply);
	assert_int_equal(reply->value_len, 12);
	assert_int_equal(read_as_numbers(reply, 12), 0xaaaaaaaa);
	free(reply);
}

static void
a_list_of_atoms_has_an_end(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply =
		wlbl_property_secure(property(XCB_ATOM_ATOM, 32, 4096, 4096));
	assert_non_null(reply);
	assert_int_equal(reply->value_len, 256);
	free(reply);
}

static void
text_and_data_keep_their_length(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply =
		wlbl_property_secure(property(XCB_ATOM_STRING, 8, 399999, 100000));
	assert_non_null(reply);
	assert_int_equal(xcb_get_property_value_length(reply), 399999);
	free(reply);
}

static void
a_part_of_what_is_too_large_is_nothing(void **state)
{
	(void)state;
	xcb_get_property_reply_t *reply = property(XCB_ATOM_STRING, 8,
		WLBL_PROPERTY_UNITS_MAX * 4, WLBL_PROPERTY_UNITS_MAX);
	reply->bytes_after = 1;
	assert_null(wlbl_property_secure(reply));
}

static void
more_items_than_bytes_are_refused(void **state)
{
	(void)state;
	assert_null(wlbl_property_secure(
		property(XCB_ATOM_ATOM, 32, 3, 2)));
	assert_null(wlbl_property_secure(
		property(XCB_ATOM_ATOM, 255, UINT32_MAX, 2)));
	assert_null(wlbl_property_secure(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_numbers_as_there_are_bytes_can_be_read),
		cmocka_unit_test(an_empty_property_reads_as_zeros),
		cmocka_unit_test(one_that_is_not_there_has_no_items),
		cmocka_unit_test(numbers_are_left_as_they_are),
		cmocka_unit_test(a_list_of_atoms_has_an_end),
		cmocka_unit_test(text_and_data_keep_their_length),
		cmocka_unit_test(a_part_of_what_is_too_large_is_nothing),
		cmocka_unit_test(more_items_than_bytes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
