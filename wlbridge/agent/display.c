/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The display side listens at the device for connections of other VMs. Each
 * comes with the host's word on whose it is. For each VM the compositor is
 * given a private socket and that VM's name, and every connection of that VM
 * is joined to one made there (display-connection.c), so that the compositor
 * knows whom it serves however it treats them.
 *
 * No label, no window: without a name, or where the compositor cannot be told
 * one, connections are refused unless --allow-unlabelled was given; then they
 * go to the compositor's own socket, as ordinary clients.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "device.h"
#include "display-connection.h"
#include "options.h"
#include "util/fd.h"
#include "util/log.h"

struct display {
	struct loop *loop;
	struct loop_source *signals[2];
	struct wlb_device device;
	struct wlb_compositor *compositor;
	int listener_vfd;
	struct loop_source *listener;
	struct log_limit log_limit;
	struct wlb_display_connections connections;
	char dir[108];		/* "" until made; fits a socket's address */

	const char *address;
	int ready_fd;
};

/* The connection is lost that could not be had, and that is all. */
static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM;
}

static void
handle_accept(void *data, uint32_t revents)
{
	struct display *display = data;
	struct vwl_peer peer = { 0 };
	(void)revents;
	int vfd = vwl_accept(display->listener_vfd, &peer, SOCK_NONBLOCK);
	if (vfd < 0) {
		if (errno == EAGAIN || errno == EINTR) {
			return;
		}
		if (is_shortage(errno)) {
			log_warn_limited(&display->log_limit,
				"cannot accept a connection: %s",
				strerror(errno));
			return;
		}
		log_error("cannot accept connections any more: %s",
			strerror(errno));
		loop_quit(display->loop, EXIT_FAILURE);
		return;
	}
	wlb_display_connections_add(&display->connections, vfd, &peer);
}

static void
handle_terminate(void *data)
{
	struct display *display = data;
	loop_quit(display->loop, EXIT_SUCCESS);
}

static int
make_dir(struct display *display)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");
	int n = snprintf(display->dir, sizeof(display->dir),
		"%s/wlbridge-display-XXXXXX",
		parent == NULL ? "/tmp" : parent);
	/* Room for a socket's name below it. */
	if (n < 0 || (size_t)n >= sizeof(display->dir) - 12) {
		display->dir[0] = '\0';
		return -ENAMETOOLONG;
	}
	if (mkdtemp(display->dir) == NULL) {
		display->dir[0] = '\0';
		return -errno;
	}
	return 0;
}

static int
display_listen(struct display *display)
{
	display->listener_vfd = vwl_listen(display->device.vwl, "",
		SOCK_NONBLOCK);
	if (display->listener_vfd < 0) {
		int r = -errno;
		log_error("cannot listen for other VMs: %s", strerror(-r));
		return r;
	}
	return loop_add_fd(display->loop, display->listener_vfd, EPOLLIN,
		handle_accept, display, &display->listener);
}

static int
display_open(struct display *display)
{
	static const int signals[] = { SIGTERM, SIGINT };
	int r = loop_create(&display->loop);
	for (size_t i = 0; i < 2 && r == 0; i++) {
		r = loop_add_signal(display->loop, signals[i],
			handle_terminate, display, &display->signals[i]);
	}
	if (r == 0) {
		r = wlb_compositor_connect(display->loop,
			&display->compositor);
	}
	if (r < 0) {
		return r;
	}
	if (!wlb_compositor_has_contexts(display->compositor)
			&& !display->connections.allow_unlabelled) {
		log_error("the compositor lacks "
			"wp_security_context_manager_v1, windows could not be "
			"told apart; --allow-unlabelled serves nevertheless");
		return -ENOTSUP;
	}
	r = make_dir(display);
	if (r < 0) {
		log_error("cannot make a private directory: %s",
			strerror(-r));
		return r;
	}
	r = wlb_device_open(&display->device, display->loop,
		display->address);
	if (r < 0) {
		return r;
	}
	display->connections.loop = display->loop;
	display->connections.relay = display->device.relay;
	display->connections.compositor = display->compositor;
	display->connections.dir = display->dir;
	return display_listen(display);
}

static void
display_close(struct display *display)
{
	loop_clear(&display->listener);
	if (display->listener_vfd >= 0) {
		vwl_close(display->listener_vfd);
	}
	wlb_display_connections_finish(&display->connections);
	if (display->dir[0] != '\0') {
		rmdir(display->dir);
	}
	wlb_device_close(&display->device);
	wlb_compositor_destroy(display->compositor);
	loop_destroy(display->loop);
}

static void
usage(FILE *stream)
{
	fputs("Usage: wlbridge-agent display [OPTION]...\n"
"\n"
"  --device ADDRESS    /dev/wl0 or vhost-user:PATH\n"
"  --allow-unlabelled  serve also where nobody could tell VMs apart\n"
"  --ready-fd N        write a newline there when serving\n"
"  --log-level LEVEL   error, warn, info or debug\n"
"  --help\n", stream);
}

int
wlb_display_main(int argc, char *argv[])
{
	enum { DEVICE = 256, UNLABELLED, READY, LEVEL, HELP };
	static const struct option options[] = {
		{ "device", required_argument, NULL, DEVICE },
		{ "allow-unlabelled", no_argument, NULL, UNLABELLED },
		{ "ready-fd", required_argument, NULL, READY },
		{ "log-level", required_argument, NULL, LEVEL },
		{ "help", no_argument, NULL, HELP },
		{ 0 },
	};
	struct display display = { .listener_vfd = -1, .ready_fd = -1 };
	wlb_display_connections_init(&display.connections);
	int opt;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (opt) {
		case DEVICE:
			display.address = optarg;
			break;
		case UNLABELLED:
			display.connections.allow_unlabelled = true;
			break;
		case READY:
			display.ready_fd = wlb_options_fd(optarg);
			if (display.ready_fd < 0) {
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
	if (optind != argc) {
		usage(stderr);
		return WLB_EXIT_USAGE;
	}
	int status = EXIT_FAILURE;
	if (display_open(&display) == 0) {
		log_info("serving");
		wlb_options_ready(display.ready_fd);
		wlb_device_raise_fd_limit();
		status = loop_run(display.loop);
	}
	display_close(&display);
	return status;
}
