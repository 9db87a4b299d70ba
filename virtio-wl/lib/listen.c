/* SPDX-License-Identifier: MIT */
/*
 * Taking connections. On every carrier a listener delivers messages of one
 * connection and the host's record of who made it, so accepting is receiving.
 */
#include "peer.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "util/fd.h"

void
vwl_peer_decode(const struct virtio_wl_wire_peer *wire, struct vwl_peer *ret)
{
	static_assert(sizeof(ret->name) == sizeof(wire->name), "same sizes");
	static_assert(sizeof(ret->instance) == sizeof(wire->instance),
		"same sizes");
	struct vwl_peer peer = { 0 };
	memcpy(peer.name, wire->name, sizeof(peer.name) - 1);
	memcpy(peer.instance, wire->instance, sizeof(peer.instance) - 1);
	uint32_t flags = le32toh(wire->flags);
	peer.has_colour = (flags & VIRTIO_WL_PEER_HAS_COLOUR) != 0;
	peer.colour = le32toh(wire->colour) & 0xffffff;
	peer.is_host = (flags & VIRTIO_WL_PEER_HOST) != 0;
	peer.serial = le64toh(wire->serial);
	*ret = peer;
}

static int
accept_connection(int listener, struct vwl_peer *peer, int flags)
{
	const struct vwl_vfd_ops *ops = vwl_find_ops(listener);
	if (ops == NULL) {
		return -ENOTSOCK;
	}
	struct vwl_info info;
	int r = ops->info(listener, &info);
	if (r < 0) {
		return r;
	}
	if (info.kind != VWL_KIND_LISTENER) {
		return -EINVAL;
	}

	struct virtio_wl_wire_peer wire;
	struct iovec iov = { .iov_base = &wire, .iov_len = sizeof(wire) };
	int vfd = -1;
	struct vwl_message msg = {
		.iov = &iov,
		.iov_count = 1,
		.size = sizeof(wire),
		.fds = &vfd,
		.fd_count = 1,
	};
	ssize_t n = ops->recv(listener, &msg, 0);
	if (n < 0) {
		return (int)n;
	}
	if (n == 0 && msg.fd_count == 0 && !msg.truncated) {
		return -EINVAL;		/* the device has ended it */
	}
	if (msg.fd_count != 1) {
		return -EMFILE;
	}
	if ((size_t)n != sizeof(wire)) {
		ops->close(vfd);
		return -EPROTO;
	}
	if (flags & SOCK_NONBLOCK) {
		r = fd_set_nonblock(vfd);
		if (r < 0) {
			ops->close(vfd);
			return r;
		}
	}
	if (peer != NULL) {
		vwl_peer_decode(&wire, peer);
	}
	return vfd;
}

int
vwl_accept(int listener, struct vwl_peer *peer, int flags)
{
	int r = (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) ? -EINVAL
		: accept_connection(listener, peer, flags);
	if (r < 0) {
		errno = -r;
		return -1;
	}
	return r;
}
