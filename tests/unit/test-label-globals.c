/* SPDX-License-Identifier: MIT */
/* [globals]: what one VM may bind and others may not, and what none ever may. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "wlbridge-labels.h"

#define CAPTURE "zwlr_screencopy_manager_v1"

struct fixture {
	struct wl_display *display;
	struct wlbl *labels;
	char said[512];			/* the first line of the log */
};

static void
handle_log(void *data, const char *line)
{
	struct fixture *fixture = data;
	if (fixture->said[0] == '\0') {
		snprintf(fixture->said, sizeof(fixture->said), "%s", line);
	}
}

/* With these lines of [globals]. Return: as wlbl_create(). */
static int
fixture_open(struct fixture *fixture, const char *lines)
{
	*fixture = (struct fixture){ .display = wl_display_create() };
	int fd = memfd_create("labels.conf", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(dprintf(fd, "[globals]\n%s\n", lines) > 0);
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	const struct wlbl_options options = {
		.config_path = path,
		.log = handle_log,
		.log_data = fixture,
	};
	int r = wlbl_create(fixture->display, &options, &fixture->labels);
	close(fd);
	return r;
}

static void
fixture_close(struct fixture *fixture)
{
	wl_display_destroy_clients(fixture->display);
	wlbl_destroy(fixture->labels);
	wl_display_destroy(fixture->display);
}

static void
handle_bind(struct wl_client *client, void *data, uint32_t version,
	uint32_t id)
{
	(void)client;
	(void)data;
	(void)version;
	(void)id;
}

/* Whether a client of that VM, as the host names it; NULL: a local one. */
static bool
sees(struct fixture *fixture, const char *vm, const char *interface)
{
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	struct wl_client *client = wl_client_create(fixture->display, ends[0]);
	assert_non_null(client);
	if (vm != NULL) {
		const uint32_t colour = 0x3584e4;
		const struct wlbl_label *label;
		assert_int_equal(wlbl_label_declare(fixture->labels, vm,
			&colour, &label), 0);
		assert_int_equal(wlbl_client_assign(fixture->labels, client,
			label), 0);
	}
	const struct wl_interface made = { .name = interface, .version = 1 };
	struct wl_global *global = wl_global_create(fixture->display, &made, 1,
		NULL, handle_bind);
	assert_non_null(global);
	bool seen = wlbl_global_filter(client, global, fixture->labels);
	wl_global_destroy(global);
	wl_client_destroy(client);
	close(ends[1]);
	return seen;
}

static void
what_is_given_is_given_to_that_vm_alone(void **state)
{
	(void)state;
	struct fixture fixture;
	assert_int_equal(fixture_open(&fixture, "work = " CAPTURE
		" zwlr_gamma_control_manager_v1"), 0);
	assert_true(sees(&fixture, "work", CAPTURE));
	assert_true(sees(&fixture, "work", "zwlr_gamma_control_manager_v1"));
	assert_false(sees(&fixture, "work", "zwlr_data_control_manager_v1"));
	assert_true(sees(&fixture, "work", "wl_compositor"));
	assert_false(sees(&fixture, "personal", CAPTURE));
	assert_true(sees(&fixture, NULL, CAPTURE));
	fixture_close(&fixture);
}

static void
what_is_taken_away_is_taken_from_that_vm_alone(void **state)
{
	(void)state;
	struct fixture fixture;
	assert_int_equal(fixture_open(&fixture,
		"work = -wl_data_device_manager"), 0);
	assert_false(sees(&fixture, "work", "wl_data_device_manager"));
	assert_true(sees(&fixture, "work", "wl_compositor"));
	assert_true(sees(&fixture, "personal", "wl_data_device_manager"));
	assert_true(sees(&fixture, NULL, "wl_data_device_manager"));
	fixture_close(&fixture);
}

static void
a_vm_may_have_several_lines(void **state)
{
	(void)state;
	struct fixture fixture;
	assert_int_equal(fixture_open(&fixture, "work = " CAPTURE "\n"
		"work = -wl_data_device_manager\n"
		"personal =  ext_idle_notifier_v1 "), 0);
	assert_true(sees(&fixture, "work", CAPTURE));
	assert_false(sees(&fixture, "work", "wl_data_device_manager"));
	assert_true(sees(&fixture, "personal", "ext_idle_notifier_v1"));
	fixture_close(&fixture);
}

static void
without_a_relay_text_and_its_methods_are_local(void **state)
{
	(void)state;
	struct fixture fixture;
	assert_int_equal(fixture_open(&fixture,
		"work = zwp_input_method_manager_v2\n"
		"personal = -zwp_text_input_manager_v3"), 0);
	assert_false(sees(&fixture, "work", "zwp_input_method_manager_v2"));
	assert_false(sees(&fixture, "work", "zwp_text_input_manager_v3"));
	assert_true(sees(&fixture, NULL, "zwp_input_method_manager_v2"));
	assert_true(sees(&fixture, NULL, "zwp_text_input_manager_v3"));
	fixture_close(&fixture);
}

static void
assert_refused(const char *lines, const char *because)
{
	struct fixture fixture;
	assert_int_equal(fixture_open(&fixture, lines), -EINVAL);
	if (strstr(fixture.said, because) == NULL) {
		fail_msg("'%s' is not in '%s'", because, fixture.said);
	}
	wl_display_destroy(fixture.display);
}

static void
what_labels_depend_on_is_never_given(void **state)
{
	(void)state;
	static const char *const names[] = {
		"wp_security_context_manager_v1", "xwayland_shell_v1",
		"zwlr_layer_shell_v1", "ext_session_lock_manager_v1",
		"wp_drm_lease_device_v1", "zwp_virtual_keyboard_manager_v1",
		"zwlr_virtual_pointer_manager_v1",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char line[128];
		snprintf(line, sizeof(line), "work = " CAPTURE " %s", names[i]);
		assert_refused(line, names[i]);
		assert_refused(line, "is never given to a VM");
	}
}

static void
a_line_that_cannot_be_meant_is_refused(void **state)
{
	(void)state;
	assert_refused("work = Screencopy", "'Screencopy' of 'work' is no "
		"interface");
	assert_refused("work = zwlr_screencopy,wl_shm", "is no interface");
	assert_refused("work = -", "is no interface");
	assert_refused("work = --wl_shm", "is no interface");
	assert_refused("work = wl_shm", "is one that every VM has");
	assert_refused("work = -" CAPTURE, "is none that VMs have");
	assert_refused("work = " CAPTURE " " CAPTURE, "is there twice");
	assert_refused("work = -wl_shm\nwork = -wl_shm", "is there twice");
	assert_refused("local = " CAPTURE, "cannot be the name of a VM");
	assert_refused("My-VM = " CAPTURE, "cannot be the name of a VM");
	assert_refused("work = a_name_of_sixty_four_characters_which_is_one_"
		"more_than_there_may_b", "is too long");
}

static void
there_is_a_most_of_them(void **state)
{
	(void)state;
	char lines[256 * 16 + 64] = "";
	size_t len = 0;
	for (int i = 0; i < 256; i++) {
		len += (size_t)snprintf(lines + len, sizeof(lines) - len,
			"work = x_%d\n", i);
	}
	struct fixture fixture;
	assert_int_equal(fixture_open(&fixture, lines), 0);
	assert_true(sees(&fixture, "work", "x_0"));
	assert_true(sees(&fixture, "work", "x_255"));
	fixture_close(&fixture);
	snprintf(lines + len, sizeof(lines) - len, "work = x_256\n");
	assert_refused(lines, "'x_256' of 'work' is one too many");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_is_given_to_that_vm_alone),
		cmocka_unit_test(
			what_is_taken_away_is_taken_from_that_vm_alone),
		cmocka_unit_test(a_vm_may_have_several_lines),
		cmocka_unit_test(
			without_a_relay_text_and_its_methods_are_local),
		cmocka_unit_test(what_labels_depend_on_is_never_given),
		cmocka_unit_test(a_line_that_cannot_be_meant_is_refused),
		cmocka_unit_test(there_is_a_most_of_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
