/* SPDX-License-Identifier: MIT */
/* The command line, and the statuses the command ends with. */
#ifndef WLB_OPTIONS_H
#define WLB_OPTIONS_H

#include <stdbool.h>

#include "control-message.h"
#include "labels-print.h"
#include "vmm-args.h"

enum {
	EXIT_REFUSED = 1,	/* the daemon, or the configuration, says no */
	EXIT_USAGE = 2,
	EXIT_NO_DAEMON = 3,
};

struct options {
	const char *config_path;	/* NULL: not given */
	const char *runtime_dir;	/* NULL: not given */
	bool json;
	bool shell;
	struct wlb_vmm_params vmm;
	bool labels;			/* instead of a command for the daemon */
	bool has_labels_for;
	enum wlb_labels_for labels_for;
	enum wlb_command command;
	const char *vm;			/* NULL: not given */
	bool mic_status;		/* mic: only tell */
	bool state;			/* mic and mute */
	double volume;
};

/* Return: -1 to go on, or the exit status. */
int
wlb_options_parse(int argc, char **argv, struct options *ret);

/* Say what a value should have been. Return: EXIT_USAGE. */
int
wlb_options_bad(const char *option, const char *value, const char *expected);

#endif
