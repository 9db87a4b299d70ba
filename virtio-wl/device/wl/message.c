/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Bytes that came with descriptors are kept here, bounded by one in-buffer for
 * each VFD, while the descriptors become VFDs: memory has to be mapped, which
 * takes the front-end's answer. Meanwhile nothing more is read from that one
 * stream, and every other goes on. Then each VFD is announced, and last comes
 * the RECV that names them all, so that no byte overtakes a VFD.
 *
 * A descriptor that cannot be mapped becomes a VOID: the number of VFDs beside
 * a message is always the number its sender sent.
 */
#include "wl.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vhost-user/backend.h>

#include "../device.h"
#include "util/fd.h"

/* A VFD beside the message. */
struct beside {
	struct vwl_wl_vfd *vfd;		/* NULL: closed again */
	__le32 wire_id;			/* once announced */
};

struct vwl_wl_message {
	struct vwl_wl_vfd *target;
	struct vwl_charge charge;
	size_t vfd_count;
	size_t announced;
	bool named;			/* the VFDs, in a RECV */
	size_t len;
	size_t told;
	char *data;			/* behind the VFDs */
	struct beside vfds[];
};

static void
handle_mapped(void *data, int r)
{
	struct vwl_wl_vfd *vfd = data;
	struct vwl_wl *wl = vfd->wl;
	if (r < 0) {
		vwl_vfd_make_void(&vfd->vfd, wl->device);
	}
	vwl_wl_ready(vfd->beside->target);
	vwl_wl_serve_in(wl);
}

static int
message_alloc(struct vwl_wl_vfd *target, size_t vfds_max, size_t len,
	struct vwl_wl_message **ret)
{
	size_t vfds_size = vfds_max * sizeof(struct beside);
	struct vwl_wl_message *message =
		calloc(1, sizeof(*message) + vfds_size + len);
	if (message == NULL) {
		return -ENOMEM;
	}
	message->target = target;
	message->len = len;
	message->data = (char *)&message->vfds[vfds_max];
	int r = vwl_charge_take(&message->charge, vwl_wl_vfd_payer(target),
		(struct vwl_amounts){ .of[VWL_RES_QUEUED] = vfds_size + len });
	if (r < 0) {
		free(message);
		return r;
	}
	*ret = message;
	return 0;
}

static void
add_vfd(struct vwl_wl_message *message, struct vwl_wl_vfd *vfd)
{
	vfd->beside = message;
	message->vfds[message->vfd_count++].vfd = vfd;
	vwl_waiter_init(&vfd->waiter, handle_mapped, vfd);
	if (vfd->vfd.kind == VWL_MEMORY && vfd->vfd.memory->size > UINT32_MAX) {
		/* There is no way to say how large it is. */
		vwl_vfd_make_void(&vfd->vfd, vfd->wl->device);
	}
	if (vwl_vfd_map(&vfd->vfd, &vfd->waiter) < 0) {
		vwl_vfd_make_void(&vfd->vfd, vfd->wl->device);
	}
}

static void
copy_data(struct vwl_wl_message *message, const struct iovec *iov)
{
	size_t done = 0;
	while (done < message->len) {
		size_t part = iov->iov_len;
		if (part > message->len - done) {
			part = message->len - done;
		}
		memcpy(message->data + done, iov->iov_base, part);
		done += part;
		iov++;
	}
}

int
vwl_wl_message_create(struct vwl_wl_vfd *target, const struct iovec *iov,
	size_t len, int *fds, size_t fd_count, struct vwl_wl_message **ret)
{
	struct vwl_wl *wl = target->wl;
	struct vwl_wl_message *message = NULL;
	int r = message_alloc(target, fd_count, len, &message);
	if (r == 0) {
		copy_data(message, iov);
	}
	bool sockets = vwl_wl_has(wl, VIRTIO_WL_F_SOCKETS);
	for (size_t i = 0; r == 0 && i < fd_count; i++) {
		struct vwl_wl_vfd *vfd;
		r = vwl_wl_vfd_create(wl, message->charge.budget, &vfd);
		if (r == 0) {
			vwl_vfd_adopt(&vfd->vfd, wl->device, target->vfd.peer,
				sockets, fd_take(&fds[i]));
			add_vfd(message, vfd);
		}
	}
	fd_close_all(fds, fd_count);
	if (r < 0) {
		vwl_wl_message_destroy(message);
		return r;
	}
	*ret = message;
	return 0;
}

int
vwl_wl_message_connection(struct vwl_wl_vfd *target, struct vwl_wl_vfd *take_vfd,
	const void *data, size_t len, struct vwl_wl_message **ret)
{
	struct vwl_wl_message *message;
	int r = message_alloc(target, 1, len, &message);
	if (r < 0) {
		vwl_wl_vfd_destroy(take_vfd);
		return r;
	}
	memcpy(message->data, data, len);
	add_vfd(message, take_vfd);
	*ret = message;
	return 0;
}

void
vwl_wl_message_forget(struct vwl_wl_message *message, struct vwl_wl_vfd *vfd)
{
	for (size_t i = 0; i < message->vfd_count; i++) {
		if (message->vfds[i].vfd == vfd) {
			message->vfds[i].vfd = NULL;
		}
	}
	vfd->beside = NULL;
}

void
vwl_wl_message_destroy(struct vwl_wl_message *message)
{
	if (message == NULL) {
		return;
	}
	for (size_t i = 0; i < message->vfd_count; i++) {
		vwl_wl_vfd_destroy(message->vfds[i].vfd);
	}
	vwl_charge_drop(&message->charge);
	free(message);
}

static int
announce(struct vwl_wl_message *message)
{
	struct beside *beside = &message->vfds[message->announced];
	struct vwl_wl_vfd *vfd = beside->vfd;
	struct vwl_wl *wl = message->target->wl;
	assert(vfd != NULL);	/* the guest cannot close what it does not know */
	if (!list_empty(&vfd->waiter.link)) {
		return 0;
	}
	struct vub_element *element;
	if (vub_queue_pop(wl->in, &element) != 1) {
		return -EAGAIN;
	}
	int r = vwl_wl_vfd_assign_id(vfd);
	if (r < 0) {
		vub_queue_unpop(wl->in, element);
		return r;
	}
	struct virtio_wl_wire_new wire =
		vwl_wl_vfd_wire(vfd, VIRTIO_WL_CMD_VFD_NEW);
	struct vub_writer writer = vub_element_writer(element);
	r = vub_writer_copy(&writer, &wire, sizeof(wire));
	vub_queue_push(wl->in, element, (uint32_t)writer.written);
	beside->wire_id = wire.vfd_id;
	message->announced++;
	return r < 0 ? r : vwl_wl_vfd_start(vfd) < 0 ? -ENOMEM : 1;
}

/* One RECV: the first has the ids, and each as much data as fits. */
static int
tell(struct vwl_wl_message *message)
{
	struct vwl_wl *wl = message->target->wl;
	struct vub_element *element;
	if (vub_queue_pop(wl->in, &element) != 1) {
		return -EAGAIN;
	}
	size_t ids = message->named ? 0 : message->vfd_count;
	struct vub_writer writer = vub_element_writer(element);
	const struct virtio_wl_wire_msg wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_RECV),
		.vfd_id = htole32(message->target->vfd.id),
		.vfd_count = htole32((uint32_t)ids),
	};
	int r = vub_writer_copy(&writer, &wire, sizeof(wire));
	for (size_t i = 0; r == 0 && i < ids; i++) {
		__le32 wire_id = message->vfds[i].wire_id;
		r = vub_writer_copy(&writer, &wire_id, sizeof(wire_id));
	}
	size_t part = message->len - message->told;
	if (part > writer.left) {
		part = writer.left;
	}
	if (r < 0 || part == 0) {
		/* No room for a single byte: such a buffer is lost. */
		vub_queue_push(wl->in, element, 0);
		return 1;
	}
	r = vub_writer_copy(&writer, message->data + message->told, part);
	assert(r == 0);
	vub_queue_push(wl->in, element, (uint32_t)writer.written);
	message->named = true;
	message->told += part;
	return 1;
}

int
vwl_wl_message_deliver(struct vwl_wl_message *message)
{
	while (message->announced < message->vfd_count) {
		int r = announce(message);
		if (r <= 0) {
			return r;
		}
	}
	while (message->told < message->len) {
		int r = tell(message);
		if (r < 0) {
			return r;
		}
	}
	/* The VFDs are on their own from now on. */
	for (size_t i = 0; i < message->vfd_count; i++) {
		if (message->vfds[i].vfd != NULL) {
			message->vfds[i].vfd->beside = NULL;
			message->vfds[i].vfd = NULL;
		}
	}
	vwl_wl_message_destroy(message);
	return 1;
}
