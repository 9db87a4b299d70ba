/* SPDX-License-Identifier: MIT */
/* With the interposer: pipes and sockets of this machine, which it relays. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance.h"

/*
 * Somebody else does the relaying; who wants something relayed waits until that
 * is done. (And is refused, this one.)
 */
static void
settle(struct pair *pair)
{
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0,
		ends), 0);
	assert_int_equal(send_fds(pair->a, "x", ends, 1, 0), -1);
	assert_int_equal(errno, EINVAL);
	close(ends[0]);
	close(ends[1]);
}

static void
a_pipe_of_ones_own_is_written_from_over_there(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	char text[8];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(send_fds(pair.a, "x", &ends[1], 1, 0), 1);
	close(ends[1]);
	int theirs = expect_fd(pair.b, "x");
	assert_int_equal(write(theirs, "written", 7), 7);
	end(&theirs);
	assert_int_equal(read(ends[0], text, sizeof(text)), 7);
	assert_memory_equal(text, "written", 7);
	assert_int_equal(read(ends[0], text, sizeof(text)), 0);
	close(ends[0]);
	settle(&pair);
	pair_close(&pair);
}

static void
a_socket_of_ones_own_works_both_ways(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	assert_int_equal(send_fds(pair.a, "x", &ends[1], 1, 0), 1);
	close(ends[1]);
	int theirs = expect_fd(pair.b, "x");
	send_text(ends[0], "there");
	expect_text(theirs, "there");
	send_text(theirs, "and back");
	expect_text(ends[0], "and back");
	assert_int_equal(shutdown(theirs, SHUT_WR), 0);
	expect_eof(ends[0]);
	close(ends[0]);
	expect_eof(theirs);
	end(&theirs);
	settle(&pair);
	pair_close(&pair);
}

static void
one_that_was_not_taken_is_open_nowhere_else(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_READ);
	assert_int_equal(send_fds(pair.a, "x", &offer.send, 1, 0), 1);
	int theirs = expect_fd(pair.b, "x");
	int ends[2];
	char byte;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	/* It goes once, and so the message does not go at all. */
	int fds[] = { ends[1], offer.send };
	assert_int_equal(send_fds(pair.a, "x", fds, 2, 0), -1);
	assert_int_equal(errno, EINVAL);
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	end(&theirs);
	end(&offer.ours);
	pair_close(&pair);
}

#define OWN_CASE(name) \
	cmocka_unit_test_setup_teardown(name, case_begin, case_end)

const struct CMUnitTest own_cases[] = {
	OWN_CASE(a_pipe_of_ones_own_is_written_from_over_there),
	OWN_CASE(a_socket_of_ones_own_works_both_ways),
	OWN_CASE(one_that_was_not_taken_is_open_nowhere_else),
};
const size_t own_case_count = COUNT(own_cases);
