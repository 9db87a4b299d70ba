/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control-message.h"

static int
decode(const char *line, struct wlb_request *ret, const char **ret_error)
{
	return wlb_request_decode(line, strlen(line), ret, ret_error);
}

static void
a_request_is_read(void **state)
{
	(void)state;
	struct wlb_request request;
	const char *error;
	assert_int_equal(decode("{\"vm\":\"work\",\"command\":\"restart\","
		"\"id\":-7}", &request, &error), 0);
	assert_int_equal(request.command, WLB_COMMAND_RESTART);
	assert_string_equal(request.vm, "work");
	assert_true(request.has_id);
	assert_int_equal(request.id, -7);

	assert_int_equal(decode(" {\"command\":\"status\"} \r", &request,
		&error), 0);
	assert_int_equal(request.command, WLB_COMMAND_STATUS);
	assert_string_equal(request.vm, "");
	assert_false(request.has_id);
}

static const struct {
	const char *line;
	const char *error;
} refused[] = {
	{ "", "expected one JSON object on a line" },
	{ "status", "expected one JSON object on a line" },
	{ "{\"command\":\"status\"", "expected one JSON object on a line" },
	{ "{\"command\":\"status\"} {}", "expected one JSON object on a line" },
	{ "{\"command\":\"status\",\"command\":\"reload\"}",
		"expected one JSON object on a line" },
	{ "{\"command\":\"\xff\"}", "expected one JSON object on a line" },
	{ "[\"status\"]", "expected a JSON object" },
	{ "{}", "expected a command" },
	{ "{\"command\":7}", "command: expected a string" },
	{ "{\"command\":\"Status\"}", "command: unknown" },
	{ "{\"command\":\"quit\"}", "command: unknown" },
	{ "{\"command\":\"restart\"}", "this command needs a vm" },
	{ "{\"command\":\"reload\",\"vm\":\"a\"}",
		"this command takes no vm" },
	{ "{\"command\":\"restart\",\"vm\":\"../a\"}",
		"vm: expected the name of a VM" },
	{ "{\"command\":\"restart\",\"vm\":\"\"}",
		"vm: expected the name of a VM" },
	{ "{\"command\":\"restart\",\"vm\":\"a\\u0000b\"}",
		"expected one JSON object on a line" },
	{ "{\"command\":\"restart\",\"vm\":"
		"\"a2345678901234567890123456789012\"}",
		"vm: expected the name of a VM" },
	{ "{\"command\":\"restart\",\"vm\":null}",
		"vm: expected the name of a VM" },
	{ "{\"command\":\"status\",\"id\":1.5}", "id: expected an integer" },
	{ "{\"command\":\"status\",\"all\":true}",
		"expected no members but command, vm, state, volume and id" },
	{ "{\"command\":\"mic\",\"vm\":\"a\"}", "this command needs a state" },
	{ "{\"command\":\"mic\",\"vm\":\"a\",\"state\":1}",
		"state: expected true or false" },
	{ "{\"command\":\"mute\",\"state\":true}", "this command needs a vm" },
	{ "{\"command\":\"restart\",\"vm\":\"a\",\"state\":true}",
		"this command takes no state" },
	{ "{\"command\":\"volume\",\"vm\":\"a\"}",
		"this command needs a volume" },
	{ "{\"command\":\"volume\",\"vm\":\"a\",\"volume\":1.6}",
		"volume: expected a number from 0 to 1.5" },
	{ "{\"command\":\"volume\",\"vm\":\"a\",\"volume\":-0.1}",
		"volume: expected a number from 0 to 1.5" },
	{ "{\"command\":\"volume\",\"vm\":\"a\",\"volume\":\"1\"}",
		"volume: expected a number from 0 to 1.5" },
};

static void
anything_else_is_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wlb_request request = { .vm = "untouched" };
		const char *error = NULL;
		assert_int_equal(decode(refused[i].line, &request, &error),
			-EPROTO);
		assert_string_equal(error, refused[i].error);
		assert_string_equal(request.vm, "untouched");
	}
}

static void
nesting_without_end_is_refused(void **state)
{
	(void)state;
	static char line[WLB_CONTROL_LINE_MAX];
	memset(line, '[', sizeof(line));
	struct wlb_request request;
	const char *error = NULL;
	assert_int_equal(wlb_request_decode(line, sizeof(line), &request,
		&error), -EPROTO);
	assert_non_null(error);
}

static void
what_is_encoded_decodes_to_the_same(void **state)
{
	(void)state;
	const struct wlb_request requests[] = {
		{ .command = WLB_COMMAND_STATUS },
		{ .command = WLB_COMMAND_STATUS, .vm = "work" },
		{ .command = WLB_COMMAND_VMM_ARGS, .vm = "work", .has_id = true,
			.id = INT64_MAX },
		{ .command = WLB_COMMAND_RELOAD, .has_id = true, .id = 0 },
		{ .command = WLB_COMMAND_ATTACH, .vm = "a-1" },
		{ .command = WLB_COMMAND_MIC, .vm = "a", .has_state = true,
			.state = true },
		{ .command = WLB_COMMAND_MUTE, .vm = "a", .has_state = true },
		{ .command = WLB_COMMAND_VOLUME, .vm = "a", .has_volume = true,
			.volume = 0.5 },
	};
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		char *line = wlb_request_encode(&requests[i]);
		assert_non_null(line);
		size_t len = strlen(line);
		assert_int_equal(line[len - 1], '\n');
		struct wlb_request request;
		const char *error;
		assert_int_equal(wlb_request_decode(line, len - 1, &request,
			&error), 0);
		assert_int_equal(request.command, requests[i].command);
		assert_int_equal(request.has_id, requests[i].has_id);
		assert_int_equal(request.id, requests[i].id);
		assert_int_equal(request.has_state, requests[i].has_state);
		assert_int_equal(request.state, requests[i].state);
		assert_true(request.volume == requests[i].volume);
		assert_string_equal(request.vm, requests[i].vm);
		free(line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read),
		cmocka_unit_test(anything_else_is_refused_with_a_reason),
		cmocka_unit_test(nesting_without_end_is_refused),
		cmocka_unit_test(what_is_encoded_decodes_to_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
