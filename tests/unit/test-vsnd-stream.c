/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "audio/stream.h"

#define STATES 6

/* The specification's table, written out a second time. */
static const bool legal[STATES][VSND_COMMANDS] = {
	/* SET_PARAMS PREPARE START STOP RELEASE */
	[VSND_STATE_NEW] = { true },
	[VSND_STATE_SET] = { true, true },
	[VSND_STATE_PREPARED] = { true, true, true, false, true },
	[VSND_STATE_STARTED] = { false, false, false, true, false },
	[VSND_STATE_STOPPED] = { false, false, true, false, true },
	[VSND_STATE_RELEASED] = { true, true },
};

static void
every_command_is_legal_exactly_where_the_specification_says(void **state)
{
	(void)state;
	for (int from = 0; from < STATES; from++) {
		for (int command = 0; command < VSND_COMMANDS; command++) {
			int r = vsnd_state_after((enum vsnd_state)from,
				(enum vsnd_command)command);
			if (legal[from][command]) {
				assert_true(r > VSND_STATE_NEW);
			} else {
				assert_int_equal(r, -EPROTO);
			}
		}
	}
}

static void
a_pause_is_a_stop_and_a_start(void **state)
{
	(void)state;
	int now = vsnd_state_after(VSND_STATE_STARTED, VSND_COMMAND_STOP);
	assert_int_equal(now, VSND_STATE_STOPPED);
	assert_true(vsnd_state_takes_buffers((enum vsnd_state)now));
	now = vsnd_state_after((enum vsnd_state)now, VSND_COMMAND_START);
	assert_int_equal(now, VSND_STATE_STARTED);
}

static void
buffers_are_kept_from_prepare_to_release(void **state)
{
	(void)state;
	assert_false(vsnd_state_takes_buffers(VSND_STATE_NEW));
	assert_false(vsnd_state_takes_buffers(VSND_STATE_SET));
	assert_true(vsnd_state_takes_buffers(VSND_STATE_PREPARED));
	assert_true(vsnd_state_takes_buffers(VSND_STATE_STARTED));
	assert_true(vsnd_state_takes_buffers(VSND_STATE_STOPPED));
	assert_false(vsnd_state_takes_buffers(VSND_STATE_RELEASED));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
	every_command_is_legal_exactly_where_the_specification_says),
		cmocka_unit_test(a_pause_is_a_stop_and_a_start),
		cmocka_unit_test(buffers_are_kept_from_prepare_to_release),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
