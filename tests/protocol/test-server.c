/* SPDX-License-Identifier: MIT */
/* Front-ends that come and go, and one that the device does not want. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vhost-user/server.h>

#include "../lib/fd-count.h"
#include "../lib/must.h"
#include "util/fd.h"
#include "util/loop.h"

#define PATIENCE_MS 5000

static struct loop *loop;
static struct vub_server *server;
static char dir[] = "/tmp/server-XXXXXX";
static int fds_before;

static struct {
	int refuse;		/* what begun() returns */
	unsigned begun, ended, failed;
	int reason;		/* of the last of those */
} seen;

static int
handle_begun(void *data, struct vub_session *session)
{
	(void)data;
	assert_non_null(session);
	seen.begun++;
	return seen.refuse;
}

static void
handle_ended(void *data, int reason)
{
	(void)data;
	seen.ended++;
	seen.reason = reason;
}

static void
handle_failed(void *data, int reason)
{
	(void)data;
	seen.failed++;
	seen.reason = reason;
}

static const struct vub_server_ops ops = {
	.begun = handle_begun,
	.ended = handle_ended,
	.failed = handle_failed,
};

static int
begin(void **state)
{
	static const struct vub_device device = { .num_queues = 1 };
	(void)state;
	fds_before = fd_count_self();
	seen.refuse = 0;
	seen.begun = seen.ended = seen.failed = 0;
	seen.reason = 0;
	must(mkdtemp(dir) != NULL && chdir(dir) == 0);
	must(loop_create(&loop) == 0);
	must(vub_server_create(loop, fd_listen("socket", 4), &device, &ops,
		NULL, &server) == 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	vub_server_destroy(server);
	loop_destroy(loop);
	must(unlink("socket") == 0 && chdir("/") == 0 && rmdir(dir) == 0);
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	return fd_count_self() == fds_before ? 0 : -1;
}

static void
turn(void)
{
	must(loop_dispatch(loop, PATIENCE_MS) >= 0);
}

static bool
is_hung_up(int fd)
{
	char byte;
	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void
one_front_end_is_served_and_the_next_waits(void **state)
{
	(void)state;
	int first = fd_connect("socket");
	int second = fd_connect("socket");
	turn();
	assert_int_equal(seen.begun, 1);
	fd_close(&first);
	while (seen.ended == 0) {
		turn();
	}
	assert_int_equal(seen.reason, -ECONNRESET);
	while (seen.begun == 1) {
		turn();
	}
	assert_false(is_hung_up(second));
	fd_close(&second);
	assert_int_equal(seen.failed, 0);
}

static void
one_that_the_device_refuses_is_told_apart_and_costs_nobody_else(void **state)
{
	(void)state;
	seen.refuse = -ENOMEM;
	int first = fd_connect("socket");
	turn();
	assert_int_equal(seen.failed, 1);
	assert_int_equal(seen.reason, -ENOMEM);
	assert_int_equal(seen.ended, 0);
	assert_true(is_hung_up(first));
	fd_close(&first);

	seen.refuse = 0;
	int second = fd_connect("socket");
	turn();
	assert_int_equal(seen.begun, 2);
	assert_int_equal(seen.failed, 1);
	assert_false(is_hung_up(second));
	fd_close(&second);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_front_end_is_served_and_the_next_waits),
		TEST(
		one_that_the_device_refuses_is_told_apart_and_costs_nobody_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
