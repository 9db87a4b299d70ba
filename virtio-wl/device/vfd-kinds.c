/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * One constructor for each kind of thing a VFD can stand for, and the few
 * questions whose answer depends on the kind. Constructors leave a VFD that
 * can be finished, whatever happened.
 *
 * Passing a VFD on gives its receiver what stands behind it: memory its file,
 * a connection or a received pipe a duplicate of the very socket or pipe. Of
 * what the guest made itself (a pipe, a socket pair) the receiver gets the
 * other end; we close ours then, so that its hang-up can be seen.
 */
#include "vfd.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "copy-arena.h"
#include "device.h"
#include "endpoint/stream.h"
#include "fd-kind.h"
#include "pause.h"
#include "snapshot.h"
#include "util/fd.h"
#include "util/now.h"

int
vwl_peer_create(const struct vwl_label *label, struct vwl_budget *budget,
	struct vwl_peer **ret)
{
	struct vwl_peer *peer = malloc(sizeof(*peer));
	if (peer == NULL) {
		return -ENOMEM;
	}
	*peer = (struct vwl_peer) {
		.refs = 1,
		.label = *label,
		.budget = budget,
	};
	*ret = peer;
	return 0;
}

struct vwl_peer *
vwl_peer_ref(struct vwl_peer *peer)
{
	peer->refs++;
	return peer;
}

void
vwl_peer_unref(struct vwl_peer *peer)
{
	if (peer != NULL && --peer->refs == 0) {
		free(peer);
	}
}

int
vwl_vfd_init(struct vwl_vfd *vfd, struct vwl_budget *budget)
{
	*vfd = (struct vwl_vfd){ .kind = VWL_VOID, .remote_fd = -1 };
	list_init(&vfd->link);
	int r = vwl_charge_take(&vfd->charge, budget,
		(struct vwl_amounts){ .of[VWL_RES_VFDS] = 1 });
	if (r == 0) {
		vwl_budget_count_made(budget, now_ns());
	}
	return r;
}

void
vwl_vfd_make_void(struct vwl_vfd *vfd, struct vwl_device *device)
{
	vfd->kind = VWL_VOID;
	vwl_stream_close(vfd->stream, &device->lingering);
	vfd->stream = NULL;
	fd_close(&vfd->remote_fd);
	vwl_charge_drop(&vfd->remote_charge);
	vwl_memory_unref(vfd->memory);
	vfd->memory = NULL;
	vwl_copy_destroy(vfd->copy);
	vfd->copy = NULL;
	vwl_snapshot_destroy(vfd->snapshot);
	vfd->snapshot = NULL;
	vwl_peer_unref(vfd->peer);
	vfd->peer = NULL;
}

void
vwl_vfd_finish(struct vwl_vfd *vfd, struct vwl_device *device)
{
	assert(list_empty(&vfd->link));
	vwl_vfd_make_void(vfd, device);
	vwl_charge_drop(&vfd->charge);
}

static int
set_stream(struct vwl_vfd *vfd, struct vwl_device *device, enum vwl_kind kind,
	bool is_socket, int take_fd)
{
	struct vwl_stream_options options = {
		.loop = device->loop,
		.budget = vfd->charge.budget,
		.is_socket = is_socket,
		.passes_fds = kind == VWL_CONNECTION,
		.can_send = vfd->can_send,
		.can_recv = vfd->can_recv,
	};
	int r = vwl_stream_create(&options, take_fd, &vfd->stream);
	if (r == 0) {
		vfd->kind = kind;
	}
	return r;
}

int
vwl_vfd_connection(struct vwl_vfd *vfd, struct vwl_device *device,
	struct vwl_peer *peer, int take_fd)
{
	vfd->can_send = true;
	vfd->can_recv = true;
	int r = set_stream(vfd, device, VWL_CONNECTION, true, take_fd);
	if (r == 0) {
		vfd->peer = vwl_peer_ref(peer);
		vfd->serial = device->next_serial++;
	}
	return r;
}

int
vwl_vfd_pipe(struct vwl_vfd *vfd, struct vwl_device *device, bool can_send,
	bool can_recv)
{
	bool both = can_send && can_recv;
	int r = vwl_charge_take(&vfd->remote_charge, vfd->charge.budget,
		(struct vwl_amounts){ .of[VWL_RES_FDS] = 1 });
	if (r < 0) {
		return r;
	}
	int ends[2];
	if (both) {
		r = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
	} else {
		r = pipe2(ends, O_CLOEXEC);
	}
	if (r < 0) {
		return -errno;
	}
	int ours = can_send ? 1 : 0;
	vfd->can_send = can_send;
	vfd->can_recv = can_recv;
	vfd->remote_fd = ends[1 - ours];
	vfd->made_here = true;
	return set_stream(vfd, device, both ? VWL_CONNECTION : VWL_PIPE, both,
		ends[ours]);
}

int
vwl_vfd_memory(struct vwl_vfd *vfd, struct vwl_device *device, uint64_t size)
{
	int r = vwl_memory_create(&device->shm, vfd->charge.budget, size, size,
		&vfd->memory);
	if (r == 0) {
		vfd->kind = VWL_MEMORY;
	}
	return r;
}

int
vwl_vfd_snapshot(struct vwl_vfd *vfd, uint64_t size)
{
	int r = vwl_snapshot_create(vfd->charge.budget, size, &vfd->snapshot);
	if (r == 0) {
		vfd->kind = VWL_SNAPSHOT;
		vfd->can_send = true;
	}
	return r;
}

static int
adopt_socket(struct vwl_vfd *vfd, struct vwl_device *device,
	struct vwl_peer *peer, bool sockets, int take_fd)
{
	if (sockets && peer != NULL) {
		return vwl_vfd_connection(vfd, device, peer, take_fd);
	}
	return set_stream(vfd, device, sockets ? VWL_CONNECTION : VWL_PIPE,
		true, take_fd);
}

void
vwl_vfd_adopt(struct vwl_vfd *vfd, struct vwl_device *device,
	struct vwl_peer *peer, bool sockets, int take_fd)
{
	struct vwl_fd_info info = vwl_fd_classify(take_fd);
	struct vwl_budget *budget = vfd->charge.budget;
	int r = 0;
	vfd->can_send = info.can_write;
	vfd->can_recv = info.can_read;
	switch (info.kind) {
	case VWL_FD_MAPPABLE:
		r = vwl_memory_import(&device->shm, budget,
			fd_take(&take_fd), &info, &vfd->memory);
		vfd->kind = r == 0 ? VWL_MEMORY : VWL_VOID;
		break;
	case VWL_FD_COPYABLE:
		r = vwl_copy_create(&device->arena, budget, take_fd,
			info.size, &vfd->copy);
		vfd->kind = r == 0 ? VWL_COPY : VWL_VOID;
		break;
	case VWL_FD_SOCKET:
		r = adopt_socket(vfd, device, peer, sockets,
			fd_take(&take_fd));
		break;
	case VWL_FD_PIPE:
		r = set_stream(vfd, device, VWL_PIPE, false,
			fd_take(&take_fd));
		break;
	case VWL_FD_OTHER:
		break;
	}
	fd_close(&take_fd);
	if (r < 0) {
		log_warn_limited(&device->log_limit,
			"a descriptor from '%s' does not cross: %s",
			peer != NULL ? peer->label.name : "?", strerror(-r));
	}
}

int
vwl_vfd_map(struct vwl_vfd *vfd, struct vwl_waiter *waiter)
{
	if (vfd->kind == VWL_MEMORY) {
		return vwl_memory_map(vfd->memory, waiter);
	}
	if (vfd->kind == VWL_COPY) {
		return vwl_copy_map(vfd->copy, waiter);
	}
	return 1;
}

bool
vwl_vfd_place(const struct vwl_vfd *vfd, uint64_t *ret_offset,
	uint64_t *ret_size)
{
	if (vfd->kind == VWL_MEMORY) {
		*ret_offset = vwl_memory_offset(vfd->memory);
		*ret_size = vfd->memory->size;
		return true;
	}
	if (vfd->kind == VWL_COPY) {
		*ret_offset = vwl_copy_offset(vfd->copy);
		*ret_size = vfd->copy->size;
		return true;
	}
	return false;
}

/* The descriptor alone, or -errno. */
static int
pass_fd(struct vwl_vfd *vfd)
{
	int r;
	switch (vfd->kind) {
	case VWL_MEMORY:
		return vfd->memory->fd;
	case VWL_COPY:
		return vwl_copy_export(vfd->copy);
	case VWL_SNAPSHOT:
		r = vwl_snapshot_seal(vfd->snapshot);
		return r < 0 ? r : vfd->snapshot->fd;
	case VWL_CONNECTION:
	case VWL_PIPE:
		if (vfd->remote_fd >= 0) {
			return vfd->remote_fd;
		}
		if (vfd->made_here || vfd->stream->fd < 0) {
			return -EINVAL;
		}
		return vfd->stream->fd;
	case VWL_LISTENER:
	case VWL_VOID:
		break;
	}
	return -EINVAL;
}

int
vwl_vfd_pass(struct vwl_vfd *vfd, struct vwl_cargo *ret)
{
	int fd = pass_fd(vfd);
	if (fd < 0) {
		return fd;
	}
	*ret = (struct vwl_cargo){ .fd = fd };
	if (vfd->kind == VWL_SNAPSHOT) {
		ret->bill = vfd->snapshot->bill;
	} else if (vfd->kind == VWL_COPY) {
		ret->bill = vfd->copy->export_bill;
	} else if (vfd->kind == VWL_MEMORY) {
		ret->bill = vfd->memory->bill;
		/* Its maker stopped paying when we took it. */
		ret->unpaid = ret->bill == NULL ? vfd->memory->size : 0;
	}
	return 0;
}

void
vwl_vfd_passed(struct vwl_vfd *vfd)
{
	if (vfd->stream != NULL && vfd->remote_fd < 0) {
		vfd->stream->shared = true;
	}
	fd_close(&vfd->remote_fd);
	vwl_charge_drop(&vfd->remote_charge);
}

int
vwl_vfd_trim(struct vwl_vfd *vfd, uint64_t offset, uint64_t len)
{
	if (vfd->kind != VWL_MEMORY || !vfd->memory->ours
			|| offset > vfd->memory->size
			|| len > vfd->memory->size - offset) {
		return -EINVAL;
	}
	if (fallocate(vfd->memory->fd, FALLOC_FL_PUNCH_HOLE
			| FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)len) < 0) {
		return -errno;
	}
	return 0;
}
