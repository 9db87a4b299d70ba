/* SPDX-License-Identifier: MIT */
/*
 * walk.h - between one Wayland client and a server in another VM
 *
 * Bytes and descriptors of either side go in; what the other side should get
 * comes out in two queues. No input or output is done here, nothing waits, and
 * no byte of either side can do worse than end this connection.
 */
#ifndef WLB_AGENT_WALK_H
#define WLB_AGENT_WALK_H

#include <stddef.h>
#include <stdint.h>
#include <virtio_wl.h>

#include "queue.h"
#include "stats.h"

struct wlb_walk;

enum wlb_side {
	WLB_CLIENT,
	WLB_SERVER,
};

/* What the walker needs of the world; outlives it. */
struct wlb_walk_env {
	/* Memory that the server can map: 0, or -1 and errno. */
	int (*alloc)(void *data, size_t size, struct vwl_buffer *ret);
	void (*free)(void *data, const struct vwl_buffer *buffer);
	/* What to pass on in place of a descriptor of the client, of the
	 * server; consume it, also on failure: -1 and errno. */
	int (*import_fd)(void *data, int take_fd);
	int (*export_fd)(void *data, int take_fd);
	/* close(2) for descriptors of either kind. */
	int (*close_fd)(int fd);
	/* CLOCK_MONOTONIC. */
	int64_t (*now_ns)(void *data);
	void *data;
	struct wlb_stats *stats;
};

/**
 * wlb_walk_create() - Begin with a connection on which nothing was said
 * @queues: indexed by the side they lead to; outlive the walker
 *
 * Return: 0 or -ENOMEM.
 */
int
wlb_walk_create(const struct wlb_walk_env *env,
	struct wlb_queue *queues[2], struct wlb_walk **ret);

/* Frees every shadow; NULL is fine. */
void
wlb_walk_destroy(struct wlb_walk *walk);

/**
 * wlb_walk_feed() - Take what one side sent
 * @take_fds: @fd_count descriptors, consumed in any case
 *
 * Messages may be cut anywhere; the rest waits for the next call.
 * Return: 0. On failure the connection is over: flush the queues, then close.
 * -EPROTO: @from broke the protocol; a client has been sent the reason.
 * -ENOMEM: this connection wanted too much; so has it.
 */
int
wlb_walk_feed(struct wlb_walk *walk, enum wlb_side from, const void *bytes,
	size_t len, const int *take_fds, size_t fd_count);

/* Why the last call failed, for the log. */
const char *
wlb_walk_reason(const struct wlb_walk *walk);

#endif
