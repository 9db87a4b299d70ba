/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

#include "util/loop.h"

struct fixture {
	struct loop *loop;
	struct loop_source *sources[2];
	int pipes[2][2];
	int calls;
	int deferred;
};

static void
setup(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	assert_int_equal(loop_create(&f->loop), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe(f->pipes[i]), 0);
		assert_int_equal(write(f->pipes[i][1], "x", 1), 1);
	}
}

static void
teardown(struct fixture *f)
{
	loop_destroy(f->loop);
	for (int i = 0; i < 2; i++) {
		close(f->pipes[i][0]);
		close(f->pipes[i][1]);
	}
}

static void
handle_remove_both(void *data, uint32_t revents)
{
	struct fixture *f = data;
	assert_true(revents & EPOLLIN);
	f->calls++;
	loop_clear(&f->sources[0]);
	loop_clear(&f->sources[1]);
}

static void
a_callback_may_remove_itself_and_a_source_that_is_also_ready(void **state)
{
	(void)state;
	struct fixture f;
	setup(&f);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(loop_add_fd(f.loop, f.pipes[i][0], EPOLLIN,
			handle_remove_both, &f, &f.sources[i]), 0);
	}
	assert_int_equal(loop_dispatch(f.loop, 0), 0);
	assert_int_equal(f.calls, 1);
	assert_int_equal(loop_dispatch(f.loop, 0), 0);
	assert_int_equal(f.calls, 1);
	teardown(&f);
}

static void
handle_defer_again(void *data)
{
	struct fixture *f = data;
	if (f->deferred++ == 0) {
		loop_defer(f->sources[0]);
	}
}

static void
deferring_from_a_deferred_callback_means_next_turn(void **state)
{
	(void)state;
	struct fixture f;
	setup(&f);
	assert_int_equal(loop_add_deferred(f.loop, handle_defer_again, &f,
		&f.sources[0]), 0);
	loop_defer(f.sources[0]);
	loop_defer(f.sources[0]);
	assert_int_equal(loop_dispatch(f.loop, -1), 0);
	assert_int_equal(f.deferred, 1);
	assert_int_equal(loop_dispatch(f.loop, -1), 0);
	assert_int_equal(f.deferred, 2);
	assert_int_equal(loop_dispatch(f.loop, 0), 0);
	assert_int_equal(f.deferred, 2);
	teardown(&f);
}

static void
handle_quit(void *data)
{
	loop_quit(((struct fixture *)data)->loop, 7);
}

static void
a_timer_fires_once_and_run_returns_the_status_given(void **state)
{
	(void)state;
	struct fixture f;
	setup(&f);
	assert_int_equal(loop_add_timer(f.loop, handle_quit, &f,
		&f.sources[0]), 0);
	loop_timer_set(f.sources[0], 1);
	assert_int_equal(loop_run(f.loop), 7);
	teardown(&f);
}

static void
either_signal_that_says_go_ends_the_run_without_fault(void **state)
{
	(void)state;
	static const int signals[] = { SIGTERM, SIGINT };
	for (size_t i = 0; i < 2; i++) {
		struct loop *loop;
		assert_int_equal(loop_create_main(&loop), 0);
		assert_int_equal(kill(getpid(), signals[i]), 0);
		assert_int_equal(loop_run(loop), 0);
		loop_destroy(loop);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_callback_may_remove_itself_and_a_source_that_is_also_ready),
		cmocka_unit_test(
			deferring_from_a_deferred_callback_means_next_turn),
		cmocka_unit_test(
			a_timer_fires_once_and_run_returns_the_status_given),
		cmocka_unit_test(
			either_signal_that_says_go_ends_the_run_without_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
