/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "status-page.h"
#include "virtio-wl/device/status.h"

static struct vwl_status_page
good_page(void)
{
	return (struct vwl_status_page){
		.magic = VWL_STATUS_MAGIC,
		.version = VWL_STATUS_VERSION,
		.state = VWL_STATUS_CONNECTED,
		.resource_count = 2,
		.sessions = 3,
		.bytes_to_guest = 4000,
		.resources = {
			{ .name = "vfds", .used = 7, .limit = 100 },
			{ .name = "memory", .used = 8, .limit = UINT64_MAX },
		},
	};
}

static void
a_page_is_read_and_numbers_are_bounded(void **state)
{
	(void)state;
	struct vwl_status_page page = good_page();
	struct wlb_device_status status;
	assert_int_equal(wlb_status_page_decode(&page, sizeof(page), &status),
		0);
	assert_true(status.front_end);
	assert_false(status.driver);
	assert_int_equal(status.sessions, 3);
	assert_int_equal(status.bytes_to_guest, 4000);
	assert_int_equal(status.usage_count, 2);
	assert_string_equal(status.usages[0].name, "vfds");
	assert_int_equal(status.usages[0].used, 7);
	assert_int_equal(status.usages[1].limit, INT64_MAX);
}

static void
assert_refused(const struct vwl_status_page *page, size_t size)
{
	struct wlb_device_status status = { .sessions = 42 };
	assert_int_equal(wlb_status_page_decode(page, size, &status),
		-ENODATA);
	assert_int_equal(status.sessions, 42);
}

static void
a_page_of_zeros_or_of_another_version_says_nothing(void **state)
{
	(void)state;
	struct vwl_status_page page = { 0 };
	assert_refused(&page, sizeof(page));
	page = good_page();
	page.version++;
	assert_refused(&page, sizeof(page));
	page = good_page();
	assert_refused(&page, sizeof(page) - 1);
	assert_refused(&page, 0);
}

static void
a_device_gone_bad_cannot_make_us_read_beyond(void **state)
{
	(void)state;
	struct vwl_status_page page = good_page();
	page.resource_count = VWL_STATUS_RESOURCES + 1;
	assert_refused(&page, sizeof(page));
	page = good_page();
	memset(page.resources[1].name, 'a', sizeof(page.resources[1].name));
	assert_refused(&page, sizeof(page));
	page = good_page();
	strcpy(page.resources[1].name, "\033[2J");
	assert_refused(&page, sizeof(page));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_read_and_numbers_are_bounded),
		cmocka_unit_test(
			a_page_of_zeros_or_of_another_version_says_nothing),
		cmocka_unit_test(a_device_gone_bad_cannot_make_us_read_beyond),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
