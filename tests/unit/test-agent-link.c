/* SPDX-License-Identifier: MIT */
/* Two socket pairs with a link between them: peer 0 - link - peer 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link.h"
#include "util/fd.h"

static struct loop *loop;
static struct wlb_link link_;
static int peers[2];
static int closed;
static int turns;
static int refuse;
static bool answers;

static int
handle_feed(void *data, unsigned from, const void *bytes, size_t len,
	const int *take_fds, size_t fd_count)
{
	struct wlb_link *link = data;
	struct wlb_queue *queue = &link->ends[answers ? from : !from].out;
	for (size_t i = 0; i < fd_count; i++) {
		assert_int_equal(wlb_queue_append_fd(queue, take_fds[i]), 0);
	}
	assert_int_equal(wlb_queue_append(queue, bytes, len), 0);
	return refuse;
}

static void
handle_closed(void *data)
{
	wlb_link_finish(data);
	closed++;
}

static const struct wlb_link_ops ops = {
	.feed = handle_feed,
	.closed = handle_closed,
};

static int
setup(bool half_close)
{
	int ends[2];
	closed = turns = refuse = 0;
	answers = false;
	assert_int_equal(loop_create(&loop), 0);
	for (int i = 0; i < 2; i++) {
		int pair[2];
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC
			| SOCK_NONBLOCK, 0, pair), 0);
		ends[i] = pair[0];
		peers[i] = pair[1];
	}
	assert_int_equal(wlb_link_init(&link_, loop, ends, half_close, &ops,
		&link_), 0);
	return 0;
}

static int
setup_whole(void **state)
{
	(void)state;
	return setup(false);
}

static int
setup_half(void **state)
{
	(void)state;
	return setup(true);
}

static int
teardown(void **state)
{
	(void)state;
	if (!closed) {
		wlb_link_finish(&link_);
	}
	loop_destroy(loop);
	fd_close_all(peers, 2);
	return 0;
}

/* Turn the loop until it would sleep. */
static void
settle(void)
{
	struct epoll_event event;
	while (epoll_wait(loop_get_fd(loop), &event, 1, 0) > 0) {
		assert_int_equal(loop_dispatch(loop, 0), 0);
		assert_in_range(++turns, 0, 1000);
	}
	/* What was deferred has no event of its own. */
	loop_dispatch(loop, 0);
}

static size_t
fill(int fd)
{
	static const char bytes[65536];
	size_t total = 0;
	ssize_t n;
	while ((n = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL)) > 0) {
		total += (size_t)n;
	}
	return total;
}

static size_t
empty(int fd, ssize_t *ret_last)
{
	static char bytes[65536];
	size_t total = 0;
	ssize_t n;
	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
		total += (size_t)n;
	}
	*ret_last = n;
	return total;
}

static void
bytes_and_descriptors_arrive_in_order(void **state)
{
	(void)state;
	/* Forty descriptors: more than one send may carry. */
	ino_t inodes[40];
	for (int i = 0; i < 40; i += 10) {
		int fds[10];
		for (int j = 0; j < 10; j++) {
			struct stat st;
			fds[j] = fd_memfd("numbered", 1, 0);
			assert_int_equal(fstat(fds[j], &st), 0);
			inodes[i + j] = st.st_ino;
		}
		char digits[] = "0123456789";
		struct iovec iov = { .iov_base = digits, .iov_len = 10 };
		assert_int_equal(fd_sendmsg(peers[0], &iov, 1, fds, 10), 10);
		fd_close_all(fds, 10);
	}
	settle();
	char text[64];
	size_t got = 0, got_fds = 0;
	while (got < 40) {
		int fds[64];
		size_t count;
		struct iovec iov = { .iov_base = text + got,
			.iov_len = sizeof(text) - got };
		ssize_t n = fd_recvmsg(peers[1], &iov, 1, fds, 64, &count);
		assert_in_range(n, 1, 40);
		got += (size_t)n;
		for (size_t i = 0; i < count; i++) {
			struct stat st;
			assert_int_equal(fstat(fds[i], &st), 0);
			assert_int_equal(st.st_ino, inodes[got_fds++]);
		}
		fd_close_all(fds, count);
		/* Never later than the bytes they came with. */
		assert_true(got_fds >= got);
	}
	assert_int_equal(got_fds, 40);
	assert_memory_equal(text, "0123456789012345678901234567890123456789",
		40);
}

static void
who_does_not_read_is_not_read_for(void **state)
{
	(void)state;
	size_t sent = 0, more;
	while ((more = fill(peers[0])) > 0) {
		sent += more;
		settle();
	}
	assert_true(wlb_queue_is_full(&link_.ends[1].out));
	assert_in_range(link_.ends[1].out.len, WLB_QUEUE_FULL_BYTES,
		WLB_QUEUE_FULL_BYTES + 65536);
	/* The other direction is none of its business. */
	assert_int_equal(send(peers[1], "x", 1, 0), 1);
	settle();
	ssize_t last;
	assert_int_equal(empty(peers[0], &last), 1);

	size_t received = 0;
	do {
		more = empty(peers[1], &last);
		received += more;
		settle();
	} while (more > 0);
	assert_int_equal(received, sent);
}

static void
who_asks_and_does_not_listen_is_not_heard(void **state)
{
	(void)state;
	answers = true;
	size_t sent = 0, more;
	while ((more = fill(peers[0])) > 0) {
		sent += more;
		settle();
	}
	assert_in_range(link_.ends[0].out.len, WLB_QUEUE_UNHEARD_BYTES,
		WLB_QUEUE_UNHEARD_BYTES + 65536);

	size_t received = 0;
	ssize_t last;
	do {
		more = empty(peers[0], &last);
		received += more;
		settle();
	} while (more > 0);
	assert_int_equal(received, sent);
}

static void
a_hang_up_behind_a_full_queue_costs_nothing_and_loses_nothing(void **state)
{
	(void)state;
	size_t sent = 0, more;
	while ((more = fill(peers[0])) > 0) {
		sent += more;
		settle();
	}
	fd_close(&peers[0]);
	turns = 0;
	settle();
	assert_in_range(turns, 0, 10);
	assert_int_equal(closed, 0);

	size_t received = 0;
	ssize_t last;
	do {
		more = empty(peers[1], &last);
		received += more;
		settle();
	} while (more > 0 || last < 0);
	assert_int_equal(received, sent);
	assert_int_equal(last, 0);
	assert_int_equal(closed, 1);
}

static void
the_end_of_one_direction_is_passed_on(void **state)
{
	(void)state;
	assert_int_equal(send(peers[0], "last", 4, 0), 4);
	shutdown(peers[0], SHUT_WR);
	settle();
	ssize_t last;
	assert_int_equal(empty(peers[1], &last), 4);
	assert_int_equal(last, 0);
	assert_int_equal(closed, 0);
	assert_int_equal(send(peers[1], "answer", 6, 0), 6);
	settle();
	assert_int_equal(empty(peers[0], &last), 6);
	assert_int_equal(last, -1);
	shutdown(peers[1], SHUT_WR);
	settle();
	assert_int_equal(closed, 1);
}

static void
last_words_are_heard_after_writes_fail(void **state)
{
	(void)state;
	/* As a compositor that posts an error and closes. */
	assert_int_equal(send(peers[0], "request", 7, 0), 7);
	assert_int_equal(send(peers[1], "error", 5, 0), 5);
	fd_close(&peers[1]);
	settle();
	ssize_t last;
	assert_int_equal(empty(peers[0], &last), 5);
	assert_int_equal(last, 0);
	assert_int_equal(closed, 1);
}

static void
without_half_close_either_end_ends_both(void **state)
{
	(void)state;
	shutdown(peers[0], SHUT_WR);
	settle();
	assert_int_equal(closed, 1);
}

static void
a_refusal_cuts_after_what_was_queued(void **state)
{
	(void)state;
	refuse = -EPROTO;
	assert_int_equal(send(peers[0], "bad", 3, 0), 3);
	settle();
	ssize_t last;
	assert_int_equal(empty(peers[1], &last), 3);
	assert_int_equal(last, 0);
	assert_int_equal(closed, 1);
}

int
main(void)
{
#define T(name, setup) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(bytes_and_descriptors_arrive_in_order, setup_half),
		T(who_does_not_read_is_not_read_for, setup_half),
		T(who_asks_and_does_not_listen_is_not_heard, setup_whole),
		T(a_hang_up_behind_a_full_queue_costs_nothing_and_loses_nothing,
			setup_half),
		T(the_end_of_one_direction_is_passed_on, setup_half),
		T(last_words_are_heard_after_writes_fail, setup_half),
		T(last_words_are_heard_after_writes_fail, setup_whole),
		T(without_half_close_either_end_ends_both, setup_whole),
		T(a_refusal_cuts_after_what_was_queued, setup_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
