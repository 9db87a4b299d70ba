/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The app side serves $WAYLAND_DISPLAY. For each client it opens a connection
 * to the target and joins the two with a walker in between. One pool of shared
 * memory serves all clients: what they have to hide from each other they could
 * not hide from this process's user anyway, and a shadow is overwritten before
 * anybody is shown it.
 *
 * A client that cannot be served (the target is not there, the VM's budget is
 * spent) is disconnected, as by a compositor that is not running.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "app-client.h"
#include "command.h"
#include "device.h"
#include "display-socket.h"
#include "options.h"
#include "subcommand.h"
#include "util/fd.h"
#include "util/log.h"
#include "util/now.h"

struct app {
	struct loop *loop;
	struct wlb_device device;
	struct vwl_pool *pool;
	struct wlb_walk_env env;
	struct wlb_stats stats;
	struct wlb_display_socket socket;
	struct wlb_command command;
	struct loop_source *listener;
	struct loop_source *stats_signal;
	struct list clients;	/* of wlb_app_client */
	struct log_limit log_limit;

	const char *address;
	const char *socket_name;
	const char *target;
	char **argv;		/* to run; [0] is NULL for nothing */
	int stats_fd;
};

static int
env_alloc(void *data, size_t size, struct vwl_buffer *ret)
{
	struct app *app = data;
	return vwl_pool_alloc(app->pool, size, ret);
}

static void
env_free(void *data, const struct vwl_buffer *buffer)
{
	struct app *app = data;
	vwl_pool_free(app->pool, buffer);
}

static int
env_import(void *data, int take_fd)
{
	struct app *app = data;
	return vwl_relay_import(app->device.relay, take_fd);
}

static int
env_export(void *data, int take_fd)
{
	struct app *app = data;
	return vwl_relay_export(app->device.relay, take_fd);
}

static int64_t
env_now_ns(void *data)
{
	(void)data;
	return now_ns();
}

static void
handle_connect(void *data, uint32_t revents)
{
	struct app *app = data;
	(void)revents;
	int fd = accept4(app->socket.fd, NULL, NULL,
		SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR
				&& errno != ECONNABORTED) {
			log_warn_limited(&app->log_limit,
				"cannot accept a client: %s", strerror(errno));
		}
		return;
	}
	int vfd = vwl_connect(app->device.vwl, app->target, SOCK_NONBLOCK);
	if (vfd < 0) {
		log_warn_limited(&app->log_limit,
			"cannot connect to '%s': %s", app->target,
			strerror(errno));
		fd_close(&fd);
		return;
	}
	int r = wlb_app_client_create(app->loop, &app->env, fd, vfd,
		&app->clients);
	if (r < 0) {
		log_warn_limited(&app->log_limit,
			"cannot serve a client: %s", strerror(-r));
	}
}

static void
handle_stats(void *data)
{
	struct app *app = data;
	if (app->stats_fd >= 0) {
		wlb_stats_write(&app->stats, app->stats_fd);
	}
}

static int
app_run_command(struct app *app)
{
	if (app->argv[0] == NULL) {
		return 0;
	}
	setenv("WAYLAND_DISPLAY", app->socket.name, 1);
	unsetenv("WAYLAND_SOCKET");
	int r = wlb_command_start(&app->command, app->loop, app->argv);
	if (r < 0) {
		log_error("cannot run %s: %s", app->argv[0], strerror(-r));
	}
	return r;
}

static int
app_open(void *data, struct loop *loop)
{
	struct app *app = data;
	app->loop = loop;
	int r = loop_add_signal(loop, SIGUSR1, handle_stats, app,
		&app->stats_signal);
	if (r < 0) {
		return r;
	}
	r = wlb_device_open(&app->device, loop, app->address);
	if (r < 0) {
		return r;
	}
	app->pool = vwl_pool_create(app->device.vwl);
	if (app->pool == NULL) {
		return -errno;
	}
	r = wlb_display_socket_open(app->socket_name, &app->socket);
	if (r < 0) {
		log_error("cannot listen on %s: %s",
			app->socket_name == NULL ? "any of wayland-0 .. 32"
				: app->socket_name, strerror(-r));
		return r;
	}
	r = loop_add_fd(loop, app->socket.fd, EPOLLIN, handle_connect, app,
		&app->listener);
	if (r < 0) {
		return r;
	}
	log_info("serving %s", app->socket.path);
	return app_run_command(app);
}

static void
app_close(void *data)
{
	struct app *app = data;
	if (app->listener != NULL) {
		handle_stats(app);
	}
	wlb_command_finish(&app->command);
	loop_clear(&app->listener);
	wlb_display_socket_close(&app->socket);
	while (!list_empty(&app->clients)) {
		wlb_app_client_destroy_first(&app->clients);
	}
	vwl_pool_destroy(app->pool);
	wlb_device_close(&app->device);
}

enum {
	OPTION_DEVICE = WLB_OPTION_OWN,
	OPTION_SOCKET,
	OPTION_TARGET,
	OPTION_STATS,
};

static int
app_set(void *data, int option, const char *value)
{
	struct app *app = data;
	switch (option) {
	case OPTION_DEVICE:
		app->address = value;
		return 0;
	case OPTION_SOCKET:
		app->socket_name = value;
		return 0;
	case OPTION_TARGET:
		app->target = value;
		return 0;
	case OPTION_STATS:
	default:
		app->stats_fd = wlb_options_fd(value);
		return app->stats_fd;
	}
}

static bool
app_set_operands(void *data, int count, char *operands[])
{
	struct app *app = data;
	(void)count;
	app->argv = operands;
	return true;
}

int
wlb_app_main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "device", required_argument, NULL, OPTION_DEVICE },
		{ "socket", required_argument, NULL, OPTION_SOCKET },
		{ "target", required_argument, NULL, OPTION_TARGET },
		{ "stats-fd", required_argument, NULL, OPTION_STATS },
		WLB_OPTIONS_OF_ALL,
		{ 0 },
	};
	static const struct wlb_subcommand subcommand = {
		.usage =
"Usage: wlbridge-agent app [OPTION]... [-- COMMAND [ARGUMENT]...]\n"
"\n"
"  --device ADDRESS    /dev/wl0 or vhost-user:PATH\n"
"  --socket NAME|PATH  to serve (default: the first free wayland-N)\n"
"  --target NAME       what to connect to (default: the host's default)\n"
"  --stats-fd N        write counters there at the end and on SIGUSR1\n"
WLB_OPTIONS_OF_ALL_USAGE,
		.options = options,
		.has_command = true,
		.set = app_set,
		.set_operands = app_set_operands,
		.open = app_open,
		.close = app_close,
	};
	struct app app = {
		.target = "",
		.stats_fd = -1,
		.socket = { .fd = -1, .lock_fd = -1 },
		.command = { .pid = -1, .pid_fd = -1 },
	};
	list_init(&app.clients);
	app.env = (struct wlb_walk_env){
		.alloc = env_alloc,
		.free = env_free,
		.import_fd = env_import,
		.export_fd = env_export,
		.close_fd = vwl_close,
		.now_ns = env_now_ns,
		.data = &app,
		.stats = &app.stats,
	};
	return wlb_subcommand_main(&subcommand, &app, argc, argv);
}
