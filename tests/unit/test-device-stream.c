/* SPDX-License-Identifier: MIT */
/* A stream and the peer it talks to; the loop turns only when told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/loop.h"
#include "virtio-wl/device/endpoint/stream.h"

struct fixture {
	struct loop *loop;
	struct vwl_budget budget;
	struct vwl_lingering lingering;
	struct vwl_stream *stream;
	int peer;
	unsigned readable, drained, send_ended;
};

static void
handle_readable(void *data)
{
	((struct fixture *)data)->readable++;
}

static void
handle_drained(void *data)
{
	((struct fixture *)data)->drained++;
}

static void
handle_send_ended(void *data)
{
	((struct fixture *)data)->send_ended++;
}

static const struct vwl_stream_handler handler = {
	.readable = handle_readable,
	.drained = handle_drained,
	.send_ended = handle_send_ended,
};

static void
begin(struct fixture *fixture, int fd, int peer, bool is_socket, bool can_send,
	bool can_recv)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->peer = peer;
	vwl_budget_init(&fixture->budget);
	vwl_lingering_init(&fixture->lingering);
	assert_int_equal(loop_create(&fixture->loop), 0);
	struct vwl_stream_options options = {
		.loop = fixture->loop,
		.budget = &fixture->budget,
		.is_socket = is_socket,
		.passes_fds = is_socket,
		.can_send = can_send,
		.can_recv = can_recv,
	};
	assert_int_equal(vwl_stream_create(&options, fd, &fixture->stream), 0);
	assert_int_equal(vwl_stream_start(fixture->stream, &handler, fixture),
		0);
}

static void
begin_socket(struct fixture *fixture)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC
		| SOCK_NONBLOCK, 0, pair), 0);
	begin(fixture, pair[0], pair[1], true, true, true);
}

/* Nothing is held any more, and nothing is left to wake up for. */
static void
end(struct fixture *fixture)
{
	vwl_stream_close(fixture->stream, &fixture->lingering);
	vwl_lingering_finish(&fixture->lingering);
	for (int i = 0; i < VWL_RESOURCES; i++) {
		assert_int_equal(fixture->budget.used[i], 0);
	}
	fd_close(&fixture->peer);
	loop_destroy(fixture->loop);
}

/* Let the loop do all that is ready; how many turns did something. */
static unsigned
turn(struct fixture *fixture)
{
	unsigned before = fixture->readable + fixture->drained
		+ fixture->send_ended;
	assert_int_equal(loop_dispatch(fixture->loop, 0), 0);
	return fixture->readable + fixture->drained + fixture->send_ended
		- before;
}

static int
send_text(struct fixture *fixture, const char *text, const int *fds,
	size_t fd_count)
{
	struct iovec iov = {
		.iov_base = (char *)text,
		.iov_len = strlen(text),
	};
	struct vwl_cargo cargo[2] = { 0 };
	assert_true(fd_count <= 2);
	for (size_t i = 0; i < fd_count; i++) {
		cargo[i].fd = fds[i];
	}
	return vwl_stream_send(fixture->stream, &iov, 1, iov.iov_len, cargo,
		fd_count);
}

/* Send until something is queued; how many bytes went in all. */
static size_t
fill(struct fixture *fixture)
{
	static char block[8192];
	size_t sent = 0;
	while (vwl_stream_queued_bytes(fixture->stream) == 0) {
		struct iovec iov = { block, sizeof(block) };
		assert_int_equal(vwl_stream_send(fixture->stream, &iov, 1,
			sizeof(block), NULL, 0), 0);
		sent += sizeof(block);
	}
	return sent;
}

/* Read what is there; bytes. The end counts as none. */
static size_t
drain(int fd)
{
	char block[65536];
	size_t total = 0;
	ssize_t n;
	while ((n = read(fd, block, sizeof(block))) > 0) {
		total += (size_t)n;
	}
	return total;
}

static void
a_full_peer_costs_no_wake_up_and_then_gets_all_in_order(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	size_t sent = fill(&fixture);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(send_text(&fixture, "with", &null, 1), 0);
	assert_int_equal(send_text(&fixture, "behind", NULL, 0), 0);
	fd_close(&null);
	assert_int_equal(vwl_stream_queued_fds(fixture.stream), 1);
	assert_int_equal(turn(&fixture), 0);

	size_t got = 0;
	int fds[2];
	size_t fd_count = 0;
	while (got < sent + 10) {
		char block[4096];
		struct iovec iov = { block, sizeof(block) };
		ssize_t n = fd_recvmsg(fixture.peer, &iov, 1, fds, 2,
			&fd_count);
		if (n == -EAGAIN) {
			turn(&fixture);
			continue;
		}
		assert_true(n > 0);
		got += (size_t)n;
		if (fd_count > 0) {
			/* Never later than the first of its bytes. */
			assert_true(got >= sent + 4);
			assert_true(got - (size_t)n <= sent);
			fd_close_all(fds, fd_count);
		}
	}
	assert_int_equal(got, sent + 10);
	turn(&fixture);
	assert_true(fixture.drained > 0);
	assert_int_equal(vwl_stream_queued_bytes(fixture.stream), 0);
	assert_int_equal(vwl_stream_queued_fds(fixture.stream), 0);
	assert_int_equal(turn(&fixture), 0);
	end(&fixture);
}

static void
what_nobody_pulls_wakes_nobody(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	assert_int_equal(write(fixture.peer, "x", 1), 1);
	assert_int_equal(turn(&fixture), 1);
	vwl_stream_want_recv(fixture.stream, false);
	assert_int_equal(turn(&fixture), 0);
	fd_close(&fixture.peer);	/* and not the end of it either */
	assert_int_equal(turn(&fixture), 0);
	vwl_stream_want_recv(fixture.stream, true);
	assert_int_equal(turn(&fixture), 1);
	assert_int_equal(fixture.readable, 2);

	char byte;
	struct iovec iov = { &byte, 1 };
	size_t fd_count;
	assert_int_equal(vwl_stream_recv(fixture.stream, &iov, 1, NULL, 0,
		&fd_count), 1);
	assert_int_equal(vwl_stream_recv(fixture.stream, &iov, 1, NULL, 0,
		&fd_count), 0);
	assert_int_equal(turn(&fixture), 1);
	assert_int_equal(fixture.send_ended, 1);
	assert_int_equal(turn(&fixture), 0);
	end(&fixture);
}

static void
a_closed_stream_still_delivers_and_then_dies(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	size_t sent = fill(&fixture);
	vwl_stream_close(fixture.stream, &fixture.lingering);
	fixture.stream = NULL;
	assert_false(list_empty(&fixture.lingering.streams));
	assert_true(fixture.budget.used[VWL_RES_QUEUED] > 0);
	/* Its peer cannot make it wait for more. */
	assert_int_equal(send(fixture.peer, "x", 1, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);

	size_t got = 0;
	while (!list_empty(&fixture.lingering.streams)) {
		got += drain(fixture.peer);
		turn(&fixture);
	}
	got += drain(fixture.peer);
	assert_int_equal(got, sent);
	char byte;
	assert_int_equal(read(fixture.peer, &byte, 1), 0);
	end(&fixture);
}

static void
a_lingering_stream_whose_peer_goes_is_gone_too(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	fill(&fixture);
	vwl_stream_close(fixture.stream, &fixture.lingering);
	fixture.stream = NULL;
	fd_close(&fixture.peer);
	turn(&fixture);
	assert_true(list_empty(&fixture.lingering.streams));
	end(&fixture);
}

static void
an_end_of_sending_comes_behind_the_queue(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	size_t sent = fill(&fixture);
	vwl_stream_shutdown_send(fixture.stream);
	assert_int_equal(send_text(&fixture, "late", NULL, 0), -EPIPE);
	size_t got = 0;
	while (got < sent) {
		got += drain(fixture.peer);
		turn(&fixture);
	}
	char byte;
	assert_int_equal(read(fixture.peer, &byte, 1), 0);
	assert_int_equal(fixture.send_ended, 0);	/* it was ours */
	assert_int_equal(write(fixture.peer, "x", 1), 1);
	assert_int_equal(turn(&fixture), 1);
	assert_int_equal(fixture.readable, 1);
	end(&fixture);
}

static void
an_end_of_receiving_is_seen_by_a_peer_that_waits_to_write(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	static char block[8192];
	while (send(fixture.peer, block, sizeof(block), MSG_NOSIGNAL) > 0) {
	}
	assert_int_equal(errno, EAGAIN);
	struct pollfd pollfd = { .fd = fixture.peer, .events = POLLOUT };
	assert_int_equal(poll(&pollfd, 1, 0), 0);
	vwl_stream_shutdown_recv(fixture.stream);
	assert_int_equal(poll(&pollfd, 1, 0), 1);
	assert_int_equal(send(fixture.peer, block, 1, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);
	end(&fixture);
}

static void
a_pipe_is_used_without_making_it_nonblocking_for_its_peer(void **state)
{
	(void)state;
	int ends[2];
	struct fixture fixture;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	int shared = fd_dup(ends[1]);
	begin(&fixture, ends[1], ends[0], false, true, false);
	size_t sent = fill(&fixture);
	assert_true(sent > 0);
	if (fixture.stream->can_nowait) {
		assert_int_equal(fcntl(shared, F_GETFL) & O_NONBLOCK, 0);
	}
	fd_close(&shared);
	size_t got = 0;
	while (got < sent) {
		got += drain(fixture.peer);
		turn(&fixture);
	}
	assert_int_equal(got, sent);
	/* Idle, it is told that nobody reads any more. */
	assert_int_equal(turn(&fixture), 0);
	fd_close(&fixture.peer);
	assert_int_equal(turn(&fixture), 1);
	assert_int_equal(fixture.send_ended, 1);
	end(&fixture);
}

static void
a_message_that_is_not_paid_for_sends_nothing(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	fixture.budget.limits[VWL_RES_QUEUED] = 100;
	assert_int_equal(send_text(&fixture, "x", NULL, 0), -EDQUOT);
	char byte;
	assert_int_equal(read(fixture.peer, &byte, 1), -1);
	assert_int_equal(errno, EAGAIN);
	end(&fixture);
}

static void
small_messages_cost_their_bytes_and_little_more(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	fill(&fixture);
	uint64_t before = fixture.budget.used[VWL_RES_QUEUED];
	for (unsigned i = 0; i < 10000; i++) {
		assert_int_equal(send_text(&fixture, "x", NULL, 0), 0);
	}
	assert_true(fixture.budget.used[VWL_RES_QUEUED] - before < 16384);
	end(&fixture);
}

/* Whether the descriptors that were sent are paid for still. */
static uint64_t
in_flight(struct fixture *fixture)
{
	turn(fixture);
	return fixture->budget.used[VWL_RES_IN_FLIGHT];
}

static void
take_one(struct fixture *fixture)
{
	char byte;
	struct iovec iov = { &byte, 1 };
	int fd;
	size_t fd_count;
	assert_int_equal(fd_recvmsg(fixture->peer, &iov, 1, &fd, 1, &fd_count),
		1);
	assert_int_equal(fd_count, 1);
	fd_close(&fd);
}

static void
descriptors_are_paid_for_until_the_peer_has_them(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
		assert_int_equal(in_flight(&fixture), i);
	}
	uint64_t held = fixture.budget.used[VWL_RES_FDS];
	for (unsigned i = 0; i < 3; i++) {
		assert_true(in_flight(&fixture) > 0);
		take_one(&fixture);
	}
	assert_int_equal(in_flight(&fixture), 0);
	/* And nothing is left to watch for that. */
	assert_int_equal(fixture.budget.used[VWL_RES_FDS], held - 1);

	fixture.budget.limits[VWL_RES_IN_FLIGHT] = 1;
	assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
	assert_int_equal(send_text(&fixture, "x", &null, 1), -EDQUOT);
	assert_int_equal(send_text(&fixture, "y", NULL, 0), 0);
	fd_close(&fixture.peer);
	assert_int_equal(in_flight(&fixture), 0);
	fd_close(&null);
	end(&fixture);
}

static void
a_peer_that_is_always_behind_holds_up_what_it_has_not_read(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
		take_one(&fixture);
		assert_true(in_flight(&fixture) > 0);
		assert_true(in_flight(&fixture) < 10);
	}
	fd_close(&null);
	end(&fixture);
}

static void
what_waits_in_the_queue_is_paid_for_and_what_cannot_go_is_not(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
	fill(&fixture);
	assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
	take_one(&fixture);
	drain(fixture.peer);
	/* Flushed, and not read. */
	assert_int_equal(in_flight(&fixture), 1);
	drain(fixture.peer);
	assert_int_equal(in_flight(&fixture), 0);

	fill(&fixture);
	assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
	fd_close(&fixture.peer);
	assert_int_equal(in_flight(&fixture), 0);
	assert_int_equal(send_text(&fixture, "x", &null, 1), -EPIPE);
	assert_int_equal(in_flight(&fixture), 0);
	fd_close(&null);
	end(&fixture);
}

static void
a_closed_stream_keeps_its_place_until_its_descriptors_are_taken(void **state)
{
	(void)state;
	struct fixture fixture;
	begin_socket(&fixture);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(send_text(&fixture, "x", &null, 1), 0);
	vwl_stream_close(fixture.stream, &fixture.lingering);
	fixture.stream = NULL;
	vwl_lingering_drop(&fixture.lingering);
	assert_int_equal(in_flight(&fixture), 1);
	assert_int_equal(fixture.budget.used[VWL_RES_CONNECTIONS], 1);
	assert_int_equal(send(fixture.peer, "x", 1, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);
	take_one(&fixture);
	char byte;
	assert_int_equal(recv(fixture.peer, &byte, 1, MSG_DONTWAIT), 0);
	assert_int_equal(in_flight(&fixture), 0);
	assert_true(list_empty(&fixture.lingering.streams));
	assert_int_equal(fixture.budget.used[VWL_RES_CONNECTIONS], 0);
	fd_close(&null);
	end(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_full_peer_costs_no_wake_up_and_then_gets_all_in_order),
		cmocka_unit_test(what_nobody_pulls_wakes_nobody),
		cmocka_unit_test(
			a_closed_stream_still_delivers_and_then_dies),
		cmocka_unit_test(
			a_lingering_stream_whose_peer_goes_is_gone_too),
		cmocka_unit_test(an_end_of_sending_comes_behind_the_queue),
		cmocka_unit_test(
			an_end_of_receiving_is_seen_by_a_peer_that_waits_to_write),
		cmocka_unit_test(
			a_pipe_is_used_without_making_it_nonblocking_for_its_peer),
		cmocka_unit_test(a_message_that_is_not_paid_for_sends_nothing),
		cmocka_unit_test(
			small_messages_cost_their_bytes_and_little_more),
		cmocka_unit_test(
			descriptors_are_paid_for_until_the_peer_has_them),
		cmocka_unit_test(
			a_peer_that_is_always_behind_holds_up_what_it_has_not_read),
		cmocka_unit_test(
			what_waits_in_the_queue_is_paid_for_and_what_cannot_go_is_not),
		cmocka_unit_test(
			a_closed_stream_keeps_its_place_until_its_descriptors_are_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
