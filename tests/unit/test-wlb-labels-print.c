/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "labels-print.h"

static struct wlb_vm_config vms[] = {
	{ .name = "gui" },
	{ .name = "work", .colour = 0x3584e4, .display = "gui" },
	{ .name = "personal", .colour = 0x0000d1, .display = "host" },
};

/* What is printed, the caller's; NULL for an error. */
static char *
print(enum wlb_labels_for kind, const char *display, int *ret)
{
	const struct wlb_config config = {
		.vms = vms,
		.vm_count = sizeof(vms) / sizeof(vms[0]),
	};
	char *text = NULL;
	size_t size = 0;
	const char *bad;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	*ret = wlb_labels_print(&config, kind, display, out, &bad);
	fclose(out);
	if (*ret < 0) {
		assert_int_equal(size, 0);
		free(text);
		return NULL;
	}
	return text;
}

static void
our_compositor_gets_names_and_colours(void **state)
{
	(void)state;
	int r;
	char *text = print(WLB_LABELS_OWN, NULL, &r);
	assert_string_equal(text,
		"[labels]\nwork = #3584e4\npersonal = #0000d1\n");
	free(text);
}

static void
one_display_gets_the_vms_that_it_shows(void **state)
{
	(void)state;
	int r;
	char *text = print(WLB_LABELS_OWN, "gui", &r);
	assert_string_equal(text, "[labels]\nwork = #3584e4\n");
	free(text);
	text = print(WLB_LABELS_OWN, "host", &r);
	assert_string_equal(text, "[labels]\npersonal = #0000d1\n");
	free(text);
}

static void
sway_gets_a_rule_for_each(void **state)
{
	(void)state;
	int r;
	char *text = print(WLB_LABELS_SWAY, "gui", &r);
	const char *rest = strstr(text,
		"\nfor_window [all] title_format \"[local] %title\"\n"
		"for_window [sandbox_engine=\"^io\\.wlbridge$\"] "
		"title_format \"[unknown-vm] %title\", border normal 4\n");
	assert_non_null(rest);
	/* The last that matches has the last word. */
	assert_non_null(strstr(rest,
		"\nfor_window [sandbox_engine=\"^io\\.wlbridge$\" "
		"sandbox_app_id=\"^work$\"] title_format \"[work] %title\"\n"));
	assert_null(strstr(text, "personal"));
	free(text);
}

static void
labwc_gets_a_desktop_and_a_rule_for_each(void **state)
{
	(void)state;
	int r;
	char *text = print(WLB_LABELS_LABWC, NULL, &r);
	const char *rest = strstr(text, "sandboxAppId=\"*\"");
	assert_non_null(rest);
	assert_non_null(strstr(text, "<name>work</name>"));
	/* The last that matches has the last word. */
	assert_non_null(strstr(rest, "sandboxAppId=\"work\""));
	assert_non_null(strstr(rest, "to=\"personal\""));
	free(text);
}

static void
a_display_that_shows_no_vm_gets_nothing(void **state)
{
	(void)state;
	int r;
	assert_null(print(WLB_LABELS_LABWC, "work", &r));
	assert_int_equal(r, -ENOENT);
}

static void
a_vm_may_not_be_called_what_is_no_vms(void **state)
{
	(void)state;
	int r;
	strcpy(vms[1].name, "local");
	assert_null(print(WLB_LABELS_OWN, NULL, &r));
	assert_int_equal(r, -EINVAL);
	strcpy(vms[1].name, "work");
}

static void
compositors_are_known_by_name(void **state)
{
	(void)state;
	assert_int_equal(wlb_labels_by_name("labwc"), WLB_LABELS_LABWC);
	assert_int_equal(wlb_labels_by_name("wlbridge-compositor"),
		WLB_LABELS_OWN);
	assert_int_equal(wlb_labels_by_name("mutter"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_compositor_gets_names_and_colours),
		cmocka_unit_test(one_display_gets_the_vms_that_it_shows),
		cmocka_unit_test(sway_gets_a_rule_for_each),
		cmocka_unit_test(labwc_gets_a_desktop_and_a_rule_for_each),
		cmocka_unit_test(a_display_that_shows_no_vm_gets_nothing),
		cmocka_unit_test(a_vm_may_not_be_called_what_is_no_vms),
		cmocka_unit_test(compositors_are_known_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
