/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The device maps its files into region 0; we are the VMM and get the files
 * themselves. Memory that is a whole file is handed to the program as that very
 * file. What is only a part of one (a copy in the device's arena) is copied out
 * into a sealed memfd of its exact size, and its VFD can be closed at once.
 *
 * The same file may be announced again and again; it is one VFD here, with as
 * many descriptor numbers as were handed out, and is known by its inode.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"
#include "util/fd.h"

int
vwl_guest_shmem_map(void *data, const struct vub_shmem_map *map, int fd)
{
	struct vwl_guest *guest = data;
	struct stat st;
	if (map->shmid != VIRTIO_WL_SHMEM_ID || fstat(fd, &st) < 0) {
		return -EINVAL;
	}
	struct vwl_map *entry = calloc(1, sizeof(*entry));
	if (entry == NULL) {
		return -ENOMEM;
	}
	entry->where = *map;
	entry->dev = st.st_dev;
	entry->ino = st.st_ino;
	entry->file_size = (uint64_t)st.st_size;
	entry->fd = fd_dup(fd);
	if (entry->fd < 0) {
		int r = entry->fd;
		free(entry);
		return r;
	}
	list_insert(&guest->maps, &entry->link);
	return 0;
}

static void
free_map(struct vwl_map *entry)
{
	list_remove(&entry->link);
	fd_close(&entry->fd);
	free(entry);
}

void
vwl_guest_shmem_unmap(void *data, const struct vub_shmem_map *map)
{
	struct vwl_guest *guest = data;
	struct vwl_map *entry;
	struct vwl_map *next;
	list_for_each_safe(entry, next, &guest->maps, link) {
		if (entry->where.shm_offset == map->shm_offset) {
			free_map(entry);
			return;
		}
	}
}

void
vwl_guest_forget_maps(struct vwl_guest *guest)
{
	struct vwl_map *entry;
	struct vwl_map *next;
	list_for_each_safe(entry, next, &guest->maps, link) {
		free_map(entry);
	}
}

static struct vwl_map *
find_map(struct vwl_guest *guest, uint64_t offset, uint64_t size)
{
	struct vwl_map *entry;
	list_for_each(entry, &guest->maps, link) {
		const struct vub_shmem_map *where = &entry->where;
		if (offset >= where->shm_offset && size <= where->len
				&& offset - where->shm_offset
					<= where->len - size) {
			return entry;
		}
	}
	return NULL;
}

struct vwl_guest_vfd *
vwl_guest_memory_of(struct vwl_guest *guest, dev_t dev, ino_t ino)
{
	for (size_t i = 0; i < GUEST_HASH_SIZE; i++) {
		struct vwl_guest_vfd *vfd;
		list_for_each(vfd, &guest->vfds[i], link) {
			if (vfd->names > 0 && vfd->id != 0
					&& vfd->kind == VWL_KIND_MEMORY
					&& vfd->dev == dev
					&& vfd->ino == ino) {
				return vfd;
			}
		}
	}
	return NULL;
}

static int
copy_out(const struct vwl_map *map, uint64_t offset, uint64_t size)
{
	int fd = fd_memfd("vwl-copy", size, 0);
	if (fd < 0) {
		return fd;
	}
	int r = 0;
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		0);
	if (bytes == MAP_FAILED) {
		r = -errno;
		fd_close(&fd);
		return r;
	}
	uint64_t done = 0;
	while (r == 0 && done < size) {
		ssize_t n = pread(map->fd, (char *)bytes + done, size - done,
			(off_t)(offset + done));
		if (n > 0) {
			done += (uint64_t)n;
		} else if (n == 0 || errno != EINTR) {
			r = n == 0 ? -EIO : -errno;
		}
	}
	munmap(bytes, size);
	if (r == 0) {
		r = fd_freeze(fd);
	}
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	return fd;
}

/* Hand out a copy in place of @vfd, which nobody needs then. */
static int
open_copy(struct vwl_guest_vfd *vfd, const struct vwl_map *map,
	uint64_t offset)
{
	int fd = copy_out(map, offset, vfd->size);
	if (fd < 0) {
		return fd;
	}
	struct vwl_guest_vfd *copy = vwl_guest_vfd_create(vfd->guest, 0);
	if (copy == NULL) {
		fd_close(&fd);
		return -ENOMEM;
	}
	copy->kind = VWL_KIND_MEMORY;
	copy->size = vfd->size;
	int r = vwl_guest_vfd_enter(copy, fd);
	if (r < 0) {
		vwl_guest_vfd_drop(copy, false);
		return r;
	}
	vwl_guest_vfd_drop(vfd, true);
	return fd;
}

int
vwl_guest_memory_open(struct vwl_guest_vfd *vfd)
{
	struct vwl_guest *guest = vfd->guest;
	struct vwl_map *map = find_map(guest, vfd->offset, vfd->size);
	if (map == NULL || vfd->size == 0) {
		return -EPROTO;
	}
	uint64_t within = vfd->offset - map->where.shm_offset
		+ map->where.fd_offset;
	if ((vfd->flags & VIRTIO_WL_VFD_COPY) || within != 0
			|| vfd->size != map->file_size) {
		return open_copy(vfd, map, within);
	}

	int fd = fd_dup(map->fd);
	if (fd < 0) {
		return fd;
	}
	struct vwl_guest_vfd *known =
		vwl_guest_memory_of(guest, map->dev, map->ino);
	struct vwl_guest_vfd *holder = known != NULL ? known : vfd;
	int r = vwl_guest_vfd_enter(holder, fd);
	if (r < 0) {
		return r;
	}
	if (known != NULL) {
		vwl_guest_vfd_drop(vfd, true);
	} else {
		vfd->dev = map->dev;
		vfd->ino = map->ino;
	}
	return fd;
}
