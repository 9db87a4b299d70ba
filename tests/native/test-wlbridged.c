/* SPDX-License-Identifier: MIT */
/* wlbridged as a whole, with devices that tell us how they were started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
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
#include "control-message.h"
#include "util/fd.h"

#define GUI "[vm gui]\ncolour = #aabbcc\nrole = compositor\n"
#define APP(name, colour) "[vm " name "]\ncolour = " colour \
	"\nrole = application\ndisplay = gui\n"
#define WORK APP("work", "#3584e4")

static const char *const both[] = { "gui", "work" };
enum { GUI_REPORT, WORK_REPORT };

static void
start(struct bridge *bridge, const char *vms, struct report reports[2])
{
	bridge_init(bridge, vms);
	bridge_start(bridge);
	bridge_reports(bridge, both, 2, reports);
	bridge_await_log(bridge, "serving");
}

/* End everything, and see that it ends well. */
static void
finish(struct bridge *bridge, struct report *reports, size_t count)
{
	bridge_signal(bridge, SIGTERM);
	for (size_t i = 0; i < count; i++) {
		report_await_end(&reports[i]);
	}
	assert_int_equal(bridge_wait(bridge), 0);
	bridge_finish(bridge);
}

static char *
instance_of(const char *label)
{
	const char *at = strstr(label, "instance = ");
	assert_non_null(at);
	return strndup(at + 11, 36);
}

static void
each_device_is_started_with_what_it_needs_and_no_more(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI "max-vfds = 9\npeer-max-pipes = 2\n" WORK
		"max-memory = 1M\nregion-size = 8G\n", reports);

	const struct report *gui = &reports[GUI_REPORT];
	char expected[512];
	snprintf(expected, sizeof(expected), "arg --fd=3\narg --root\n"
		"arg %s/vm/gui\narg --accept\narg work=fd:4\n"
		"arg --limit\narg vfds=9\narg --peer-limit\n"
		"arg work:pipes=2\narg --region-size\narg 4294967296\n"
		"arg --status-fd\narg 5\narg --log-level\narg info\n"
		"fd 3 listening 0\nfd 4 listening 0\nfd 5 file 4096\n"
		"display \n.", bridge.runtime);
	assert_true(report_has(gui, expected));

	snprintf(expected, sizeof(expected), "arg --fd=3\narg --root\n"
		"arg %s/vm/work\narg --connect\n"
		"arg =to-gui.sock\narg --limit\n"
		"arg memory=1048576\narg --region-size\narg 8589934592\n"
		"arg --status-fd\narg 4\narg --log-level\narg info\n"
		"fd 3 listening 0\nfd 4 file 4096\ndisplay \n.",
		bridge.runtime);
	assert_true(report_has(&reports[WORK_REPORT], expected));
	finish(&bridge, reports, 2);
}

static void
assert_mode(struct bridge *bridge, const char *path, mode_t mode)
{
	char full[256];
	struct stat st;
	snprintf(full, sizeof(full), "%s/%s", bridge->runtime, path);
	assert_int_equal(lstat(full, &st), 0);
	assert_int_equal(st.st_mode & 0777, mode);
}

static void
labels_name_the_other_end_and_nobody_else_may_touch_them(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);

	char *from = bridge_read_file(&bridge, "vm/gui/from-work.sock.label");
	assert_non_null(strstr(from, "name = work\ncolour = #3584e4\n"));
	char *to = bridge_read_file(&bridge, "vm/work/to-gui.sock.label");
	assert_non_null(strstr(to, "name = gui\ncolour = #aabbcc\n"));
	char *a = instance_of(from);
	char *b = instance_of(to);
	assert_string_not_equal(a, b);
	json_t *status = bridge_status(&bridge, "work");
	assert_string_equal(a, json_string_value(
		json_object_get(status, "instance")));
	json_decref(status);

	assert_mode(&bridge, "control.sock", 0600);
	assert_mode(&bridge, "vm", 0711);
	assert_mode(&bridge, "vm/gui", 0700);
	assert_mode(&bridge, "vm/gui/wl.sock", 0600);
	assert_mode(&bridge, "vm/gui/from-work.sock", 0600);
	assert_mode(&bridge, "vm/gui/from-work.sock.label", 0600);

	char path[160];
	snprintf(path, sizeof(path), "%s/vm/work/to-gui.sock", bridge.runtime);
	int fd = fd_connect(path);
	assert_true(fd >= 0);
	fd_close(&fd);
	free(from);
	free(to);
	free(a);
	free(b);
	finish(&bridge, reports, 2);
}

static void
a_device_that_dies_comes_back_as_another_instance(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	char *label = bridge_read_file(&bridge, "vm/gui/from-work.sock.label");
	char *first = instance_of(label);
	free(label);

	report_send(&reports[WORK_REPORT], 'x');
	report_await_end(&reports[WORK_REPORT]);
	bridge_next_report(&bridge, &reports[WORK_REPORT]);
	assert_string_equal(reports[WORK_REPORT].name, "work");
	report_send(&reports[WORK_REPORT], 'k');
	report_await_end(&reports[WORK_REPORT]);
	bridge_next_report(&bridge, &reports[WORK_REPORT]);

	label = bridge_read_file(&bridge, "vm/gui/from-work.sock.label");
	char *second = instance_of(label);
	assert_string_not_equal(first, second);
	json_t *status = bridge_status(&bridge, "work");
	assert_int_equal(json_integer_value(json_object_get(status, "deaths")),
		2);
	assert_int_equal(json_integer_value(json_object_get(status, "pid")),
		reports[WORK_REPORT].pid);
	assert_true(report_is_alive(&reports[GUI_REPORT]));
	json_decref(status);
	free(label);
	free(first);
	free(second);
	finish(&bridge, reports, 2);
}

static void
no_process_that_a_guest_may_take_over_is_heard_on_the_control_socket(
	void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	bridge_init(&bridge, "sound-program = " WLB_FAKE_DEVICE "\n"
		GUI "audio = duplex\n");
	bridge_start(&bridge);
	bridge_await_log(&bridge, "serving");
	for (int i = 0; i < 2; i++) {
		/* Its device and its sound, in any order. */
		bridge_next_report(&bridge, &reports[i]);
		assert_string_equal(reports[i].name, "gui");
	}
	for (int i = 0; i < 2; i++) {
		report_send(&reports[i], 'c');
		assert_int_equal(report_receive(&reports[i]), 'r');
	}
	finish(&bridge, reports, 2);
}

static void
a_reload_adds_and_removes_and_leaves_the_others_alone(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	int fds = fd_count_of(bridge.pid);

	bridge_configure(&bridge, GUI APP("home", "#00ff00"));
	bridge_signal(&bridge, SIGHUP);
	report_await_end(&reports[WORK_REPORT]);
	struct report home;
	bridge_next_report(&bridge, &home);
	assert_string_equal(home.name, "home");
	bridge_await_log(&bridge, "vm 'work': gone");
	assert_int_equal(fd_count_of(bridge.pid), fds);

	/* A fake says nothing of its VMM, so a session has to be assumed. */
	assert_true(report_is_alive(&reports[GUI_REPORT]));
	json_t *status = bridge_status(&bridge, "gui");
	assert_true(json_is_true(json_object_get(status, "stale")));
	json_decref(status);

	char path[160];
	snprintf(path, sizeof(path), "%s/vm/gui/from-work.sock",
		bridge.runtime);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/vm/work", bridge.runtime);
	assert_int_equal(access(path, F_OK), -1);
	assert_mode(&bridge, "vm/gui/from-home.sock.label", 0600);

	reports[WORK_REPORT] = home;
	finish(&bridge, reports, 2);
}

static void
a_compositor_without_a_session_is_restarted_for_a_further_vm(void **state)
{
	(void)state;
	static const char *const names[] = { "gui", "home" };
	struct bridge bridge;
	struct report reports[3];
	start(&bridge, GUI WORK, reports);
	report_send(&reports[GUI_REPORT], 'w');
	assert_int_equal(report_receive(&reports[GUI_REPORT]), 'w');

	bridge_configure(&bridge, GUI WORK APP("home", "#00ff00"));
	bridge_signal(&bridge, SIGHUP);
	report_await_end(&reports[GUI_REPORT]);
	struct report fresh[2];
	bridge_reports(&bridge, names, 2, fresh);
	assert_true(report_has(&fresh[0], "arg work=fd:4\narg --accept\n"
		"arg home=fd:5"));
	assert_true(report_is_alive(&reports[WORK_REPORT]));
	reports[GUI_REPORT] = fresh[0];
	reports[2] = fresh[1];
	finish(&bridge, reports, 3);
}

static void
a_stale_compositor_is_restarted_by_the_reload_that_finds_it_idle(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[3];
	start(&bridge, GUI WORK, reports);
	bridge_configure(&bridge, GUI WORK APP("home", "#00ff00"));
	json_decref(bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL));
	bridge_next_report(&bridge, &reports[2]);
	assert_true(report_is_alive(&reports[GUI_REPORT]));

	report_send(&reports[GUI_REPORT], 'w');
	assert_int_equal(report_receive(&reports[GUI_REPORT]), 'w');
	json_decref(bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL));
	report_await_end(&reports[GUI_REPORT]);
	bridge_next_report(&bridge, &reports[GUI_REPORT]);
	json_t *status = bridge_status(&bridge, "gui");
	assert_true(json_is_false(json_object_get(status, "stale")));
	json_decref(status);
	finish(&bridge, reports, 3);
}

static void
a_reload_of_the_same_does_nothing(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	int fds = fd_count_of(bridge.pid);
	for (int i = 0; i < 3; i++) {
		int fd = bridge_connect(&bridge);
		assert_int_equal(send(fd, "{\"command\":\"reload\"}\n", 21, 0),
			21);
		char *text = bridge_read_lines(fd, 1);
		assert_string_equal(text, "{\"ok\":true,\"added\":0,"
			"\"removed\":0,\"restarted\":0,\"stale\":0,"
			"\"failed\":0}\n");
		free(text);
		bridge_hang_up(&fd);
	}
	assert_true(report_is_alive(&reports[GUI_REPORT]));
	assert_true(report_is_alive(&reports[WORK_REPORT]));
	assert_int_equal(fd_count_of(bridge.pid), fds);
	finish(&bridge, reports, 2);
}

static void
a_changed_vm_is_restarted_and_a_changed_colour_only_relabelled(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);

	bridge_configure(&bridge, GUI APP("work", "#ffffff"));
	json_decref(bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL));
	char *label = bridge_read_file(&bridge, "vm/gui/from-work.sock.label");
	assert_non_null(strstr(label, "colour = #ffffff"));
	free(label);
	assert_true(report_is_alive(&reports[WORK_REPORT]));

	bridge_configure(&bridge, GUI WORK "max-pipes = 3\n");
	bridge_signal(&bridge, SIGHUP);
	report_await_end(&reports[WORK_REPORT]);
	bridge_next_report(&bridge, &reports[WORK_REPORT]);
	assert_true(report_has(&reports[WORK_REPORT], "arg pipes=3"));
	assert_true(report_is_alive(&reports[GUI_REPORT]));
	finish(&bridge, reports, 2);
}

static void
a_wrong_configuration_changes_nothing_and_says_why(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);

	bridge_configure(&bridge, GUI "role = boss\nmax-foo = 1\n");
	bridge_signal(&bridge, SIGHUP);
	bridge_await_log(&bridge, "conf:10: unknown key 'max-foo'");
	bridge_await_log(&bridge, "nothing changed");

	int fd = bridge_connect(&bridge);
	assert_int_equal(send(fd, "{\"command\":\"reload\"}\n", 21, 0), 21);
	char *text = bridge_read_lines(fd, 3);
	assert_non_null(strstr(text, "conf:9: second 'role'"));
	assert_non_null(strstr(text, "\"code\":\"bad-configuration\""));
	free(text);
	fd_close(&fd);
	assert_true(report_is_alive(&reports[GUI_REPORT]));
	assert_true(report_is_alive(&reports[WORK_REPORT]));
	finish(&bridge, reports, 2);
}

static void
a_vm_whose_socket_cannot_be_is_left_out_until_it_can(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[3];
	char path[160];
	start(&bridge, GUI WORK, reports);
	/* Something is in its way that is not ours to remove. */
	snprintf(path, sizeof(path), "%s/vm/home", bridge.runtime);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);

	bridge_configure(&bridge, GUI WORK APP("home", "#00ff00"));
	json_t *reply = bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL);
	assert_int_equal(json_integer_value(json_object_get(reply, "failed")),
		1);
	json_decref(reply);
	bridge_await_log(&bridge, "vm 'home': gone");
	assert_true(report_is_alive(&reports[GUI_REPORT]));

	assert_int_equal(unlink(path), 0);
	reply = bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL);
	assert_int_equal(json_integer_value(json_object_get(reply, "failed")),
		0);
	json_decref(reply);
	bridge_next_report(&bridge, &reports[2]);
	assert_string_equal(reports[2].name, "home");
	finish(&bridge, reports, 3);
}

static void
nothing_is_started_from_a_wrong_configuration(void **state)
{
	(void)state;
	struct bridge bridge;
	bridge_init(&bridge, GUI "[vm BAD]\n");
	bridge_start(&bridge);
	int status = bridge_wait(&bridge);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_int_equal(access(bridge.runtime, F_OK), -1);
	bridge_finish(&bridge);
}

static void
a_detached_vm_stays_down_until_it_is_attached(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);

	json_decref(bridge_call(&bridge, WLB_COMMAND_DETACH, "work"));
	report_await_end(&reports[WORK_REPORT]);
	bridge_await_log(&bridge, "vm 'work': device: was killed by signal");
	json_decref(bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL));
	json_t *status = bridge_status(&bridge, "work");
	assert_true(json_is_true(json_object_get(status, "detached")));
	assert_string_equal(json_string_value(json_object_get(status,
		"device")), "stopped");
	json_decref(status);

	json_t *reply = bridge_call(&bridge, WLB_COMMAND_RESTART, "work");
	assert_string_equal(json_string_value(json_object_get(reply, "code")),
		"detached");
	json_decref(reply);

	json_decref(bridge_call(&bridge, WLB_COMMAND_ATTACH, "work"));
	bridge_next_report(&bridge, &reports[WORK_REPORT]);
	finish(&bridge, reports, 2);
}

static void
a_restart_on_request_is_no_death(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	json_decref(bridge_call(&bridge, WLB_COMMAND_RESTART, "gui"));
	report_await_end(&reports[GUI_REPORT]);
	bridge_next_report(&bridge, &reports[GUI_REPORT]);
	assert_true(report_has(&reports[GUI_REPORT], "arg work=fd:4"));
	json_t *status = bridge_status(&bridge, "gui");
	assert_int_equal(json_integer_value(json_object_get(status, "deaths")),
		0);
	json_decref(status);
	finish(&bridge, reports, 2);
}

static void
a_vm_shown_by_the_host_gets_a_security_context(void **state)
{
	(void)state;
	static const char *const names[] = { "context", "solo" };
	struct bridge bridge;
	struct report reports[2];
	char line[256];
	bridge_init(&bridge, "[vm solo]\ncolour = #010203\n"
		"role = application\ndisplay = host\n");
	bridge_start(&bridge);
	bridge_reports(&bridge, names, 2, reports);

	snprintf(line, sizeof(line), "arg context\narg --log-level\narg info\n"
		"arg --\narg solo=%s/vm/solo/to-host.sock\ndisplay %s/host-wayland",
		bridge.runtime, bridge.dir);
	assert_true(report_has(&reports[0], line));
	assert_true(report_has(&reports[1], "arg =to-host.sock"));

	json_t *status = bridge_status(&bridge, "solo");
	assert_string_equal(json_string_value(json_object_get(status,
		"context")), "running");
	json_decref(status);

	/* Each comes back on its own. */
	report_send(&reports[0], 'x');
	report_await_end(&reports[0]);
	bridge_next_report(&bridge, &reports[0]);
	assert_string_equal(reports[0].name, "context");
	assert_true(report_is_alive(&reports[1]));
	finish(&bridge, reports, 2);
}

static void
a_device_deaf_to_sigterm_is_killed(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	report_send(&reports[WORK_REPORT], 'i');
	assert_int_equal(report_receive(&reports[WORK_REPORT]), 'i');
	finish(&bridge, reports, 2);
}

static void
devices_do_not_outlive_a_daemon_that_was_killed(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	bridge_signal(&bridge, SIGKILL);
	report_await_end(&reports[GUI_REPORT]);
	report_await_end(&reports[WORK_REPORT]);
	assert_true(WIFSIGNALED(bridge_wait(&bridge)));

	/* And the next one takes over what it left behind. */
	bridge_configure(&bridge, GUI WORK);
	bridge_start(&bridge);
	bridge_reports(&bridge, both, 2, reports);
	finish(&bridge, reports, 2);
}

static void
a_second_daemon_in_the_same_place_gives_up(void **state)
{
	(void)state;
	struct bridge bridge;
	struct report reports[2];
	start(&bridge, GUI WORK, reports);
	struct bridge second = bridge;
	second.log_len = 0;
	bridge_start(&second);
	int status = bridge_wait(&second);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	json_decref(bridge_status(&bridge, "work"));
	finish(&bridge, reports, 2);
}

static void
a_directory_that_others_may_write_to_is_refused(void **state)
{
	(void)state;
	struct bridge bridge;
	bridge_init(&bridge, GUI);
	assert_int_equal(mkdir(bridge.runtime, 0700), 0);
	assert_int_equal(chmod(bridge.runtime, 0777), 0);
	bridge_start(&bridge);
	bridge_await_log(&bridge, "that nobody else may write to");
	int status = bridge_wait(&bridge);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	bridge_finish(&bridge);
}

/* Whether /proc/PID/status has the line @words, its blanks as they are. */
static bool
process_is(pid_t pid, const char *words)
{
	char path[64];
	char text[8192];
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	close(fd);
	return strstr(text, words) != NULL;
}

static void
started_as_root_it_becomes_its_user_and_keeps_one_capability(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		skip();
	}
	struct bridge bridge;
	struct report reports[2];
	char path[160];
	bridge_init(&bridge, "");
	bridge_share(&bridge, "user = nobody\nvmm-user = root\n" GUI WORK
		"vmm-user = nobody\n");
	/* Twice: what the first left behind belongs to that user. */
	for (int i = 0; i < 2; i++) {
		bridge_start(&bridge);
		bridge_reports(&bridge, both, 2, reports);
		bridge_await_log(&bridge, "serving");
		if (i == 0) {
			bridge_signal(&bridge, SIGKILL);
			report_await_end(&reports[GUI_REPORT]);
			report_await_end(&reports[WORK_REPORT]);
			bridge_wait(&bridge);
		}
	}
	assert_false(process_is(bridge.pid, "\nUid:\t0\t"));
	assert_true(process_is(bridge.pid, "\nCapEff:\t0000000000000001\n"));
	assert_true(process_is(bridge.pid, "\nCapBnd:\t0000000000000000\n"));
	assert_true(process_is(bridge.pid, "\nNoNewPrivs:\t1\n"));
	pid_t device = reports[GUI_REPORT].pid;
	assert_false(process_is(device, "\nUid:\t0\t"));
	assert_true(process_is(device, "\nCapPrm:\t0000000000000000\n"));

	struct stat st;
	snprintf(path, sizeof(path), "%s/vm/gui/wl.sock", bridge.runtime);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_mode(&bridge, "vm/gui/wl.sock", 0600);
	assert_mode(&bridge, "vm/gui", 0711);
	snprintf(path, sizeof(path), "%s/vm/work/wl.sock", bridge.runtime);
	assert_int_equal(stat(path, &st), 0);
	assert_int_not_equal(st.st_uid, 0);
	assert_mode(&bridge, "vm/work", 0700);
	finish(&bridge, reports, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_device_is_started_with_what_it_needs_and_no_more),
		cmocka_unit_test(
			labels_name_the_other_end_and_nobody_else_may_touch_them),
		cmocka_unit_test(
			a_device_that_dies_comes_back_as_another_instance),
		cmocka_unit_test(
			no_process_that_a_guest_may_take_over_is_heard_on_the_control_socket),
		cmocka_unit_test(
			a_reload_adds_and_removes_and_leaves_the_others_alone),
		cmocka_unit_test(
			a_compositor_without_a_session_is_restarted_for_a_further_vm),
		cmocka_unit_test(
			a_stale_compositor_is_restarted_by_the_reload_that_finds_it_idle),
		cmocka_unit_test(a_reload_of_the_same_does_nothing),
		cmocka_unit_test(
			a_changed_vm_is_restarted_and_a_changed_colour_only_relabelled),
		cmocka_unit_test(
			a_wrong_configuration_changes_nothing_and_says_why),
		cmocka_unit_test(
			a_vm_whose_socket_cannot_be_is_left_out_until_it_can),
		cmocka_unit_test(nothing_is_started_from_a_wrong_configuration),
		cmocka_unit_test(a_detached_vm_stays_down_until_it_is_attached),
		cmocka_unit_test(a_restart_on_request_is_no_death),
		cmocka_unit_test(a_vm_shown_by_the_host_gets_a_security_context),
		cmocka_unit_test(a_device_deaf_to_sigterm_is_killed),
		cmocka_unit_test(
			devices_do_not_outlive_a_daemon_that_was_killed),
		cmocka_unit_test(a_second_daemon_in_the_same_place_gives_up),
		cmocka_unit_test(a_directory_that_others_may_write_to_is_refused),
		cmocka_unit_test(
			started_as_root_it_becomes_its_user_and_keeps_one_capability),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
