/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ranges.h"

static void
the_first_range_that_fits_is_taken(void **state)
{
	(void)state;
	struct vwl_ranges ranges;
	size_t a, b, c, d;
	assert_int_equal(vwl_ranges_init(&ranges, 100), 0);
	assert_int_equal(vwl_ranges_take(&ranges, 10, &a), 0);
	assert_int_equal(vwl_ranges_take(&ranges, 20, &b), 0);
	assert_int_equal(vwl_ranges_take(&ranges, 30, &c), 0);
	assert_int_equal(a, 0);
	assert_int_equal(b, 10);
	assert_int_equal(c, 30);

	assert_int_equal(vwl_ranges_give(&ranges, b, 20), 0);
	assert_int_equal(vwl_ranges_take(&ranges, 25, &d), 0);
	assert_int_equal(d, 60);
	assert_int_equal(vwl_ranges_take(&ranges, 15, &d), 0);
	assert_int_equal(d, 10);
	vwl_ranges_finish(&ranges);
}

static void
neighbours_grow_together_in_any_order(void **state)
{
	(void)state;
	static const size_t orders[][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	for (size_t i = 0; i < 6; i++) {
		struct vwl_ranges ranges;
		size_t offset;
		assert_int_equal(vwl_ranges_init(&ranges, 30), 0);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(
				vwl_ranges_take(&ranges, 10, &offset), 0);
		}
		assert_int_equal(vwl_ranges_take(&ranges, 1, &offset), -ENOSPC);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(vwl_ranges_give(&ranges,
				orders[i][j] * 10, 10), 0);
		}
		assert_int_equal(vwl_ranges_take(&ranges, 30, &offset), 0);
		assert_int_equal(offset, 0);
		vwl_ranges_finish(&ranges);
	}
}

static void
what_does_not_fit_takes_nothing(void **state)
{
	(void)state;
	struct vwl_ranges ranges;
	size_t offset = 77;
	assert_int_equal(vwl_ranges_init(&ranges, 8), 0);
	assert_int_equal(vwl_ranges_take(&ranges, 9, &offset), -ENOSPC);
	assert_int_equal(offset, 77);
	assert_int_equal(vwl_ranges_take(&ranges, 8, &offset), 0);
	assert_int_equal(vwl_ranges_take(&ranges, 1, &offset), -ENOSPC);
	vwl_ranges_finish(&ranges);
}

static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void
no_unit_is_ever_given_out_twice(void **state)
{
	(void)state;
	enum { UNITS = 512, HELD = 64 };
	static uint8_t owner[UNITS];
	struct {
		size_t offset;
		size_t size;
	} held[HELD] = { 0 };
	struct vwl_ranges ranges;
	uint32_t random = 1;

	assert_int_equal(vwl_ranges_init(&ranges, UNITS), 0);
	for (int step = 0; step < 20000; step++) {
		size_t i = next_random(&random) % HELD;
		if (held[i].size > 0) {
			for (size_t j = 0; j < held[i].size; j++) {
				owner[held[i].offset + j] = 0;
			}
			assert_int_equal(vwl_ranges_give(&ranges,
				held[i].offset, held[i].size), 0);
			held[i].size = 0;
			continue;
		}
		size_t size = 1 + next_random(&random) % 40;
		if (vwl_ranges_take(&ranges, size, &held[i].offset) < 0) {
			continue;
		}
		held[i].size = size;
		assert_true(held[i].offset <= UNITS - size);
		for (size_t j = 0; j < size; j++) {
			assert_int_equal(owner[held[i].offset + j], 0);
			owner[held[i].offset + j] = 1;
		}
	}
	for (size_t i = 0; i < HELD; i++) {
		if (held[i].size > 0) {
			assert_int_equal(vwl_ranges_give(&ranges,
				held[i].offset, held[i].size), 0);
		}
	}
	size_t offset;
	assert_int_equal(vwl_ranges_take(&ranges, UNITS, &offset), 0);
	vwl_ranges_finish(&ranges);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_range_that_fits_is_taken),
		cmocka_unit_test(neighbours_grow_together_in_any_order),
		cmocka_unit_test(what_does_not_fit_takes_nothing),
		cmocka_unit_test(no_unit_is_ever_given_out_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
