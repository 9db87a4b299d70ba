/* SPDX-License-Identifier: MIT */
/* What all subcommands do alike: from their command line to their end. */
#ifndef WLB_AGENT_SUBCOMMAND_H
#define WLB_AGENT_SUBCOMMAND_H

#include <getopt.h>
#include <stdbool.h>

#include "util/loop.h"

/* The values of options that every subcommand has; own ones come after. */
enum {
	WLB_OPTION_READY = 256,
	WLB_OPTION_LEVEL,
	WLB_OPTION_HELP,
	WLB_OPTION_OWN,
};

/* Their rows in a subcommand's table of options. */
#define WLB_OPTIONS_OF_ALL \
	{ "ready-fd", required_argument, NULL, WLB_OPTION_READY }, \
	{ "log-level", required_argument, NULL, WLB_OPTION_LEVEL }, \
	{ "help", no_argument, NULL, WLB_OPTION_HELP }

struct wlb_subcommand {
	const char *usage;		/* with WLB_OPTIONS_OF_ALL_USAGE */
	const struct option *options;	/* ends with a zeroed one */
	bool has_command;		/* what follows it is not for us */

	/* One of its own options, if it has any. 0 (or more), or -1 for a bad
	 * value, already logged. */
	int (*set)(void *data, int option, const char *value);
	/* What is left of the command line. False if it must not be so. */
	bool (*set_operands)(void *data, int count, char *operands[]);
	/*
	 * Begin to serve; logs why not. 0 or -errno. The process has the
	 * descriptor limit that it was given still.
	 */
	int (*open)(void *data, struct loop *loop);
	/* After a failed open() too. The loop is still there. */
	void (*close)(void *data);
};

/* The lines of a usage text about WLB_OPTIONS_OF_ALL. */
#define WLB_OPTIONS_OF_ALL_USAGE \
"  --ready-fd N        write a newline there when serving\n" \
"  --log-level LEVEL   error, warn, info or debug\n" \
"  --help\n"

/**
 * wlb_subcommand_main() - Parse, serve until SIGTERM or SIGINT, clean up
 * @data: for the callbacks
 *
 * Return: the exit status; a callback may have chosen it with loop_quit().
 */
int
wlb_subcommand_main(const struct wlb_subcommand *subcommand, void *data,
	int argc, char *argv[]);

#endif
