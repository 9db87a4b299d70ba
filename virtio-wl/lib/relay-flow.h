/* SPDX-License-Identifier: MIT */
/* One direction of a relayed pair: what was read, until it is written. */
#ifndef VWL_RELAY_FLOW_H
#define VWL_RELAY_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "carrier.h"

/* What one relayed pair may hold in each direction. */
#define VWL_FLOW_BYTES 32768

/* How bytes go in and out of a descriptor. */
enum vwl_end_kind {
	VWL_END_VFD,		/* the carrier's calls never wait */
	VWL_END_SOCKET,
	VWL_END_PIPE,		/* shared with others: no O_NONBLOCK */
	VWL_END_FILE,		/* to write to; always ready, no epoll(7) */
};

struct vwl_end {
	int fd;
	enum vwl_end_kind kind;
};

struct vwl_flow {
	struct vwl_end *from;
	struct vwl_end *to;
	struct vwl_relay *relay;	/* for the descriptors in between */
	size_t start;
	size_t end;
	int fds[VWL_FDS_MAX];		/* to go with the byte at start */
	size_t fd_count;
	bool eof;			/* @from has no more */
	bool over;			/* nothing will move again */
	uint8_t bytes[VWL_FLOW_BYTES];
};

int
vwl_flow_create(struct vwl_relay *relay, struct vwl_end *from,
	struct vwl_end *to, struct vwl_flow **ret);

void
vwl_flow_destroy(struct vwl_flow *flow);

/* Whether it waits for @from to be readable, or for @to to be writable. */
bool
vwl_flow_wants_in(const struct vwl_flow *flow);

bool
vwl_flow_wants_out(const struct vwl_flow *flow);

/* Move what can be moved now, then pass an end on. Never waits. */
void
vwl_flow_run(struct vwl_flow *flow);

/* @to takes no more: let @from know. */
void
vwl_flow_break(struct vwl_flow *flow);

/* relay-end.c: bytes moved, 0 at the end (read), or -errno; never waits. */
ssize_t
vwl_end_read(const struct vwl_end *end, void *buf, size_t size, int *fds,
	size_t *ret_fd_count);

ssize_t
vwl_end_write(const struct vwl_end *end, const void *buf, size_t size,
	const int *fds, size_t fd_count);

void
vwl_end_shutdown(const struct vwl_end *end, int how);

#endif
