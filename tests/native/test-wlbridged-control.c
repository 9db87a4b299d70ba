/* SPDX-License-Identifier: MIT */
/* The control socket against clients that keep to no rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/bridge.h"
#include "../lib/fd-count.h"
#include "../lib/must.h"
#include "control-message.h"
#include "util/fd.h"

#define CLIENTS_MAX 16

static struct bridge bridge;
static struct report report;

static int
group_setup(void **state)
{
	(void)state;
	bridge_init(&bridge, "[vm gui]\ncolour = #aabbcc\n"
		"role = compositor\n");
	bridge_start(&bridge);
	bridge_next_report(&bridge, &report);
	return 0;
}

static int
group_teardown(void **state)
{
	(void)state;
	bridge_signal(&bridge, SIGTERM);
	report_await_end(&report);
	int status = bridge_wait(&bridge);
	bridge_finish(&bridge);
	return status;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
		(ssize_t)strlen(text));
}

static void
status_is_one_object_on_each_line(void **state)
{
	(void)state;
	int fd = bridge_connect(&bridge);
	say(fd, "{\"command\":\"status\",\"id\":5}\n");
	char *text = bridge_read_lines(fd, 2);
	char *second = strchr(text, '\n') + 1;
	json_t *more = json_loadb(text, (size_t)(second - text), 0, NULL);
	json_t *last = json_loads(second, 0, NULL);
	assert_true(json_is_true(json_object_get(more, "more")));
	assert_int_equal(json_integer_value(json_object_get(more, "id")), 5);
	const json_t *vm = json_object_get(more, "vm");
	assert_string_equal(json_string_value(json_object_get(vm, "name")),
		"gui");
	assert_string_equal(json_string_value(json_object_get(vm, "device")),
		"running");
	assert_int_equal(json_integer_value(json_object_get(vm, "pid")),
		report.pid);
	assert_true(json_is_true(json_object_get(last, "ok")));
	assert_int_equal(json_integer_value(json_object_get(last, "id")), 5);
	json_decref(more);
	json_decref(last);
	free(text);
	bridge_hang_up(&fd);
}

static void
the_arguments_for_a_vmm_can_be_asked_for(void **state)
{
	(void)state;
	json_t *reply = bridge_call(&bridge, WLB_COMMAND_VMM_ARGS, "gui");
	const char *socket =
		json_string_value(json_object_get(reply, "socket"));
	int fd = fd_connect(socket);
	assert_true(fd >= 0);
	fd_close(&fd);
	assert_int_equal(json_integer_value(json_object_get(reply,
		"region-size")), INT64_C(4) << 30);
	json_decref(reply);
}

static void
many_requests_in_one_piece_are_all_answered_in_order(void **state)
{
	(void)state;
	int fd = bridge_connect(&bridge);
	say(fd, "{\"command\":\"vmm-args\",\"vm\":\"gui\",\"id\":1}\n"
		"nonsense\n"
		"{\"command\":\"attach\",\"vm\":\"nobody\",\"id\":3}\n"
		"{\"command\":\"vmm-args\",\"vm\":\"gui\",\"id\":4}\n");
	char *text = bridge_read_lines(fd, 4);
	const char *one = strstr(text, "\"id\":1}");
	const char *two = strstr(text, "\"bad-request\"");
	const char *three = strstr(text, "\"unknown-vm\"");
	const char *four = strstr(text, "\"id\":4}");
	assert_true(one != NULL && one < two && two < three && three < four);
	free(text);
	bridge_hang_up(&fd);
}

static void
a_client_that_has_said_all_is_answered_and_hung_up_on(void **state)
{
	(void)state;
	int fd = bridge_connect(&bridge);
	say(fd, "{\"command\":\"status\"}\n{\"command\":\"status\"}\nrest");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	char *text = bridge_read_lines(fd, 100);
	unsigned lines = 0;
	for (const char *c = text; *c != '\0'; c++) {
		lines += *c == '\n';
	}
	assert_int_equal(lines, 4);
	free(text);
	bridge_hang_up(&fd);
}

static void
a_line_without_end_is_refused(void **state)
{
	(void)state;
	static char line[WLB_CONTROL_LINE_MAX];
	memset(line, ' ', sizeof(line));
	int fd = bridge_connect(&bridge);
	size_t sent = 0;
	while (sent < sizeof(line)) {
		struct pollfd pollfd = { .fd = fd, .events = POLLOUT };
		assert_int_equal(poll(&pollfd, 1, 10000), 1);
		ssize_t n = send(fd, line + sent, sizeof(line) - sent,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		assert_true(n > 0);
		sent += (size_t)n;
	}
	char *text = bridge_read_lines(fd, 100);
	assert_non_null(strstr(text, "the line is too long"));
	free(text);
	bridge_hang_up(&fd);
}

static void
a_client_that_never_reads_holds_up_nobody(void **state)
{
	(void)state;
	int deaf = bridge_connect(&bridge);
	static const char ask[] = "{\"command\":\"status\"}\n";
	/* Until neither side has room: it reads no further requests then. */
	size_t asked = 0;
	while (send(deaf, ask, sizeof(ask) - 1, MSG_DONTWAIT | MSG_NOSIGNAL)
			== (ssize_t)sizeof(ask) - 1) {
		asked++;
		if (asked % 64 == 0) {
			json_decref(bridge_status(&bridge, "gui"));
		}
	}
	assert_true(asked > 100);
	json_decref(bridge_status(&bridge, "gui"));
	fd_close(&deaf);
}

static void
more_clients_than_there_is_room_for_are_hung_up_on(void **state)
{
	(void)state;
	int fds[CLIENTS_MAX + 1];
	int first = 0;
	for (int i = 0; i < CLIENTS_MAX; i++) {
		fds[i] = bridge_connect(&bridge);
		say(fds[i], "x\n");
		free(bridge_read_lines(fds[i], 1));
		if (i == 0) {
			first = fd_count_of(bridge.pid);
		}
	}
	fds[CLIENTS_MAX] = bridge_connect(&bridge);
	char *text = bridge_read_lines(fds[CLIENTS_MAX], 1);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(fd_count_of(bridge.pid), first + CLIENTS_MAX - 1);
	for (int i = 0; i < CLIENTS_MAX; i++) {
		bridge_hang_up(&fds[i]);
	}
	fd_close(&fds[CLIENTS_MAX]);

	int again = bridge_connect(&bridge);
	say(again, "x\n");
	free(bridge_read_lines(again, 1));
	assert_int_equal(fd_count_of(bridge.pid), first);
	fd_close(&again);
}

enum { ANSWERED = 0, HUNG_UP = 1, NOT_LET_IN = 2 };

/* What a process of user and group 65534 is told, also in @group unless 0. */
static int
ask_as_nobody(const char *path, gid_t group)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		must(setgroups(group != 0, &group) == 0);
		must(setresgid(65534, 65534, 65534) == 0);
		must(setresuid(65534, 65534, 65534) == 0);
		int fd = fd_connect(path);
		if (fd < 0) {
			_exit(NOT_LET_IN);
		}
		send(fd, "x\n", 2, MSG_NOSIGNAL);
		char *text = bridge_read_lines(fd, 1);
		_exit(text[0] == '{' ? ANSWERED : HUNG_UP);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
only_root_the_daemon_and_its_group_may_speak(void **state)
{
	(void)state;
	const struct group *group = getgrnam("daemon");
	if (geteuid() != 0 || group == NULL) {
		skip();
	}
	gid_t gid = group->gr_gid;
	struct bridge grouped;
	char path[160];
	bridge_init(&grouped, "");
	bridge_share(&grouped, "control-group = daemon\n");
	bridge_start(&grouped);
	bridge_await_log(&grouped, "serving");
	snprintf(path, sizeof(path), "%s/control.sock", grouped.runtime);

	assert_int_equal(ask_as_nobody(path, 0), NOT_LET_IN);
	assert_int_equal(ask_as_nobody(path, gid), ANSWERED);
	/* The mode is one lock; the daemon's own question is the other. */
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(ask_as_nobody(path, 0), HUNG_UP);
	assert_int_equal(ask_as_nobody(path, gid), ANSWERED);

	bridge_signal(&grouped, SIGTERM);
	assert_int_equal(bridge_wait(&grouped), 0);
	bridge_finish(&grouped);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_one_object_on_each_line),
		cmocka_unit_test(the_arguments_for_a_vmm_can_be_asked_for),
		cmocka_unit_test(
			many_requests_in_one_piece_are_all_answered_in_order),
		cmocka_unit_test(
			a_client_that_has_said_all_is_answered_and_hung_up_on),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(a_client_that_never_reads_holds_up_nobody),
		cmocka_unit_test(
			more_clients_than_there_is_room_for_are_hung_up_on),
		cmocka_unit_test(only_root_the_daemon_and_its_group_may_speak),
	};
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
