/* SPDX-License-Identifier: MIT */
/* A device process for a whole test program, and whoever drives it. */
#ifndef TESTS_PROTOCOL_WL_FIXTURE_H
#define TESTS_PROTOCOL_WL_FIXTURE_H

#include "../lib/wl-guest.h"
#include "../lib/wl-process.h"

extern struct wl_process process;
extern struct wl_guest guest;	/* one at a time, as the device serves them */

/* Before the first test, and after the last. A program may start @process
 * with limits of its own instead. */
int
fixture_start(void **state);

int
fixture_stop(void **state);

/* After each test, whatever became of it. */
int
fixture_leave(void **state);

#define TEST(name) cmocka_unit_test_teardown(name, fixture_leave)

/* Take back what the device connected to us, so its backlog stays free. */
void
drop_connections(void);

#endif
