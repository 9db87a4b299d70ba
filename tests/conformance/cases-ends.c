/* SPDX-License-Identifier: MIT */
/* How a stream ends, in one direction or both, and who hears of it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "conformance.h"

static void
the_end_comes_after_the_last_byte(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	static uint8_t bytes[50000];
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = pattern(i);
	}
	assert_int_equal(vwl_write(pair.a, bytes, sizeof(bytes)),
		sizeof(bytes));
	end(&pair.a);
	static uint8_t got[50000];
	recv_all(pair.b, got, sizeof(got));
	assert_memory_equal(got, bytes, sizeof(got));
	expect_eof(pair.b);
	pair_close(&pair);
}

static void
one_direction_ends_and_the_other_goes_on(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	send_text(pair.a, "last words");
	assert_int_equal(vwl_shutdown(pair.a, SHUT_WR), 0);
	expect_text(pair.b, "last words");
	expect_eof(pair.b);
	send_text(pair.b, "but I am still talking");
	expect_text(pair.a, "but I am still talking");
	assert_int_equal(vwl_shutdown(pair.b, SHUT_WR), 0);
	expect_eof(pair.a);
	pair_close(&pair);
}

static void
poll_tells_a_half_end_from_a_whole_one(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(vwl_shutdown(pair.a, SHUT_WR), 0);
	short said = await(pair.b, POLLIN);
	assert_int_equal(said & (POLLIN | POLLHUP), POLLIN);
	assert_true(now(pair.b, POLLOUT) & POLLOUT);
	end(&pair.a);
	assert_true(await(pair.b, 0) & POLLHUP);
	assert_true(now(pair.b, POLLIN) & POLLIN);
	pair_close(&pair);
}

static void
sending_to_nobody_is_a_broken_pipe(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	end(&pair.a);
	assert_true(await(pair.b, 0) & POLLHUP);
	assert_int_equal(send_fds(pair.b, "x", NULL, 0, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);
	pair_close(&pair);
}

static volatile sig_atomic_t pipe_signals;

static void
handle_pipe(int signo)
{
	(void)signo;
	pipe_signals++;
}

static void
a_broken_pipe_raises_a_signal_unless_told_not_to(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct sigaction action = { .sa_handler = handle_pipe };
	struct sigaction before;
	assert_int_equal(sigaction(SIGPIPE, &action, &before), 0);
	pipe_signals = 0;
	end(&pair.a);
	assert_true(await(pair.b, 0) & POLLHUP);
	assert_int_equal(send_fds(pair.b, "x", NULL, 0, MSG_NOSIGNAL), -1);
	assert_int_equal(pipe_signals, 0);
	assert_int_equal(send_fds(pair.b, "x", NULL, 0, 0), -1);
	assert_int_equal(errno, EPIPE);
	assert_int_equal(pipe_signals, 1);
	assert_int_equal(vwl_write(pair.b, "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	assert_int_equal(pipe_signals, 2);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
	pair_close(&pair);
}

static void
after_ones_own_end_nothing_can_be_sent(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(vwl_shutdown(pair.a, SHUT_WR), 0);
	assert_int_equal(send_fds(pair.a, "x", NULL, 0, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);
	assert_int_equal(vwl_shutdown(pair.a, SHUT_WR), 0);
	expect_eof(pair.b);
	pair_close(&pair);
}

static void
a_reader_that_stops_reads_the_end_and_breaks_the_writer(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(vwl_shutdown(pair.b, SHUT_RD), 0);
	expect_eof(pair.b);
	/* Some may go before the news arrives, but no endless stream. */
	static char bytes[65536];
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	while (vwl_sendmsg(pair.a, &msg, MSG_NOSIGNAL) > 0) {
	}
	assert_int_equal(errno, EPIPE);
	send_text(pair.b, "the other way works");
	expect_text(pair.a, "the other way works");
	pair_close(&pair);
}

static void
both_directions_end_at_once(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	send_text(pair.a, "bye");
	assert_int_equal(vwl_shutdown(pair.a, SHUT_RDWR), 0);
	expect_eof(pair.a);
	expect_text(pair.b, "bye");
	expect_eof(pair.b);
	assert_true(await(pair.b, 0) & POLLHUP);
	pair_close(&pair);
}

static void
a_strange_shutdown_is_refused(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(vwl_shutdown(pair.a, 77), -1);
	assert_int_equal(errno, EINVAL);
	pair_close(&pair);
}

const struct CMUnitTest end_cases[] = {
	CASE(the_end_comes_after_the_last_byte),
	CASE(one_direction_ends_and_the_other_goes_on),
	CASE(poll_tells_a_half_end_from_a_whole_one),
	CASE(sending_to_nobody_is_a_broken_pipe),
	CASE(a_broken_pipe_raises_a_signal_unless_told_not_to),
	CASE(after_ones_own_end_nothing_can_be_sent),
	CASE(a_reader_that_stops_reads_the_end_and_breaks_the_writer),
	CASE(both_directions_end_at_once),
	CASE(a_strange_shutdown_is_refused),
};
const size_t end_case_count = COUNT(end_cases);
