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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "security-context.h"
#include "subcommand.h"
#include "util/fd.h"
#include "util/log.h"
#include "util/uuid.h"

#define BACKLOG 128

struct context {
	char *name;
	const char *path;	/* NULL until the socket is there */
	int close_fd;
};

struct contexts {
	struct wlb_compositor *compositor;
	struct context *list;
	char **arguments;	/* as many */
	size_t count;
};

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
	char instance[UUID_SIZE];
	int r = context->name == NULL ? -ENOMEM : uuid_make(instance);
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
contexts_open(void *data, struct loop *loop)
{
	struct contexts *contexts = data;
	contexts->list = calloc(contexts->count, sizeof(contexts->list[0]));
	if (contexts->list == NULL) {
		contexts->count = 0;
		return -ENOMEM;
	}
	for (size_t i = 0; i < contexts->count; i++) {
		contexts->list[i].close_fd = -1;
	}
	int r = wlb_compositor_connect(loop, &contexts->compositor);
	if (r == 0 && !wlb_compositor_has_contexts(contexts->compositor)) {
		log_error("the compositor lacks "
			"wp_security_context_manager_v1");
		r = -ENOTSUP;
	}
	for (size_t i = 0; i < contexts->count && r == 0; i++) {
		r = context_open(contexts, &contexts->list[i],
			contexts->arguments[i]);
	}
	return r;
}

static void
contexts_close(void *data)
{
	struct contexts *contexts = data;
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
}

static bool
contexts_set_operands(void *data, int count, char *operands[])
{
	struct contexts *contexts = data;
	contexts->arguments = operands;
	contexts->count = (size_t)count;
	return count > 0;
}

int
wlb_context_main(int argc, char *argv[])
{
	static const struct option options[] = {
		WLB_OPTIONS_OF_ALL,
		{ 0 },
	};
	static const struct wlb_subcommand subcommand = {
		.usage =
"Usage: wlbridge-agent context [OPTION]... NAME=PATH...\n"
"\n"
WLB_OPTIONS_OF_ALL_USAGE,
		.options = options,
		.set_operands = contexts_set_operands,
		.open = contexts_open,
		.close = contexts_close,
	};
	struct contexts contexts = { 0 };
	return wlb_subcommand_main(&subcommand, &contexts, argc, argv);
}
