/* SPDX-License-Identifier: MIT */
/*
 * The in queue: each message is copied out of the shared buffer once, which the
 * device then gets back, and taken apart from the copy. Windows bound what can
 * be queued, so there is no need to hold buffers back.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

int
vwl_guest_post(struct vwl_guest *guest, size_t index)
{
	uint8_t *buffer = guest->memory + index * GUEST_IN_BYTES;
	struct vub_span in = {
		.offset = index * GUEST_IN_BYTES,
		.len = GUEST_IN_BYTES,
	};
	guest->kick_in = true;
	return vub_driver_add(guest->in, NULL, 0, &in, 1, buffer);
}

static int
handle_new(struct vwl_guest *guest, const uint8_t *bytes, uint32_t len)
{
	struct virtio_wl_wire_new wire = { 0 };
	if (len < VIRTIO_WL_NEW_SIZE_MIN) {
		return -EPROTO;
	}
	memcpy(&wire, bytes, len < sizeof(wire) ? len : sizeof(wire));
	uint32_t id = le32toh(wire.vfd_id);
	if (id < VIRTIO_WL_HOST_ID_MIN || id > VIRTIO_WL_HOST_ID_MAX
			|| vwl_guest_vfd_find(guest, id) != NULL) {
		return -EPROTO;
	}
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_create(guest, id);
	if (vfd == NULL) {
		return -ENOMEM;
	}
	vwl_guest_vfd_describe(vfd, &wire);
	return 0;
}

/* The VFDs beside data for a VFD we have just closed. */
static void
drop_vfds(struct vwl_guest *guest, const struct vwl_queued *queued)
{
	for (uint32_t i = 0; i < queued->vfd_count; i++) {
		struct vwl_guest_vfd *vfd =
			vwl_guest_vfd_find(guest, queued->vfds[i]);
		if (vfd != NULL && vfd->names == 0) {
			vwl_guest_vfd_drop(vfd, true);
		}
	}
}

/* Takes @queued, whose bytes are @len. */
static int
handle_recv(struct vwl_guest *guest, struct vwl_queued *queued, uint32_t len)
{
	struct virtio_wl_wire_msg wire;
	int r = -EPROTO;
	if (len < sizeof(wire)) {
		goto out;
	}
	memcpy(&wire, queued->bytes, sizeof(wire));
	uint32_t count = le32toh(wire.vfd_count);
	len -= (uint32_t)sizeof(wire);
	if (count > VIRTIO_WL_VFDS_MAX || count * sizeof(__le32) >= len) {
		goto out;	/* also: descriptors without data */
	}
	for (uint32_t i = 0; i < count; i++) {
		__le32 wire_id;
		memcpy(&wire_id, queued->bytes + sizeof(wire)
			+ i * sizeof(wire_id), sizeof(wire_id));
		queued->vfds[i] = le32toh(wire_id);
		struct vwl_guest_vfd *beside =
			vwl_guest_vfd_find(guest, queued->vfds[i]);
		if (beside == NULL || beside->names > 0) {
			goto out;
		}
	}
	uint32_t ids_len = count * (uint32_t)sizeof(__le32);
	queued->vfd_count = count;
	queued->data = queued->bytes + sizeof(wire) + ids_len;
	queued->data_len = len - ids_len;

	r = 0;
	struct vwl_guest_vfd *vfd =
		vwl_guest_vfd_find(guest, le32toh(wire.vfd_id));
	if (vfd == NULL) {
		drop_vfds(guest, queued);
		goto out;
	}
	list_append(&vfd->queue, &queued->link);
	vwl_guest_vfd_touch(vfd);
	return 0;

out:
	free(queued);
	return r;
}

static int
handle_end(struct vwl_guest *guest, const uint8_t *bytes, uint32_t len,
	uint32_t type)
{
	struct virtio_wl_wire_shutdown wire = { 0 };
	uint32_t how = VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND;
	size_t needed = type == VIRTIO_WL_CMD_VFD_HUP
		? sizeof(struct virtio_wl_wire_vfd) : sizeof(wire);
	if (len < needed) {
		return -EPROTO;
	}
	memcpy(&wire, bytes, needed);
	if (type == VIRTIO_WL_CMD_VFD_SHUTDOWN) {
		how = le32toh(wire.how);
	}
	struct vwl_guest_vfd *vfd =
		vwl_guest_vfd_find(guest, le32toh(wire.vfd_id));
	if (vfd != NULL) {
		vfd->recv_over |= (how & VIRTIO_WL_SHUT_RECV) != 0;
		vfd->send_over |= (how & VIRTIO_WL_SHUT_SEND) != 0;
		vwl_guest_vfd_touch(vfd);
	}
	return 0;
}

static int
handle_credit(struct vwl_guest *guest, const uint8_t *bytes, uint32_t len)
{
	struct virtio_wl_wire_credit wire;
	if (len < sizeof(wire)) {
		return -EPROTO;
	}
	memcpy(&wire, bytes, sizeof(wire));
	struct vwl_guest_vfd *vfd =
		vwl_guest_vfd_find(guest, le32toh(wire.vfd_id));
	if (vfd == NULL) {
		return 0;
	}
	uint32_t credit = le32toh(wire.credit);
	if (credit > VIRTIO_WL_WINDOW - vfd->credit) {
		return -EPROTO;
	}
	vfd->credit += credit;
	vwl_guest_vfd_touch(vfd);
	return 0;
}

int
vwl_guest_handle(struct vwl_guest *guest, const uint8_t *shared, uint32_t len)
{
	struct virtio_wl_wire_hdr wire;
	if (len < sizeof(wire)) {
		return -EPROTO;
	}
	struct vwl_queued *queued = malloc(sizeof(*queued) + len);
	if (queued == NULL) {
		return -ENOMEM;
	}
	memset(queued, 0, sizeof(*queued));
	list_init(&queued->link);
	memcpy(queued->bytes, shared, len);
	memcpy(&wire, queued->bytes, sizeof(wire));

	uint32_t type = le32toh(wire.type);
	if (type == VIRTIO_WL_CMD_VFD_RECV) {
		return handle_recv(guest, queued, len);
	}
	int r = 0;
	switch (type) {
	case VIRTIO_WL_CMD_VFD_NEW:
		r = handle_new(guest, queued->bytes, len);
		break;
	case VIRTIO_WL_CMD_VFD_HUP:
	case VIRTIO_WL_CMD_VFD_SHUTDOWN:
		r = handle_end(guest, queued->bytes, len, type);
		break;
	case VIRTIO_WL_CMD_VFD_CREDIT:
		r = handle_credit(guest, queued->bytes, len);
		break;
	default:
		break;	/* a later device may say more */
	}
	free(queued);
	return r;
}

int
vwl_guest_take_in(struct vwl_guest *guest, bool *ret_any)
{
	void *cookie;
	uint32_t len;
	int r;
	while ((r = vub_driver_take(guest->in, &cookie, &len)) == 1) {
		*ret_any = true;
		uint8_t *buffer = cookie;
		r = vwl_guest_handle(guest, buffer, len);
		if (r < 0) {
			return r;
		}
		r = vwl_guest_post(guest,
			(size_t)(buffer - guest->memory) / GUEST_IN_BYTES);
		if (r < 0) {
			return r;
		}
	}
	return r;
}
