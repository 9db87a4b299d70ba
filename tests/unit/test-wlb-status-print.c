/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "status-print.h"

static char *
print(const char *vm_text, bool ansi)
{
	json_t *vm = json_loads(vm_text, 0, NULL);
	assert_non_null(vm);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	assert_non_null(out);
	wlb_status_print(vm, ansi, out);
	fclose(out);
	json_decref(vm);
	return text;
}

static void
a_vm_is_told_in_a_few_lines(void **state)
{
	(void)state;
	char *text = print("{\"name\":\"work\",\"colour\":\"#3584e4\","
		"\"role\":\"application\",\"display\":\"gui\","
		"\"device\":\"running\",\"pid\":7,\"deaths\":2,"
		"\"detached\":false,\"stale\":true,\"context\":\"waiting\","
		"\"counters\":{"
		"\"front-end\":true,\"driver\":true,"
		"\"bytes-from-guest\":1536,\"bytes-to-guest\":3,"
		"\"refused\":4,\"over-budget\":1,\"budgets\":{"
		"\"connections\":{\"used\":3,\"limit\":1024},"
		"\"memory\":{\"used\":67108864,\"limit\":2147483648},"
		"\"of-tomorrow\":{\"used\":2048,\"limit\":4096}}}}", false);
	assert_string_equal(text,
		"work  #3584e4  application, display gui\n"
		"  device       running, pid 7, in use by the guest, died 2 "
			"times\n"
		"  context      waiting\n"
		"  stale        its configuration changed: 'wlbridge restart "
			"work' ends the session and takes it up\n"
		"  traffic      1.5 KiB from the guest, 3 B to it\n"
		"  refused      4 commands, 1 of them for want of budget\n"
		"  connections  3 of 1024\n"
		"  memory       64.0 MiB of 2.0 GiB\n"
		"  of-tomorrow  2048 of 4096\n");
	free(text);
}

static void
a_terminal_sees_the_colour_beside_its_name(void **state)
{
	(void)state;
	char *text = print("{\"name\":\"gui\",\"colour\":\"#0a0b0c\","
		"\"role\":\"compositor\",\"display\":\"\","
		"\"device\":\"stopped\",\"pid\":0,\"detached\":true,"
		"\"counters\":null}", true);
	assert_string_equal(text,
		"\033[48;2;10;11;12m  \033[0m gui  #0a0b0c  compositor\n"
		"  device       detached\n");
	free(text);
}

static void
what_is_missing_is_left_out(void **state)
{
	(void)state;
	char *text = print("{\"name\":\"x\",\"colour\":7,\"pid\":-3}", true);
	assert_string_equal(text, "x    \n  device       \n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vm_is_told_in_a_few_lines),
		cmocka_unit_test(a_terminal_sees_the_colour_beside_its_name),
		cmocka_unit_test(what_is_missing_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
