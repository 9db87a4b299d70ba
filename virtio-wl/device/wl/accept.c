/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A listener owns endpoints. A connection is taken from one of them when the
 * guest has credit for it on the listener and the peer's budget has room for
 * one more, and for one more just now;
 * until then it stays in the socket's backlog, where its maker sees it as
 * connected and its bytes wait. The endpoint served goes to the end of the
 * list, so that no peer's flood hides another's connection.
 */
#include "wl.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "../device.h"
#include "../endpoint/listener.h"
#include "util/fd.h"

static void
handle_waiting(void *owner)
{
	struct vwl_wl_vfd *vfd = owner;
	struct vwl_wl *wl = vfd->wl;
	vwl_wl_ready(vfd);
	vwl_wl_serve_in(wl);
}

int
vwl_wl_listen(struct vwl_wl_vfd *vfd, const char *name)
{
	struct list *endpoints = &vfd->wl->device->endpoints;
	struct vwl_endpoint *endpoint;
	int found = 0;
	list_for_each(endpoint, endpoints, link) {
		if (*name == '\0' || strcmp(endpoint->name, name) == 0) {
			if (endpoint->owner != NULL) {
				return -EADDRINUSE;
			}
			found++;
		}
	}
	if (found == 0 && *name != '\0') {
		return -ENXIO;
	}
	list_for_each(endpoint, endpoints, link) {
		if (*name == '\0' || strcmp(endpoint->name, name) == 0) {
			vwl_endpoint_claim(endpoint, handle_waiting, vfd);
		}
	}
	vfd->vfd.kind = VWL_LISTENER;
	vfd->vfd.can_recv = true;
	list_append(&vfd->wl->listeners, &vfd->listener_link);
	return 0;
}

void
vwl_wl_accept_pause(struct vwl_wl_vfd *vfd)
{
	struct vwl_endpoint *endpoint;
	list_for_each(endpoint, &vfd->wl->device->endpoints, link) {
		if (endpoint->owner == vfd) {
			vwl_endpoint_want(endpoint, false);
		}
	}
}

struct virtio_wl_wire_peer
vwl_wl_peer_wire(const struct vwl_vfd *vfd)
{
	const struct vwl_label *label = &vfd->peer->label;
	struct virtio_wl_wire_peer wire = {
		.flags = htole32((label->has_colour
				? VIRTIO_WL_PEER_HAS_COLOUR : 0)
			| (label->is_host ? VIRTIO_WL_PEER_HOST : 0)),
		.colour = htole32(label->colour),
		.serial = htole64(vfd->serial),
	};
	static_assert(sizeof(wire.name) >= sizeof(label->name), "label");
	static_assert(sizeof(wire.instance) >= sizeof(label->instance),
		"label");
	memcpy(wire.name, label->name, strlen(label->name));
	memcpy(wire.instance, label->instance, strlen(label->instance));
	return wire;
}

/* Take one connection: 1 with a message to deliver, 0 none, -errno. */
static int
take(struct vwl_wl_vfd *listener, struct vwl_endpoint *endpoint)
{
	struct vwl_wl *wl = listener->wl;
	struct vwl_peer *peer;
	int fd = vwl_endpoint_accept(endpoint, &peer);
	if (fd < 0) {
		return fd == -EAGAIN ? 0 : fd;
	}
	struct vwl_wl_vfd *vfd = NULL;
	int r = vwl_wl_vfd_create(wl, &endpoint->budget, &vfd);
	if (r < 0) {
		fd_close(&fd);
	} else {
		r = vwl_vfd_connection(&vfd->vfd, wl->device, peer, fd);
	}
	vwl_peer_unref(peer);
	if (r < 0) {
		vwl_wl_vfd_destroy(vfd);
		return r;
	}
	struct virtio_wl_wire_peer wire = vwl_wl_peer_wire(&vfd->vfd);
	r = vwl_wl_message_connection(listener, vfd, &wire, sizeof(wire),
		&listener->message);
	if (r < 0) {
		return r;
	}
	wl->device->status->connections_accepted++;
	return 1;
}

int
vwl_wl_accept(struct vwl_wl_vfd *vfd)
{
	struct list *endpoints = &vfd->wl->device->endpoints;
	uint32_t cost = vwl_wl_cost(sizeof(struct virtio_wl_wire_peer), 1);
	if (vfd->recv_credit < cost) {
		vwl_wl_accept_pause(vfd);
		return 0;
	}
	vfd->starved = false;
	struct vwl_endpoint *endpoint;
	list_for_each(endpoint, endpoints, link) {
		if (endpoint->owner != vfd) {
			continue;
		}
		int r = -EDQUOT;
		if (vwl_wl_vfd_may_bring(vfd, &endpoint->budget)
				&& vwl_endpoint_has_budget(endpoint)) {
			r = take(vfd, endpoint);
		}
		if (r == 1) {
			vfd->recv_credit -= cost;
			list_remove(&endpoint->link);
			list_append(endpoints, &endpoint->link);
			return 1;
		}
		if (r < 0) {
			/* Out of something: whoever frees it tells us. */
			vfd->starved = true;
		}
		vwl_endpoint_want(endpoint, r == 0);
	}
	return 0;
}
