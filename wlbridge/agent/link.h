/* SPDX-License-Identifier: MIT */
/*
 * link.h - two descriptors joined in the middle
 *
 * Reads either end, lets somebody turn what came into what the other end
 * should get, and writes that. Each end is a VFD or a socket.
 */
#ifndef WLB_AGENT_LINK_H
#define WLB_AGENT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "queue.h"
#include "util/loop.h"

struct wlb_link;

struct wlb_link_end {
	struct wlb_link *link;
	int fd;
	struct loop_source *source;	/* NULL while there is nothing to hear */
	struct wlb_queue out;
	bool eof;		/* everything it sent has been read */
	bool hung_up;		/* nothing more will be sent; not read yet */
	bool deaf;		/* it takes no more */
	bool shut;		/* it was told that no more comes */
};

struct wlb_link_ops {
	/**
	 * feed() - Something came from end @from
	 * @take_fds: @fd_count descriptors, consumed in any case
	 *
	 * Appends to the queues of the ends. Return: 0; else the link is cut
	 * once what is queued has been offered to the ends.
	 */
	int (*feed)(void *data, unsigned from, const void *bytes, size_t len,
		const int *take_fds, size_t fd_count);
	/* The link is over; wlb_link_finish() is expected, maybe here. */
	void (*closed)(void *data);
};

struct wlb_link {
	struct loop *loop;
	struct wlb_link_end ends[2];
	/* Pass on that one direction has ended, and keep the other. */
	bool half_close;
	struct loop_source *work;	/* deferred: what epoll cannot say */
	const struct wlb_link_ops *ops;
	void *data;
};

/**
 * wlb_link_init() - Join two descriptors
 * @take_fds: non-blocking, or VFDs; consumed, on failure too
 *
 * Return: 0 or -errno; then there is nothing to finish.
 */
int
wlb_link_init(struct wlb_link *link, struct loop *loop,
	const int take_fds[2], bool half_close,
	const struct wlb_link_ops *ops, void *data);

void
wlb_link_finish(struct wlb_link *link);

#endif
