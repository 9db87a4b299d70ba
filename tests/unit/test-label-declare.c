/* SPDX-License-Identifier: MIT */
/* Labels that the host says beside a connection, and those of a file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <wlr/types/wlr_security_context_v1.h>

#include "wlbridge-labels.h"

#define BLUE 0x3584e4u
#define RED 0xc01c28u

struct fixture {
	struct wl_display *display;
	struct wlbl *labels;
};

/* @text is the configuration, NULL for none. */
static struct fixture
fixture_open(const char *text)
{
	struct fixture fixture = { .display = wl_display_create() };
	char path[64];
	int fd = -1;
	if (text != NULL) {
		fd = memfd_create("labels.conf", MFD_CLOEXEC);
		assert_true(fd >= 0);
		assert_true(dprintf(fd, "%s", text) > 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	struct wlbl_options options = {
		.config_path = text == NULL ? NULL : path,
		.contexts = wlr_security_context_manager_v1_create(
			fixture.display),
	};
	assert_int_equal(wlbl_create(fixture.display, &options,
		&fixture.labels), 0);
	if (fd >= 0) {
		close(fd);
	}
	return fixture;
}

static void
fixture_close(struct fixture *fixture)
{
	wlbl_destroy(fixture->labels);
	wl_display_destroy(fixture->display);
}

static int
declare(struct fixture *fixture, const char *name, uint32_t colour,
	const struct wlbl_label **ret)
{
	return wlbl_label_declare(fixture->labels, name, &colour, ret);
}

static void
a_declared_label_can_be_found(void **state)
{
	(void)state;
	struct fixture fixture = fixture_open(NULL);
	const struct wlbl_label *label = NULL;
	assert_null(wlbl_label_find(fixture.labels, "work"));
	assert_int_equal(declare(&fixture, "work", BLUE, &label), 0);
	assert_string_equal(wlbl_label_name(label), "work");
	assert_int_equal(wlbl_label_colour(label), BLUE);
	assert_ptr_equal(wlbl_label_find(fixture.labels, "work"), label);
	fixture_close(&fixture);
}

static void
what_is_no_name_or_no_colour_is_refused(void **state)
{
	(void)state;
	struct fixture fixture = fixture_open(NULL);
	static const char *const names[] = {
		"", "Work", "my work", "work\n", "w\xc3\xb6rk", "local",
		"a-name-of-thirty-two-characters-",
	};
	const struct wlbl_label *label = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(declare(&fixture, names[i], BLUE, &label),
			-EINVAL);
	}
	assert_int_equal(declare(&fixture, "work", 0x1000000, &label),
		-EINVAL);
	assert_int_equal(wlbl_label_declare(fixture.labels, "work", NULL,
		&label), -ENOENT);
	assert_null(label);
	fixture_close(&fixture);
}

static void
the_last_colour_holds(void **state)
{
	(void)state;
	struct fixture fixture = fixture_open(NULL);
	const struct wlbl_label *first = NULL, *again = NULL;
	assert_int_equal(declare(&fixture, "work", BLUE, &first), 0);
	assert_int_equal(declare(&fixture, "work", RED, &again), 0);
	assert_ptr_equal(first, again);
	assert_int_equal(wlbl_label_colour(first), RED);
	assert_int_equal(wlbl_label_declare(fixture.labels, "work", NULL,
		&again), 0);
	assert_int_equal(wlbl_label_colour(first), RED);
	fixture_close(&fixture);
}

static void
but_that_of_the_file_before_it(void **state)
{
	(void)state;
	struct fixture fixture = fixture_open("[labels]\nwork = #3584e4\n");
	const struct wlbl_label *label = NULL;
	assert_int_equal(declare(&fixture, "work", RED, &label), 0);
	assert_int_equal(wlbl_label_colour(label), BLUE);
	assert_int_equal(wlbl_label_declare(fixture.labels, "work", NULL,
		&label), 0);
	fixture_close(&fixture);
}

static void
there_is_a_most_of_them(void **state)
{
	(void)state;
	struct fixture fixture = fixture_open(NULL);
	const struct wlbl_label *label = NULL;
	char name[WLBL_NAME_MAX + 1];
	unsigned count = 0;
	int r;
	do {
		snprintf(name, sizeof(name), "vm-%u", count);
		r = declare(&fixture, name, BLUE, &label);
	} while (r == 0 && ++count < 1000);
	assert_int_equal(r, -EDQUOT);
	assert_int_equal(count, 256);
	/* Those that are there go on. */
	assert_int_equal(declare(&fixture, "vm-0", BLUE, &label), 0);
	fixture_close(&fixture);
}

static void
without_contexts_a_client_is_local_or_assigned(void **state)
{
	(void)state;
	struct wl_display *display = wl_display_create();
	const struct wlbl_options options = { .contexts = NULL };
	struct wlbl *labels;
	assert_int_equal(wlbl_create(display, &options, &labels), 0);
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	struct wl_client *client = wl_client_create(display, ends[0]);
	assert_non_null(client);
	assert_ptr_equal(wlbl_label_of(labels, client),
		wlbl_label_local(labels));

	const uint32_t colour = BLUE;
	const struct wlbl_label *label;
	assert_int_equal(wlbl_label_declare(labels, "work", &colour, &label),
		0);
	assert_int_equal(wlbl_client_assign(labels, client, label), 0);
	assert_ptr_equal(wlbl_label_of(labels, client), label);
	assert_int_equal(wlbl_client_assign(labels, client, label), -EEXIST);
	wl_display_destroy_clients(display);
	close(ends[1]);
	wlbl_destroy(labels);
	wl_display_destroy(display);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_declared_label_can_be_found),
		cmocka_unit_test(what_is_no_name_or_no_colour_is_refused),
		cmocka_unit_test(the_last_colour_holds),
		cmocka_unit_test(but_that_of_the_file_before_it),
		cmocka_unit_test(there_is_a_most_of_them),
		cmocka_unit_test(
			without_contexts_a_client_is_local_or_assigned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
