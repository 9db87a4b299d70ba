/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A VFD that the guest makes goes into the table when the command is read and
 * counts as known once it is answered; one that a peer sends gets its id when
 * it is announced. Only then does its stream start: nothing can be said about a
 * VFD before the guest knows of it.
 *
 * end_told begins with the directions that the VFD never had, so that a pipe
 * has ended altogether when its only direction has.
 */
#include "wl.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <vhost-user/backend.h>

#include "../device.h"
#include "../endpoint/listener.h"
#include "../endpoint/stream.h"
#include "util/loop.h"
#include "util/now.h"

static void
handle_pause_over(void *data)
{
	struct vwl_wl_vfd *vfd = data;
	vwl_wl_ready(vfd);
	loop_defer(vfd->wl->turn);
}

int
vwl_wl_vfd_create(struct vwl_wl *wl, struct vwl_budget *budget,
	struct vwl_wl_vfd **ret)
{
	struct vwl_wl_vfd *vfd = calloc(1, sizeof(*vfd));
	if (vfd == NULL) {
		return -ENOMEM;
	}
	int r = vwl_vfd_init(&vfd->vfd, budget);
	if (r < 0) {
		free(vfd);
		return r;
	}
	vfd->wl = wl;
	vfd->recv_credit = VIRTIO_WL_WINDOW;
	vwl_waiter_init(&vfd->waiter, NULL, NULL);
	list_init(&vfd->urgent_link);
	list_init(&vfd->ready_link);
	list_init(&vfd->listener_link);
	list_init(&vfd->held);
	vwl_pause_init(&vfd->pause, handle_pause_over, vfd);
	*ret = vfd;
	return 0;
}

static void
release_endpoints(struct vwl_wl_vfd *vfd)
{
	struct vwl_endpoint *endpoint;
	list_for_each(endpoint, &vfd->wl->device->endpoints, link) {
		if (endpoint->owner == vfd) {
			vwl_endpoint_release(endpoint);
		}
	}
}

void
vwl_wl_vfd_destroy(struct vwl_wl_vfd *vfd)
{
	if (vfd == NULL) {
		return;
	}
	struct vwl_wl *wl = vfd->wl;
	if (vfd->vfd.kind == VWL_LISTENER) {
		release_endpoints(vfd);
	}
	vwl_waiter_cancel(&vfd->waiter);
	if (vfd->beside != NULL) {
		vwl_wl_message_forget(vfd->beside, vfd);
	}
	vwl_wl_message_destroy(vfd->message);
	vwl_wl_release_held(vfd, true);
	list_remove(&vfd->urgent_link);
	list_remove(&vfd->ready_link);
	list_remove(&vfd->listener_link);
	vwl_pause_cancel(&vfd->pause);
	if (!list_empty(&vfd->vfd.link)) {
		vwl_vfd_remove(&wl->table, &vfd->vfd);
	}
	vwl_vfd_finish(&vfd->vfd, wl->device);
	free(vfd);

	/* There may be room for a connection that waits. */
	struct vwl_wl_vfd *listener;
	list_for_each(listener, &wl->listeners, listener_link) {
		if (listener->starved) {
			vwl_wl_ready(listener);
		}
	}
}

struct vwl_budget *
vwl_wl_vfd_payer(const struct vwl_wl_vfd *vfd)
{
	return vfd->vfd.peer != NULL ? vfd->vfd.peer->budget
		: &vfd->wl->device->budget;
}

bool
vwl_wl_vfd_may_bring(struct vwl_wl_vfd *vfd, struct vwl_budget *budget)
{
	/* The clock is asked only where it matters. */
	if (vwl_budget_has(budget, VWL_RES_RATE, 1)) {
		return true;
	}
	uint64_t pause_ns = vwl_budget_pause_ns(budget, now_ns());
	if (pause_ns == 0) {
		return true;
	}
	vwl_pause_begin(&vfd->wl->device->pauses, &vfd->pause, pause_ns);
	return false;
}

int
vwl_wl_vfd_assign_id(struct vwl_wl_vfd *vfd)
{
	struct vwl_wl *wl = vfd->wl;
	/* More VFDs than the table may hold cannot all be in the way. */
	for (unsigned tries = wl->table.count + 1; tries > 0; tries--) {
		uint32_t id = wl->next_id;
		wl->next_id = id == VIRTIO_WL_HOST_ID_MAX
			? VIRTIO_WL_HOST_ID_MIN : id + 1;
		if (vwl_vfd_find(&wl->table, id) == NULL) {
			vwl_vfd_insert(&wl->table, &vfd->vfd, id);
			return 0;
		}
	}
	return -ENOSPC;
}

static void
handle_readable(void *data)
{
	struct vwl_wl_vfd *vfd = data;
	struct vwl_wl *wl = vfd->wl;
	vwl_wl_ready(vfd);
	vwl_wl_serve_in(wl);
}

static void
handle_drained(void *data)
{
	struct vwl_wl_vfd *vfd = data;
	struct vwl_wl *wl = vfd->wl;
	vwl_wl_window_drained(vfd);
	vwl_wl_release_held(vfd, false);
	vwl_wl_serve_in(wl);
}

static void
handle_send_ended(void *data)
{
	struct vwl_wl_vfd *vfd = data;
	struct vwl_wl *wl = vfd->wl;
	vwl_wl_ended(vfd, VIRTIO_WL_SHUT_SEND);
	vwl_wl_release_held(vfd, true);
	vwl_wl_serve_in(wl);
}

static const struct vwl_stream_handler stream_handler = {
	.readable = handle_readable,
	.drained = handle_drained,
	.send_ended = handle_send_ended,
};

int
vwl_wl_vfd_start(struct vwl_wl_vfd *vfd)
{
	if (vfd->vfd.stream == NULL) {
		return 0;
	}
	if (!vfd->vfd.can_send) {
		vfd->end_told |= VIRTIO_WL_SHUT_SEND;
	}
	if (!vfd->vfd.can_recv) {
		vfd->end_told |= VIRTIO_WL_SHUT_RECV;
	}
	return vwl_stream_start(vfd->vfd.stream, &stream_handler, vfd);
}

static uint32_t
direction_flags(const struct vwl_vfd *vfd)
{
	return (vfd->can_send ? VIRTIO_WL_VFD_WRITE : 0)
		| (vfd->can_recv ? VIRTIO_WL_VFD_READ : 0);
}

static uint32_t
true_flags(const struct vwl_vfd *vfd)
{
	switch (vfd->kind) {
	case VWL_CONNECTION:
		return VIRTIO_WL_VFD_SOCKET | direction_flags(vfd);
	case VWL_PIPE:
		return direction_flags(vfd);
	case VWL_MEMORY:
		return VIRTIO_WL_VFD_MAP | VIRTIO_WL_VFD_READ
			| VIRTIO_WL_VFD_WRITE;
	case VWL_COPY:
		return VIRTIO_WL_VFD_MAP | VIRTIO_WL_VFD_COPY
			| VIRTIO_WL_VFD_READ;
	case VWL_SNAPSHOT:
		return VIRTIO_WL_VFD_WRITE;
	case VWL_LISTENER:
		return VIRTIO_WL_VFD_LISTEN | VIRTIO_WL_VFD_READ;
	case VWL_VOID:
		break;
	}
	return VIRTIO_WL_VFD_VOID;
}

/* What the historic device says: with TRANS_FLAGS, and before that. */
static uint32_t
historic_flags(const struct vwl_vfd *vfd, bool transition)
{
	const uint32_t control = 0x4, writable = 0x1, map = 0x2;
	switch (vfd->kind) {
	case VWL_CONNECTION:
		return transition ? direction_flags(vfd) : control;
	case VWL_PIPE:
		return transition ? direction_flags(vfd) : 0;
	case VWL_MEMORY:
	case VWL_COPY:
		return transition ? 0 : writable | map;
	default:
		return 0;
	}
}

/* Flags as the driver that negotiated understands them. */
static uint32_t
flags_of(const struct vwl_wl_vfd *vfd)
{
	if (vwl_wl_has(vfd->wl, VIRTIO_WL_F_TRUE_FLAGS)) {
		return true_flags(&vfd->vfd);
	}
	return historic_flags(&vfd->vfd,
		vwl_wl_has(vfd->wl, VIRTIO_WL_F_TRANS_FLAGS));
}

struct virtio_wl_wire_new
vwl_wl_vfd_wire(const struct vwl_wl_vfd *vfd, uint32_t type)
{
	uint64_t offset, size;
	struct virtio_wl_wire_new wire = {
		.hdr.type = htole32(type),
		.vfd_id = htole32(vfd->vfd.id),
		.flags = htole32(flags_of(vfd)),
	};
	if (vwl_vfd_place(&vfd->vfd, &offset, &size)) {
		wire.pfn = htole64(offset >> VIRTIO_WL_PFN_SHIFT);
		wire.size = htole32((uint32_t)size);
	}
	return wire;
}
