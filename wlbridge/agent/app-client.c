/* SPDX-License-Identifier: MIT */
#include "app-client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <virtio_wl.h>

#include "link.h"
#include "util/fd.h"
#include "util/log.h"

struct wlb_app_client {
	struct list link;	/* of the list it was created into */
	struct wlb_link ends;	/* indexed by enum wlb_side */
	struct wlb_walk *walk;
	const struct wlb_walk_env *env;
	pid_t pid;
};

static void
client_destroy(struct wlb_app_client *client)
{
	list_remove(&client->link);
	/* The server must be gone before its memory is anybody else's. */
	wlb_link_finish(&client->ends);
	wlb_walk_destroy(client->walk);
	free(client);
}

static int
handle_feed(void *data, unsigned from, const void *bytes, size_t len,
	const int *take_fds, size_t fd_count)
{
	struct wlb_app_client *client = data;
	int r = wlb_walk_feed(client->walk, from, bytes, len, take_fds,
		fd_count);
	if (r < 0) {
		client->env->stats->protocol_errors++;
		log_warn("client %d disconnected: %s", (int)client->pid,
			wlb_walk_reason(client->walk));
	}
	return r;
}

static void
handle_closed(void *data)
{
	client_destroy(data);
}

static pid_t
peer_pid(int fd)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0
		? -1 : cred.pid;
}

int
wlb_app_client_create(struct loop *loop, const struct wlb_walk_env *env,
	int take_client_fd, int take_server_vfd, struct list *clients)
{
	static const struct wlb_link_ops ops = {
		.feed = handle_feed,
		.closed = handle_closed,
	};
	struct wlb_app_client *client = calloc(1, sizeof(*client));
	if (client == NULL) {
		fd_close(&take_client_fd);
		vwl_close(take_server_vfd);
		return -ENOMEM;
	}
	client->env = env;
	client->pid = peer_pid(take_client_fd);
	const int fds[2] = {
		[WLB_CLIENT] = take_client_fd,
		[WLB_SERVER] = take_server_vfd,
	};
	int r = wlb_link_init(&client->ends, loop, fds, false, &ops, client);
	if (r < 0) {
		free(client);
		return r;
	}
	struct wlb_queue *queues[2] = {
		[WLB_CLIENT] = &client->ends.ends[WLB_CLIENT].out,
		[WLB_SERVER] = &client->ends.ends[WLB_SERVER].out,
	};
	list_append(clients, &client->link);
	r = wlb_walk_create(env, queues, &client->walk);
	if (r < 0) {
		client_destroy(client);
		return r;
	}
	env->stats->clients++;
	log_debug("client %d connected", (int)client->pid);
	return 0;
}

void
wlb_app_client_destroy_first(struct list *clients)
{
	client_destroy(list_first(clients, struct wlb_app_client, link));
}
