/* SPDX-License-Identifier: MIT */
/* Making VFDs, and what can be asked of one: commands that wait for answers. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest.h"

static int
create(struct vwl_guest *guest, uint32_t type, uint32_t flags, uint32_t size,
	const char *name, struct vwl_guest_vfd **ret)
{
	uint32_t id;
	int r = vwl_guest_take_id(guest, &id);
	if (r < 0) {
		return r;
	}
	/* It is there before the device answers: its first message may come
	 * before that. */
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_create(guest, id);
	if (vfd == NULL) {
		vwl_guest_free_id(guest, id);
		return -ENOMEM;
	}
	struct virtio_wl_wire_new wire = {
		.hdr.type = htole32(type),
		.vfd_id = htole32(id),
		.flags = htole32(flags),
		.size = htole32(size),
	};
	memcpy(wire.name, name, strnlen(name, sizeof(wire.name)));
	struct virtio_wl_wire_new answer;
	r = vwl_guest_call(guest, &wire, sizeof(wire), &answer,
		sizeof(answer));
	if (r < 0) {
		vwl_guest_vfd_drop(vfd, false);
		vwl_guest_free_id(guest, id);
		return r;
	}
	vwl_guest_vfd_describe(vfd, &answer);
	*ret = vfd;
	return 0;
}

/* Make a VFD and open a descriptor for it. */
static int
create_open(struct vwl_device *device, uint32_t type, uint32_t flags,
	uint32_t size, const char *name)
{
	struct vwl_guest *guest = (struct vwl_guest *)device;
	struct vwl_guest_vfd *vfd;
	vwl_table_lock();
	int r = create(guest, type, flags, size, name, &vfd);
	if (r == 0) {
		vfd->is_pair = type == VIRTIO_WL_CMD_VFD_NEW_PIPE;
		r = vwl_guest_vfd_open(vfd);
		if (r < 0) {
			vwl_guest_vfd_drop(vfd, true);
		}
	}
	vwl_guest_settle(guest);
	vwl_table_unlock();
	return r;
}

int
vwl_guest_connect(struct vwl_device *device, const char *name)
{
	return create_open(device, VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED, 0, 0, name);
}

int
vwl_guest_listen(struct vwl_device *device, const char *name)
{
	return create_open(device, VIRTIO_WL_CMD_VFD_NEW_LISTENER, 0, 0, name);
}

int
vwl_guest_pipe(struct vwl_device *device, enum vwl_direction direction)
{
	uint32_t flags;
	switch (direction) {
	case VWL_READ:
		flags = VIRTIO_WL_VFD_READ;
		break;
	case VWL_WRITE:
		flags = VIRTIO_WL_VFD_WRITE;
		break;
	case VWL_READ_WRITE:
		flags = VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE;
		break;
	default:
		return -EINVAL;
	}
	return create_open(device, VIRTIO_WL_CMD_VFD_NEW_PIPE, flags, 0, "");
}

int
vwl_guest_memory(struct vwl_device *device, uint32_t size)
{
	return create_open(device, VIRTIO_WL_CMD_VFD_NEW, 0, size, "");
}

/* Send all of @data, sleeping for credit and slots. */
static int
upload(struct vwl_guest_vfd *vfd, const void *data, uint32_t size)
{
	struct iovec iov = { .iov_base = (void *)data, .iov_len = size };
	struct vwl_message msg = { .iov = &iov, .iov_count = 1, .size = size };
	size_t done = 0;
	while (done < size) {
		size_t piece = vfd->credit;
		struct vwl_slot *slot = NULL;
		if (piece > 0) {
			slot = vwl_guest_try_slot(vfd->guest);
		}
		if (slot == NULL) {
			/* The device takes it; no peer is involved. */
			int r = vwl_guest_wait_answer(vfd->guest);
			if (r < 0 && r != -EINTR) {
				return r;
			}
			if (vfd->error < 0) {
				return vfd->error;
			}
			continue;
		}
		piece = piece < size - done ? piece : size - done;
		piece = piece < GUEST_SEND_MAX ? piece : GUEST_SEND_MAX;
		int r = vwl_guest_send_piece(vfd, slot, &msg, done, piece,
			NULL, 0);
		if (r < 0) {
			return r;
		}
		done += piece;
	}
	return 0;
}

int
vwl_guest_snapshot_create(struct vwl_guest *guest, const void *data,
	uint32_t size, struct vwl_guest_vfd **ret)
{
	struct vwl_guest_vfd *vfd;
	int r = create(guest, VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, 0, size, "",
		&vfd);
	if (r < 0) {
		return r;
	}
	vfd->kind = VWL_KIND_SNAPSHOT;
	vfd->size = size;
	r = upload(vfd, data, size);
	if (r < 0) {
		vwl_guest_vfd_drop(vfd, true);
		return r;
	}
	*ret = vfd;
	return 0;
}

int
vwl_guest_snapshot(struct vwl_device *device, const void *data, uint32_t size)
{
	struct vwl_guest *guest = (struct vwl_guest *)device;
	struct vwl_guest_vfd *vfd;
	vwl_table_lock();
	int r = vwl_guest_snapshot_create(guest, data, size, &vfd);
	if (r == 0) {
		r = vwl_guest_vfd_open(vfd);
		if (r < 0) {
			vwl_guest_vfd_drop(vfd, true);
		}
	}
	vwl_guest_settle(guest);
	vwl_table_unlock();
	return r;
}

static int
vfd_shutdown(int fd, int how)
{
	vwl_table_lock();
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	int r = vfd == NULL ? -ENOTTY : 0;
	if (r == 0 && vfd->kind != VWL_KIND_CONNECTION) {
		r = -ENOTSOCK;
	}
	if (r == 0) {
		uint32_t wire_how = 0;
		if ((how == SHUT_RD || how == SHUT_RDWR) && !vfd->recv_over) {
			wire_how |= VIRTIO_WL_SHUT_RECV;
			vfd->recv_over = true;
		}
		if ((how == SHUT_WR || how == SHUT_RDWR) && !vfd->send_over) {
			wire_how |= VIRTIO_WL_SHUT_SEND;
			vfd->send_over = true;
		}
		if (wire_how != 0) {
			vfd->shutdown_how |= wire_how;
			vwl_guest_vfd_add_chore(vfd, CHORE_SHUTDOWN);
			vwl_guest_vfd_touch(vfd);
			/* Others may sleep on this VFD. */
			vwl_guest_moved(vfd->guest);
		}
		vwl_guest_settle(vfd->guest);
	}
	vwl_table_unlock();
	return r;
}

static int
vfd_peer(int fd, struct vwl_peer *ret)
{
	vwl_table_lock();
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	int r = vfd == NULL ? -ENOTTY : 0;
	if (r == 0 && vfd->kind != VWL_KIND_CONNECTION) {
		r = -ENOTCONN;
	}
	if (r == 0) {
		struct vwl_guest *guest = vfd->guest;
		struct virtio_wl_wire_vfd wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_GET_PEER),
			.vfd_id = htole32(vfd->id),
		};
		struct virtio_wl_wire_peer_resp answer;
		r = vwl_guest_call(guest, &wire, sizeof(wire), &answer,
			sizeof(answer));
		if (r == 0) {
			vwl_peer_decode(&answer.peer, ret);
		}
		vwl_guest_settle(guest);
	}
	vwl_table_unlock();
	return r;
}

static int
vfd_info(int fd, struct vwl_info *ret)
{
	vwl_table_lock();
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	if (vfd != NULL) {
		*ret = (struct vwl_info){
			.kind = vfd->kind,
			.size = vfd->size,
			.readable = (vfd->flags & VIRTIO_WL_VFD_READ) != 0,
			.device = &vfd->guest->device,
		};
	}
	vwl_table_unlock();
	return vfd == NULL ? -ENOTTY : 0;
}

static int
vfd_dup(int fd, int least)
{
	vwl_table_lock();
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	int copy = -ENOTTY;
	if (vfd != NULL) {
		copy = fcntl(fd, F_DUPFD_CLOEXEC, least);
		copy = copy < 0 ? -errno : copy;
	}
	if (copy >= 0) {
		int r = vwl_guest_vfd_enter(vfd, copy);
		copy = r < 0 ? r : copy;
	}
	vwl_table_unlock();
	return copy;
}

static int
vfd_close(int fd)
{
	vwl_table_lock();
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	if (vfd == NULL) {
		vwl_table_unlock();
		return -ENOTTY;
	}
	struct vwl_guest *guest = vfd->guest;
	vwl_table_clear(fd);
	if (--vfd->names == 0) {
		vwl_guest_vfd_drop(vfd, true);
	}
	/* With the lock: the number must not come back before it is gone. */
	int r = close(fd) < 0 ? -errno : 0;
	vwl_guest_settle(guest);
	vwl_table_unlock();
	return r;
}

const struct vwl_vfd_ops vwl_guest_vfd_ops = {
	.send = vwl_guest_send,
	.recv = vwl_guest_recv,
	.shutdown = vfd_shutdown,
	.peer = vfd_peer,
	.info = vfd_info,
	.dup = vfd_dup,
	.close = vfd_close,
};
