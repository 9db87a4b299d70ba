/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A stream is watched for exactly what somebody wants: readable while its
 * owner has room, writable while something is queued, and otherwise for its
 * end alone. epoll reports a hang-up whether it was asked for or not, so a
 * stream whose end cannot be acted on yet is not watched at all; that is what
 * keeps an idle device asleep.
 *
 * Sockets are used with MSG_DONTWAIT and pipes with RWF_NOWAIT, since their
 * O_NONBLOCK belongs to everybody who holds the same open file, the peer
 * included. Kernels without RWF_NOWAIT for pipes leave no choice.
 *
 * A closed stream with a queue lingers: it has no owner any more, delivers
 * what was promised, and dies. Its budget still pays, so a peer that never
 * reads costs the guest that talked to it and nobody else. Nor does it die
 * before the peer has taken the descriptors that were sent (flight.c): it is
 * shut by then, so that the peer sees its end, and only its place is held.
 */
#include "stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/loop.h"

static void
handle_ready(void *data, uint32_t revents);

static void
handle_landed(void *data);

int
vwl_stream_create(const struct vwl_stream_options *options, int take_fd,
	struct vwl_stream **ret)
{
	struct vwl_stream *stream = calloc(1, sizeof(*stream));
	if (stream == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	*stream = (struct vwl_stream) {
		.loop = options->loop,
		.budget = options->budget,
		.fd = take_fd,
		.is_socket = options->is_socket,
		.passes_fds = options->passes_fds,
		.can_nowait = true,
		.send_open = options->can_send,
		.recv_open = options->can_recv,
	};
	list_init(&stream->link);
	vwl_send_queue_init(&stream->queue);
	vwl_flight_init(&stream->flight, options->loop, handle_landed, stream);
	int r = vwl_charge_take(&stream->charge, options->budget,
		(struct vwl_amounts){ .of = {
			[VWL_RES_CONNECTIONS] = options->is_socket,
			[VWL_RES_PIPES] = !options->is_socket,
			[VWL_RES_FDS] = 1,
		} });
	if (r < 0) {
		fd_close(&stream->fd);
		free(stream);
		return r;
	}
	*ret = stream;
	return 0;
}

static void
stream_destroy(struct vwl_stream *stream)
{
	list_remove(&stream->link);
	loop_clear(&stream->source);
	vwl_send_queue_clear(&stream->queue);
	vwl_flight_finish(&stream->flight);
	fd_close(&stream->fd);
	vwl_charge_drop(&stream->charge);
	free(stream);
}

/* What to wait for; 0 is the end alone. -1: nothing, not even that. */
static int64_t
wanted_events(const struct vwl_stream *stream)
{
	uint32_t events = 0;
	if (stream->recv_open && stream->recv_wanted) {
		events |= EPOLLIN;
	}
	if (!vwl_send_queue_empty(&stream->queue)) {
		events |= EPOLLOUT;
	}
	if (events == 0 && (stream->recv_open || !stream->send_open)) {
		return -1;
	}
	return events;
}

static int
watch(struct vwl_stream *stream)
{
	int64_t events = stream->fd >= 0 ? wanted_events(stream) : -1;
	if (events < 0) {
		loop_clear(&stream->source);
		return 0;
	}
	if (stream->source != NULL) {
		loop_set_events(stream->source, (uint32_t)events);
		return 0;
	}
	return loop_add_fd(stream->loop, stream->fd, (uint32_t)events,
		handle_ready, stream, &stream->source);
}

int
vwl_stream_start(struct vwl_stream *stream,
	const struct vwl_stream_handler *handler, void *data)
{
	stream->handler = handler;
	stream->data = data;
	stream->recv_wanted = stream->recv_open;
	return watch(stream);
}

void
vwl_lingering_init(struct vwl_lingering *lingering)
{
	list_init(&lingering->streams);
}

/* A closed stream has nothing to deliver, or nobody to deliver it to. */
static void
come_to_rest(struct vwl_stream *stream)
{
	vwl_send_queue_clear(&stream->queue);
	vwl_flight_drop_unsent(&stream->flight);
	if (vwl_flight_is_empty(&stream->flight)) {
		stream_destroy(stream);
		return;
	}
	loop_clear(&stream->source);
	if (!stream->shared) {
		shutdown(stream->fd, SHUT_RDWR);
	}
}

static void
handle_landed(void *data)
{
	struct vwl_stream *stream = data;
	if (stream->handler == NULL && vwl_send_queue_empty(&stream->queue)) {
		stream_destroy(stream);
	}
}

void
vwl_lingering_drop(struct vwl_lingering *lingering)
{
	struct vwl_stream *stream, *tmp;
	list_for_each_safe(stream, tmp, &lingering->streams, link) {
		come_to_rest(stream);
	}
}

void
vwl_lingering_finish(struct vwl_lingering *lingering)
{
	struct vwl_stream *stream, *tmp;
	list_for_each_safe(stream, tmp, &lingering->streams, link) {
		stream_destroy(stream);
	}
}

void
vwl_stream_close(struct vwl_stream *stream, struct vwl_lingering *lingering)
{
	if (stream == NULL) {
		return;
	}
	stream->handler = NULL;
	if (vwl_send_queue_empty(&stream->queue)
			&& vwl_flight_is_empty(&stream->flight)) {
		stream_destroy(stream);
		return;
	}
	if (!stream->shared) {
		/* As close(2) would: what the peer writes now is for nobody. */
		vwl_stream_shutdown_recv(stream);
	}
	stream->recv_wanted = false;
	stream->send_closing = true;
	list_append(&lingering->streams, &stream->link);
	if (vwl_send_queue_empty(&stream->queue)) {
		come_to_rest(stream);
	}
}

/* pwritev2() of a pipe; the first refusal of RWF_NOWAIT is the last. */
static ssize_t
pipe_io(struct vwl_stream *stream, const struct iovec *iov, size_t iov_count,
	ssize_t (*io)(int, const struct iovec *, int, off_t, int))
{
	for (;;) {
		int flags = stream->can_nowait ? RWF_NOWAIT : 0;
		ssize_t n = io(stream->fd, iov, (int)iov_count, -1, flags);
		if (n >= 0) {
			return n;
		}
		if (errno == EOPNOTSUPP && stream->can_nowait) {
			stream->can_nowait = false;
			int r = fd_set_nonblock(stream->fd);
			if (r < 0) {
				return r;
			}
		} else if (errno != EINTR) {
			return -errno;
		}
	}
}

static ssize_t
write_now(struct vwl_stream *stream, const struct iovec *iov, size_t iov_count,
	const int *fds, size_t fd_count)
{
	if (stream->is_socket) {
		ssize_t n = fd_sendmsg(stream->fd, iov, (int)iov_count, fds,
			fd_count);
		if (n > 0) {
			vwl_flight_sent(&stream->flight, (size_t)n,
				fd_count > 0);
		}
		return n;
	}
	return pipe_io(stream, iov, iov_count, pwritev2);
}

/* Sending is over; the queue can go nowhere. */
static void
end_send(struct vwl_stream *stream)
{
	stream->send_open = false;
	stream->send_closing = false;
	vwl_send_queue_clear(&stream->queue);
	vwl_flight_drop_unsent(&stream->flight);
}

/* The queue is empty and the owner wants no more sent. */
static void
finish_send(struct vwl_stream *stream)
{
	stream->send_closing = false;
	stream->send_open = false;
	if (stream->handler == NULL) {
		return;		/* it is closed in a moment; others may go on */
	}
	if (stream->is_socket) {
		shutdown(stream->fd, SHUT_WR);
	} else if (!stream->recv_open) {
		loop_clear(&stream->source);
		fd_close(&stream->fd);
	}
}

static int
send_message(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, size_t len, const int *fds, size_t fd_count)
{
	ssize_t n = 0;
	if (vwl_send_queue_empty(&stream->queue)) {
		n = write_now(stream, iov, iov_count, fds, fd_count);
		if (n == -EAGAIN) {
			n = 0;
		} else if (n == -EPIPE || n == -ECONNRESET) {
			end_send(stream);
			watch(stream);
			return -EPIPE;
		} else if (n < 0) {
			return (int)n;
		}
		if ((size_t)n == len) {
			return 0;
		}
	}
	int r = vwl_send_queue_add(&stream->queue, stream->budget, iov,
		iov_count, (size_t)n, fds, n > 0 ? 0 : fd_count);
	if (r == 0) {
		r = watch(stream);
	}
	if (r < 0 && n > 0) {
		/* Half a message is out: the stream cannot go on. */
		end_send(stream);
		shutdown(stream->fd, SHUT_WR);
		watch(stream);
		return -EPIPE;
	}
	return r;
}

int
vwl_stream_send(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, size_t len, const struct vwl_cargo *cargo,
	size_t cargo_count)
{
	assert(len > 0);
	assert(cargo_count == 0 || stream->passes_fds);
	assert(cargo_count <= FD_PASS_MAX);
	if (!stream->send_open || stream->send_closing) {
		return -EPIPE;
	}
	if (!vwl_send_queue_fits(stream->budget, len, cargo_count)) {
		return -EDQUOT;
	}
	if (cargo_count == 0) {
		return send_message(stream, iov, iov_count, len, NULL, 0);
	}
	int fds[FD_PASS_MAX];
	for (size_t i = 0; i < cargo_count; i++) {
		fds[i] = cargo[i].fd;
	}
	int r = vwl_flight_add(&stream->flight, stream->budget, stream->fd,
		cargo, cargo_count);
	if (r < 0) {
		return r;
	}
	r = send_message(stream, iov, iov_count, len, fds, cargo_count);
	if (r < 0) {
		vwl_flight_take_back(&stream->flight);
	}
	return r;
}

/* Write as much of the queue as the peer takes. 0 or -errno: it is over. */
static int
flush(struct vwl_stream *stream)
{
	while (!vwl_send_queue_empty(&stream->queue)) {
		const int *fds;
		size_t fd_count;
		struct iovec iov = vwl_send_queue_peek(&stream->queue, &fds,
			&fd_count);
		ssize_t n = write_now(stream, &iov, 1, fds, fd_count);
		if (n == -EAGAIN) {
			return 0;
		}
		if (n < 0) {
			return (int)n;
		}
		vwl_send_queue_consume(&stream->queue, (size_t)n);
		if ((size_t)n < iov.iov_len) {
			return 0;
		}
	}
	if (stream->send_closing) {
		finish_send(stream);
	}
	return 0;
}

ssize_t
vwl_stream_recv(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, int *fds, size_t fds_max, size_t *ret_fd_count)
{
	ssize_t n = 0;
	*ret_fd_count = 0;
	if (!stream->recv_open) {
		return 0;
	}
	if (stream->is_socket) {
		n = fd_recvmsg(stream->fd, iov, (int)iov_count, fds, fds_max,
			ret_fd_count);
	} else {
		n = pipe_io(stream, iov, iov_count, preadv2);
	}
	if (n > 0 && !stream->passes_fds) {
		fd_close_all(fds, *ret_fd_count);
		*ret_fd_count = 0;
	}
	if (n < 0 && n != -EAGAIN) {
		vwl_stream_shutdown_recv(stream);
	} else if (n == 0) {
		stream->recv_open = false;
		watch(stream);
	}
	return n;
}

ssize_t
vwl_stream_peek(struct vwl_stream *stream, const struct iovec *iov,
	size_t iov_count, bool *ret_has_fds)
{
	assert(stream->is_socket);
	/* Without room for them the kernel says that there are descriptors,
	 * and installs none. */
	struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = iov_count,
	};
	ssize_t n;
	do {
		n = recvmsg(stream->fd, &msg, MSG_PEEK | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return -errno;
	}
	*ret_has_fds = (msg.msg_flags & MSG_CTRUNC) != 0;
	return n;
}

void
vwl_stream_want_recv(struct vwl_stream *stream, bool want)
{
	if (stream->recv_wanted != want) {
		stream->recv_wanted = want;
		watch(stream);
	}
}

void
vwl_stream_shutdown_send(struct vwl_stream *stream)
{
	if (!stream->send_open) {
		return;
	}
	stream->send_closing = true;
	if (vwl_send_queue_empty(&stream->queue)) {
		finish_send(stream);
	}
	watch(stream);
}

/*
 * Drop what nobody will read. As long as it fills the socket, a peer that
 * waits to write is not told that its writes would fail: poll(2) has no event
 * for that. No more can come, so this ends. Descriptors go with their bytes.
 */
static void
discard(int sock)
{
	char bytes[16384];
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;
	do {
		n = recvmsg(sock, &msg, MSG_DONTWAIT);
	} while (n > 0 || (n < 0 && errno == EINTR));
}

void
vwl_stream_shutdown_recv(struct vwl_stream *stream)
{
	if (!stream->recv_open) {
		return;
	}
	stream->recv_open = false;
	if (stream->is_socket) {
		shutdown(stream->fd, SHUT_RD);
		discard(stream->fd);
	} else if (!stream->send_open) {
		loop_clear(&stream->source);
		fd_close(&stream->fd);
	}
	watch(stream);
}

/* A closed stream: deliver or die. */
static void
handle_ready_lingering(struct vwl_stream *stream)
{
	if (flush(stream) < 0 || vwl_send_queue_empty(&stream->queue)) {
		come_to_rest(stream);
		return;
	}
	watch(stream);
}

static void
handle_ready(void *data, uint32_t revents)
{
	struct vwl_stream *stream = data;
	const struct vwl_stream_handler *handler = stream->handler;
	if (handler == NULL) {
		handle_ready_lingering(stream);
		return;
	}
	uint32_t end = EPOLLERR | EPOLLHUP;
	bool ended = false;
	bool drained = false;
	if ((revents & (EPOLLOUT | end))
			&& !vwl_send_queue_empty(&stream->queue)) {
		ended = flush(stream) < 0;
		drained = !ended;
	} else if ((revents & end) && !stream->recv_open) {
		ended = true;
	}
	if (ended) {
		end_send(stream);
	}
	watch(stream);
	bool readable = (revents & (EPOLLIN | end)) && stream->recv_open
		&& stream->recv_wanted;
	/* The owner may close the stream in any of these: one, and last. The
	 * others are still true next turn. */
	if (ended) {
		handler->send_ended(stream->data);
	} else if (drained) {
		handler->drained(stream->data);
	} else if (readable) {
		handler->readable(stream->data);
	}
}
