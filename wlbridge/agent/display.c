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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <virtio_wl.h>

#include "device.h"
#include "display-connection.h"
#include "options.h"
#include "subcommand.h"
#include "util/log.h"

struct display {
	struct loop *loop;
	struct wlb_device device;
	struct wlb_compositor *compositor;
	int listener_vfd;
	struct loop_source *listener;
	struct log_limit log_limit;
	struct wlb_display_connections connections;
	char dir[108];		/* "" until made; fits a socket's address */

	const char *address;
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
display_open(void *data, struct loop *loop)
{
	struct display *display = data;
	display->loop = loop;
	int r = wlb_compositor_connect(loop, &display->compositor);
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
	r = wlb_device_open(&display->device, loop, display->address);
	if (r < 0) {
		return r;
	}
	display->connections.loop = loop;
	display->connections.relay = display->device.relay;
	display->connections.compositor = display->compositor;
	display->connections.dir = display->dir;
	r = display_listen(display);
	if (r == 0) {
		log_info("serving");
	}
	return r;
}

static void
display_close(void *data)
{
	struct display *display = data;
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
}

enum {
	OPTION_DEVICE = WLB_OPTION_OWN,
	OPTION_UNLABELLED,
};

static int
display_set(void *data, int option, const char *value)
{
	struct display *display = data;
	if (option == OPTION_DEVICE) {
		display->address = value;
	} else {
		display->connections.allow_unlabelled = true;
	}
	return 0;
}

static bool
display_set_operands(void *data, int count, char *operands[])
{
	(void)data;
	(void)operands;
	return count == 0;
}

int
wlb_display_main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "device", required_argument, NULL, OPTION_DEVICE },
		{ "allow-unlabelled", no_argument, NULL, OPTION_UNLABELLED },
		WLB_OPTIONS_OF_ALL,
		{ 0 },
	};
	static const struct wlb_subcommand subcommand = {
		.usage =
"Usage: wlbridge-agent display [OPTION]...\n"
"\n"
"  --device ADDRESS    /dev/wl0 or vhost-user:PATH\n"
"  --allow-unlabelled  serve also where nobody could tell VMs apart\n"
WLB_OPTIONS_OF_ALL_USAGE,
		.options = options,
		.set = display_set,
		.set_operands = display_set_operands,
		.open = display_open,
		.close = display_close,
	};
	struct display display = { .listener_vfd = -1 };
	wlb_display_connections_init(&display.connections);
	return wlb_subcommand_main(&subcommand, &display, argc, argv);
}
