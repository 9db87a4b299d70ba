/* SPDX-License-Identifier: MIT */
/* Who waits, who does not, and what poll(2) says about it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "../lib/must.h"
#include "conformance.h"

static ssize_t
try_read(int fd, int flags)
{
	char byte;
	size_t count = 0;
	return recv_fds(fd, &byte, 1, NULL, &count, &flags);
}

static void
an_empty_stream_is_eagain_for_one_call(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(try_read(pair.b, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(pair.b, F_GETFL) & O_NONBLOCK, 0);
	pair_close(&pair);
}

static void
an_empty_stream_is_eagain_with_o_nonblock(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int flags = fcntl(pair.b, F_GETFL);
	assert_int_equal(fcntl(pair.b, F_SETFL, flags | O_NONBLOCK), 0);
	assert_int_equal(try_read(pair.b, 0), -1);
	assert_int_equal(errno, EAGAIN);
	char byte;
	assert_int_equal(vwl_read(pair.b, &byte, 1), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(pair.b, F_SETFL, flags), 0);
	send_text(pair.a, "x");
	expect_text(pair.b, "x");
	pair_close(&pair);
}

static void
poll_says_when_there_is_something_to_read(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(now(pair.b, POLLIN | POLLOUT), POLLOUT);
	send_text(pair.a, "xy");
	assert_int_equal(await(pair.b, POLLIN), POLLIN);
	expect_text(pair.b, "x");
	assert_int_equal(now(pair.b, POLLIN), POLLIN);
	expect_text(pair.b, "y");
	assert_int_equal(now(pair.b, POLLIN), 0);
	send_text(pair.a, "z");
	assert_int_equal(await(pair.b, POLLIN), POLLIN);
	expect_text(pair.b, "z");
	pair_close(&pair);
}

/*
 * Send until no more goes and poll(2) agrees; how much went. (Where there is much
 * in between, a little more may go a moment later.)
 */
static size_t
fill(int fd)
{
	static uint8_t bytes[10000];
	size_t sent = 0;
	for (;;) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			bytes[i] = pattern(sent + i);
		}
		struct iovec iov = { .iov_base = bytes, .iov_len = 10000 };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n = vwl_sendmsg(fd, &msg, MSG_DONTWAIT);
		if (n < 0) {
			assert_int_equal(errno, EAGAIN);
			/* It may only have been slow; poll(2) knows. */
			if (now(fd, POLLOUT) == 0) {
				return sent;
			}
			continue;
		}
		sent += (size_t)n;
	}
}

static void
empty(int fd, size_t size, size_t first)
{
	static uint8_t bytes[10000];
	while (size > 0) {
		size_t part = size < sizeof(bytes) ? size : sizeof(bytes);
		recv_all(fd, bytes, part);
		for (size_t i = 0; i < part; i++) {
			if (bytes[i] != pattern(first + i)) {
				fail_msg("byte %zu is wrong", first + i);
			}
		}
		size -= part;
		first += part;
	}
}

static void
a_full_stream_is_not_writable_until_it_is_read(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	for (int round = 0; round < 3; round++) {
		size_t size = fill(pair.a);
		assert_true(size > 10000);
		empty(pair.b, size, 0);
		assert_int_equal(await(pair.a, POLLOUT), POLLOUT);
	}
	pair_close(&pair);
}

static void
a_full_stream_holds_up_no_other(void **state)
{
	(void)state;
	struct pair full = pair_open();
	size_t size = fill(full.a);
	struct pair other = pair_open();
	send_text(other.a, "still here");
	expect_text(other.b, "still here");
	send_text(full.b, "and backwards");
	expect_text(full.a, "and backwards");
	empty(full.b, size, 0);
	pair_close(&other);
	pair_close(&full);
}

static void *
send_later(void *data)
{
	must(vwl_write(*(int *)data, "late", 4) == 4);
	return NULL;
}

static void
a_reader_waits_for_a_writer(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, send_later, &pair.a),
		0);
	expect_text(pair.b, "late");
	assert_int_equal(pthread_join(thread, NULL), 0);
	pair_close(&pair);
}

static void *
echo(void *data)
{
	int fd = *(int *)data;
	char byte;
	while (vwl_read(fd, &byte, 1) == 1) {
		must(vwl_write(fd, &byte, 1) == 1);
	}
	return NULL;
}

static void
many_threads_wait_at_once(void **state)
{
	(void)state;
	enum { THREADS = 6 };
	struct pair pairs[THREADS];
	pthread_t threads[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		pairs[i] = pair_open();
		assert_int_equal(pthread_create(&threads[i], NULL, echo,
			&pairs[i].b), 0);
	}
	for (int round = 0; round < 50; round++) {
		size_t i = (size_t)round % THREADS;
		char text[] = { (char)('a' + round % 26), '\0' };
		send_text(pairs[i].a, text);
		expect_text(pairs[i].a, text);
	}
	for (size_t i = 0; i < THREADS; i++) {
		end(&pairs[i].a);
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		end(&pairs[i].b);
	}
}

static void
handle_alarm(int signo)
{
	(void)signo;
}

static void
a_signal_ends_the_waiting(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct sigaction action = { .sa_handler = handle_alarm };
	struct sigaction before;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	/* Again and again: the first may come before the wait begins. */
	struct itimerval often = {
		.it_interval.tv_usec = 5000,
		.it_value.tv_usec = 5000,
	};
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	ssize_t n = try_read(pair.b, 0);
	int error = errno;
	struct itimerval never = { 0 };
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
	assert_int_equal(n, -1);
	assert_int_equal(error, EINTR);
	pair_close(&pair);
}

/* The value is 0, or why nothing was read. */
static void *
read_one(void *data)
{
	return (void *)(intptr_t)(try_read(*(int *)data, 0) < 0 ? errno : 0);
}

/* Whoever else waits, first or later: the signal is for this thread. */
static void
a_signal_ends_the_waiting_of_its_thread(void **state)
{
	(void)state;
	struct pair quiet = pair_open();
	struct pair pair = pair_open();
	struct sigaction action = { .sa_handler = handle_alarm };
	struct sigaction before;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	pthread_t other;
	assert_int_equal(pthread_create(&other, NULL, read_one, &quiet.b), 0);
	for (int round = 0; round < 20; round++) {
		pthread_t thread;
		void *error;
		struct timespec until;
		assert_int_equal(pthread_create(&thread, NULL, read_one,
			&pair.b), 0);
		/* Again and again: it may not have begun to wait. */
		do {
			assert_int_equal(pthread_kill(thread, SIGALRM), 0);
			clock_gettime(CLOCK_REALTIME, &until);
			until.tv_nsec += 1000000;
			if (until.tv_nsec >= 1000000000) {
				until.tv_nsec -= 1000000000;
				until.tv_sec++;
			}
		} while (pthread_timedjoin_np(thread, &error, &until) != 0);
		assert_int_equal((intptr_t)error, EINTR);
	}
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
	send_text(quiet.a, "x");
	void *error = &error;
	assert_int_equal(pthread_join(other, &error), 0);
	assert_int_equal((intptr_t)error, 0);
	pair_close(&pair);
	pair_close(&quiet);
}

const struct CMUnitTest wait_cases[] = {
	CASE(an_empty_stream_is_eagain_for_one_call),
	CASE(an_empty_stream_is_eagain_with_o_nonblock),
	CASE(poll_says_when_there_is_something_to_read),
	CASE(a_full_stream_is_not_writable_until_it_is_read),
	CASE(a_full_stream_holds_up_no_other),
	CASE(a_reader_waits_for_a_writer),
	CASE(many_threads_wait_at_once),
	CASE(a_signal_ends_the_waiting),
	CASE(a_signal_ends_the_waiting_of_its_thread),
};
const size_t wait_case_count = COUNT(wait_cases);
