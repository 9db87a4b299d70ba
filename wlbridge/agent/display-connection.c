/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Bytes pass as they are and are not looked at; descriptors are exchanged for
 * ones that the other end can use, by the library's relay. A connection whose
 * VM has no name, or that the compositor cannot be told of, goes nowhere unless
 * that was allowed; then it goes to the compositor's own socket.
 *
 * All VMs share the descriptors of this process. When those are spent, the VM that
 * has most connections loses its last for another's: however many VMs conspire, one
 * that has few is served.
 */
#include "display-connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "display-socket.h"
#include "display-vm.h"
#include "link.h"
#include "util/fd-limit.h"
#include "util/fd.h"

/* For each VM: far above what its programs open. */
#define CONNECTIONS_MAX 256

/* The two ends, where a VFD may be two, and one that is on its way through. */
#define CONNECTION_FDS 4
#define FDS_RESERVE 128	/* for ourselves, and a socket for each VM */

enum { END_VM, END_COMPOSITOR };

struct connection {
	struct list link;	/* wlb_display_connections.list */
	struct wlb_link ends;
	struct wlb_display_connections *all;
	struct wlb_display_vm *vm;	/* NULL: unlabelled */
};

static void
connection_destroy(struct connection *connection)
{
	list_remove(&connection->link);
	connection->all->count--;
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
	struct vwl_relay *relay = connection->all->relay;
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
		log_warn_limited(&connection->all->log_limit,
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

static bool
has_room(const struct wlb_display_connections *all)
{
	uint64_t fds = fd_limit_raise();
	uint64_t reserve = fds / 2 < FDS_RESERVE ? fds / 2 : FDS_RESERVE;
	return all->count < (fds - reserve) / CONNECTION_FDS;
}

/* The last connection of the VM that has most of them, or NULL. */
static struct connection *
last_of_most(const struct wlb_display_connections *all)
{
	struct connection *last = NULL;
	struct connection *connection;
	list_for_each(connection, &all->list, link) {
		if (connection->vm != NULL && (last == NULL
				|| connection->vm->connections
				>= last->vm->connections)) {
			last = connection;
		}
	}
	return last;
}

/* Room for one more connection of a VM that has @count. 0 or -EUSERS. */
static int
make_room(struct wlb_display_connections *all, size_t count)
{
	if (count >= CONNECTIONS_MAX) {
		return -EUSERS;
	}
	if (has_room(all)) {
		return 0;
	}
	struct connection *last = last_of_most(all);
	if (last == NULL || last->vm->connections <= count + 1) {
		return -EUSERS;
	}
	log_warn_limited(&all->log_limit, "VM '%s': connection cut, another VM "
		"needs the descriptors", last->vm->name);
	connection_destroy(last);
	return 0;
}

/* A connection to the compositor for @peer. Return: a descriptor or -errno. */
static int
connect_compositor(struct wlb_display_connections *all,
	const struct vwl_peer *peer, struct wlb_display_vm **ret_vm)
{
	*ret_vm = NULL;
	if (peer->name[0] == '\0'
			|| !wlb_compositor_has_contexts(all->compositor)) {
		if (!all->allow_unlabelled) {
			return -EPERM;
		}
		return wlb_display_socket_connect();
	}
	struct wlb_display_vm *vm;
	int r = wlb_display_vm_get(&all->vms, all->compositor, all->dir,
		peer->name, peer->instance, &vm);
	if (r < 0) {
		return r;
	}
	r = make_room(all, vm->connections);
	if (r == 0) {
		r = fd_connect(vm->path);
	}
	if (r >= 0) {
		*ret_vm = vm;
	}
	return r;
}

static int
connection_create(struct wlb_display_connections *all, int take_vfd,
	const struct vwl_peer *peer)
{
	static const struct wlb_link_ops ops = {
		.feed = handle_feed,
		.closed = handle_closed,
	};
	struct wlb_display_vm *vm;
	int fd = connect_compositor(all, peer, &vm);
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
	connection->all = all;
	const int fds[2] = { [END_VM] = take_vfd, [END_COMPOSITOR] = fd };
	int r = wlb_link_init(&connection->ends, all->loop, fds, true,
		&ops, connection);
	if (r < 0) {
		free(connection);
		return r;
	}
	connection->vm = vm;
	if (vm != NULL) {
		wlb_display_vm_connected(vm);
	}
	list_append(&all->list, &connection->link);
	all->count++;
	return 0;
}

void
wlb_display_connections_init(struct wlb_display_connections *connections)
{
	*connections = (struct wlb_display_connections){ 0 };
	list_init(&connections->list);
	list_init(&connections->vms);
}

void
wlb_display_connections_finish(struct wlb_display_connections *connections)
{
	while (!list_empty(&connections->list)) {
		connection_destroy(list_first(&connections->list,
			struct connection, link));
	}
	while (!list_empty(&connections->vms)) {
		wlb_display_vm_destroy(list_first(&connections->vms,
			struct wlb_display_vm, link));
	}
}

void
wlb_display_connections_add(struct wlb_display_connections *connections,
	int take_vfd, const struct vwl_peer *peer)
{
	int r = connection_create(connections, take_vfd, peer);
	if (r == -EPERM) {
		log_warn_limited(&connections->log_limit,
			"VM '%s': refused, the compositor cannot be told "
			"whose it is", peer->name);
	} else if (r < 0) {
		log_warn_limited(&connections->log_limit,
			"VM '%s': connection refused: %s", peer->name,
			strerror(-r));
	}
}
