/* SPDX-License-Identifier: MIT */
/* A relay's flow, between pipes. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "relay-flow.h"

#define PIPE_SIZE (1 << 20)
#define MESSAGES_MAX 24

static uint8_t bytes[PIPE_SIZE];

static void
pipe_open(int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE) >= PIPE_SIZE);
	assert_true(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
}

static void
drain(int fd)
{
	while (read(fd, bytes, sizeof(bytes)) > 0) {
	}
}

/*
 * Run a flow of @messages and an end, into a pipe that has @room bytes at
 * first, for as long as it waits for something.
 */
static void
run_to_the_end(size_t messages, size_t room)
{
	int source[2], sink[2];
	pipe_open(source);
	pipe_open(sink);
	size_t len = messages * VWL_FLOW_BYTES;
	assert_int_equal(write(source[1], bytes, len), len);
	close(source[1]);
	assert_int_equal(write(sink[1], bytes, PIPE_SIZE - room),
		PIPE_SIZE - room);

	struct vwl_end from = { source[0], VWL_END_PIPE };
	struct vwl_end to = { sink[1], VWL_END_PIPE };
	struct vwl_flow *flow;
	assert_int_equal(vwl_flow_create(NULL, &from, &to, &flow), 0);
	while (vwl_flow_wants_in(flow) || vwl_flow_wants_out(flow)) {
		vwl_flow_run(flow);
		drain(sink[0]);
	}
	assert_true(flow->over);
	vwl_flow_destroy(flow);
	close(source[0]);
	close(sink[0]);
	close(sink[1]);
}

static void
a_flow_that_is_not_over_waits_for_something(void **state)
{
	(void)state;
	for (size_t messages = 0; messages <= MESSAGES_MAX; messages++) {
		run_to_the_end(messages, PIPE_SIZE);
		run_to_the_end(messages, 4096);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flow_that_is_not_over_waits_for_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
