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
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "app-client.h"
#include "command.h"
#include "device.h"
#include "display-socket.h"
#include "options.h"
#include "util/fd.h"
#include "util/log.h"

struct app {
	struct loop *loop;
	struct wlb_device device;
	struct vwl_pool *pool;
	struct wlb_walk_env env;
	struct wlb_stats stats;
	struct wlb_display_socket socket;
	struct wlb_command command;
	struct loop_source *listener;
	struct loop_source *signals[3];
	struct list clients;	/* of wlb_app_client */
	struct log_limit log_limit;

	const char *address;
	const char *socket_name;
	const char *target;
	int ready_fd;
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
	struct timespec now;
	(void)data;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
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
handle_terminate(void *data)
{
	struct app *app = data;
	loop_quit(app->loop, EXIT_SUCCESS);
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
app_open(struct app *app)
{
	int r = loop_create(&app->loop);
	if (r < 0) {
		return r;
	}
	static const struct {
		int signo;
		loop_fn fn;
	} signals[] = {
		{ SIGTERM, handle_terminate },
		{ SIGINT, handle_terminate },
		{ SIGUSR1, handle_stats },
	};
	for (size_t i = 0; i < 3 && r == 0; i++) {
		r = loop_add_signal(app->loop, signals[i].signo, signals[i].fn,
			app, &app->signals[i]);
	}
	if (r < 0) {
		return r;
	}
	r = wlb_device_open(&app->device, app->loop, app->address);
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
	return loop_add_fd(app->loop, app->socket.fd, EPOLLIN, handle_connect,
		app, &app->listener);
}

static void
app_close(struct app *app)
{
	wlb_command_finish(&app->command);
	loop_clear(&app->listener);
	wlb_display_socket_close(&app->socket);
	while (!list_empty(&app->clients)) {
		wlb_app_client_destroy_first(&app->clients);
	}
	vwl_pool_destroy(app->pool);
	wlb_device_close(&app->device);
	loop_destroy(app->loop);
}

static int
app_run(struct app *app, char *const command[])
{
	int status = EXIT_FAILURE;
	int r = app_open(app);
	if (r < 0) {
		goto out;
	}
	log_info("serving %s", app->socket.path);
	wlb_options_ready(app->ready_fd);
	app->ready_fd = -1;
	if (command[0] != NULL) {
		setenv("WAYLAND_DISPLAY", app->socket.name, 1);
		unsetenv("WAYLAND_SOCKET");
		r = wlb_command_start(&app->command, app->loop, command);
		if (r < 0) {
			log_error("cannot run %s: %s", command[0],
				strerror(-r));
			goto out;
		}
	}
	/* After the command started: it has its own idea of this limit. */
	wlb_device_raise_fd_limit();
	status = loop_run(app->loop);
	handle_stats(app);
out:
	app_close(app);
	return status;
}

static void
usage(FILE *stream)
{
	fputs("Usage: wlbridge-agent app [OPTION]... [-- COMMAND [ARGUMENT]...]\n"
"\n"
"  --device ADDRESS    /dev/wl0 or vhost-user:PATH\n"
"  --socket NAME|PATH  to serve (default: the first free wayland-N)\n"
"  --target NAME       what to connect to (default: the host's default)\n"
"  --ready-fd N        write a newline there when serving\n"
"  --stats-fd N        write counters there at the end and on SIGUSR1\n"
"  --log-level LEVEL   error, warn, info or debug\n"
"  --help\n", stream);
}

int
wlb_app_main(int argc, char *argv[])
{
	enum { DEVICE = 256, SOCKET, TARGET, READY, STATS, LEVEL, HELP };
	static const struct option options[] = {
		{ "device", required_argument, NULL, DEVICE },
		{ "socket", required_argument, NULL, SOCKET },
		{ "target", required_argument, NULL, TARGET },
		{ "ready-fd", required_argument, NULL, READY },
		{ "stats-fd", required_argument, NULL, STATS },
		{ "log-level", required_argument, NULL, LEVEL },
		{ "help", no_argument, NULL, HELP },
		{ 0 },
	};
	struct app app = {
		.target = "",
		.ready_fd = -1,
		.stats_fd = -1,
		.socket = { .fd = -1, .lock_fd = -1 },
		.command = { .pid = -1, .pid_fd = -1 },
	};
	int opt;
	while ((opt = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		switch (opt) {
		case DEVICE:
			app.address = optarg;
			break;
		case SOCKET:
			app.socket_name = optarg;
			break;
		case TARGET:
			app.target = optarg;
			break;
		case READY:
			app.ready_fd = wlb_options_fd(optarg);
			if (app.ready_fd < 0) {
				return WLB_EXIT_USAGE;
			}
			break;
		case STATS:
			app.stats_fd = wlb_options_fd(optarg);
			if (app.stats_fd < 0) {
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
	return app_run(&app, argv + optind);
}
