/* SPDX-License-Identifier: MIT */
#include "subcommand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "util/fd-limit.h"
#include "util/log.h"

/* False when all is said and done, with the exit status in @ret_status. */
static bool
parse(const struct wlb_subcommand *subcommand, void *data, int argc,
	char *argv[], int *ret_ready_fd, int *ret_status)
{
	const char *flags = subcommand->has_command ? "+" : "";
	int opt;
	*ret_status = WLB_EXIT_USAGE;
	while ((opt = getopt_long(argc, argv, flags, subcommand->options,
			NULL)) >= 0) {
		int r = 0;
		switch (opt) {
		case WLB_OPTION_READY:
			r = *ret_ready_fd = wlb_options_fd(optarg);
			break;
		case WLB_OPTION_LEVEL:
			r = wlb_options_log_level(optarg);
			break;
		case WLB_OPTION_HELP:
			fputs(subcommand->usage, stdout);
			*ret_status = EXIT_SUCCESS;
			return false;
		case '?':
			fputs(subcommand->usage, stderr);
			return false;
		default:
			r = subcommand->set(data, opt, optarg);
			break;
		}
		if (r < 0) {
			return false;
		}
	}
	if (!subcommand->set_operands(data, argc - optind, argv + optind)) {
		fputs(subcommand->usage, stderr);
		return false;
	}
	return true;
}

static int
serve(const struct wlb_subcommand *subcommand, void *data, struct loop *loop,
	int ready_fd)
{
	int r = subcommand->open(data, loop);
	if (r < 0) {
		return EXIT_FAILURE;
	}
	wlb_options_ready(ready_fd);
	/* VFDs, and what clients send, cost a descriptor each. Not before a
	 * program was started that has its own idea of this limit. */
	fd_limit_raise();
	return loop_run(loop);
}

int
wlb_subcommand_main(const struct wlb_subcommand *subcommand, void *data,
	int argc, char *argv[])
{
	int ready_fd = -1;
	int status;
	if (!parse(subcommand, data, argc, argv, &ready_fd, &status)) {
		return status;
	}
	struct loop *loop;
	int r = loop_create_main(&loop);
	if (r < 0) {
		log_failure("an event loop", r);
		return EXIT_FAILURE;
	}
	status = serve(subcommand, data, loop, ready_fd);
	subcommand->close(data);
	loop_destroy(loop);
	return status;
}
