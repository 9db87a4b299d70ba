/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "virtio-wl/device/vfd.h"

#define MANY 5000

static void
thousands_of_ids_are_found_again_and_no_other(void **state)
{
	(void)state;
	struct vwl_vfd_table table;
	struct vwl_vfd *vfds = calloc(MANY, sizeof(*vfds));
	assert_non_null(vfds);
	assert_int_equal(vwl_vfd_table_init(&table), 0);
	for (uint32_t i = 0; i < MANY; i++) {
		list_init(&vfds[i].link);
		vwl_vfd_insert(&table, &vfds[i], i < MANY / 2 ? i + 1
			: 0x40000000 + i);
	}
	assert_int_equal(table.count, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_ptr_equal(vwl_vfd_find(&table, vfds[i].id), &vfds[i]);
	}
	assert_null(vwl_vfd_find(&table, 0));
	assert_null(vwl_vfd_find(&table, MANY));
	assert_null(vwl_vfd_find(&table, UINT32_MAX));

	for (uint32_t i = 0; i < MANY; i += 2) {
		vwl_vfd_remove(&table, &vfds[i]);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		assert_ptr_equal(vwl_vfd_find(&table, vfds[i].id),
			i % 2 == 0 ? NULL : &vfds[i]);
	}
	for (uint32_t i = 1; i < MANY; i += 2) {
		vwl_vfd_remove(&table, &vfds[i]);
	}
	assert_int_equal(table.count, 0);
	vwl_vfd_table_finish(&table);
	free(vfds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			thousands_of_ids_are_found_again_and_no_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
