/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-wl - the Wayland transport device of one VM
 *
 * Reads its command line, takes what it inherits, and serves front-ends one
 * after the other until it is told to go.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"
#include "endpoint/listener.h"
#include "options.h"
#include "sandbox.h"
#include "server.h"
#include "util/fd-limit.h"
#include "util/fd.h"
#include "util/loop.h"
#include "util/option.h"
#include "wl/personality.h"

#define BACKLOG 1	/* front-ends that wait for the one being served */
#define FDS_RESERVE 256	/* for sessions, messages in flight and ourselves */

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

/* As many descriptors as we may have; the budget keeps below that. */
static void
raise_fd_limit(struct vwl_device *device)
{
	uint64_t all = fd_limit_raise();
	if (all == 0) {
		return;
	}
	uint64_t usable = all > 2 * FDS_RESERVE
		? all - FDS_RESERVE : FDS_RESERVE;
	if (device->budget.limits[VWL_RES_FDS] > usable) {
		device->budget.limits[VWL_RES_FDS] = usable;
	}
}

/* What the guest may hold and reach; limits first, peers inherit them. */
static int
configure(struct vwl_device *device, const struct vwl_options *options)
{
	int r;
	raise_fd_limit(device);
	r = vwl_pauses_init(&device->pauses, device->loop);
	if (r < 0) {
		return complain("a timer", "", r);
	}
	if (options->root != NULL && chdir(options->root) < 0) {
		return complain("--root", options->root, -errno);
	}
	for (size_t i = 0; i < options->limit_count; i++) {
		r = set_limit(&device->budget, options->limits[i]);
		if (r < 0) {
			return complain("--limit", options->limits[i], r);
		}
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
map_status(struct vwl_device *device, int take_fd)
{
	void *page = mmap(NULL, VWL_STATUS_SIZE, PROT_READ | PROT_WRITE,
		MAP_SHARED, take_fd, 0);
	int r = page == MAP_FAILED ? -errno : 0;
	fd_close(&take_fd);
	if (r == 0) {
		vwl_device_show(device, page);
	}
	return r;
}

/* The socket that front-ends connect to, or -errno. */
static int
listening_socket(const struct vwl_options *options)
{
	if (options->fd < 0) {
		return fd_listen(options->socket_path, BACKLOG);
	}
	if (fcntl(options->fd, F_SETFD, FD_CLOEXEC) < 0) {
		return -errno;
	}
	int r = fd_set_nonblock(options->fd);
	return r < 0 ? r : options->fd;
}

static void
handle_term(void *data)
{
	loop_quit(data, 0);
}

static int
enter_sandbox(const struct vwl_options *options)
{
#ifdef VWL_HAVE_SANDBOX
	if (options->sandbox) {
		int r = options->root != NULL ? vwl_sandbox_confine() : 0;
		if (r < 0) {
			log_warn("all that our user may reach stays in reach: "
				"cannot change the root: %s", strerror(-r));
		}
		r = vwl_sandbox_enter();
		return r < 0 ? complain("the sandbox", "", r) : 0;
	}
#endif
	if (options->sandbox) {
		log_warn("built without a sandbox: a guest that broke this "
			"device could do what our user may");
	} else {
		log_info("told to run without a sandbox");
	}
	return 0;
}

static int
serve(struct vwl_device *device, const struct vwl_options *options)
{
	int r = configure(device, options);
	if (r < 0) {
		return r;
	}
	if (options->status_fd >= 0) {
		r = map_status(device, options->status_fd);
		if (r < 0) {
			return complain("--status-fd", "", r);
		}
	}
	int fd = listening_socket(options);
	if (fd < 0) {
		return complain("the vhost-user socket", "", fd);
	}
	const struct vwl_personality *personality = &vwl_personality_wl;
	struct vwl_server *server;
	r = vwl_server_create(device, personality, options->base_features
			? personality->base_features : personality->features,
		options->region_size, fd, &server);
	if (r < 0) {
		return complain("the vhost-user socket", "", r);
	}
	r = enter_sandbox(options);
	if (r == 0) {
		r = loop_run(device->loop);
	}
	vwl_server_destroy(server);
	return r;
}

static int
run(struct loop *loop, const struct vwl_options *options)
{
	struct loop_source *term, *interrupt;
	int r = loop_add_signal(loop, SIGTERM, handle_term, loop, &term);
	if (r == 0) {
		r = loop_add_signal(loop, SIGINT, handle_term, loop,
			&interrupt);
	}
	if (r < 0) {
		return r;
	}
	struct vwl_device device;
	vwl_device_init(&device, loop, options->vm_name,
		options->region_size);
	r = serve(&device, options);
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
	if (options.print_capabilities) {
		print_capabilities();
		vwl_options_finish(&options);
		return 0;
	}
	char name[80];
	snprintf(name, sizeof(name), "wlbridge-wl %s", options.vm_name);
	log_init(name, options.log_level);
	/* A pipe whose reader has gone is an error like any other. */
	signal(SIGPIPE, SIG_IGN);

	struct loop *loop;
	r = loop_create(&loop);
	if (r == 0) {
		r = run(loop, &options);
		loop_destroy(loop);
	}
	vwl_options_finish(&options);
	return r < 0 ? 1 : 0;
}
