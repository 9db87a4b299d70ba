/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The main socket is a conversation: we ask, the device answers, one at a time.
 * It is the only place where the front-end waits, and each wait has its limit,
 * counted from the request on, so that an answer that drips in byte by byte
 * ends as a silent device does. A conversation that went wrong cannot be
 * resumed (whose answer would the next one be?), so its first failure stays.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "frontend-impl.h"
#include "util/fd.h"
#include "util/now.h"

#define FOREVER INT64_MAX

static int64_t
deadline_of(const struct vub_frontend *frontend)
{
	int timeout_ms = frontend->options.timeout_ms;
	return timeout_ms < 0 ? FOREVER : now_ms() + timeout_ms;
}

static int
wait_for(const struct vub_frontend *frontend, short events, int64_t deadline)
{
	struct pollfd pollfd = { .fd = frontend->sock, .events = events };
	for (;;) {
		int timeout_ms = -1;
		if (deadline != FOREVER) {
			int64_t left = deadline - now_ms();
			timeout_ms = left < 0 ? 0
				: left > INT_MAX ? INT_MAX : (int)left;
		}
		int n = poll(&pollfd, 1, timeout_ms);
		if (n > 0) {
			return 0;
		}
		if (n == 0) {
			return -ETIMEDOUT;
		}
		if (errno != EINTR) {
			return -errno;
		}
	}
}

static int
send_all(struct vub_frontend *frontend, const struct vub_wire_header *header,
	const void *payload, int fd, int64_t deadline)
{
	struct iovec iov[2] = {
		{ (void *)header, sizeof(*header) },
		{ (void *)payload, header->size },
	};
	size_t fd_count = fd >= 0 ? 1 : 0;
	int first = 0;
	while (first < 2) {
		ssize_t n = fd_sendmsg(frontend->sock, &iov[first], 2 - first,
			&fd, fd_count);
		if (n == -EAGAIN) {
			int r = wait_for(frontend, POLLOUT, deadline);
			if (r < 0) {
				return r;
			}
			continue;
		}
		if (n < 0) {
			return n == -EPIPE ? -ECONNRESET : (int)n;
		}
		fd_count = 0;	/* they went with the first byte */
		size_t left = (size_t)n;
		while (first < 2 && left >= iov[first].iov_len) {
			left -= iov[first++].iov_len;
		}
		if (first < 2) {
			iov[first].iov_base = (char *)iov[first].iov_base + left;
			iov[first].iov_len -= left;
		}
	}
	return 0;
}

/* Without a control buffer: descriptors nobody asked for are never born. */
static int
receive_all(struct vub_frontend *frontend, void *dst, size_t size,
	int64_t deadline)
{
	uint8_t *next = dst;
	while (size > 0) {
		ssize_t n = recv(frontend->sock, next, size, MSG_DONTWAIT);
		if (n == 0) {
			return -ECONNRESET;
		}
		if (n > 0) {
			next += n;
			size -= (size_t)n;
			continue;
		}
		if (errno == EINTR) {
			continue;
		}
		if (errno != EAGAIN) {
			return -errno;
		}
		int r = wait_for(frontend, POLLIN, deadline);
		if (r < 0) {
			return r;
		}
	}
	return 0;
}

static int
receive_reply(struct vub_frontend *frontend, uint32_t request, void *reply,
	size_t reply_size, int64_t deadline)
{
	struct vub_wire_header header;
	int r = receive_all(frontend, &header, sizeof(header), deadline);
	if (r < 0) {
		return r;
	}
	if (header.request != request
			|| (header.flags & ~VUB_WIRE_F_NEED_REPLY)
				!= (VUB_WIRE_VERSION | VUB_WIRE_F_REPLY)) {
		return -EPROTO;
	}
	if (request == VUB_GET_CONFIG && header.size == 0) {
		return -EREMOTEIO;	/* "there is no such configuration" */
	}
	if (header.size != reply_size) {
		return -EPROTO;
	}
	return receive_all(frontend, reply, reply_size, deadline);
}

/* The whole of it; @reply NULL: no answer is expected. */
static int
converse(struct vub_frontend *frontend, uint32_t request, uint32_t flags,
	const void *payload, size_t size, int fd, void *reply,
	size_t reply_size)
{
	if (frontend->status < 0) {
		return frontend->status;
	}
	struct vub_wire_header header = {
		.request = request,
		.flags = VUB_WIRE_VERSION | flags,
		.size = (uint32_t)size,
	};
	int64_t deadline = deadline_of(frontend);
	int r = send_all(frontend, &header, payload, fd, deadline);
	if (r == 0 && reply != NULL) {
		r = receive_reply(frontend, request, reply, reply_size,
			deadline);
	}
	if (r < 0 && r != -EREMOTEIO) {
		frontend->status = r;
	}
	return r;
}

int
vub_frontend_send(struct vub_frontend *frontend, uint32_t request,
	const void *payload, size_t size, int fd)
{
	return converse(frontend, request, 0, payload, size, fd, NULL, 0);
}

int
vub_frontend_ask(struct vub_frontend *frontend, uint32_t request,
	const void *payload, size_t size, void *reply, size_t reply_size)
{
	return converse(frontend, request, 0, payload, size, -1, reply,
		reply_size);
}

int
vub_frontend_order(struct vub_frontend *frontend, uint32_t request,
	const void *payload, size_t size, int fd)
{
	if (!frontend_has(frontend, VUB_PROTOCOL_F_REPLY_ACK)) {
		return vub_frontend_send(frontend, request, payload, size, fd);
	}
	uint64_t answer;
	int r = converse(frontend, request, VUB_WIRE_F_NEED_REPLY, payload,
		size, fd, &answer, sizeof(answer));
	if (r < 0) {
		return r;
	}
	return answer == 0 ? 0 : -EREMOTEIO;
}
