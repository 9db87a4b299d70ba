/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A VFD is found by id (messages of the device), and by descriptor number once
 * the program has one; an announced VFD has none before the program reads the
 * message that carries it, so what is never read costs no descriptor. It ends
 * when its last number is closed: it leaves the id table at once, so that
 * messages still on their way to it are dropped, and its memory stays until the
 * close is told to the device and the last call in progress has returned.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "guest.h"
#include "util/fd.h"

static struct list *
bucket_of(struct vwl_guest *guest, uint32_t id)
{
	return &guest->vfds[id % GUEST_HASH_SIZE];
}

struct vwl_guest_vfd *
vwl_guest_vfd_create(struct vwl_guest *guest, uint32_t id)
{
	struct vwl_guest_vfd *vfd = calloc(1, sizeof(*vfd));
	if (vfd == NULL) {
		return NULL;
	}
	vfd->guest = guest;
	vfd->id = id;
	vfd->kind = VWL_KIND_VOID;
	vfd->lib_fd = -1;
	vfd->credit = VIRTIO_WL_WINDOW;
	list_init(&vfd->dirty_link);
	list_init(&vfd->chore_link);
	list_init(&vfd->queue);
	list_insert(bucket_of(guest, id), &vfd->link);
	return vfd;
}

struct vwl_guest_vfd *
vwl_guest_vfd_find(struct vwl_guest *guest, uint32_t id)
{
	struct vwl_guest_vfd *vfd;
	list_for_each(vfd, bucket_of(guest, id), link) {
		if (vfd->id == id && id != 0) {
			return vfd;
		}
	}
	return NULL;
}

static enum vwl_kind
kind_of(uint32_t flags)
{
	if (flags & VIRTIO_WL_VFD_VOID) {
		return VWL_KIND_VOID;
	}
	if (flags & VIRTIO_WL_VFD_MAP) {
		return VWL_KIND_MEMORY;
	}
	if (flags & VIRTIO_WL_VFD_LISTEN) {
		return VWL_KIND_LISTENER;
	}
	if (flags & VIRTIO_WL_VFD_SOCKET) {
		return VWL_KIND_CONNECTION;
	}
	if (flags & (VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE)) {
		return VWL_KIND_PIPE;
	}
	return VWL_KIND_VOID;
}

void
vwl_guest_vfd_describe(struct vwl_guest_vfd *vfd,
	const struct virtio_wl_wire_new *wire)
{
	vfd->flags = le32toh(wire->flags);
	vfd->kind = kind_of(vfd->flags);
	if (vfd->kind == VWL_KIND_MEMORY) {
		uint64_t pfn = le64toh(wire->pfn);
		vfd->offset = pfn << VIRTIO_WL_PFN_SHIFT;
		vfd->size = le32toh(wire->size);
	}
}

struct vwl_guest_vfd *
vwl_guest_vfd_of(int fd)
{
	return vwl_table_get(fd, &vwl_guest_vfd_ops);
}

int
vwl_guest_vfd_enter(struct vwl_guest_vfd *vfd, int take_fd)
{
	int r = vwl_table_reserve(take_fd);
	if (r < 0) {
		fd_close(&take_fd);
		return r;
	}
	/* The kernel gave us this number, so whoever had it has closed it. */
	struct vwl_guest_vfd *old = vwl_guest_vfd_of(take_fd);
	if (old == vfd) {
		return 0;	/* memory, closed and received once more */
	}
	if (old != NULL && --old->names == 0) {
		vwl_guest_vfd_drop(old, true);
	}
	vwl_table_set(take_fd, &vwl_guest_vfd_ops, vfd);
	vfd->names++;
	return 0;
}

int
vwl_guest_vfd_open(struct vwl_guest_vfd *vfd)
{
	int fd;
	switch (vfd->kind) {
	case VWL_KIND_MEMORY:
		return vwl_guest_memory_open(vfd);
	case VWL_KIND_CONNECTION:
	case VWL_KIND_PIPE:
	case VWL_KIND_LISTENER:
		fd = vwl_guest_signal_create(vfd);
		break;
	default:
		/* Something to hold the number, which does nothing. */
		fd = eventfd(0, EFD_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
		break;
	}
	if (fd < 0) {
		return fd;
	}
	int r = vwl_guest_vfd_enter(vfd, fd);
	if (r < 0) {
		fd_close(&vfd->lib_fd);
		return r;
	}
	vwl_guest_vfd_touch(vfd);
	return fd;
}

static void
free_if_done(struct vwl_guest_vfd *vfd)
{
	if (vfd->closed && vfd->calls == 0 && vfd->chores == 0) {
		free(vfd);
	}
}

void
vwl_guest_vfd_add_chore(struct vwl_guest_vfd *vfd, unsigned chore)
{
	if (vfd->chores == 0) {
		list_append(&vfd->guest->chores, &vfd->chore_link);
	}
	vfd->chores |= chore;
}

static void
free_queue(struct vwl_guest_vfd *vfd)
{
	struct vwl_queued *queued;
	struct vwl_queued *next;
	list_for_each_safe(queued, next, &vfd->queue, link) {
		for (uint32_t i = 0; i < queued->vfd_count; i++) {
			struct vwl_guest_vfd *beside = vwl_guest_vfd_find(
				vfd->guest, queued->vfds[i]);
			if (beside != NULL && beside->names == 0) {
				vwl_guest_vfd_drop(beside, true);
			}
		}
		list_remove(&queued->link);
		free(queued);
	}
}

void
vwl_guest_vfd_drop(struct vwl_guest_vfd *vfd, bool tell)
{
	if (vfd->closed) {
		return;
	}
	vfd->closed = true;
	list_remove(&vfd->link);
	list_remove(&vfd->dirty_link);
	free_queue(vfd);
	fd_close(&vfd->lib_fd);
	if (vfd->chores != 0) {
		list_remove(&vfd->chore_link);
		vfd->chores = 0;
	}
	if (tell && vfd->id != 0) {
		/* Credit is of no use now, and a close ends what was sent. */
		vwl_guest_vfd_add_chore(vfd, CHORE_CLOSE);
	}
	if (vfd->calls > 0) {
		vwl_guest_moved(vfd->guest);
	}
	free_if_done(vfd);
}

void
vwl_guest_vfd_hold(struct vwl_guest_vfd *vfd)
{
	vfd->calls++;
}

void
vwl_guest_vfd_release(struct vwl_guest_vfd *vfd)
{
	vfd->calls--;
	free_if_done(vfd);
}

struct vwl_guest_vfd *
vwl_guest_vfd_begin(int fd)
{
	vwl_table_lock();
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	if (vfd == NULL) {
		vwl_table_unlock();
		return NULL;
	}
	vwl_guest_vfd_hold(vfd);
	return vfd;
}

void
vwl_guest_vfd_end(struct vwl_guest_vfd *vfd)
{
	struct vwl_guest *guest = vfd->guest;
	vwl_guest_vfd_release(vfd);
	vwl_guest_settle(guest);
	vwl_table_unlock();
}
