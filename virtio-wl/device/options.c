/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/option.h"

#define REGION_SIZE_DEFAULT (UINT64_C(8) << 30)
#define REGION_SIZE_MIN (UINT64_C(1) << 30)

enum {
	OPTION_NAME = 256,
	OPTION_SOCKET_PATH,
	OPTION_FD,
	OPTION_CONNECT,
	OPTION_ACCEPT,
	OPTION_LIMIT,
	OPTION_PEER_LIMIT,
	OPTION_REGION_SIZE,
	OPTION_STATUS_FD,
	OPTION_ROOT,
	OPTION_FEATURES,
	OPTION_NO_SANDBOX,
	OPTION_LOG_LEVEL,
	OPTION_PRINT_CAPABILITIES,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "socket-path", required_argument, NULL, OPTION_SOCKET_PATH },
	{ "fd", required_argument, NULL, OPTION_FD },
	{ "connect", required_argument, NULL, OPTION_CONNECT },
	{ "accept", required_argument, NULL, OPTION_ACCEPT },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "peer-limit", required_argument, NULL, OPTION_PEER_LIMIT },
	{ "region-size", required_argument, NULL, OPTION_REGION_SIZE },
	{ "status-fd", required_argument, NULL, OPTION_STATUS_FD },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "features", required_argument, NULL, OPTION_FEATURES },
	{ "no-sandbox", no_argument, NULL, OPTION_NO_SANDBOX },
	{ "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
	{ "print-capabilities", no_argument, NULL, OPTION_PRINT_CAPABILITIES },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static const char usage[] =
"usage: wlbridge-wl --name VM (--socket-path=PATH | --fd=N) [OPTION...]\n"
"  --connect [NAME]=PATH     the guest may connect to PATH, as NAME\n"
"  --accept NAME=PATH|fd:N   the peer NAME may connect to the guest\n"
"  --limit RESOURCE=N        what the VM may hold\n"
"  --peer-limit PEER:RESOURCE=N  what one of its peers may\n"
"  --region-size BYTES       of the guest's shared memory, a power of two\n"
"  --status-fd N             a memfd of a page, for counters\n"
"  --root DIR                paths are below it, and nothing else is in reach\n"
"  --features full|base      base: the historic protocol alone\n"
"  --no-sandbox              keep every system call, for debugging\n"
"  --log-level error|warn|info|debug\n"
"  --print-capabilities      say what this device is, as JSON\n";

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
apply(struct vwl_options *options, int option, char *value)
{
	switch (option) {
	case OPTION_NAME:
		options->vm_name = value;
		return 0;
	case OPTION_SOCKET_PATH:
		options->socket_path = value;
		return 0;
	case OPTION_FD:
		return option_fd(value, &options->fd);
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
	case OPTION_STATUS_FD:
		return option_fd(value, &options->status_fd);
	case OPTION_ROOT:
		options->root = value;
		return 0;
	case OPTION_FEATURES:
		return option_choice(value, "base", "full",
			&options->base_features);
	case OPTION_NO_SANDBOX:
		options->sandbox = false;
		return 0;
	case OPTION_LOG_LEVEL:
		return option_log_level(value, &options->log_level);
	case OPTION_PRINT_CAPABILITIES:
		options->print_capabilities = true;
		return 0;
	case OPTION_HELP:
		fputs(usage, stdout);
		return 1;
	default:
		fputs(usage, stderr);
		return -EINVAL;
	}
}

static int
check(const struct vwl_options *options)
{
	if (options->print_capabilities) {
		return 0;
	}
	if (options->vm_name == NULL || *options->vm_name == '\0') {
		return option_complain("a name is needed", "--name");
	}
	if ((options->socket_path == NULL) == (options->fd < 0)) {
		return option_complain("one of the two is needed",
			"--socket-path, --fd");
	}
	return 0;
}

int
vwl_options_parse(int argc, char **argv, struct vwl_options *ret)
{
	size_t max = (size_t)argc;
	struct vwl_options options = {
		.fd = -1,
		.status_fd = -1,
		.region_size = REGION_SIZE_DEFAULT,
		.log_level = LOG_INFO,
		.sandbox = true,
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
	int option;
	while (r == 0 && (option = getopt_long(argc, argv, "", long_options,
			NULL)) != -1) {
		r = apply(&options, option, optarg);
	}
	if (r == 0 && optind < argc) {
		r = option_complain("not an option", argv[optind]);
	}
	if (r == 0) {
		r = check(&options);
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
	*options = (struct vwl_options){ .fd = -1, .status_fd = -1 };
}
