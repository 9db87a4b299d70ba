/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "virtio-wl/device/label.h"

static char dir[] = "/tmp/test-label-XXXXXX";
static char socket_path[64], label_path[80];

static int
start(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL) {
		return -1;
	}
	snprintf(socket_path, sizeof(socket_path), "%s/sock", dir);
	snprintf(label_path, sizeof(label_path), "%s.label", socket_path);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	unlink(label_path);
	return rmdir(dir);
}

static int
read_text(const char *text, struct vwl_label *ret)
{
	FILE *file = fopen(label_path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return vwl_label_read(socket_path, ret);
}

static void
a_label_says_name_colour_and_instance(void **state)
{
	(void)state;
	struct vwl_label label;
	assert_int_equal(read_text("name = work\ncolour = #3584e4\n"
		"instance = 7b279e6c-0000-4000-8000-000000000001\n", &label),
		0);
	assert_string_equal(label.name, "work");
	assert_string_equal(label.instance,
		"7b279e6c-0000-4000-8000-000000000001");
	assert_true(label.has_colour);
	assert_int_equal(label.colour, 0x3584e4);
	assert_false(label.is_host);
	assert_int_equal(read_text("name = bare\n", &label), 0);
	assert_false(label.has_colour);
}

static void
a_label_that_makes_no_sense_says_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"", "colour = #3584e4\n", "name =\n", "name = a\x01" "b\n",
		"name = \xc3\xa4\n", "name = a\ncolour = blue\n",
		"name = a\ncolour = #3584e\n", "name = a\ncolour = #3584e4f\n",
		"name = a\ncolour = #35 4e4\n", "name = a\nshape = round\n",
		"[vm]\nname = a\n", "name = "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"\n",
		"name = a\ninstance = 0123456789012345678901234567890123456789\n",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct vwl_label label = { .name = "untouched" };
		assert_int_equal(read_text(texts[i], &label), -EINVAL);
		assert_string_equal(label.name, "untouched");
	}
}

static void
where_there_is_no_label_it_says_so(void **state)
{
	(void)state;
	struct vwl_label label;
	assert_int_equal(vwl_label_read("/nonexistent/sock", &label), -ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_says_name_colour_and_instance),
		cmocka_unit_test(a_label_that_makes_no_sense_says_nothing),
		cmocka_unit_test(where_there_is_no_label_it_says_so),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
