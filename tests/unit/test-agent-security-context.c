/* SPDX-License-Identifier: MIT */
/* A compositor made of words that were written before it was asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "security-context.h"
#include "util/fd.h"

#define MANAGER "wp_security_context_manager_v1"

/* The ids that libwayland gives to the first two objects. */
enum { DISPLAY = 1, REGISTRY, CALLBACK };

static struct loop *loop;
static struct wlb_compositor *compositor;
static int server;

static void
say(uint32_t object, uint32_t opcode, const void *body, size_t len)
{
	uint32_t message[32] = { object, (uint32_t)(8 + len) << 16 | opcode };
	memcpy(message + 2, body, len);
	assert_int_equal(send(server, message, 8 + len, 0), 8 + len);
}

/* A global called @name, and the answer to the sync behind it. */
static void
answer(const char *name)
{
	uint32_t global[16] = { 1, (uint32_t)strlen(name) + 1 };
	size_t words = (strlen(name) + 1 + 3) / 4;
	memcpy(global + 2, name, strlen(name));
	global[2 + words] = 1;
	say(REGISTRY, 0, global, (3 + words) * 4);
	say(CALLBACK, 0, &(uint32_t){ 0 }, 4);
	say(DISPLAY, 1, &(uint32_t){ CALLBACK }, 4);
}

static void
connect_to(const char *name)
{
	int pair[2];
	char number[12];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		pair), 0);
	server = pair[0];
	snprintf(number, sizeof(number), "%d", pair[1]);
	setenv("WAYLAND_SOCKET", number, 1);
	answer(name);
	assert_int_equal(wlb_compositor_connect(loop, &compositor), 0);
}

static int
setup(void **state)
{
	(void)state;
	return loop_create(&loop);
}

static int
teardown(void **state)
{
	(void)state;
	wlb_compositor_destroy(compositor);
	loop_destroy(loop);
	fd_close(&server);
	return 0;
}

static int
listen_for_work(int *ret_close_fd)
{
	/* What it is, is the compositor's to judge. */
	int fd = fd_memfd("listener", 1, 0);
	int r = wlb_compositor_listen(compositor, "work", "7b0c", fd,
		ret_close_fd);
	fd_close(&fd);
	return r;
}

static void
a_listener_goes_with_the_name_and_the_instance_of_its_vm(void **state)
{
	(void)state;
	int close_fd = -1, fds[FD_PASS_MAX];
	char text[4096];
	size_t count;
	connect_to(MANAGER);
	assert_true(wlb_compositor_has_contexts(compositor));
	assert_int_equal(listen_for_work(&close_fd), 0);

	struct iovec iov = { .iov_base = text, .iov_len = sizeof(text) };
	ssize_t n = fd_recvmsg(server, &iov, 1, fds, FD_PASS_MAX, &count);
	while (count == 0) {
		n = fd_recvmsg(server, &iov, 1, fds, FD_PASS_MAX, &count);
	}
	assert_true(n > 0);
	assert_int_equal(count, 2);
	assert_non_null(memmem(text, (size_t)n, "io.wlbridge", 12));
	assert_non_null(memmem(text, (size_t)n, "work", 5));
	assert_non_null(memmem(text, (size_t)n, "7b0c", 5));

	/* Our end is the last one, once the compositor has closed its. */
	fd_close_all(fds, count);
	assert_int_equal(write(close_fd, "", 1), -1);
	fd_close(&close_fd);
}

static void
a_compositor_without_contexts_is_seen_to_have_none(void **state)
{
	(void)state;
	connect_to("wl_compositor");
	assert_false(wlb_compositor_has_contexts(compositor));
}

static void
a_compositor_that_left_in_this_turn_takes_no_listener(void **state)
{
	(void)state;
	int close_fd = -1;
	connect_to(MANAGER);
	fd_close(&server);
	assert_int_equal(loop_dispatch(loop, 0), 0);
	/* As a connection that waited in the same turn of the loop would. */
	assert_int_equal(listen_for_work(&close_fd), -EPIPE);
	assert_int_equal(close_fd, -1);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_listener_goes_with_the_name_and_the_instance_of_its_vm),
		T(a_compositor_without_contexts_is_seen_to_have_none),
		T(a_compositor_that_left_in_this_turn_takes_no_listener),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
