/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * One function for each command: it either answers the element (or keeps it,
 * to be answered when something outside has happened) and returns 0, or
 * returns the error that the element is then answered with. Nothing here
 * waits; only VFD_NEW, which needs the front-end, and SEND in base mode keep
 * elements.
 */
#include "wl.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <vhost-user/backend.h>

#include "../device.h"
#include "../endpoint/listener.h"
#include "../endpoint/stream.h"
#include "../snapshot.h"
#include "util/fd.h"
#include "util/now.h"

#define COMMANDS_PER_TURN 256

struct vwl_wl_vfd *
vwl_wl_find(const struct vwl_wl *wl, uint32_t id)
{
	struct vwl_wl_vfd *vfd =
		vwl_wl_vfd_from(vwl_vfd_find(&wl->table, id));
	return vfd == NULL || vfd->element != NULL ? NULL : vfd;
}

/* A VFD under the id that the guest chose, standing for nothing yet. */
static int
create(struct vwl_wl *wl, uint32_t id, struct vwl_wl_vfd **ret)
{
	if (id == 0 || id > VIRTIO_WL_GUEST_ID_MAX
			|| vwl_vfd_find(&wl->table, id) != NULL) {
		return -ENOENT;
	}
	struct vwl_budget *budget = &wl->device->budget;
	if (vwl_budget_pause_ns(budget, now_ns()) > 0) {
		return -EDQUOT;
	}
	struct vwl_wl_vfd *vfd;
	int r = vwl_wl_vfd_create(wl, budget, &vfd);
	if (r < 0) {
		return r;
	}
	vwl_vfd_insert(&wl->table, &vfd->vfd, id);
	*ret = vfd;
	return 0;
}

static void
answer_new(struct vwl_wl_vfd *vfd, struct vub_element *element)
{
	struct virtio_wl_wire_new wire =
		vwl_wl_vfd_wire(vfd, VIRTIO_WL_RESP_VFD_NEW);
	vwl_wl_answer_wire(vfd->wl, element, &wire, sizeof(wire));
}

/* @r is how making @vfd went: answer, or undo and pass the error on. */
static int
finish_new(struct vwl_wl_vfd *vfd, struct vub_element *element, int r)
{
	if (r == 0) {
		r = vwl_wl_vfd_start(vfd);
	}
	if (r < 0) {
		vwl_wl_vfd_destroy(vfd);
		return r;
	}
	answer_new(vfd, element);
	return 0;
}

static void
handle_new_mapped(void *data, int r)
{
	struct vwl_wl_vfd *vfd = data;
	struct vwl_wl *wl = vfd->wl;
	struct vub_element *element = vfd->element;
	vfd->element = NULL;
	r = finish_new(vfd, element, r);
	if (r < 0) {
		vwl_wl_refuse(wl, element, r);
	}
}

static int
handle_new(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	uint64_t size = vwl_pages_of(command->new.size);
	if (command->new.flags != 0
			&& vwl_wl_has(wl, VIRTIO_WL_F_TRANS_FLAGS)) {
		return -EPERM;
	}
	if (size == 0 || size > UINT32_MAX) {
		return -EINVAL;
	}
	struct vwl_wl_vfd *vfd;
	int r = create(wl, command->id, &vfd);
	if (r < 0) {
		return r;
	}
	r = vwl_vfd_memory(&vfd->vfd, wl->device, size);
	if (r == 0) {
		vwl_waiter_init(&vfd->waiter, handle_new_mapped, vfd);
		r = vwl_vfd_map(&vfd->vfd, &vfd->waiter);
	}
	if (r < 0) {
		vwl_wl_vfd_destroy(vfd);
		return r;
	}
	vfd->element = element;	/* a map of a new file is never there yet */
	return 0;
}

static int
connect_to(struct vwl_wl *wl, struct vwl_wl_vfd *vfd, const char *name)
{
	struct vwl_device *device = wl->device;
	if (!vwl_budget_has(&device->budget, VWL_RES_CONNECTIONS, 1)) {
		return -EDQUOT;
	}
	struct vwl_label label;
	int fd = vwl_names_connect(&device->names, name, &label);
	if (fd < 0) {
		return fd;
	}
	struct vwl_peer *peer;
	int r = vwl_peer_create(&label, &device->budget, &peer);
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	r = vwl_vfd_connection(&vfd->vfd, device, peer, fd);
	vwl_peer_unref(peer);
	if (r == 0) {
		device->status->connections_made++;
	}
	return r;
}

static int
handle_new_ctx(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd;
	int r = create(wl, command->id, &vfd);
	if (r < 0) {
		return r;
	}
	return finish_new(vfd, element,
		connect_to(wl, vfd, command->new.name));
}

static int
handle_new_pipe(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	const uint32_t both = VIRTIO_WL_VFD_WRITE | VIRTIO_WL_VFD_READ;
	uint32_t flags = command->new.flags;
	if (flags == 0 || (flags & ~both) != 0 || (flags == both
			&& !vwl_wl_has(wl, VIRTIO_WL_F_SOCKETS))) {
		return -EPERM;
	}
	struct vwl_wl_vfd *vfd;
	int r = create(wl, command->id, &vfd);
	if (r < 0) {
		return r;
	}
	return finish_new(vfd, element, vwl_vfd_pipe(&vfd->vfd, wl->device,
		(flags & VIRTIO_WL_VFD_WRITE) != 0,
		(flags & VIRTIO_WL_VFD_READ) != 0));
}

static int
handle_new_listener(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd;
	int r = create(wl, command->id, &vfd);
	if (r < 0) {
		return r;
	}
	return finish_new(vfd, element,
		vwl_wl_listen(vfd, command->new.name));
}

static int
handle_new_snapshot(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	if (command->new.size == 0 || command->new.size > VWL_SNAPSHOT_MAX) {
		return -EINVAL;
	}
	struct vwl_wl_vfd *vfd;
	int r = create(wl, command->id, &vfd);
	if (r < 0) {
		return r;
	}
	return finish_new(vfd, element, vwl_vfd_snapshot(&vfd->vfd,
		command->new.size));
}

static int
handle_close(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd = vwl_wl_find(wl, command->id);
	if (vfd == NULL) {
		return -ENOENT;
	}
	vwl_wl_vfd_destroy(vfd);
	vwl_wl_answer(wl, element, VIRTIO_WL_RESP_OK);
	return 0;
}

static int
handle_shutdown(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd = vwl_wl_find(wl, command->id);
	if (vfd == NULL) {
		return -ENOENT;
	}
	if (vfd->vfd.stream == NULL) {
		return -EINVAL;
	}
	if (command->how & VIRTIO_WL_SHUT_SEND) {
		vwl_stream_shutdown_send(vfd->vfd.stream);
	}
	if (command->how & VIRTIO_WL_SHUT_RECV) {
		vwl_stream_shutdown_recv(vfd->vfd.stream);
		vwl_wl_message_destroy(vfd->message);
		vfd->message = NULL;
	}
	/* It knows of these ends. */
	vfd->end_told |= command->how;
	vwl_wl_answer(wl, element, VIRTIO_WL_RESP_OK);
	return 0;
}

static int
handle_credit(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd = vwl_wl_find(wl, command->id);
	if (vfd == NULL) {
		return -ENOENT;
	}
	if (command->credit == 0
			|| command->credit > VIRTIO_WL_WINDOW - vfd->recv_credit) {
		return -EPROTO;
	}
	vfd->recv_credit += command->credit;
	vwl_wl_ready(vfd);
	vwl_wl_answer(wl, element, VIRTIO_WL_RESP_OK);
	return 0;
}

static int
handle_get_peer(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd = vwl_wl_find(wl, command->id);
	if (vfd == NULL) {
		return -ENOENT;
	}
	if (vfd->vfd.kind != VWL_CONNECTION || vfd->vfd.peer == NULL) {
		return -EINVAL;
	}
	const struct virtio_wl_wire_peer_resp wire = {
		.hdr.type = htole32(VIRTIO_WL_RESP_PEER),
		.peer = vwl_wl_peer_wire(&vfd->vfd),
	};
	vwl_wl_answer_wire(wl, element, &wire, sizeof(wire));
	return 0;
}

static int
handle_trim(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command)
{
	struct vwl_wl_vfd *vfd = vwl_wl_find(wl, command->id);
	if (vfd == NULL) {
		return -ENOENT;
	}
	int r = vwl_vfd_trim(&vfd->vfd, command->trim.offset,
		command->trim.length);
	if (r == 0) {
		vwl_wl_answer(wl, element, VIRTIO_WL_RESP_OK);
	}
	return r;
}

typedef int (*handler_fn)(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command);

static const struct {
	handler_fn fn;		/* NULL: SEND, which wants the reader too */
	unsigned feature;	/* 0: base */
} handlers[] = {
	[VWL_WL_NEW] = { handle_new, 0 },
	[VWL_WL_NEW_CTX] = { handle_new_ctx, 0 },
	[VWL_WL_NEW_PIPE] = { handle_new_pipe, 0 },
	[VWL_WL_NEW_LISTENER] = { handle_new_listener, VIRTIO_WL_F_LISTEN },
	[VWL_WL_NEW_SNAPSHOT] = { handle_new_snapshot, VIRTIO_WL_F_MEMORY },
	[VWL_WL_SEND] = { NULL, 0 },
	[VWL_WL_CLOSE] = { handle_close, 0 },
	[VWL_WL_SHUTDOWN] = { handle_shutdown, VIRTIO_WL_F_HALF_CLOSE },
	[VWL_WL_CREDIT] = { handle_credit, VIRTIO_WL_F_WINDOWS },
	[VWL_WL_GET_PEER] = { handle_get_peer, VIRTIO_WL_F_PEER },
	[VWL_WL_TRIM] = { handle_trim, VIRTIO_WL_F_MEMORY },
};

static int
handle_element(struct vwl_wl *wl, struct vub_element *element)
{
	struct vwl_wl_command command;
	struct vub_reader reader = vub_element_reader(element);
	if (!wl->usable) {
		return -EPROTO;
	}
	int r = vwl_wl_decode(&reader, &command);
	if (r < 0) {
		return r;
	}
	unsigned feature = handlers[command.op].feature;
	if (feature != 0 && !vwl_wl_has(wl, feature)) {
		return -ENOTTY;
	}
	if (command.op == VWL_WL_SEND) {
		return vwl_wl_send(wl, element, &command, &reader);
	}
	return handlers[command.op].fn(wl, element, &command);
}

bool
vwl_wl_serve_out(struct vwl_wl *wl)
{
	for (int i = 0; i < COMMANDS_PER_TURN; i++) {
		struct vub_element *element;
		if (vub_queue_pop(wl->out, &element) != 1) {
			return false;
		}
		int r = handle_element(wl, element);
		if (r < 0) {
			vwl_wl_refuse(wl, element, r);
		}
	}
	return true;
}
