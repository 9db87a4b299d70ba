/* SPDX-License-Identifier: MIT */
/* Descriptors beside the bytes: which, how many, when, and whose. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance.h"
#include "util/fd.h"

/* Something small to send that can be told apart: a file with a number. */
static int
numbered(uint8_t number)
{
	uint8_t bytes[100];
	memset(bytes, number, sizeof(bytes));
	int fd = provider->snapshot(bytes, sizeof(bytes));
	assert_true(fd >= 0);
	return fd;
}

static void
expect_number(int fd, uint8_t number)
{
	uint8_t *bytes = mmap(NULL, 100, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(bytes != MAP_FAILED);
	assert_int_equal(bytes[0], number);
	assert_int_equal(bytes[99], number);
	munmap(bytes, 100);
}

static void
as_many_as_fit_arrive_in_order(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int out[VWL_FDS_MAX];
	int in[VWL_FDS_MAX];
	for (size_t i = 0; i < VWL_FDS_MAX; i++) {
		out[i] = numbered((uint8_t)(i + 1));
	}
	assert_int_equal(send_fds(pair.a, "all", out, VWL_FDS_MAX, 0), 3);
	for (size_t i = 0; i < VWL_FDS_MAX; i++) {
		end(&out[i]);
	}
	char buf[16];
	size_t count = VWL_FDS_MAX;
	int flags = MSG_CMSG_CLOEXEC;
	assert_int_equal(recv_fds(pair.b, buf, sizeof(buf), in, &count,
		&flags), 3);
	assert_int_equal(count, VWL_FDS_MAX);
	assert_int_equal(flags & MSG_CTRUNC, 0);
	for (size_t i = 0; i < VWL_FDS_MAX; i++) {
		expect_number(in[i], (uint8_t)(i + 1));
		end(&in[i]);
	}
	pair_close(&pair);
}

static void
far_too_many_are_refused(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int fds[254];
	int fd = numbered(1);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = fd;
	}
	assert_int_equal(send_fds(pair.a, "x", fds, COUNT(fds), 0), -1);
	assert_int_equal(errno, EINVAL);
	send_text(pair.a, "unharmed");
	expect_text(pair.b, "unharmed");
	end(&fd);
	pair_close(&pair);
}

static void
a_closed_descriptor_is_refused_and_nothing_goes(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int good = numbered(1);
	int fds[] = { good, 12345 };
	assert_int_equal(send_fds(pair.a, "x", fds, 2, 0), -1);
	assert_int_equal(errno, EBADF);
	send_text(pair.a, "unharmed");
	expect_text(pair.b, "unharmed");
	end(&good);
	pair_close(&pair);
}

static void
surplus_is_closed_and_said(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int out[3];
	for (size_t i = 0; i < 3; i++) {
		out[i] = numbered((uint8_t)(i + 1));
	}
	assert_int_equal(send_fds(pair.a, "three", out, 3, 0), 5);
	assert_int_equal(send_fds(pair.a, "three", out, 3, 0), 5);
	for (size_t i = 0; i < 3; i++) {
		end(&out[i]);
	}
	char buf[16];
	int in[1];
	size_t count = 1;
	int flags = MSG_CMSG_CLOEXEC;
	assert_int_equal(recv_fds(pair.b, buf, sizeof(buf), in, &count,
		&flags), 5);
	assert_true(flags & MSG_CTRUNC);
	assert_int_equal(count, 1);
	expect_number(in[0], 1);
	end(&in[0]);

	/* No control buffer at all; case_end() counts what is left. */
	count = 0;
	flags = MSG_CMSG_CLOEXEC;
	assert_int_equal(recv_fds(pair.b, buf, sizeof(buf), NULL, &count,
		&flags), 5);
	assert_true(flags & MSG_CTRUNC);
	send_text(pair.a, "after");
	expect_text(pair.b, "after");
	pair_close(&pair);
}

static void
close_on_exec_is_as_asked(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pair pair = pair_open();
		int out = numbered(7);
		int in;
		size_t count = 1;
		int flags = i == 0 ? 0 : MSG_CMSG_CLOEXEC;
		char byte;
		assert_int_equal(send_fds(pair.a, "x", &out, 1, 0), 1);
		assert_int_equal(recv_fds(pair.b, &byte, 1, &in, &count,
			&flags), 1);
		assert_int_equal(count, 1);
		assert_int_equal(fcntl(in, F_GETFD), i == 0 ? 0 : FD_CLOEXEC);
		end(&out);
		end(&in);
		pair_close(&pair);
	}
}

static void
they_come_with_the_first_byte_of_their_message(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int out = numbered(9);
	assert_int_equal(send_fds(pair.a, "abc", &out, 1, 0), 3);
	char buf[2];
	int in;
	size_t count = 1;
	int flags = MSG_CMSG_CLOEXEC;
	assert_int_equal(recv_fds(pair.b, buf, 1, &in, &count, &flags), 1);
	assert_int_equal(count, 1);
	expect_number(in, 9);
	count = 1;
	flags = MSG_CMSG_CLOEXEC;
	assert_int_equal(recv_fds(pair.b, buf, 2, &in, &count, &flags), 2);
	assert_int_equal(count, 0);
	assert_memory_equal(buf, "bc", 2);
	end(&in);
	end(&out);
	pair_close(&pair);
}

static void
no_later_byte_comes_with_them_and_none_is_before_them(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int out[2] = { numbered(1), numbered(2) };
	send_text(pair.a, "aa");
	assert_int_equal(send_fds(pair.a, "1", &out[0], 1, 0), 1);
	send_text(pair.a, "bb");
	assert_int_equal(send_fds(pair.a, "2", &out[1], 1, 0), 1);
	send_text(pair.a, "cc");

	/* Bytes may be glued together in front of a message with descriptors,
	 * never behind it. */
	char stream[9] = "";
	size_t done = 0;
	uint8_t next = 1;
	while (done < 8) {
		int in;
		size_t count = 1;
		int flags = MSG_CMSG_CLOEXEC;
		ssize_t n = recv_fds(pair.b, stream + done, 8 - done, &in,
			&count, &flags);
		assert_true(n > 0);
		done += (size_t)n;
		if (count > 0) {
			assert_int_equal(stream[done - 1], '0' + next);
			expect_number(in, next);
			next++;
			end(&in);
		} else {
			assert_null(memchr(stream + done - (size_t)n, '1',
				(size_t)n));
			assert_null(memchr(stream + done - (size_t)n, '2',
				(size_t)n));
		}
	}
	assert_string_equal(stream, "aa1bb2cc");
	assert_int_equal(next, 3);
	end(&out[0]);
	end(&out[1]);
	pair_close(&pair);
}

static void
without_a_byte_they_do_not_go(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int out = numbered(1);
	assert_int_equal(send_fds(pair.a, "", &out, 1, 0), 0);
	send_text(pair.a, "x");
	char byte;
	int in;
	size_t count = 1;
	int flags = 0;
	assert_int_equal(recv_fds(pair.b, &byte, 1, &in, &count, &flags), 1);
	assert_int_equal(count, 0);
	end(&out);
	pair_close(&pair);
}

static void
the_sender_keeps_its_own(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int out = numbered(5);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(send_fds(pair.a, "again", &out, 1, 0), 5);
	}
	end(&out);
	for (int i = 0; i < 3; i++) {
		int in = expect_fd(pair.b, "again");
		expect_number(in, 5);
		end(&in);
	}
	pair_close(&pair);
}

static void
a_connection_can_be_passed_and_used(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct pair passed = pair_open();
	assert_int_equal(send_fds(pair.a, "here", &passed.a, 1, 0), 4);
	end(&passed.a);
	int got = expect_fd(pair.b, "here");
	send_text(passed.b, "hello");
	expect_text(got, "hello");

	int file = fd_memfd("file", 100, 0);
	assert_true(file >= 0);
	assert_int_equal(send_fds(got, "fd", &file, 1, 0), 2);
	end(&file);
	file = expect_fd(passed.b, "fd");
	expect_number(file, 0);
	end(&file);

	end(&passed.b);
	expect_eof(got);
	end(&got);
	pair_close(&pair);
}

static void
what_is_never_read_is_closed_with_the_reader(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_READ);
	assert_int_equal(send_fds(pair.a, "w", &offer.send, 1, 0), 1);
	offer_sent(&offer);
	assert_true(await(pair.b, POLLIN) & POLLIN);
	end(&pair.b);
	expect_eof(offer.ours);
	end(&offer.ours);
	pair_close(&pair);
}

static void
a_regular_file_arrives_with_its_content(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	FILE *file = tmpfile();
	assert_non_null(file);
	assert_int_equal(fputs("some words in a file", file) >= 0, 1);
	assert_int_equal(fflush(file), 0);
	int fd = fileno(file);
	assert_int_equal(send_fds(pair.a, "file", &fd, 1, 0), 4);
	int in = expect_fd(pair.b, "file");
	char *words = mmap(NULL, 20, PROT_READ, MAP_PRIVATE, in, 0);
	assert_true(words != MAP_FAILED);
	assert_memory_equal(words, "some words in a file", 20);
	munmap(words, 20);
	end(&in);
	fclose(file);
	pair_close(&pair);
}

const struct CMUnitTest fd_cases[] = {
	CASE(as_many_as_fit_arrive_in_order),
	CASE(far_too_many_are_refused),
	CASE(a_closed_descriptor_is_refused_and_nothing_goes),
	CASE(surplus_is_closed_and_said),
	CASE(close_on_exec_is_as_asked),
	CASE(they_come_with_the_first_byte_of_their_message),
	CASE(no_later_byte_comes_with_them_and_none_is_before_them),
	CASE(without_a_byte_they_do_not_go),
	CASE(the_sender_keeps_its_own),
	CASE(a_connection_can_be_passed_and_used),
	CASE(what_is_never_read_is_closed_with_the_reader),
	CASE(a_regular_file_arrives_with_its_content),
};
const size_t fd_case_count = COUNT(fd_cases);
