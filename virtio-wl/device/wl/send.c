/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The data of a SEND goes from the guest's memory straight into the host's
 * socket; only what the socket does not take is copied. With windows, a guest
 * that keeps to its credit can always be served, so a SEND is answered at once.
 * Drivers of old know no credit: there the answer itself is held back while
 * more than a window is queued, and so is every SEND behind it, unread.
 */
#include "wl.h"

#include <errno.h>
#include <stdlib.h>
#include <vhost-user/backend.h>

#include "../device.h"
#include "../endpoint/stream.h"
#include "../snapshot.h"

/* A SEND that waits; the answer is owed. */
struct held {
	struct list link;	/* vwl_wl_vfd.held */
	struct vub_element *element;
	bool taken;		/* its data is queued */
};

/* What the VFDs of a SEND stand for, borrowed. */
static int
collect(struct vwl_wl *wl, const struct vwl_wl_command *command,
	struct vwl_cargo *cargo)
{
	for (size_t i = 0; i < command->send.vfd_count; i++) {
		struct vwl_wl_vfd *vfd =
			vwl_wl_find(wl, command->send.vfds[i]);
		if (vfd == NULL) {
			return -ENOENT;
		}
		int r = vwl_vfd_pass(&vfd->vfd, &cargo[i]);
		if (r < 0) {
			return r;
		}
	}
	return 0;
}

/* The rest of the readable part, in place. */
static size_t
reader_iov(const struct vub_reader *reader, struct iovec *iov)
{
	size_t count = 0;
	size_t offset = reader->offset;
	for (size_t i = 0; i < reader->iov_left; i++) {
		iov[count].iov_base = (char *)reader->iov[i].iov_base + offset;
		iov[count].iov_len = reader->iov[i].iov_len - offset;
		count += iov[count].iov_len > 0;
		offset = 0;
	}
	return count;
}

static int
send_to_stream(struct vwl_wl *wl, struct vwl_wl_vfd *vfd,
	const struct vwl_wl_command *command, const struct iovec *iov,
	size_t iov_count)
{
	struct vwl_stream *stream = vfd->vfd.stream;
	if (command->send.vfd_count > 0 && !stream->passes_fds) {
		return -EINVAL;
	}
	struct vwl_cargo cargo[VIRTIO_WL_VFDS_MAX];
	int r = collect(wl, command, cargo);
	if (r == 0) {
		r = vwl_stream_send(stream, iov, iov_count,
			command->send.data_len, cargo, command->send.vfd_count);
	}
	if (r == -EPIPE && vfd->vfd.can_send) {
		vwl_wl_ended(vfd, VIRTIO_WL_SHUT_SEND);
	}
	if (r < 0) {
		return r;
	}
	for (size_t i = 0; i < command->send.vfd_count; i++) {
		struct vwl_wl_vfd *passed =
			vwl_wl_find(wl, command->send.vfds[i]);
		vwl_vfd_passed(&passed->vfd);
	}
	return 0;
}

/* Take the whole message, or nothing of it. */
static int
take(struct vwl_wl *wl, struct vwl_wl_vfd *vfd,
	const struct vwl_wl_command *command, const struct vub_reader *reader)
{
	size_t len = command->send.data_len;
	uint32_t cost = vwl_wl_cost(len, command->send.vfd_count);
	bool windows = vwl_wl_has(wl, VIRTIO_WL_F_WINDOWS);
	if (vfd->vfd.stream == NULL && vfd->vfd.kind != VWL_SNAPSHOT) {
		return -EINVAL;
	}
	if (len == 0) {
		return 0;
	}
	if (windows && cost > VIRTIO_WL_WINDOW - vfd->send_taken) {
		return -EAGAIN;
	}
	if (reader->iov_left > VUB_QUEUE_SIZE_MAX) {
		return -EPROTO;
	}
	struct iovec iov[VUB_QUEUE_SIZE_MAX];
	size_t iov_count = reader_iov(reader, iov);
	int r;
	if (vfd->vfd.stream != NULL) {
		r = send_to_stream(wl, vfd, command, iov, iov_count);
	} else if (command->send.vfd_count > 0) {
		r = -EINVAL;
	} else {
		r = vwl_snapshot_append(vfd->vfd.snapshot, iov, iov_count,
			len);
	}
	if (r < 0) {
		return r;
	}
	wl->device->status->bytes_to_host += len;
	wl->device->status->messages_to_host++;
	if (windows) {
		vfd->send_taken += cost;
		vwl_wl_window_drained(vfd);
	}
	return 0;
}

static bool
is_full(const struct vwl_wl_vfd *vfd)
{
	return !vwl_wl_has(vfd->wl, VIRTIO_WL_F_WINDOWS)
		&& vfd->vfd.stream != NULL
		&& vwl_stream_queued_bytes(vfd->vfd.stream) >= VIRTIO_WL_WINDOW;
}

static int
hold(struct vwl_wl_vfd *vfd, struct vub_element *element, bool taken)
{
	struct held *held = malloc(sizeof(*held));
	if (held == NULL) {
		return -ENOMEM;
	}
	held->element = element;
	held->taken = taken;
	list_append(&vfd->held, &held->link);
	return 0;
}

int
vwl_wl_send(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command, const struct vub_reader *reader)
{
	struct vwl_wl_vfd *vfd = vwl_wl_find(wl, command->id);
	if (vfd == NULL) {
		return -ENOENT;
	}
	if (!list_empty(&vfd->held)) {
		return hold(vfd, element, false);
	}
	int r = take(wl, vfd, command, reader);
	if (r == 0 && (!is_full(vfd) || hold(vfd, element, true) < 0)) {
		vwl_wl_answer(wl, element, VIRTIO_WL_RESP_OK);
	}
	return r;
}

/* A SEND that was not looked at: now. Whether it is answered. */
static bool
resume(struct vwl_wl_vfd *vfd, struct held *held)
{
	struct vwl_wl *wl = vfd->wl;
	struct vwl_wl_command command;
	struct vub_reader reader = vub_element_reader(held->element);
	int r = vwl_wl_decode(&reader, &command);
	if (r == 0 && (command.op != VWL_WL_SEND
			|| command.id != vfd->vfd.id)) {
		r = -EPROTO;	/* rewritten while it waited */
	}
	if (r == 0) {
		r = take(wl, vfd, &command, &reader);
	}
	if (r < 0) {
		vwl_wl_refuse(wl, held->element, r);
		return true;
	}
	held->taken = true;
	if (is_full(vfd)) {
		return false;
	}
	vwl_wl_answer(wl, held->element, VIRTIO_WL_RESP_OK);
	return true;
}

void
vwl_wl_release_held(struct vwl_wl_vfd *vfd, bool all)
{
	while (!list_empty(&vfd->held) && (all || !is_full(vfd))) {
		struct held *held =
			list_first(&vfd->held, struct held, link);
		if (held->taken) {
			vwl_wl_answer(vfd->wl, held->element,
				VIRTIO_WL_RESP_OK);
		} else if (all) {
			vwl_wl_refuse(vfd->wl, held->element, -EPIPE);
		} else if (!resume(vfd, held)) {
			return;
		}
		list_remove(&held->link);
		free(held);
	}
}

void
vwl_wl_settle_held(struct vwl_wl_vfd *vfd)
{
	while (!list_empty(&vfd->held)) {
		struct held *held =
			list_first(&vfd->held, struct held, link);
		if (held->taken || !resume(vfd, held)) {
			vwl_wl_answer(vfd->wl, held->element,
				VIRTIO_WL_RESP_OK);
		}
		list_remove(&held->link);
		free(held);
	}
}
