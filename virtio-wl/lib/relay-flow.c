/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A flow holds one message's worth of bytes and reads no more before they are
 * written: back-pressure is that simple. Descriptors beside the bytes are
 * changed into what the other side can have, and go with the first byte.
 *
 * Ends travel both ways. The reading side's EOF becomes the writing side's end
 * of data, after the last byte; a writing side that takes no more becomes a
 * reading side that is shut, so that its writer gets EPIPE.
 */
#include "relay-flow.h"

#include <errno.h>
#include <stdlib.h>

#include "util/fd.h"

/* Messages in one turn, so that one busy pair starves nobody. */
#define MESSAGES_PER_TURN 8

int
vwl_flow_create(struct vwl_relay *relay, struct vwl_end *from,
	struct vwl_end *to, struct vwl_flow **ret)
{
	struct vwl_flow *flow = malloc(sizeof(*flow));
	if (flow == NULL) {
		return -ENOMEM;
	}
	flow->from = from;
	flow->to = to;
	flow->relay = relay;
	flow->start = 0;
	flow->end = 0;
	flow->fd_count = 0;
	flow->eof = false;
	flow->over = false;
	*ret = flow;
	return 0;
}

static void
drop_fds(struct vwl_flow *flow)
{
	for (size_t i = 0; i < flow->fd_count; i++) {
		vwl_close(flow->fds[i]);
	}
	flow->fd_count = 0;
}

void
vwl_flow_destroy(struct vwl_flow *flow)
{
	if (flow != NULL) {
		drop_fds(flow);
		free(flow);
	}
}

bool
vwl_flow_wants_in(const struct vwl_flow *flow)
{
	return !flow->over && !flow->eof && flow->start == flow->end;
}

bool
vwl_flow_wants_out(const struct vwl_flow *flow)
{
	return !flow->over && flow->start < flow->end;
}

void
vwl_flow_break(struct vwl_flow *flow)
{
	if (flow->over) {
		return;
	}
	flow->over = true;
	drop_fds(flow);
	vwl_end_shutdown(flow->from, SHUT_RD);
}

/* Each descriptor becomes one for the other side; those left are closed. */
static int
convert_fds(struct vwl_flow *flow)
{
	bool import = flow->to->kind == VWL_END_VFD;
	int r = 0;
	size_t done = 0;
	for (size_t i = 0; i < flow->fd_count; i++) {
		int fd = flow->fds[i];
		if (r < 0) {
			vwl_close(fd);
			continue;
		}
		fd = import ? vwl_relay_import(flow->relay, fd)
			: vwl_relay_export(flow->relay, fd);
		if (fd < 0) {
			r = -errno;
		} else {
			flow->fds[done++] = fd;
		}
	}
	flow->fd_count = done;
	return r;
}

/* 1: go on, 0: wait. */
static int
fill(struct vwl_flow *flow)
{
	ssize_t n = vwl_end_read(flow->from, flow->bytes, sizeof(flow->bytes),
		flow->fds, &flow->fd_count);
	if (n == -EAGAIN) {
		return 0;
	}
	if (n == -EINTR) {
		return 1;
	}
	if (n <= 0) {
		drop_fds(flow);
		flow->eof = true;
		return 1;
	}
	flow->start = 0;
	flow->end = (size_t)n;
	if (convert_fds(flow) < 0) {
		/* Something that cannot cross. The message would mean
		 * something else without it, so this is the end. */
		flow->end = 0;
		drop_fds(flow);
		vwl_end_shutdown(flow->from, SHUT_RD);
		flow->eof = true;
	}
	return 1;
}

static int
empty(struct vwl_flow *flow)
{
	ssize_t n = vwl_end_write(flow->to, flow->bytes + flow->start,
		flow->end - flow->start, flow->fds, flow->fd_count);
	if (n == -EAGAIN) {
		return 0;
	}
	if (n == -EINTR) {
		return 1;
	}
	if (n < 0) {
		vwl_flow_break(flow);
		return 0;
	}
	drop_fds(flow);
	flow->start += (size_t)n;
	return 1;
}

void
vwl_flow_run(struct vwl_flow *flow)
{
	for (int i = 0; i < 2 * MESSAGES_PER_TURN && !flow->over; i++) {
		int more = flow->start < flow->end ? empty(flow) : fill(flow);
		/* At once, even if the turn is over: an end that is known is
		 * nothing that anybody would wake us for. */
		if (!flow->over && flow->eof && flow->start == flow->end) {
			vwl_end_shutdown(flow->to, SHUT_WR);
			flow->over = true;
		}
		if (more == 0) {
			return;
		}
	}
}
