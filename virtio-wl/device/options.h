/* SPDX-License-Identifier: MIT */
/* The command line of wlbridge-wl. */
#ifndef VWL_OPTIONS_H
#define VWL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vhost-user/program.h>

struct vwl_options {
	struct vub_program_options program;
	char **connects;		/* "NAME=PATH", in argv, as below */
	size_t connect_count;
	char **accepts;			/* "NAME=PATH" or "NAME=fd:N" */
	size_t accept_count;
	char **limits;			/* "RESOURCE=N" */
	size_t limit_count;
	char **peer_limits;		/* "PEER:RESOURCE=N" */
	size_t peer_limit_count;
	uint64_t region_size;		/* bytes */
	const char *root;		/* all paths are below it; or NULL */
	bool base_features;
};

/* Read the command line. Return: as vub_program_parse() does, or -ENOMEM. */
int
vwl_options_parse(int argc, char **argv, struct vwl_options *ret);

void
vwl_options_finish(struct vwl_options *options);

#endif
