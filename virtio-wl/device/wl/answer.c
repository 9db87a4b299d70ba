/* SPDX-License-Identifier: MIT */
#include "wl.h"

#include <endian.h>
#include <errno.h>
#include <vhost-user/backend.h>

#include "../device.h"

void
vwl_wl_answer_wire(struct vwl_wl *wl, struct vub_element *element,
	const void *wire, size_t size)
{
	struct vub_writer writer = vub_element_writer(element);
	if (size > writer.left) {
		size = writer.left;
	}
	int r = vub_writer_copy(&writer, wire, size);
	(void)r;	/* it fits */
	vub_queue_push(wl->out, element, (uint32_t)writer.written);
}

void
vwl_wl_answer(struct vwl_wl *wl, struct vub_element *element, uint32_t type)
{
	const struct virtio_wl_wire_hdr wire = { .type = htole32(type) };
	vwl_wl_answer_wire(wl, element, &wire, sizeof(wire));
}

/* What any driver knows. */
static uint32_t
historic_answer(int r)
{
	switch (r) {
	case -ENOENT:
		return VIRTIO_WL_RESP_INVALID_ID;
	case -EINVAL:
		return VIRTIO_WL_RESP_INVALID_TYPE;
	case -EPERM:
		return VIRTIO_WL_RESP_INVALID_FLAGS;
	case -ENOTTY:
		return VIRTIO_WL_RESP_INVALID_CMD;
	case -ENOMEM:
	case -EDQUOT:
	case -EMFILE:
	case -ENFILE:
	case -ENOSPC:
		return VIRTIO_WL_RESP_OUT_OF_MEMORY;
	default:
		return VIRTIO_WL_RESP_ERR;
	}
}

static uint32_t
true_answer(int r)
{
	switch (r) {
	case -ENXIO:
		return VIRTIO_WL_RESP_INVALID_ID;
	case -ECONNREFUSED:
		return VIRTIO_WL_RESP_REFUSED;
	case -EAGAIN:
		return VIRTIO_WL_RESP_AGAIN;
	case -EADDRINUSE:
		return VIRTIO_WL_RESP_IN_USE;
	case -EPIPE:
		return VIRTIO_WL_RESP_BROKEN_PIPE;
	case -EDQUOT:
		return VIRTIO_WL_RESP_BUDGET;
	default:
		return historic_answer(r);
	}
}

void
vwl_wl_refuse(struct vwl_wl *wl, struct vub_element *element, int r)
{
	struct vwl_status_page *status = wl->device->status;
	status->commands_refused++;
	status->over_budget += r == -EDQUOT;
	vwl_wl_answer(wl, element, vwl_wl_has(wl, VIRTIO_WL_F_TRUE_FLAGS)
		? true_answer(r) : historic_answer(r));
}
