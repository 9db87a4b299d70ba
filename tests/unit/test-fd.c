/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/fd.h"

static void
descriptors_without_room_fail_the_message_and_leak_nothing(void **state)
{
	(void)state;
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		pair), 0);
	int sent[3] = { 0, 0, 0 };
	struct iovec iov = { .iov_base = (char[]){ 'x' }, .iov_len = 1 };
	assert_int_equal(fd_sendmsg(pair[0], &iov, 1, sent, 3), 1);

	int first_free = dup(0);
	close(first_free);
	int got[2];
	size_t count = 0;
	assert_int_equal(fd_recvmsg(pair[1], &iov, 1, got, 2, &count),
		-EMSGSIZE);
	int again = dup(0);
	assert_int_equal(again, first_free);
	close(again);
	close(pair[0]);
	close(pair[1]);
}

static void
a_message_brings_its_descriptors_close_on_exec(void **state)
{
	(void)state;
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		pair), 0);
	int sent = 0;
	struct iovec iov = { .iov_base = (char[]){ 'x' }, .iov_len = 1 };
	assert_int_equal(fd_sendmsg(pair[0], &iov, 1, &sent, 1), 1);
	int got[FD_PASS_MAX];
	size_t count = 0;
	assert_int_equal(fd_recvmsg(pair[1], &iov, 1, got, FD_PASS_MAX,
		&count), 1);
	assert_int_equal(count, 1);
	assert_true(fcntl(got[0], F_GETFD) & FD_CLOEXEC);
	fd_close_all(got, count);
	assert_int_equal(got[0], -1);
	fd_close(&pair[0]);
	fd_close(&pair[1]);
}

static void
a_sealed_memfd_keeps_its_size(void **state)
{
	(void)state;
	int fd = fd_memfd("test", 8192, F_SEAL_SHRINK | F_SEAL_GROW);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 4096), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(lseek(fd, 0, SEEK_END), 8192);
	fd_close(&fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			descriptors_without_room_fail_the_message_and_leak_nothing),
		cmocka_unit_test(a_message_brings_its_descriptors_close_on_exec),
		cmocka_unit_test(a_sealed_memfd_keeps_its_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
