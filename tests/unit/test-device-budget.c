/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "virtio-wl/device/budget.h"
#include "virtio-wl/device/status.h"

static struct vwl_budget vm, peer;

static int
fresh(void **state)
{
	(void)state;
	vwl_budget_init(&vm);
	vm.limits[VWL_RES_VFDS] = 10;
	vm.limits[VWL_RES_FDS] = 10;
	vwl_budget_init_share(&peer, &vm, 2);
	return 0;
}

static int
take(struct vwl_charge *charge, struct vwl_budget *budget, uint64_t vfds,
	uint64_t fds)
{
	memset(charge, 0, sizeof(*charge));
	return vwl_charge_take(charge, budget, (struct vwl_amounts){ .of = {
		[VWL_RES_VFDS] = vfds,
		[VWL_RES_FDS] = fds,
	} });
}

static void
a_peer_has_its_share_and_its_vm_pays_with_it(void **state)
{
	(void)state;
	struct vwl_charge five, one, rest;
	assert_int_equal(take(&five, &peer, 5, 0), 0);
	assert_int_equal(take(&one, &peer, 1, 0), -EDQUOT);
	assert_int_equal(vm.used[VWL_RES_VFDS], 5);
	assert_int_equal(take(&rest, &vm, 5, 0), 0);
	assert_int_equal(take(&one, &vm, 1, 0), -EDQUOT);
	vwl_charge_drop(&five);
	vwl_charge_drop(&rest);
	assert_int_equal(vm.used[VWL_RES_VFDS], 0);
	assert_int_equal(peer.used[VWL_RES_VFDS], 0);
}

static void
a_vm_that_is_full_has_nothing_for_a_peer_with_room(void **state)
{
	(void)state;
	struct vwl_charge all, one;
	assert_int_equal(take(&all, &vm, 10, 0), 0);
	assert_false(vwl_budget_has(&peer, VWL_RES_VFDS, 1));
	assert_int_equal(take(&one, &peer, 1, 0), -EDQUOT);
	vwl_charge_drop(&all);
	assert_int_equal(take(&one, &peer, 1, 0), 0);
	vwl_charge_drop(&one);
}

static void
all_of_a_charge_is_taken_or_nothing(void **state)
{
	(void)state;
	struct vwl_charge charge;
	assert_int_equal(take(&charge, &peer, 1, 6), -EDQUOT);
	assert_int_equal(peer.used[VWL_RES_VFDS], 0);
	assert_int_equal(vm.used[VWL_RES_VFDS], 0);
	vwl_charge_drop(&charge);	/* and nothing is given back */
	assert_int_equal(vm.used[VWL_RES_FDS], 0);
}

static void
amounts_that_would_wrap_are_refused(void **state)
{
	(void)state;
	struct vwl_charge one, charge;
	assert_int_equal(take(&one, &vm, 1, 0), 0);
	assert_int_equal(take(&charge, &vm, UINT64_MAX, 0), -EDQUOT);
	vm.limits[VWL_RES_VFDS] = 0;	/* below what is held */
	assert_int_equal(take(&charge, &vm, 1, 0), -EDQUOT);
	vwl_charge_drop(&one);
}

static void
the_status_page_says_what_is_held(void **state)
{
	(void)state;
	struct vwl_status_page page = { 0 };
	struct vwl_charge charge;
	vwl_budget_show(&vm, page.resources);
	assert_int_equal(take(&charge, &peer, 3, 0), 0);
	assert_string_equal(page.resources[VWL_RES_VFDS].name, "vfds");
	assert_int_equal(page.resources[VWL_RES_VFDS].used, 3);
	assert_int_equal(page.resources[VWL_RES_VFDS].limit, 10);
	vwl_charge_drop(&charge);
	assert_int_equal(page.resources[VWL_RES_VFDS].used, 0);
}

#define S INT64_C(1000000000)

static void
what_was_made_leaks_away_by_the_second(void **state)
{
	(void)state;
	const int64_t begin = 1000 * S;
	vm.limits[VWL_RES_RATE] = 10;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(vwl_budget_pause_ns(&vm, begin), 0);
		vwl_budget_count_made(&vm, begin);
	}
	/* Room for one more in a tenth of a second, and not before. */
	uint64_t pause = vwl_budget_pause_ns(&vm, begin);
	assert_true(pause >= S / 10 && pause < S / 9);
	assert_true(vwl_budget_pause_ns(&vm, begin + S / 20) > 0);
	assert_int_equal(vwl_budget_pause_ns(&vm, begin + S / 9), 0);
	vwl_budget_count_made(&vm, begin + S / 9);
	assert_true(vwl_budget_pause_ns(&vm, begin + S / 8) > 0);
	/* A second later there is room for ten, however long it was. */
	assert_int_equal(vwl_budget_pause_ns(&vm, begin + 90 * S), 0);
	assert_int_equal(vm.used[VWL_RES_RATE], 0);
}

static void
what_went_over_the_rate_is_waited_for(void **state)
{
	(void)state;
	vm.limits[VWL_RES_RATE] = 10;
	for (int i = 0; i < 28; i++) {
		vwl_budget_count_made(&vm, S);
	}
	assert_true(vwl_budget_pause_ns(&vm, 2 * S) > 0);
	assert_int_equal(vwl_budget_pause_ns(&vm, 3 * S), 0);
	vm.limits[VWL_RES_RATE] = 0;
	vwl_budget_count_made(&vm, 3 * S);
	assert_true(vwl_budget_pause_ns(&vm, 1000 * S) == VWL_PAUSE_FOR_EVER);
}

static void
a_peer_goes_no_faster_than_its_part_and_its_vm(void **state)
{
	(void)state;
	vm.limits[VWL_RES_RATE] = 10;
	peer.limits[VWL_RES_RATE] = 5;
	for (int i = 0; i < 5; i++) {
		vwl_budget_count_made(&peer, S);
	}
	assert_true(vwl_budget_pause_ns(&peer, S) > 0);
	assert_int_equal(vwl_budget_pause_ns(&vm, S), 0);
	for (int i = 0; i < 10; i++) {
		vwl_budget_count_made(&vm, S);
	}
	assert_int_equal(peer.used[VWL_RES_RATE], 5);
	assert_true(vwl_budget_pause_ns(&peer, S + S / 4) > 0);
}

static void
every_resource_is_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < VWL_RESOURCES; i++) {
		assert_int_equal(vwl_resource_by_name(vwl_resource_name(i)),
			i);
	}
	assert_int_equal(vwl_resource_by_name("vfd"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			a_peer_has_its_share_and_its_vm_pays_with_it, fresh),
		cmocka_unit_test_setup(
			a_vm_that_is_full_has_nothing_for_a_peer_with_room,
			fresh),
		cmocka_unit_test_setup(all_of_a_charge_is_taken_or_nothing,
			fresh),
		cmocka_unit_test_setup(amounts_that_would_wrap_are_refused,
			fresh),
		cmocka_unit_test_setup(the_status_page_says_what_is_held,
			fresh),
		cmocka_unit_test_setup(what_was_made_leaks_away_by_the_second,
			fresh),
		cmocka_unit_test_setup(what_went_over_the_rate_is_waited_for,
			fresh),
		cmocka_unit_test_setup(
			a_peer_goes_no_faster_than_its_part_and_its_vm, fresh),
		cmocka_unit_test(every_resource_is_found_by_its_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
