/* SPDX-License-Identifier: MIT */
/* The command line of wlbridge-snd. */
#ifndef VSND_OPTIONS_H
#define VSND_OPTIONS_H

#include <stdbool.h>
#include <vhost-user/program.h>

#include "info.h"
#include "sink-pipewire.h"

struct vsnd_options {
	struct vub_program_options program;
	struct vsnd_identity identity;
	struct vsnd_layout layout;
	bool mic;
	int control_fd;			/* -1: none */
};

/* Read the command line. Return: as vub_program_parse() does. */
int
vsnd_options_parse(int argc, char **argv, struct vsnd_options *ret);

#endif
