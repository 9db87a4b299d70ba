/* SPDX-License-Identifier: MIT */
/* Pipes and socket pairs of which one end is sent. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "conformance.h"
#include "util/fd.h"

static void
we_read_what_the_receiver_writes(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_READ);
	assert_int_equal(send_fds(pair.a, "p", &offer.send, 1, 0), 1);
	offer_sent(&offer);
	int theirs = expect_fd(pair.b, "p");
	send_text(theirs, "through the pipe");
	expect_text(offer.ours, "through the pipe");
	end(&theirs);
	expect_eof(offer.ours);
	assert_true(await(offer.ours, POLLIN) & POLLHUP);
	end(&offer.ours);
	pair_close(&pair);
}

static void
the_receiver_reads_what_we_write(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_WRITE);
	assert_int_equal(send_fds(pair.a, "p", &offer.send, 1, 0), 1);
	offer_sent(&offer);
	int theirs = expect_fd(pair.b, "p");
	send_text(offer.ours, "through the pipe");
	expect_text(theirs, "through the pipe");
	send_text(offer.ours, "and the rest");
	end(&offer.ours);
	expect_text(theirs, "and the rest");
	expect_eof(theirs);
	end(&theirs);
	pair_close(&pair);
}

static void
a_pipe_nobody_reads_breaks(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_WRITE);
	assert_int_equal(send_fds(pair.a, "p", &offer.send, 1, 0), 1);
	offer_sent(&offer);
	int theirs = expect_fd(pair.b, "p");
	end(&theirs);
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	assert_int_equal(sigaction(SIGPIPE, &ignore, &before), 0);
	static char bytes[65536];
	while (vwl_write(offer.ours, bytes, sizeof(bytes)) > 0) {
	}
	assert_int_equal(errno, EPIPE);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
	end(&offer.ours);
	pair_close(&pair);
}

static void
a_pipe_carries_much_in_spite_of_its_size(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_WRITE);
	assert_int_equal(send_fds(pair.a, "p", &offer.send, 1, 0), 1);
	offer_sent(&offer);
	int theirs = expect_fd(pair.b, "p");
	static uint8_t out[16384];
	static uint8_t in[16384];
	for (size_t i = 0; i < 64; i++) {
		memset(out, (int)i, sizeof(out));
		assert_int_equal(vwl_write(offer.ours, out, sizeof(out)),
			sizeof(out));
		recv_all(theirs, in, sizeof(in));
		assert_memory_equal(in, out, sizeof(in));
	}
	end(&offer.ours);
	expect_eof(theirs);
	end(&theirs);
	pair_close(&pair);
}

static void
a_socket_pair_is_a_connection_like_any_other(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_READ_WRITE);
	assert_int_equal(send_fds(pair.a, "p", &offer.send, 1, 0), 1);
	offer_sent(&offer);
	int theirs = expect_fd(pair.b, "p");
	send_text(offer.ours, "ping");
	expect_text(theirs, "ping");
	send_text(theirs, "pong");
	expect_text(offer.ours, "pong");
	int file = fd_memfd("file", 100, 0);
	assert_int_equal(send_fds(theirs, "fd", &file, 1, 0), 2);
	end(&file);
	file = expect_fd(offer.ours, "fd");
	end(&file);
	assert_int_equal(vwl_shutdown(theirs, SHUT_WR), 0);
	expect_eof(offer.ours);
	end(&offer.ours);
	assert_true(await(theirs, 0) & POLLHUP);
	end(&theirs);
	pair_close(&pair);
}

const struct CMUnitTest pipe_cases[] = {
	CASE(we_read_what_the_receiver_writes),
	CASE(the_receiver_reads_what_we_write),
	CASE(a_pipe_nobody_reads_breaks),
	CASE(a_pipe_carries_much_in_spite_of_its_size),
	CASE(a_socket_pair_is_a_connection_like_any_other),
};
const size_t pipe_case_count = COUNT(pipe_cases);
