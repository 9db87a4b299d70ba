/* SPDX-License-Identifier: MIT */
/* Whole vhost-user messages over a socket, without ever waiting for it. */
#ifndef VUB_CHANNEL_H
#define VUB_CHANNEL_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

#define VUB_CHANNEL_OUT_MAX \
	(sizeof(struct vub_wire_header) + VUB_WIRE_PAYLOAD_MAX)

struct vub_channel {
	int fd;

	/* The message being received; whole after vub_channel_receive(). */
	struct vub_wire_header header;
	alignas(8) uint8_t payload[VUB_WIRE_PAYLOAD_MAX];
	size_t received;	/* bytes of both */
	int fds[VUB_MEM_REGIONS_MAX];	/* -1 what somebody took */
	size_t fd_count;

	/* What is to be sent, with out_fd beside the first byte. */
	uint8_t out[VUB_CHANNEL_OUT_MAX];
	size_t out_len;
	int out_fd;
};

/* @take_fd is the channel's from here on. */
int
vub_channel_init(struct vub_channel *channel, int take_fd);

void
vub_channel_finish(struct vub_channel *channel);

/**
 * vub_channel_receive() - Receive the next message, as far as it is there
 * @check: judges a header before its payload is waited for; 0 or -errno
 *
 * Return: 1 with a whole message in header, payload and fds, which stays until
 * vub_channel_consume(); 0 when more must arrive; -ECONNRESET at the end of the
 * stream; -errno.
 */
int
vub_channel_receive(struct vub_channel *channel,
	int (*check)(const struct vub_wire_header *header));

/* Done with the message; descriptors nobody took are closed. */
void
vub_channel_consume(struct vub_channel *channel);

/**
 * vub_channel_put() - Queue a message
 * @take_fd: goes along, or -1; consumed, on failure too
 *
 * Return: 0; -EAGAIN when there is no room behind what waits already.
 */
int
vub_channel_put(struct vub_channel *channel,
	const struct vub_wire_header *header, const void *payload, int take_fd);

/* Send what is queued, as far as it goes. 0 or -errno. */
int
vub_channel_flush(struct vub_channel *channel);

/* Whether something waits for the socket to become writable. */
bool
vub_channel_is_sending(const struct vub_channel *channel);

#endif
