/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The display side listens at the device for connections of other VMs. Each
 * comes with the host's word on whose it is. For each VM the compositor is
 * given a private socket and that VM's name, and every connection of that VM
 * is joined to one made there, so that the compositor knows whom it serves
 * however it treats them. Bytes are not looked at; descriptors are exchanged
 * for ones that the other end can use.
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
#include "display-socket.h"
#include "display-vm.h"
#include "link.h"
#include "options.h"
#include "util/fd.h"
#include "util/log.h"

/* For each VM; far above what its programs open, far below RLIMIT_NOFILE. */
#define CONNECTIONS_MAX 256

enum { END_VM, END_COMPOSITOR };

struct display {
	struct loop *loop;
	struct loop_source *signals[2];
	struct wlb_device device;
	struct wlb_compositor *compositor;
	int listener_vfd;
	struct loop_source *listener;
	char dir[108];		/* "" until made; fits a socket's address */
	struct list vms;	/* wlb_display_vm.link */
	struct list connections;	/* connection.link */
	struct log_limit log_limit;

	const char *address;
	int ready_fd;
	bool allow_unlabelled;
};

struct connection {
	struct list link;	/* display.connections */
	struct wlb_link ends;
	struct display *display;
	struct wlb_display_vm *vm;	/* NULL: unlabelled */
};

static void
connection_destroy(struct connection *connection)
{
	list_remove(&connection->link);
	wlb_link_finish(&connection->ends);
	if (connection->vm != NULL) {
		wlb_display_vm_disconnected(connection->vm);
	}
	free(connection);
}

static const char *
connection_name(const struct connection *connection)
{
	return connection->vm == NULL ? "" : connection->vm->name;
}

/* Exchange @take_fd for one that the other end can use, and queue it. */
static int
pass_fd(struct connection *connection, unsigned from, int take_fd,
	struct wlb_queue *queue)
{
	struct vwl_relay *relay = connection->display->device.relay;
	int fd = from == END_VM ? vwl_relay_export(relay, take_fd)
		: vwl_relay_import(relay, take_fd);
	if (fd < 0) {
		return -errno;
	}
	return wlb_queue_append_fd(queue, fd);
}

static int
handle_feed(void *data, unsigned from, const void *bytes, size_t len,
	const int *take_fds, size_t fd_count)
{
	struct connection *connection = data;
	struct wlb_queue *queue = &connection->ends.ends[!from].out;
	int r = 0;
	for (size_t i = 0; i < fd_count; i++) {
		if (r == 0) {
			r = pass_fd(connection, from, take_fds[i], queue);
		} else {
			vwl_close(take_fds[i]);
		}
	}
	if (r == 0) {
		r = wlb_queue_append(queue, bytes, len);
	}
	if (r < 0) {
		log_warn_limited(&connection->display->log_limit,
			"VM '%s': connection cut, a descriptor from the %s "
			"cannot pass: %s", connection_name(connection),
			from == END_VM ? "VM" : "compositor", strerror(-r));
	}
	return r;
}

static void
handle_closed(void *data)
{
	connection_destroy(data);
}

/* A connection to the compositor for @peer. Return: a descriptor or -errno. */
static int
connect_compositor(struct display *display, const struct vwl_peer *peer,
	struct wlb_display_vm **ret_vm)
{
	*ret_vm = NULL;
	if (peer->name[0] == '\0'
			|| !wlb_compositor_has_contexts(display->compositor)) {
		if (!display->allow_unlabelled) {
			return -EPERM;
		}
		return wlb_display_socket_connect();
	}
	struct wlb_display_vm *vm;
	int r = wlb_display_vm_get(&display->vms, display->compositor,
		display->dir, peer->name, peer->instance, &vm);
	if (r < 0) {
		return r;
	}
	if (vm->connections >= CONNECTIONS_MAX) {
		return -EUSERS;
	}
	r = fd_connect(vm->path);
	if (r >= 0) {
		*ret_vm = vm;
	}
	return r;
}

static int
connection_create(struct display *display, int take_vfd,
	const struct vwl_peer *peer)
{
	static const struct wlb_link_ops ops = {
		.feed = handle_feed,
		.closed = handle_closed,
	};
	struct wlb_display_vm *vm;
	int fd = connect_compositor(display, peer, &vm);
	if (fd < 0) {
		vwl_close(take_vfd);
		return fd;
	}
	struct connection *connection = calloc(1, sizeof(*connection));
	if (connection == NULL) {
		vwl_close(take_vfd);
		fd_close(&fd);
		return -ENOMEM;
	}
	connection->display = display;
	const int fds[2] = { [END_VM] = take_vfd, [END_COMPOSITOR] = fd };
	int r = wlb_link_init(&connection->ends, display->loop, fds, true,
		&ops, connection);
	if (r < 0) {
		free(connection);
		return r;
	}
	connection->vm = vm;
	if (vm != NULL) {
		wlb_display_vm_connected(vm);
	}
	list_append(&display->connections, &connection->link);
	return 0;
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
		log_error("cannot accept connections any more: %s",
			strerror(errno));
		loop_quit(display->loop, EXIT_FAILURE);
		return;
	}
	int r = connection_create(display, vfd, &peer);
	if (r == -EPERM) {
		log_warn_limited(&display->log_limit,
			"VM '%s': refused, the compositor cannot be told "
			"whose it is", peer.name);
	} else if (r < 0) {
		log_warn_limited(&display->log_limit,
			"VM '%s': connection refused: %s", peer.name,
			strerror(-r));
	}
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
			&& !display->allow_unlabelled) {
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
	return r < 0 ? r : display_listen(display);
}

static void
display_close(struct display *display)
{
	loop_clear(&display->listener);
	if (display->listener_vfd >= 0) {
		vwl_close(display->listener_vfd);
	}
	while (!list_empty(&display->connections)) {
		connection_destroy(list_first(&display->connections,
			struct connection, link));
	}
	while (!list_empty(&display->vms)) {
		wlb_display_vm_destroy(list_first(&display->vms,
			struct wlb_display_vm, link));
	}
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
	int opt, level;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (opt) {
		case DEVICE:
			display.address = optarg;
			break;
		case UNLABELLED:
			display.allow_unlabelled = true;
			break;
		case READY:
			display.ready_fd = wlb_options_fd(optarg);
			if (display.ready_fd < 0) {
				return WLB_EXIT_USAGE;
			}
			break;
		case LEVEL:
			level = log_level_parse(optarg);
			if (level < 0) {
				log_error("no such log level: %s", optarg);
				return WLB_EXIT_USAGE;
			}
			log_init("wlbridge-agent", (enum log_level)level);
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
	list_init(&display.vms);
	list_init(&display.connections);
	int status = EXIT_FAILURE;
	if (display_open(&display) == 0) {
		log_info("serving");
		wlb_options_ready(display.ready_fd);
		status = loop_run(display.loop);
	}
	display_close(&display);
	return status;
}
