/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <stdlib.h>

#include "util/option.h"

#define REGION_SIZE_DEFAULT (UINT64_C(8) << 30)
#define REGION_SIZE_MIN (UINT64_C(1) << 30)

enum {
	OPTION_CONNECT = VUB_OPTION_OWN,
	OPTION_ACCEPT,
	OPTION_LIMIT,
	OPTION_PEER_LIMIT,
	OPTION_REGION_SIZE,
	OPTION_ROOT,
	OPTION_FEATURES,
};

static const struct option long_options[] = {
	VUB_OPTIONS_OF_ALL,
	{ "connect", required_argument, NULL, OPTION_CONNECT },
	{ "accept", required_argument, NULL, OPTION_ACCEPT },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "peer-limit", required_argument, NULL, OPTION_PEER_LIMIT },
	{ "region-size", required_argument, NULL, OPTION_REGION_SIZE },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "features", required_argument, NULL, OPTION_FEATURES },
	{ 0 },
};

static const char usage[] =
"usage: wlbridge-wl --name VM (--socket-path=PATH | --fd=N) [OPTION...]\n"
"  --connect [NAME]=PATH     the guest may connect to PATH, as NAME\n"
"  --accept NAME=PATH|fd:N   the peer NAME may connect to the guest\n"
"  --limit RESOURCE=N        what the VM may hold\n"
"  --peer-limit PEER:RESOURCE=N  what one of its peers may\n"
"  --region-size BYTES       of the guest's shared memory, a power of two\n"
"  --root DIR                paths are below it, and nothing else is in reach\n"
"  --features full|base      base: the historic protocol alone\n"
VUB_OPTIONS_OF_ALL_USAGE;

static int
parse_region_size(const char *text, uint64_t *ret)
{
	uint64_t size;
	if (option_parse_size(text, &size) < 0 || size < REGION_SIZE_MIN
			|| (size & (size - 1)) != 0) {
		return option_complain("not a power of two of at least 1G", text);
	}
	*ret = size;
	return 0;
}

static int
set(void *data, int option, char *value)
{
	struct vwl_options *options = data;
	switch (option) {
	case OPTION_CONNECT:
		options->connects[options->connect_count++] = value;
		return 0;
	case OPTION_ACCEPT:
		options->accepts[options->accept_count++] = value;
		return 0;
	case OPTION_LIMIT:
		options->limits[options->limit_count++] = value;
		return 0;
	case OPTION_PEER_LIMIT:
		options->peer_limits[options->peer_limit_count++] = value;
		return 0;
	case OPTION_REGION_SIZE:
		return parse_region_size(value, &options->region_size);
	case OPTION_ROOT:
		options->root = value;
		return 0;
	case OPTION_FEATURES:
		return option_choice(value, "base", "full",
			&options->base_features);
	default:
		return -EINVAL;
	}
}

static const struct vub_command_line command_line = {
	.usage = usage,
	.options = long_options,
	.set = set,
};

int
vwl_options_parse(int argc, char **argv, struct vwl_options *ret)
{
	size_t max = (size_t)argc;
	struct vwl_options options = {
		.region_size = REGION_SIZE_DEFAULT,
		.connects = calloc(max, sizeof(char *)),
		.accepts = calloc(max, sizeof(char *)),
		.limits = calloc(max, sizeof(char *)),
		.peer_limits = calloc(max, sizeof(char *)),
	};
	int r = 0;
	if (options.connects == NULL || options.accepts == NULL
			|| options.limits == NULL
			|| options.peer_limits == NULL) {
		r = -ENOMEM;
	}
	if (r == 0) {
		r = vub_program_parse(&command_line, argc, argv, &options,
			&options.program);
	}
	if (r != 0) {
		vwl_options_finish(&options);
		return r;
	}
	*ret = options;
	return 0;
}

void
vwl_options_finish(struct vwl_options *options)
{
	free(options->connects);
	free(options->accepts);
	free(options->limits);
	free(options->peer_limits);
	*options = (struct vwl_options){ 0 };
}
