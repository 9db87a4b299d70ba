/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * On a host with a compositor of its own, a VM's device process connects to it
 * directly. This makes the socket for that: for each NAME=PATH it listens at
 * PATH, gives the listener to the compositor under that name, and stays, since
 * the compositor serves it only as long as somebody holds the other end.
 *
 * The instance is that of one run of this program for that name; it is random,
 * so that a later run cannot be taken for an earlier one.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "options.h"
#include "security-context.h"
#include "util/fd.h"
#include "util/log.h"

#define BACKLOG 128

struct context {
	char *name;
	const char *path;	/* NULL until the socket is there */
	int close_fd;
};

struct contexts {
	struct loop *loop;
	struct loop_source *signals[2];
	struct wlb_compositor *compositor;
	struct context *list;
	size_t count;
	int ready_fd;
};

static void
handle_terminate(void *data)
{
	struct contexts *contexts = data;
	loop_quit(contexts->loop, EXIT_SUCCESS);
}

static int
make_instance(char instance[37])
{
	uint16_t random[8];
	if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
		return -errno;
	}
	/* RFC 9562, version 4. */
	random[3] = (uint16_t)((random[3] & 0x0fff) | 0x4000);
	random[4] = (uint16_t)((random[4] & 0x3fff) | 0x8000);
	snprintf(instance, 37, "%04x%04x-%04x-%04x-%04x-%04x%04x%04x",
		random[0], random[1], random[2], random[3], random[4],
		random[5], random[6], random[7]);
	return 0;
}

static int
context_open(struct contexts *contexts, struct context *context,
	const char *argument)
{
	const char *equals = strchr(argument, '=');
	if (equals == NULL || equals == argument || equals[1] == '\0') {
		log_error("'%s' is not NAME=PATH", argument);
		return -EINVAL;
	}
	context->name = strndup(argument, (size_t)(equals - argument));
	char instance[37];
	int r = context->name == NULL ? -ENOMEM : make_instance(instance);
	if (r < 0) {
		return r;
	}
	int listen_fd = fd_listen(equals + 1, BACKLOG);
	if (listen_fd < 0) {
		log_error("cannot listen at %s: %s", equals + 1,
			strerror(-listen_fd));
		return listen_fd;
	}
	context->path = equals + 1;
	r = wlb_compositor_listen(contexts->compositor, context->name,
		instance, listen_fd, &context->close_fd);
	fd_close(&listen_fd);
	if (r == 0) {
		log_info("VM '%s' (%s) is served at %s", context->name,
			instance, context->path);
	}
	return r;
}

static int
contexts_open(struct contexts *contexts, char *const arguments[])
{
	static const int signals[] = { SIGTERM, SIGINT };
	int r = loop_create(&contexts->loop);
	for (size_t i = 0; i < 2 && r == 0; i++) {
		r = loop_add_signal(contexts->loop, signals[i],
			handle_terminate, contexts, &contexts->signals[i]);
	}
	if (r == 0) {
		r = wlb_compositor_connect(contexts->loop,
			&contexts->compositor);
	}
	if (r == 0 && !wlb_compositor_has_contexts(contexts->compositor)) {
		log_error("the compositor lacks "
			"wp_security_context_manager_v1");
		r = -ENOTSUP;
	}
	for (size_t i = 0; i < contexts->count && r == 0; i++) {
		r = context_open(contexts, &contexts->list[i], arguments[i]);
	}
	return r;
}

static void
contexts_close(struct contexts *contexts)
{
	for (size_t i = 0; i < contexts->count; i++) {
		struct context *context = &contexts->list[i];
		fd_close(&context->close_fd);
		if (context->path != NULL) {
			unlink(context->path);
		}
		free(context->name);
	}
	free(contexts->list);
	wlb_compositor_destroy(contexts->compositor);
	loop_destroy(contexts->loop);
}

static void
usage(FILE *stream)
{
	fputs("Usage: wlbridge-agent context [OPTION]... NAME=PATH...\n"
"\n"
"  --ready-fd N       write a newline there when serving\n"
"  --log-level LEVEL  error, warn, info or debug\n"
"  --help\n", stream);
}

int
wlb_context_main(int argc, char *argv[])
{
	enum { READY = 256, LEVEL, HELP };
	static const struct option options[] = {
		{ "ready-fd", required_argument, NULL, READY },
		{ "log-level", required_argument, NULL, LEVEL },
		{ "help", no_argument, NULL, HELP },
		{ 0 },
	};
	struct contexts contexts = { .ready_fd = -1 };
	int opt;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (opt) {
		case READY:
			contexts.ready_fd = wlb_options_fd(optarg);
			if (contexts.ready_fd < 0) {
				return WLB_EXIT_USAGE;
			}
			break;
		case LEVEL:
			if (wlb_options_log_level(optarg) < 0) {
				return WLB_EXIT_USAGE;
			}
			break;
		case HELP:
			usage(stdout);
			return EXIT_SUCCESS;
		default:
			usage(stderr);
			return WLB_EXIT_USAGE;
		}
	}
	if (optind == argc) {
		usage(stderr);
		return WLB_EXIT_USAGE;
	}
	contexts.count = (size_t)(argc - optind);
	contexts.list = calloc(contexts.count, sizeof(contexts.list[0]));
	if (contexts.list == NULL) {
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < contexts.count; i++) {
		contexts.list[i].close_fd = -1;
	}
	int status = EXIT_FAILURE;
	if (contexts_open(&contexts, argv + optind) == 0) {
		wlb_options_ready(contexts.ready_fd);
		status = loop_run(contexts.loop);
	}
	contexts_close(&contexts);
	return status;
}
