/* SPDX-License-Identifier: MIT */
/* Bytes: all of them, in order, in whatever portions. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "conformance.h"

static void
bytes_arrive_in_both_directions(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	send_text(pair.a, "there");
	expect_text(pair.b, "there");
	send_text(pair.b, "and back");
	expect_text(pair.a, "and back");
	pair_close(&pair);
}

static void
a_message_is_gathered_and_scattered(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct iovec out[] = {
		{ .iov_base = (void *)"one", .iov_len = 3 },
		{ .iov_base = NULL, .iov_len = 0 },
		{ .iov_base = (void *)"twothree", .iov_len = 8 },
	};
	struct msghdr msg = { .msg_iov = out, .msg_iovlen = 3 };
	assert_int_equal(vwl_sendmsg(pair.a, &msg, 0), 11);

	char first[2];
	char second[7];
	char third[20];
	struct iovec in[] = {
		{ .iov_base = first, .iov_len = sizeof(first) },
		{ .iov_base = second, .iov_len = sizeof(second) },
		{ .iov_base = third, .iov_len = sizeof(third) },
	};
	struct msghdr got = { .msg_iov = in, .msg_iovlen = 3 };
	assert_int_equal(vwl_recvmsg(pair.b, &got, 0), 11);
	assert_memory_equal(first, "on", 2);
	assert_memory_equal(second, "etwothr", 7);
	assert_memory_equal(third, "ee", 2);
	pair_close(&pair);
}

static void
a_short_read_leaves_the_rest(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	send_text(pair.a, "abcdef");
	char buf[2];
	for (int i = 0; i < 3; i++) {
		assert_int_equal(vwl_read(pair.b, buf, 2), 2);
		assert_memory_equal(buf, "abcdef" + 2 * i, 2);
	}
	pair_close(&pair);
}

static void
nothing_sent_is_nothing_received(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(send_fds(pair.a, "", NULL, 0, 0), 0);
	send_text(pair.a, "x");
	char buf[8];
	assert_int_equal(vwl_read(pair.b, buf, sizeof(buf)), 1);
	pair_close(&pair);
}

static void
a_read_of_nothing_takes_nothing(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	char byte;
	size_t count = 0;
	int flags = 0;
	send_text(pair.a, "x");
	assert_true(await(pair.b, POLLIN) & POLLIN);
	assert_int_equal(recv_fds(pair.b, &byte, 0, NULL, &count, &flags), 0);
	expect_text(pair.b, "x");
	pair_close(&pair);
}

static void
peeking_takes_nothing(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	send_text(pair.a, "peek");
	for (int i = 0; i < 3; i++) {
		char buf[16];
		size_t count = 0;
		int flags = MSG_PEEK;
		assert_int_equal(recv_fds(pair.b, buf, sizeof(buf), NULL,
			&count, &flags), 4);
		assert_memory_equal(buf, "peek", 4);
	}
	expect_text(pair.b, "peek");
	assert_int_equal(now(pair.b, POLLIN) & POLLIN, 0);
	pair_close(&pair);
}

static void
too_many_parts_are_refused(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct iovec *iov = calloc(IOV_MAX + 1, sizeof(*iov));
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = IOV_MAX + 1 };
	assert_non_null(iov);
	assert_int_equal(vwl_sendmsg(pair.a, &msg, 0), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(vwl_recvmsg(pair.a, &msg, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EMSGSIZE);
	free(iov);
	pair_close(&pair);
}

#define FLOOD_BYTES ((size_t)6 << 20)

/* Portions from one byte to more than any window. */
static size_t
portion(unsigned *seed, size_t left)
{
	static const size_t limits[] = { 1, 60, 4096, 20000, 300000 };
	size_t limit = limits[(size_t)rand_r(seed) % COUNT(limits)];
	size_t size = 1 + (size_t)rand_r(seed) % limit;
	return size < left ? size : left;
}

static void *
write_flood(void *data)
{
	int fd = *(int *)data;
	uint8_t *bytes = malloc(FLOOD_BYTES);
	must(bytes != NULL);
	for (size_t i = 0; i < FLOOD_BYTES; i++) {
		bytes[i] = pattern(i);
	}
	unsigned seed = 1;
	size_t done = 0;
	while (done < FLOOD_BYTES) {
		size_t size = portion(&seed, FLOOD_BYTES - done);
		ssize_t n = vwl_write(fd, bytes + done, size);
		must(n == (ssize_t)size);
		done += size;
	}
	free(bytes);
	return NULL;
}

static void
a_flood_arrives_whole_while_both_ends_wait(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, write_flood, &pair.a),
		0);
	uint8_t *buf = malloc(300000);
	assert_non_null(buf);
	unsigned seed = 2;
	size_t done = 0;
	while (done < FLOOD_BYTES) {
		ssize_t n = vwl_read(pair.b, buf,
			portion(&seed, FLOOD_BYTES - done));
		assert_true(n > 0);
		for (size_t i = 0; i < (size_t)n; i++) {
			if (buf[i] != pattern(done + i)) {
				fail_msg("byte %zu is wrong", done + i);
			}
		}
		done += (size_t)n;
	}
	free(buf);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pair_close(&pair);
}

static void
two_floods_cross(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	pthread_t threads[2];
	int ends[] = { pair.a, pair.b };
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL,
			write_flood, &ends[i]), 0);
	}
	/* Whichever has something, so that neither writer waits for the
	 * other's reader. */
	static uint8_t buf[70000];
	size_t done[2] = { 0 };
	while (done[0] < FLOOD_BYTES || done[1] < FLOOD_BYTES) {
		int i = done[0] < done[1] ? 0 : 1;
		ssize_t n = vwl_read(ends[i], buf, sizeof(buf));
		assert_true(n > 0);
		assert_int_equal(buf[0], pattern(done[i]));
		assert_int_equal(buf[n - 1], pattern(done[i] + (size_t)n - 1));
		done[i] += (size_t)n;
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	}
	pair_close(&pair);
}

const struct CMUnitTest stream_cases[] = {
	CASE(bytes_arrive_in_both_directions),
	CASE(a_message_is_gathered_and_scattered),
	CASE(a_short_read_leaves_the_rest),
	CASE(nothing_sent_is_nothing_received),
	CASE(a_read_of_nothing_takes_nothing),
	CASE(peeking_takes_nothing),
	CASE(too_many_parts_are_refused),
	CASE(a_flood_arrives_whole_while_both_ends_wait),
	CASE(two_floods_cross),
};
const size_t stream_case_count = COUNT(stream_cases);
