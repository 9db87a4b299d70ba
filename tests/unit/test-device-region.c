/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "virtio-wl/device/region.h"

#define PAGE VWL_PAGE_SIZE
#define PAGES 64

static void
ranges_are_cut_from_the_front_and_reused(void **state)
{
	(void)state;
	struct vwl_region region;
	struct vwl_range a, b, c, d;
	vwl_region_init(&region, 8 * PAGE);
	assert_int_equal(vwl_region_alloc(&region, 2 * PAGE, PAGE, &a), 0);
	assert_int_equal(vwl_region_alloc(&region, 2 * PAGE, PAGE, &b), 0);
	assert_int_equal(a.offset, 0);
	assert_int_equal(b.offset, 2 * PAGE);
	vwl_range_free(&a);
	assert_int_equal(vwl_region_alloc(&region, 3 * PAGE, PAGE, &c), 0);
	assert_int_equal(c.offset, 4 * PAGE);
	assert_int_equal(vwl_region_alloc(&region, 2 * PAGE, PAGE, &d), 0);
	assert_int_equal(d.offset, 0);
}

static void
a_region_fills_to_its_last_page_and_no_further(void **state)
{
	(void)state;
	struct vwl_region region;
	struct vwl_range whole, more;
	vwl_region_init(&region, 4 * PAGE);
	assert_int_equal(vwl_region_alloc(&region, 5 * PAGE, PAGE, &whole),
		-ENOSPC);
	assert_int_equal(vwl_region_alloc(&region, UINT64_MAX & ~4095ull, PAGE,
		&whole), -ENOSPC);
	assert_int_equal(vwl_region_alloc(&region, 4 * PAGE, PAGE, &whole), 0);
	assert_int_equal(vwl_region_alloc(&region, PAGE, PAGE, &more),
		-ENOSPC);
	vwl_range_free(&whole);
	assert_int_equal(vwl_region_alloc(&region, PAGE, PAGE, &more), 0);
}

static void
alignment_is_kept_and_the_gap_before_it_used(void **state)
{
	(void)state;
	struct vwl_region region;
	struct vwl_range first, large, small;
	vwl_region_init(&region, UINT64_C(1) << 32);
	assert_int_equal(vwl_region_alloc(&region, PAGE, PAGE, &first), 0);
	assert_int_equal(vwl_region_alloc(&region, 4 << 20, 2 << 20, &large),
		0);
	assert_int_equal(large.offset, 2 << 20);
	assert_int_equal(vwl_region_alloc(&region, PAGE, PAGE, &small), 0);
	assert_int_equal(small.offset, PAGE);
}

static void
what_is_claimed_is_had_by_nobody_else(void **state)
{
	(void)state;
	struct vwl_region region;
	struct vwl_range a, b;
	vwl_region_init(&region, 8 * PAGE);
	assert_int_equal(vwl_region_claim(&region, 2 * PAGE, 2 * PAGE, &a), 0);
	static const struct {
		uint64_t offset, len;
		int r;
	} claims[] = {
		{ 2 * PAGE, PAGE, -EBUSY }, { 3 * PAGE, 4 * PAGE, -EBUSY },
		{ PAGE, 2 * PAGE, -EBUSY }, { 0, 8 * PAGE, -EBUSY },
		{ 7 * PAGE, 2 * PAGE, -EINVAL }, { 8 * PAGE, PAGE, -EINVAL },
		{ UINT64_MAX, PAGE, -EINVAL }, { PAGE, UINT64_MAX, -EINVAL },
		{ PAGE, 0, -EINVAL },
	};
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		assert_int_equal(vwl_region_claim(&region, claims[i].offset,
			claims[i].len, &b), claims[i].r);
	}
	assert_int_equal(vwl_region_claim(&region, PAGE, PAGE, &b), 0);
	vwl_range_free(&b);
	assert_int_equal(vwl_region_claim(&region, 4 * PAGE, PAGE, &b), 0);
}

/* Against a map of pages that is too simple to be wrong. */
static void
many_random_ranges_never_overlap(void **state)
{
	(void)state;
	struct vwl_region region;
	struct vwl_range ranges[PAGES] = { 0 };
	uint8_t taken[PAGES] = { 0 };
	unsigned seed = 1;
	vwl_region_init(&region, PAGES * PAGE);
	for (unsigned round = 0; round < 20000; round++) {
		struct vwl_range *range = &ranges[rand_r(&seed) % PAGES];
		if (range->len > 0) {
			for (uint64_t i = 0; i < range->len / PAGE; i++) {
				taken[range->offset / PAGE + i] = 0;
			}
			vwl_range_free(range);
			continue;
		}
		uint64_t len = 1 + (unsigned)rand_r(&seed) % 9;
		int r = vwl_region_alloc(&region, len * PAGE, PAGE, range);
		unsigned run = 0, longest = 0;
		for (size_t i = 0; i < PAGES; i++) {
			run = taken[i] ? 0 : run + 1;
			longest = run > longest ? run : longest;
		}
		assert_int_equal(r, longest >= len ? 0 : -ENOSPC);
		for (uint64_t i = 0; r == 0 && i < len; i++) {
			assert_int_equal(taken[range->offset / PAGE + i], 0);
			taken[range->offset / PAGE + i] = 1;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_cut_from_the_front_and_reused),
		cmocka_unit_test(
			a_region_fills_to_its_last_page_and_no_further),
		cmocka_unit_test(
			alignment_is_kept_and_the_gap_before_it_used),
		cmocka_unit_test(what_is_claimed_is_had_by_nobody_else),
		cmocka_unit_test(many_random_ranges_never_overlap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
