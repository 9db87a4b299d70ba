/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-wl - the Wayland transport device of one VM
 *
 * Reads its command line, takes what it inherits, and serves front-ends one
 * after the other until it is told to go.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "endpoint/listener.h"
#include "options.h"
#include "sandbox.h"
#include "server.h"
#include "util/fd-limit.h"
#include "util/loop.h"
#include "util/option.h"
#include "wl/personality.h"

#define FDS_RESERVE 256u	/* for sessions, messages in hand and ourselves */

/* The kernel has one limit on descriptors under way for all of a user's
 * processes, as high as that on each one's own. So many devices may be at the
 * end of their budgets together without reaching it. */
#define FLIGHT_DEVICES 16

static void
print_capabilities(void)
{
	printf("{\n  \"type\": \"wl\",\n  \"features\": [\"base\", \"full\"],\n"
		"  \"limits\": [");
	for (int i = 0; i < VWL_RESOURCES; i++) {
		printf("%s\"%s\"", i > 0 ? ", " : "", vwl_resource_name(i));
	}
	printf("]\n}\n");
}

/* "RESOURCE=N" into @budget. */
static int
set_limit(struct vwl_budget *budget, const char *spec)
{
	char name[32];
	const char *equals = strchr(spec, '=');
	if (equals == NULL || (size_t)(equals - spec) >= sizeof(name)) {
		return -EINVAL;
	}
	memcpy(name, spec, (size_t)(equals - spec));
	name[equals - spec] = '\0';
	int resource = vwl_resource_by_name(name);
	uint64_t limit;
	int r = option_parse_size(equals + 1, &limit);
	if (resource < 0 || r < 0) {
		return -EINVAL;
	}
	budget->limits[resource] = limit;
	return 0;
}

/* "PEER:RESOURCE=N" into that peer's budget. */
static int
set_peer_limit(struct vwl_device *device, const char *spec)
{
	const char *colon = strrchr(spec, ':');
	if (colon == NULL) {
		return -EINVAL;
	}
	char *name = strndup(spec, (size_t)(colon - spec));
	if (name == NULL) {
		return -ENOMEM;
	}
	struct vwl_endpoint *endpoint = vwl_endpoint_by_name(device, name);
	free(name);
	return endpoint == NULL ? -ENOENT
		: set_limit(&endpoint->budget, colon + 1);
}

static int
complain(const char *option, const char *value, int r)
{
	log_error("%s %s: %s", option, value, strerror(-r));
	return r;
}

static void
lower(uint64_t *limit, uint64_t most)
{
	if (*limit > most) {
		*limit = most;
	}
}

/* Where nothing else is said, no more than there is. */
static void
fit_limits(struct vwl_device *device, uint64_t fds, uint64_t region_size)
{
	uint64_t *limits = device->budget.limits;
	lower(&limits[VWL_RES_FDS], fds - FDS_RESERVE);
	lower(&limits[VWL_RES_IN_FLIGHT], fds / FLIGHT_DEVICES);
	lower(&limits[VWL_RES_MAPPED], region_size);
}

static int
set_limits(struct vwl_device *device, const struct vwl_options *options)
{
	uint64_t fds = fd_limit_raise();
	if (fds < 2 * FDS_RESERVE) {
		log_error("this process may have %" PRIu64 " descriptors; it "
			"needs %u at least (RLIMIT_NOFILE)", fds,
			2 * FDS_RESERVE);
		return -EMFILE;
	}
	fit_limits(device, fds, options->region_size);
	for (size_t i = 0; i < options->limit_count; i++) {
		int r = set_limit(&device->budget, options->limits[i]);
		if (r < 0) {
			return complain("--limit", options->limits[i], r);
		}
	}
	if (device->budget.limits[VWL_RES_FDS] > fds - FDS_RESERVE) {
		log_error("--limit fds: this process may have %" PRIu64
			" descriptors (RLIMIT_NOFILE), and %u of these are "
			"for itself", fds, FDS_RESERVE);
		return -EMFILE;
	}
	return 0;
}

/* What the guest may hold and reach; limits first, peers inherit them. */
static int
configure(struct vwl_device *device, const struct vwl_options *options)
{
	int r = set_limits(device, options);
	if (r < 0) {
		return r;
	}
	r = vwl_pauses_init(&device->pauses, device->loop);
	if (r < 0) {
		return log_failure("a timer", r);
	}
	if (options->root != NULL && chdir(options->root) < 0) {
		return complain("--root", options->root, -errno);
	}
	for (size_t i = 0; i < options->connect_count; i++) {
		r = vwl_names_add(&device->names, options->connects[i]);
		if (r < 0) {
			return complain("--connect", options->connects[i], r);
		}
	}
	for (size_t i = 0; i < options->accept_count; i++) {
		/* One part is the guest's own. */
		r = vwl_endpoint_add(device, options->accepts[i],
			options->root, (unsigned)options->accept_count + 1);
		if (r < 0) {
			return complain("--accept", options->accepts[i], r);
		}
	}
	for (size_t i = 0; i < options->peer_limit_count; i++) {
		r = set_peer_limit(device, options->peer_limits[i]);
		if (r < 0) {
			return complain("--peer-limit",
				options->peer_limits[i], r);
		}
	}
	return 0;
}

static int
enter_sandbox(const struct vwl_options *options)
{
#ifdef VWL_HAVE_SANDBOX
	if (options->program.sandbox) {
		int r = options->root != NULL ? vwl_sandbox_confine() : 0;
		if (r < 0) {
			log_warn("all that our user may reach stays in reach: "
				"cannot change the root: %s", strerror(-r));
		}
		r = vwl_sandbox_enter();
		return r < 0 ? log_failure("the sandbox", r) : 0;
	}
#endif
	vub_program_log_no_sandbox(&options->program);
	return 0;
}

static int
serve(struct vwl_device *device, const struct vwl_options *options)
{
	int r = configure(device, options);
	if (r < 0) {
		return r;
	}
	void *page = NULL;
	r = vub_program_map_status(&options->program, VWL_STATUS_SIZE, &page);
	if (r < 0) {
		return r;
	}
	if (page != NULL) {
		vwl_device_show(device, page);
	}
	int fd = vub_program_listen(&options->program);
	if (fd < 0) {
		return log_failure("the vhost-user socket", fd);
	}
	const struct vwl_personality *personality = &vwl_personality_wl;
	struct vwl_server *server;
	r = vwl_server_create(device, personality, options->base_features
			? personality->base_features : personality->features,
		options->region_size, fd, &server);
	if (r < 0) {
		return log_failure("the vhost-user socket", r);
	}
	r = enter_sandbox(options);
	if (r == 0) {
		r = loop_run(device->loop);
	}
	vwl_server_destroy(server);
	return r;
}

static int
run(void *data, struct loop *loop)
{
	const struct vwl_options *options = data;
	struct vwl_device device;
	vwl_device_init(&device, loop, options->program.vm_name,
		options->region_size);
	int r = serve(&device, options);
	vwl_device_finish(&device);
	return r;
}

int
main(int argc, char **argv)
{
	struct vwl_options options;
	int r = vwl_options_parse(argc, argv, &options);
	if (r != 0) {
		return r < 0 ? 2 : 0;
	}
	int status = 0;
	if (options.program.print_capabilities) {
		print_capabilities();
	} else {
		/* A pipe whose reader has gone is an error like any other. */
		signal(SIGPIPE, SIG_IGN);
		status = vub_program_run("wlbridge-wl", &options.program, run,
			&options);
	}
	vwl_options_finish(&options);
	return status;
}
