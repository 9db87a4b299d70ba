/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * One sparse memfd with a map of its own, cut into slots of whole pages. A slot
 * is filled when a file arrives, with pread(2): a file that shrinks meanwhile
 * is a short read and not a SIGBUS. A slot that is freed gives its pages back,
 * so that the next owner finds zeros, and the last one gives back the map.
 */
#include "copy-arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/fd.h"

#define ARENA_SIZE (64u << 20)	/* bytes of address space, not of memory */
#define CHUNK 16384		/* bytes copied at a time */

void
vwl_arena_init(struct vwl_arena *arena, struct vwl_shm *shm,
	struct vwl_budget *budget)
{
	*arena = (struct vwl_arena){ .shm = shm, .budget = budget };
	vwl_region_init(&arena->slots, ARENA_SIZE);
}

/* Return: 0 at the end of either, or -errno. */
static int
copy_bytes(int from, off_t from_offset, int to, off_t to_offset, uint64_t size)
{
	char chunk[CHUNK];
	while (size > 0) {
		size_t want = size < sizeof(chunk) ? size : sizeof(chunk);
		ssize_t n = pread(from, chunk, want, from_offset);
		if (n == 0) {
			return 0;
		}
		if (n < 0 || pwrite(to, chunk, (size_t)n, to_offset) != n) {
			return n < 0 ? -errno : -ENOSPC;
		}
		from_offset += n;
		to_offset += n;
		size -= (uint64_t)n;
	}
	return 0;
}

static int
slot_take(struct vwl_copy *copy, struct vwl_budget *budget)
{
	struct vwl_arena *arena = copy->arena;
	uint64_t len = vwl_pages_of(copy->size);
	int r = vwl_charge_take(&copy->charge, budget,
		(struct vwl_amounts){ .of[VWL_RES_MEMORY] = len });
	if (r < 0) {
		return r;
	}
	if (arena->memory == NULL) {
		r = vwl_memory_create(arena->shm, arena->budget, ARENA_SIZE, 0,
			&arena->memory);
		if (r < 0) {
			return r;
		}
	}
	return vwl_region_alloc(&arena->slots, len, VWL_PAGE_SIZE,
		&copy->slot);
}

int
vwl_copy_create(struct vwl_arena *arena, struct vwl_budget *budget, int fd,
	uint64_t size, struct vwl_copy **ret)
{
	struct vwl_copy *copy = calloc(1, sizeof(*copy));
	if (copy == NULL) {
		return -ENOMEM;
	}
	copy->arena = arena;
	copy->size = size;
	copy->export_fd = -1;
	arena->copies++;
	int r = slot_take(copy, budget);
	if (r == 0) {
		r = copy_bytes(fd, 0, arena->memory->fd,
			(off_t)copy->slot.offset, size);
	}
	if (r < 0) {
		vwl_copy_destroy(copy);
		return r;
	}
	*ret = copy;
	return 0;
}

static void
drop_export(struct vwl_copy *copy)
{
	fd_close(&copy->export_fd);
	vwl_charge_drop(&copy->export_charge);
	vwl_bill_unref(copy->export_bill);
	copy->export_bill = NULL;
}

void
vwl_copy_destroy(struct vwl_copy *copy)
{
	if (copy == NULL) {
		return;
	}
	struct vwl_arena *arena = copy->arena;
	if (copy->slot.len > 0) {
		fallocate(arena->memory->fd,
			FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			(off_t)copy->slot.offset, (off_t)copy->slot.len);
		vwl_range_free(&copy->slot);
	}
	drop_export(copy);
	vwl_charge_drop(&copy->charge);
	free(copy);
	if (--arena->copies == 0) {
		vwl_memory_unref(arena->memory);
		arena->memory = NULL;
	}
}

int
vwl_copy_map(struct vwl_copy *copy, struct vwl_waiter *waiter)
{
	return vwl_memory_map(copy->arena->memory, waiter);
}

uint64_t
vwl_copy_offset(const struct vwl_copy *copy)
{
	return vwl_memory_offset(copy->arena->memory) + copy->slot.offset;
}

static int
make_export(struct vwl_copy *copy)
{
	int fd = fd_memfd("virtio-wl-copy", copy->size, 0);
	if (fd < 0) {
		return fd;
	}
	int r = copy_bytes(copy->arena->memory->fd, (off_t)copy->slot.offset,
		fd, 0, copy->size);
	if (r == 0) {
		r = fd_freeze(fd);
	}
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	copy->export_fd = fd;
	return 0;
}

int
vwl_copy_export(struct vwl_copy *copy)
{
	if (copy->export_fd >= 0) {
		return copy->export_fd;
	}
	int r = vwl_charge_take(&copy->export_charge, copy->charge.budget,
		(struct vwl_amounts){ .of[VWL_RES_FDS] = 1 });
	if (r == 0) {
		r = vwl_bill_create(copy->charge.budget, (struct vwl_amounts){
			.of[VWL_RES_MEMORY] = copy->slot.len,
		}, &copy->export_bill);
	}
	if (r == 0) {
		r = make_export(copy);
	}
	if (r < 0) {
		drop_export(copy);
		return r;
	}
	return copy->export_fd;
}
