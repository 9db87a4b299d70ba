/* SPDX-License-Identifier: MIT */
/* The command line of wlbridge-wl. */
#ifndef VWL_OPTIONS_H
#define VWL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/log.h"

struct vwl_options {
	const char *vm_name;
	const char *socket_path;	/* NULL: fd */
	int fd;				/* listening; -1: socket_path */
	char **connects;		/* "NAME=PATH", in argv, as below */
	size_t connect_count;
	char **accepts;			/* "NAME=PATH" or "NAME=fd:N" */
	size_t accept_count;
	char **limits;			/* "RESOURCE=N" */
	size_t limit_count;
	char **peer_limits;		/* "PEER:RESOURCE=N" */
	size_t peer_limit_count;
	uint64_t region_size;		/* bytes */
	int status_fd;			/* -1: none */
	const char *root;		/* all paths are below it; or NULL */
	bool base_features;
	bool sandbox;
	bool print_capabilities;
	enum log_level log_level;
};

/**
 * vwl_options_parse() - Read the command line
 *
 * Return: 0; 1 when all is done (--help); -EINVAL with the reason printed.
 */
int
vwl_options_parse(int argc, char **argv, struct vwl_options *ret);

void
vwl_options_finish(struct vwl_options *options);

#endif
