/* SPDX-License-Identifier: MIT */
/* Descriptors of this machine that cross by relay, and VFDs that come out. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance.h"
#include "util/fd.h"

static struct vwl_relay *relay;

static int
relay_begin(void **state)
{
	int r = case_begin(state);
	relay = vwl_relay_create(provider->device());
	return relay == NULL ? -1 : r;
}

static int
relay_end(void **state)
{
	vwl_relay_destroy(relay);
	return case_end(state);
}

/* Serve the relay until @fd is ready. */
static short
serve(int fd, short events)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = events },
		{ .fd = vwl_relay_get_fd(relay), .events = POLLIN },
		{ .fd = vwl_device_get_fd(provider->device()),
			.events = POLLIN },
		{ .fd = vwl_device_get_fd(provider->far_device()),
			.events = POLLIN },
	};
	do {
		assert_int_equal(vwl_device_dispatch(provider->device()), 0);
		assert_int_equal(vwl_device_dispatch(provider->far_device()),
			0);
		vwl_relay_dispatch(relay);
		assert_true(poll(fds, COUNT(fds), -1) > 0);
	} while (fds[0].revents == 0);
	return fds[0].revents;
}

static void
serve_text(int fd, const char *text)
{
	size_t done = 0;
	char buf[256];
	while (done < strlen(text)) {
		assert_true(serve(fd, POLLIN) & POLLIN);
		ssize_t n = vwl_read(fd, buf + done, strlen(text) - done);
		assert_true(n > 0);
		done += (size_t)n;
	}
	assert_memory_equal(buf, text, done);
}

static void
serve_eof(int fd)
{
	char byte;
	serve(fd, POLLIN);
	assert_int_equal(vwl_read(fd, &byte, 1), 0);
}

/* Import @take_fd and send it to the other end; what arrives there. */
static int
import_and_send(struct pair *pair, int take_fd)
{
	int vfd = vwl_relay_import(relay, take_fd);
	assert_true(vfd >= 0);
	assert_int_equal(send_fds(pair->a, "v", &vfd, 1, 0), 1);
	assert_int_equal(vwl_close(vfd), 0);
	return expect_fd(pair->b, "v");
}

static void
a_pipe_to_read_from_is_read_over_there(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int theirs = import_and_send(&pair, ends[0]);
	assert_int_equal(write(ends[1], "hello", 5), 5);
	serve_text(theirs, "hello");
	assert_int_equal(write(ends[1], "bye", 3), 3);
	close(ends[1]);
	serve_text(theirs, "bye");
	serve_eof(theirs);
	end(&theirs);
	pair_close(&pair);
}

static void
a_pipe_to_write_to_is_written_from_over_there(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int theirs = import_and_send(&pair, ends[1]);
	send_text(theirs, "clipboard");
	serve_text(ends[0], "clipboard");
	assert_int_equal(fcntl(ends[0], F_GETFL) & O_NONBLOCK, 0);
	end(&theirs);
	serve_eof(ends[0]);
	close(ends[0]);
	pair_close(&pair);
}

static void
a_file_to_write_to_has_it_all_when_it_is_closed(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	char path[32], text[16];
	int file = fd_memfd("pasted", 0, 0);
	int watch = inotify_init1(IN_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	assert_true(inotify_add_watch(watch, path, IN_CLOSE_WRITE) >= 0);
	int theirs = import_and_send(&pair, open(path, O_WRONLY | O_CLOEXEC));
	send_text(theirs, "clip");
	send_text(theirs, "board");
	end(&theirs);
	assert_true(serve(watch, POLLIN) & POLLIN);
	assert_int_equal(pread(file, text, sizeof(text), 0), 9);
	assert_memory_equal(text, "clipboard", 9);
	close(watch);
	close(file);
	pair_close(&pair);
}

static void
a_reader_that_goes_breaks_the_writer_behind_the_relay(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int theirs = import_and_send(&pair, ends[1]);
	close(ends[0]);
	assert_true(serve(theirs, 0) & (POLLHUP | POLLERR));
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	assert_int_equal(sigaction(SIGPIPE, &ignore, &before), 0);
	static char bytes[65536];
	while (vwl_write(theirs, bytes, sizeof(bytes)) > 0) {
	}
	assert_int_equal(errno, EPIPE);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
	end(&theirs);
	pair_close(&pair);
}

static void
a_socket_works_both_ways_with_descriptors(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	int theirs = import_and_send(&pair, ends[1]);
	send_text(ends[0], "out");
	serve_text(theirs, "out");
	send_text(theirs, "in");
	serve_text(ends[0], "in");

	int inner[2];
	assert_int_equal(pipe2(inner, O_CLOEXEC), 0);
	assert_int_equal(send_fds(ends[0], "fd", &inner[0], 1, 0), 2);
	close(inner[0]);
	assert_true(serve(theirs, POLLIN) & POLLIN);
	int reader = expect_fd(theirs, "fd");
	assert_int_equal(write(inner[1], "nested", 6), 6);
	serve_text(reader, "nested");
	close(inner[1]);
	serve_eof(reader);
	end(&reader);

	assert_int_equal(shutdown(ends[0], SHUT_WR), 0);
	serve_eof(theirs);
	send_text(theirs, "still");
	serve_text(ends[0], "still");
	end(&theirs);
	serve_eof(ends[0]);
	close(ends[0]);
	pair_close(&pair);
}

static void
a_connection_comes_out_as_a_socket(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int sock = vwl_relay_export(relay, pair.b);
	assert_true(sock >= 0);
	pair.b = -1;
	int type;
	socklen_t len = sizeof(type);
	assert_int_equal(getsockopt(sock, SOL_SOCKET, SO_TYPE, &type, &len),
		0);
	send_text(pair.a, "to the compositor");
	serve_text(sock, "to the compositor");
	int memory = provider->memory(4096);
	assert_int_equal(send_fds(pair.a, "m", &memory, 1, 0), 1);
	assert_true(serve(sock, POLLIN) & POLLIN);
	int got = expect_fd(sock, "m");
	assert_true(vwl_memory_size(got) == 4096
		|| lseek(got, 0, SEEK_END) == 4096);
	close(got);
	end(&memory);
	close(sock);
	assert_true(serve(pair.a, 0) & POLLHUP);
	pair_close(&pair);
}

static void
a_slow_reader_behind_the_relay_stops_the_writer(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int theirs = import_and_send(&pair, ends[1]);
	static char bytes[8192];
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent = 0;
	for (;;) {
		ssize_t n = vwl_sendmsg(theirs, &msg, MSG_DONTWAIT);
		vwl_device_dispatch(provider->device());
		vwl_relay_dispatch(relay);
		if (n > 0) {
			sent += (size_t)n;
			continue;
		}
		assert_int_equal(errno, EAGAIN);
		if (now(theirs, POLLOUT) == 0) {
			break;
		}
	}
	assert_true(sent < (size_t)4 << 20);
	static char sink[8192];
	while (sent > 0) {
		assert_true(serve(ends[0], POLLIN) & POLLIN);
		ssize_t n = read(ends[0], sink, sizeof(sink));
		assert_true(n > 0 && (size_t)n <= sent);
		sent -= (size_t)n;
	}
	close(ends[0]);
	end(&theirs);
	pair_close(&pair);
}

static void
an_import_that_is_cancelled_leaves_nothing_open(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int vfd = vwl_relay_import(relay, ends[1]);
	assert_true(vfd >= 0);
	vwl_relay_cancel(relay, vfd);
	serve_eof(ends[0]);
	close(ends[0]);
}

static void
the_null_device_arrives_at_its_end(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	int theirs = import_and_send(&pair, fd);
	serve_eof(theirs);
	end(&theirs);
	pair_close(&pair);
}

static void
other_kinds_are_refused(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0,
		ends), 0);
	assert_int_equal(vwl_relay_import(relay, ends[0]), -1);
	assert_int_equal(errno, EINVAL);
	close(ends[1]);
	int file = fd_memfd("file", 10, 0);
	int vfd = vwl_relay_import(relay, file);
	assert_int_equal(vwl_kind(vfd), VWL_KIND_SNAPSHOT);
	assert_int_equal(vwl_relay_import(relay, vfd), vfd);
	end(&vfd);
}

/* Of all such file systems, every machine has /proc. */
static void
files_that_could_stall_the_relay_are_refused(void **state)
{
	(void)state;
	int file = open("/proc/self/comm", O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(vwl_relay_import(relay, file), -1);
	assert_int_equal(errno, EINVAL);
}

#define RELAY_CASE(name) \
	cmocka_unit_test_setup_teardown(name, relay_begin, relay_end)

const struct CMUnitTest relay_cases[] = {
	RELAY_CASE(a_pipe_to_read_from_is_read_over_there),
	RELAY_CASE(a_pipe_to_write_to_is_written_from_over_there),
	RELAY_CASE(a_file_to_write_to_has_it_all_when_it_is_closed),
	RELAY_CASE(a_reader_that_goes_breaks_the_writer_behind_the_relay),
	RELAY_CASE(a_socket_works_both_ways_with_descriptors),
	RELAY_CASE(a_connection_comes_out_as_a_socket),
	RELAY_CASE(a_slow_reader_behind_the_relay_stops_the_writer),
	RELAY_CASE(an_import_that_is_cancelled_leaves_nothing_open),
	RELAY_CASE(the_null_device_arrives_at_its_end),
	RELAY_CASE(other_kinds_are_refused),
	RELAY_CASE(files_that_could_stall_the_relay_are_refused),
};
const size_t relay_case_count = COUNT(relay_cases);
