/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A stream socket cuts messages where it likes, so both directions remember how
 * far they are. What waits to be sent is bounded by one buffer: an owner that
 * does not receive while it waits makes a peer that does not read wait itself.
 *
 * Descriptors travel beside the first byte of their message. So one is only
 * queued into an empty buffer, and is sent with the buffer's first byte.
 */
#include "channel.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "util/fd.h"

int
vub_channel_init(struct vub_channel *channel, int take_fd)
{
	channel->fd = take_fd;
	channel->received = 0;
	channel->fd_count = 0;
	channel->out_len = 0;
	channel->out_fd = -1;
	int r = fd_set_nonblock(take_fd);
	if (r < 0) {
		fd_close(&channel->fd);
	}
	return r;
}

void
vub_channel_finish(struct vub_channel *channel)
{
	vub_channel_consume(channel);
	fd_close(&channel->out_fd);
	fd_close(&channel->fd);
}

/* Receive up to @len bytes to @dst. Bytes, 0 for "not now", or -errno. */
static ssize_t
receive_some(struct vub_channel *channel, void *dst, size_t len)
{
	struct iovec iov = { .iov_base = dst, .iov_len = len };
	size_t count = 0;
	ssize_t n = fd_recvmsg(channel->fd, &iov, 1,
		channel->fds + channel->fd_count,
		VUB_MEM_REGIONS_MAX - channel->fd_count, &count);
	if (n == -EAGAIN) {
		return 0;
	}
	if (n < 0) {
		return n;
	}
	channel->fd_count += count;
	if (n == 0) {
		return -ECONNRESET;
	}
	channel->received += (size_t)n;
	return n;
}

int
vub_channel_receive(struct vub_channel *channel,
	int (*check)(const struct vub_wire_header *header))
{
	const size_t header_len = sizeof(channel->header);
	while (channel->received < header_len) {
		ssize_t n = receive_some(channel,
			(uint8_t *)&channel->header + channel->received,
			header_len - channel->received);
		if (n <= 0) {
			return (int)n;
		}
		if (channel->received == header_len) {
			int r = check(&channel->header);
			if (r < 0) {
				return r;
			}
			assert(channel->header.size <= VUB_WIRE_PAYLOAD_MAX);
		}
	}
	while (channel->received - header_len < channel->header.size) {
		size_t have = channel->received - header_len;
		ssize_t n = receive_some(channel, channel->payload + have,
			channel->header.size - have);
		if (n <= 0) {
			return (int)n;
		}
	}
	return 1;
}

void
vub_channel_consume(struct vub_channel *channel)
{
	fd_close_all(channel->fds, channel->fd_count);
	channel->fd_count = 0;
	channel->received = 0;
}

int
vub_channel_put(struct vub_channel *channel,
	const struct vub_wire_header *header, const void *payload, int take_fd)
{
	size_t len = sizeof(*header) + header->size;
	if (len > sizeof(channel->out) - channel->out_len
			|| (take_fd >= 0 && channel->out_len > 0)) {
		fd_close(&take_fd);
		return -EAGAIN;
	}
	uint8_t *at = channel->out + channel->out_len;
	memcpy(at, header, sizeof(*header));
	if (header->size > 0) {
		memcpy(at + sizeof(*header), payload, header->size);
	}
	channel->out_len += len;
	if (take_fd >= 0) {
		channel->out_fd = take_fd;
	}
	return 0;
}

int
vub_channel_flush(struct vub_channel *channel)
{
	while (channel->out_len > 0) {
		struct iovec iov = {
			.iov_base = channel->out,
			.iov_len = channel->out_len,
		};
		ssize_t n = fd_sendmsg(channel->fd, &iov, 1, &channel->out_fd,
			channel->out_fd >= 0 ? 1 : 0);
		if (n == -EAGAIN) {
			return 0;
		}
		if (n < 0) {
			return (int)n;
		}
		fd_close(&channel->out_fd);
		channel->out_len -= (size_t)n;
		memmove(channel->out, channel->out + n, channel->out_len);
	}
	return 0;
}

bool
vub_channel_is_sending(const struct vub_channel *channel)
{
	return channel->out_len > 0;
}
