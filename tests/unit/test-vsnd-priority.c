/* SPDX-License-Identifier: MIT */
/* Each test runs in a child, for it changes what the whole process may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audio/priority.h"
#include "util/log.h"
#include "util/loop.h"

#define NOT_ALLOWED 77

static int
run_in_child(int (*claims)(struct loop *loop,
	const struct vsnd_status_page *status))
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct vsnd_status_page status = { 0 };
		struct vsnd_priority *priority;
		struct loop *loop;
		log_init("test", LOG_ERROR);
		if (loop_create(&loop) < 0 || vsnd_priority_create(loop,
				&status, &priority) < 0
				|| vsnd_priority_take(priority) < 0) {
			_exit(99);
		}
		_exit(status.priority == VSND_PRIORITY_REALTIME
			? claims(loop, &status) : NOT_ALLOWED);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_ALLOWED) {
		skip();
	}
	return status;
}

static int64_t
own_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static int
claim_a_busy_thread_is_soon_an_ordinary_one(struct loop *loop,
	const struct vsnd_status_page *status)
{
	int64_t began = own_ms();
	if (sched_getscheduler(0) != (SCHED_RR | SCHED_RESET_ON_FORK)) {
		return 1;
	}
	while (status->priority == VSND_PRIORITY_REALTIME) {
		loop_dispatch(loop, 0);
	}
	if (status->priority != VSND_PRIORITY_SPENT) {
		return 2;
	}
	if (sched_getscheduler(0) != (SCHED_OTHER | SCHED_RESET_ON_FORK)) {
		return 3;
	}
	return own_ms() - began < 600 ? 0 : 4;
}

static int
claim_what_it_starts_begins_without(struct loop *loop,
	const struct vsnd_status_page *status)
{
	(void)loop;
	(void)status;
	pid_t pid = fork();
	if (pid == 0) {
		_exit(sched_getscheduler(0) == SCHED_OTHER ? 0 : 1);
	}
	int ended;
	return waitpid(pid, &ended, 0) == pid && ended == 0 ? 0 : 1;
}

static int
never_come_back(struct loop *loop, const struct vsnd_status_page *status)
{
	(void)loop;
	(void)status;
	for (volatile unsigned turns = 0;; turns++) {
	}
	return 0;
}

static void
a_thread_that_is_kept_busy_loses_its_priority(void **state)
{
	(void)state;
	assert_int_equal(run_in_child(
		claim_a_busy_thread_is_soon_an_ordinary_one), 0);
}

static void
what_it_starts_does_not_inherit_it(void **state)
{
	(void)state;
	assert_int_equal(run_in_child(claim_what_it_starts_begins_without), 0);
}

static void
a_turn_that_does_not_end_ends_the_process(void **state)
{
	(void)state;
	int status = run_in_child(never_come_back);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_that_is_kept_busy_loses_its_priority),
		cmocka_unit_test(what_it_starts_does_not_inherit_it),
		cmocka_unit_test(a_turn_that_does_not_end_ends_the_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
