/* SPDX-License-Identifier: MIT */
/* What only the vhost-user carrier has: a device that dies, numbers that are
 * closed behind the library's back, children that inherit them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <virtio_wl.h>

#include "../lib/device-run.h"
#include "../lib/fd-count.h"
#include "../lib/must.h"

static const char *program;
static struct device_run run;
static struct vwl_device *device;
static int listener;
static int fds_before;

static int
begin(void **state)
{
	(void)state;
	fds_before = fd_count_self();
	char connect[128];
	char accept[128];
	device_run_init(&run);
	snprintf(connect, sizeof(connect), "=%s/loop.sock", run.dir);
	snprintf(accept, sizeof(accept), "self=%s/loop.sock", run.dir);
	const char *args[] = {
		"--connect", connect, "--accept", accept, NULL,
	};
	device_run_start(&run, program, "self", args);
	device = vwl_device_open(run.address);
	must(device != NULL);
	listener = vwl_listen(device, NULL, 0);
	must(listener >= 0);
	return 0;
}

static int
finish(void **state)
{
	(void)state;
	must(vwl_close(listener) == 0);
	vwl_device_close(device);
	if (run.pid > 0) {
		device_run_stop(&run);
	}
	must(fd_count_self() == fds_before);
	return 0;
}

static void
connect_pair(int *ret_a, int *ret_b)
{
	*ret_a = vwl_connect(device, NULL, 0);
	assert_true(*ret_a >= 0);
	*ret_b = vwl_accept(listener, NULL, 0);
	assert_true(*ret_b >= 0);
}

/* Wait for @events of @fd, dispatching; the device may go meanwhile. */
static short
await(int fd, short events)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = events },
		{ .fd = vwl_device_get_fd(device), .events = POLLIN },
	};
	while (fds[0].revents == 0) {
		vwl_device_dispatch(device);
		assert_true(poll(fds, 2, -1) > 0);
	}
	return fds[0].revents;
}

static void *
read_one(void *data)
{
	char byte;
	return (void *)(intptr_t)vwl_read(*(int *)data, &byte, 1);
}

static void
everything_ends_with_the_device(void **state)
{
	(void)state;
	int a, b;
	connect_pair(&a, &b);
	int memory = vwl_memory(device, 4096);
	assert_true(memory >= 0);
	pthread_t reader;
	assert_int_equal(pthread_create(&reader, NULL, read_one, &b), 0);
	device_run_kill(&run);

	void *n = &n;
	assert_int_equal(pthread_join(reader, &n), 0);
	assert_int_equal((intptr_t)n, 0);
	assert_true(await(a, 0) & POLLHUP);
	char byte;
	assert_int_equal(vwl_read(a, &byte, 1), 0);
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	assert_int_equal(vwl_sendmsg(a, &msg, MSG_NOSIGNAL), -1);
	assert_int_equal(errno, EPIPE);
	assert_int_equal(vwl_connect(device, NULL, 0), -1);
	assert_int_equal(errno, ECONNRESET);
	assert_int_equal(vwl_device_dispatch(device), -1);
	assert_int_equal(errno, ECONNRESET);
	assert_int_equal(vwl_accept(listener, NULL, 0), -1);
	assert_int_equal(vwl_close(a), 0);
	assert_int_equal(vwl_close(b), 0);
	assert_int_equal(vwl_close(memory), 0);
}

static void
a_number_closed_without_a_word_is_noticed(void **state)
{
	(void)state;
	int a, b;
	connect_pair(&a, &b);
	assert_int_equal(syscall(SYS_close, a), 0);
	assert_true(await(b, 0) & POLLHUP);
	assert_int_equal(vwl_kind(a), VWL_KIND_NONE);
	assert_int_equal(vwl_close(b), 0);
}

static void
a_number_taken_again_is_the_new_one(void **state)
{
	(void)state;
	int a, b;
	connect_pair(&a, &b);
	assert_int_equal(syscall(SYS_close, a), 0);
	/* The lowest number is free, and nobody has dispatched. */
	int again = vwl_pipe(device, VWL_READ);
	assert_int_equal(again, a);
	assert_int_equal(vwl_kind(again), VWL_KIND_PIPE);
	assert_true(await(b, 0) & POLLHUP);
	assert_int_equal(vwl_kind(again), VWL_KIND_PIPE);
	assert_int_equal(vwl_close(again), 0);
	assert_int_equal(vwl_close(b), 0);
}

static void
a_number_the_library_took_again_is_its_own(void **state)
{
	(void)state;
	int first = vwl_memory(device, 4096);
	int second = vwl_memory(device, 4096);
	assert_true(first >= 0 && second >= 0);
	assert_int_equal(syscall(SYS_close, first), 0);
	assert_int_equal(syscall(SYS_close, second), 0);
	/* Its two ends take the two numbers, of which nobody else heard. */
	int pipe = vwl_pipe(device, VWL_READ);
	assert_int_equal(pipe, first);
	assert_int_equal(vwl_close(pipe), 0);
	assert_int_equal(fcntl(second, F_GETFD), -1);
}

static void
a_child_closes_nothing_of_its_parents(void **state)
{
	(void)state;
	int a, b;
	connect_pair(&a, &b);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		must(vwl_kind(a) == VWL_KIND_NONE);
		must(vwl_close(a) == 0);
		must(vwl_close(b) == 0);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	char byte = 'x';
	assert_int_equal(vwl_write(a, &byte, 1), 1);
	byte = 0;
	assert_int_equal(vwl_read(b, &byte, 1), 1);
	assert_int_equal(byte, 'x');
	assert_int_equal(vwl_close(a), 0);
	assert_int_equal(vwl_close(b), 0);
}

static void
a_copy_of_memory_is_sealed_and_of_exact_size(void **state)
{
	(void)state;
	int a, b;
	connect_pair(&a, &b);
	int out = vwl_snapshot(device, "keymap", 7);
	assert_true(out >= 0);
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char byte = 'x';
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &out, sizeof(int));
	assert_int_equal(vwl_sendmsg(a, &msg, 0), 1);
	assert_int_equal(vwl_recvmsg(b, &msg, MSG_CMSG_CLOEXEC), 1);
	int in;
	memcpy(&in, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	assert_int_equal(lseek(in, 0, SEEK_END), 7);
	int seals = fcntl(in, F_GET_SEALS);
	assert_true(seals >= 0 && (seals & F_SEAL_WRITE)
		&& (seals & F_SEAL_SHRINK));
	assert_int_equal(vwl_close(in), 0);
	assert_int_equal(vwl_close(out), 0);
	assert_int_equal(vwl_close(a), 0);
	assert_int_equal(vwl_close(b), 0);
}

static void
what_was_closed_is_gone_for_what_is_made_next(void **state)
{
	(void)state;
	enum { COMMANDS = 64 };		/* that the library lets be on the way */
	int a, b;
	connect_pair(&a, &b);
	/* An answer: none of the commands before it is on its way. */
	assert_int_equal(vwl_connect(device, "nowhere", 0), -1);
	int status;
	assert_int_equal(kill(run.pid, SIGSTOP), 0);
	assert_int_equal(waitpid(run.pid, &status, WUNTRACED), run.pid);
	for (int i = 0; i < COMMANDS; i++) {
		assert_int_equal(vwl_write(a, "x", 1), 1);
	}
	assert_int_equal(vwl_close(listener), 0);
	assert_int_equal(kill(run.pid, SIGCONT), 0);
#ifndef CONFORMANCE_INTERPOSED
	/* There is room for a command again. The interposer's thread would
	 * take the news of it first, and do what is to be done. */
	struct pollfd room = {
		.fd = vwl_device_get_fd(device),
		.events = POLLIN,
	};
	assert_int_equal(poll(&room, 1, -1), 1);
#endif
	listener = vwl_listen(device, NULL, 0);
	assert_true(listener >= 0);
	assert_int_equal(vwl_close(a), 0);
	assert_int_equal(vwl_close(b), 0);
}

static void
nobody_there_is_said(void **state)
{
	(void)state;
	assert_null(vwl_device_open("vhost-user:/nonexistent/socket"));
	assert_int_equal(errno, ENOENT);
	assert_null(vwl_device_open("nonsense"));
	assert_int_equal(errno, EINVAL);
	assert_null(vwl_device_open("/dev/null"));
	assert_int_equal(errno, ENODEV);
}

#ifdef CONFORMANCE_INTERPOSED
/* The ways that programs copy descriptors. */
static int
copy_plainly(int fd)
{
	return dup(fd);
}

static int
copy_above(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	assert_true(copy >= 100);
	assert_int_equal(fcntl(copy, F_GETFD), FD_CLOEXEC);
	return copy;
}

static void
check_copy(int (*copy_fd)(int fd))
{
	int a, b;
	connect_pair(&a, &b);
	int copy = copy_fd(a);
	assert_true(copy >= 0);
	assert_int_equal(close(a), 0);
	assert_int_equal(vwl_kind(copy), VWL_KIND_CONNECTION);
	char byte = 'x';
	assert_int_equal(vwl_write(copy, &byte, 1), 1);
	byte = 0;
	assert_int_equal(vwl_read(b, &byte, 1), 1);
	assert_int_equal(byte, 'x');
	assert_int_equal(close(copy), 0);
	assert_true(await(b, 0) & POLLHUP);
	assert_int_equal(vwl_close(b), 0);
}

static void
a_copy_of_a_connection_keeps_it(void **state)
{
	(void)state;
	check_copy(copy_plainly);
	check_copy(copy_above);
	assert_int_equal(fcntl(listener, F_GETFD), FD_CLOEXEC);
	int copy = fcntl(listener, F_DUPFD, 0);
	assert_int_equal(fcntl(copy, F_GETFD), 0);
	assert_int_equal(close(copy), 0);
}

static void *
await_signal(void *data)
{
	int number;
	must(sigwait(data, &number) == 0);
	return (void *)(intptr_t)number;
}

static void
signals_are_left_to_the_program(void **state)
{
	(void)state;
	sigset_t set;
	sigset_t before;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	/* The device's thread is there already, and would die of it. */
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &set, &before), 0);
	pthread_t waiter;
	assert_int_equal(pthread_create(&waiter, NULL, await_signal, &set), 0);
	assert_int_equal(kill(getpid(), SIGUSR1), 0);
	void *number;
	assert_int_equal(pthread_join(waiter, &number), 0);
	assert_int_equal((intptr_t)number, SIGUSR1);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
}
#endif

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(everything_ends_with_the_device),
		CASE(a_number_closed_without_a_word_is_noticed),
		CASE(a_number_taken_again_is_the_new_one),
		CASE(a_number_the_library_took_again_is_its_own),
		CASE(a_child_closes_nothing_of_its_parents),
		CASE(a_copy_of_memory_is_sealed_and_of_exact_size),
		CASE(what_was_closed_is_gone_for_what_is_made_next),
#ifdef CONFORMANCE_INTERPOSED
		CASE(a_copy_of_a_connection_keeps_it),
		CASE(signals_are_left_to_the_program),
#endif
		cmocka_unit_test(nobody_there_is_said),
	};
	if (argc != 2) {
		fputs("usage: test-vhost-user WLBRIDGE-WL\n", stderr);
		return 2;
	}
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
