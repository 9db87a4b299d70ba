/* SPDX-License-Identifier: MIT */
/*
 * stream.h - one end of a socket or pipe of the host
 *
 * Sending never waits: what the peer does not take is queued. Receiving is
 * pulled: the owner is told that something waits, and asks for it when it has
 * room; until then the bytes stay where the peer put them.
 */
#ifndef VWL_STREAM_H
#define VWL_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "../budget.h"
#include "flight.h"
#include "send-queue.h"
#include "util/list.h"

struct loop;
struct loop_source;
struct vwl_stream;

/* Called from the loop only. A callback may close the stream. */
struct vwl_stream_handler {
	/* Bytes, or the end of them, wait; only while receiving is on. */
	void (*readable)(void *data);
	/* The peer took some of what was queued. */
	void (*drained)(void *data);
	/* The peer takes no more; what was queued is dropped. */
	void (*send_ended)(void *data);
};

struct vwl_stream {
	struct list link;	/* vwl_lingering.streams, once closed */
	struct loop *loop;
	struct loop_source *source;	/* NULL: nothing to wait for */
	struct vwl_budget *budget;
	struct vwl_charge charge;
	struct vwl_send_queue queue;
	struct vwl_flight flight;
	const struct vwl_stream_handler *handler;	/* NULL: closed */
	void *data;
	int fd;
	bool is_socket;
	bool passes_fds;
	bool shared;		/* others hold the same socket or pipe */
	bool can_nowait;	/* pipes: RWF_NOWAIT works here */
	bool send_open;		/* the owner, and the peer, want more */
	bool send_closing;	/* the owner has ended it behind the queue */
	bool recv_open;
	bool recv_wanted;
};

/* Streams that are closed but still have something to deliver, or whose peer
 * has not taken all of what it was sent. */
struct vwl_lingering {
	struct list streams;	/* vwl_stream.link */
};

struct vwl_stream_options {
	struct loop *loop;
	struct vwl_budget *budget;	/* pays for the stream and its queue */
	bool is_socket;
	bool passes_fds;
	bool can_send;
	bool can_recv;
};

/**
 * vwl_stream_create() - Own one end
 * @take_fd: connected; consumed, on failure too
 *
 * Return: 0; -EDQUOT or -ENOMEM.
 */
int
vwl_stream_create(const struct vwl_stream_options *options, int take_fd,
	struct vwl_stream **ret);

/* Begin to call back. Receiving is on if the stream can receive. */
int
vwl_stream_start(struct vwl_stream *stream,
	const struct vwl_stream_handler *handler, void *data);

/**
 * vwl_stream_close() - Let go of a stream
 *
 * What is queued is still delivered, paid for until then, unless the
 * lingering ones are dropped first; and what was sent with descriptors is paid
 * for until the peer has taken those. NULL is fine.
 */
void
vwl_stream_close(struct vwl_stream *stream, struct vwl_lingering *lingering);

void
vwl_lingering_init(struct vwl_lingering *lingering);

/* Deliver nothing more. Those with descriptors under way stay until these have
 * been taken. */
void
vwl_lingering_drop(struct vwl_lingering *lingering);

/* The same, and nobody pays for what is under way. */
void
vwl_lingering_finish(struct vwl_lingering *lingering);

/**
 * vwl_stream_send() - Take a whole message for the peer
 * @iov: @iov_count pieces, @len bytes in all, at least one
 * @cargo: what goes beside it, @cargo_count of these, at most FD_PASS_MAX
 *
 * Return: 0 when all of it was taken (vwl_stream_queued_bytes() tells what is
 * kept here); -EPIPE, -EDQUOT, -ENOMEM and others with nothing of it taken.
 */
int
vwl_stream_send(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, size_t len, const struct vwl_cargo *cargo,
	size_t cargo_count);

/* What has not left yet. */
static inline size_t
vwl_stream_queued_bytes(const struct vwl_stream *stream)
{
	return stream->queue.bytes;
}

static inline size_t
vwl_stream_queued_fds(const struct vwl_stream *stream)
{
	return stream->queue.fds;
}

/**
 * vwl_stream_recv() - Pull what waits
 * @fds: room for @fds_max; more than that beside one message is -EMSGSIZE
 *
 * Return: bytes; 0 at the end of the stream; -EAGAIN when nothing waits; any
 * other -errno is an end too. After an end, nothing is ever readable again.
 */
ssize_t
vwl_stream_recv(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, int *fds, size_t fds_max, size_t *ret_fd_count);

/**
 * vwl_stream_peek() - Look at what waits, without its descriptors
 * @iov: where the bytes go; they are not taken
 * @ret_has_fds: whether descriptors are beside them
 *
 * Return: bytes; 0 at the end of the stream; -errno.
 */
ssize_t
vwl_stream_peek(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, bool *ret_has_fds);

/* Whether to be told what waits. Off costs nothing, on costs nothing. */
void
vwl_stream_want_recv(struct vwl_stream *stream, bool want);

/* The owner sends no more: the peer sees an end behind what is queued. */
void
vwl_stream_shutdown_send(struct vwl_stream *stream);

/* The owner receives no more: the peer's writes fail. */
void
vwl_stream_shutdown_recv(struct vwl_stream *stream);

#endif
