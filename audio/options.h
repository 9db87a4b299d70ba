/* SPDX-License-Identifier: MIT */
/* The command line of wlbridge-snd. */
#ifndef VSND_OPTIONS_H
#define VSND_OPTIONS_H

#include <stdbool.h>

#include "info.h"
#include "sink-pipewire.h"
#include "util/log.h"

struct vsnd_options {
	struct vsnd_identity identity;
	struct vsnd_layout layout;
	const char *socket_path;	/* NULL: fd */
	int fd;				/* listening; -1: socket_path */
	bool mic;
	int status_fd;			/* -1: none */
	int control_fd;			/* -1: none */
	bool sandbox;
	bool print_capabilities;
	enum log_level log_level;
};

/**
 * vsnd_options_parse() - Read the command line
 *
 * Return: 0; 1 when all is done (--help); -EINVAL with the reason printed.
 */
int
vsnd_options_parse(int argc, char **argv, struct vsnd_options *ret);

#endif
