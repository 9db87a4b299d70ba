/* SPDX-License-Identifier: MIT */
/* wlbridge-agent: the guest ends of a bridge, for programs as they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "util/log.h"

static const char usage[] =
"Usage: wlbridge-agent app [OPTION]... [-- COMMAND [ARGUMENT]...]\n"
"       wlbridge-agent display [OPTION]...\n"
"       wlbridge-agent context [OPTION]... NAME=PATH...\n"
"\n"
"app       be the Wayland display of this VM's programs\n"
"display   hand other VMs' programs to the compositor of this VM\n"
"context   let VMs reach the compositor of this host, under their names\n"
"\n"
"'wlbridge-agent SUBCOMMAND --help' lists the options; see also\n"
"wlbridge-agent(1).\n";

int
main(int argc, char *argv[])
{
	log_init("wlbridge-agent", LOG_INFO);
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "app") == 0) {
		return wlb_app_main(argc - 1, argv + 1);
	}
	if (strcmp(name, "display") == 0) {
		return wlb_display_main(argc - 1, argv + 1);
	}
	if (strcmp(name, "context") == 0) {
		return wlb_context_main(argc - 1, argv + 1);
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (strcmp(name, "--version") == 0) {
		puts("wlbridge-agent " WLB_VERSION);
		return EXIT_SUCCESS;
	}
	fputs(usage, stderr);
	return WLB_EXIT_USAGE;
}
