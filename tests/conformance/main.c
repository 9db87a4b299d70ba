/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "conformance.h"

const struct provider *provider;
const struct options *options;

static const char usage[] =
	"usage: conformance --carrier unix|vhost-user|kernel\n"
	"                   [--program WLBRIDGE-WL [--two] | --address ADDRESS]\n"
	"                   [--connect NAME] [--accept NAME] [--only PATTERN]\n"
	"\n"
	"A device at ADDRESS runs with --connect NAME=PATH --accept NAME=PATH,\n"
	"the same path, by default with the names loop and self. With --two there are two devices of\n"
	"our own, one that connects to another one.\n";

static int
run_all(void)
{
	int failed = 0;
	failed += _cmocka_run_group_tests("stream", stream_cases,
		stream_case_count, NULL, NULL);
	failed += _cmocka_run_group_tests("waiting", wait_cases,
		wait_case_count, NULL, NULL);
	failed += _cmocka_run_group_tests("descriptors", fd_cases,
		fd_case_count, NULL, NULL);
	failed += _cmocka_run_group_tests("ends", end_cases, end_case_count,
		NULL, NULL);
	failed += _cmocka_run_group_tests("pipes", pipe_cases,
		pipe_case_count, NULL, NULL);
	failed += _cmocka_run_group_tests("memory", memory_cases,
		memory_case_count, NULL, NULL);
	if (provider->device() != NULL) {
		failed += _cmocka_run_group_tests("device", device_cases,
			device_case_count, NULL, NULL);
		failed += _cmocka_run_group_tests("relay", relay_cases,
			relay_case_count, NULL, NULL);
#ifdef CONFORMANCE_INTERPOSED
		failed += _cmocka_run_group_tests("own descriptors", own_cases,
			own_case_count, NULL, NULL);
#endif
	}
	return failed;
}

int
main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "carrier", required_argument, NULL, 'c' },
		{ "address", required_argument, NULL, 'a' },
		{ "program", required_argument, NULL, 'p' },
		{ "connect", required_argument, NULL, 'o' },
		{ "accept", required_argument, NULL, 'i' },
		{ "two", no_argument, NULL, 't' },
		{ "only", required_argument, NULL, 'f' },
		{ 0 },
	};
	struct options given = { .connect = "loop", .accept = "self" };
	int c;
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) >= 0) {
		switch (c) {
		case 'c':
			given.carrier = optarg;
			break;
		case 'a':
			given.address = optarg;
			break;
		case 'p':
			given.program = optarg;
			break;
		case 'o':
			given.connect = optarg;
			break;
		case 'i':
			given.accept = optarg;
			break;
		case 't':
			given.two = true;
			break;
		case 'f':
			cmocka_set_test_filter(optarg);
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (given.carrier == NULL || optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	options = &given;
	provider = strcmp(given.carrier, "unix") == 0 ? &provider_unix
		: &provider_device;
	provider->start(&given);
	int failed = run_all();
	provider->stop();
	return failed == 0 ? 0 : 1;
}
