/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A memory is a file with a reference for each VFD that stands for it; a file
 * that is received again (same device and inode) is the same memory. A mapping
 * is its place in the guest's region and outlives it: the front-end is asked
 * to map, answers later, is asked to unmap, answers later, and only then may
 * the range hold something else. So a mapping goes
 *
 *	ASKED -> LIVE -> LEAVING -> gone
 *
 * and one whose memory died while ASKED goes on to LEAVING as soon as it is
 * LIVE. When the driver resets, the front-end drops all maps by itself: a
 * mapping nobody will call back about is freed at once, one in flight is cut
 * loose from everything and freed by its call.
 *
 * The first page of the region is never used: to drivers of old a pfn of 0
 * means that there is no memory.
 */
#include "shm.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <vhost-user/backend.h>

#include "fd-kind.h"
#include "util/fd.h"

#define HUGE_PAGE (2u << 20)

enum mapping_state {
	ASKED,
	LIVE,
	LEAVING,
};

struct vwl_mapping {
	struct list link;
	struct vwl_shm *shm;		/* NULL: cut loose */
	struct vwl_memory *memory;	/* NULL: nobody wants it any more */
	enum mapping_state state;
	struct vwl_range range;
	struct vwl_charge charge;
	struct list waiters;		/* vwl_waiter.link */
};

void
vwl_shm_init(struct vwl_shm *shm, uint64_t region_size)
{
	*shm = (struct vwl_shm){ 0 };
	vwl_region_init(&shm->region, region_size);
	int r = vwl_region_claim(&shm->region, 0, VWL_PAGE_SIZE,
		&shm->reserved);
	assert(r == 0);
	(void)r;
	list_init(&shm->memories);
	list_init(&shm->mappings);
}

void
vwl_shm_attach(struct vwl_shm *shm, struct vub_session *session, uint8_t shmid)
{
	shm->session = session;
	shm->shmid = shmid;
}

/* Give the place back; the memory, if any, has none from now on. */
static void
mapping_release(struct vwl_mapping *mapping)
{
	list_remove(&mapping->link);
	vwl_range_free(&mapping->range);
	vwl_charge_drop(&mapping->charge);
	if (mapping->memory != NULL) {
		mapping->memory->mapping = NULL;
		mapping->memory = NULL;
	}
	mapping->shm = NULL;
}

static void
notify(struct list *waiters, int r)
{
	while (!list_empty(waiters)) {
		struct vwl_waiter *waiter =
			list_first(waiters, struct vwl_waiter, link);
		list_remove(&waiter->link);
		waiter->fn(waiter->data, r);
	}
}

void
vwl_shm_forget(struct vwl_shm *shm)
{
	struct vwl_mapping *mapping, *tmp;
	list_for_each_safe(mapping, tmp, &shm->mappings, link) {
		bool in_flight = mapping->state != LIVE;
		while (!list_empty(&mapping->waiters)) {
			vwl_waiter_cancel(list_first(&mapping->waiters,
				struct vwl_waiter, link));
		}
		mapping_release(mapping);
		if (!in_flight) {
			free(mapping);
		}
	}
	shm->live = 0;
}

static void
handle_unmapped(void *data, int r)
{
	struct vwl_mapping *mapping = data;
	(void)r;	/* refused: it was not there */
	if (mapping->shm != NULL) {
		mapping_release(mapping);
	}
	free(mapping);
}

static void
mapping_leave(struct vwl_mapping *mapping)
{
	struct vwl_shm *shm = mapping->shm;
	assert(mapping->state == LIVE);
	mapping->state = LEAVING;
	shm->live--;
	int r = vub_session_shmem_unmap(shm->session, shm->shmid,
		mapping->range.offset, mapping->range.len, handle_unmapped,
		mapping);
	if (r < 0) {
		/* The session is ending, and every map with it. */
		handle_unmapped(mapping, r);
	}
}

static void
handle_mapped(void *data, int r)
{
	struct vwl_mapping *mapping = data;
	if (mapping->shm == NULL) {
		free(mapping);
		return;
	}
	if (r < 0) {
		struct list waiters;
		list_init(&waiters);
		list_insert(mapping->waiters.prev, &waiters);
		list_remove(&mapping->waiters);
		mapping_release(mapping);
		free(mapping);
		notify(&waiters, r);
		return;
	}
	mapping->state = LIVE;
	mapping->shm->live++;
	if (mapping->memory == NULL) {
		mapping_leave(mapping);
		return;
	}
	/* A waiter may drop the memory; hold it until all have been told. */
	struct vwl_memory *memory = vwl_memory_ref(mapping->memory);
	notify(&mapping->waiters, 0);
	vwl_memory_unref(memory);
}

static int
mapping_create(struct vwl_memory *memory, struct vwl_mapping **ret)
{
	struct vwl_shm *shm = memory->shm;
	struct vwl_mapping *mapping = calloc(1, sizeof(*mapping));
	if (mapping == NULL) {
		return -ENOMEM;
	}
	list_init(&mapping->link);
	list_init(&mapping->waiters);
	int r = vwl_charge_take(&mapping->charge, memory->budget,
		(struct vwl_amounts){ .of = {
			[VWL_RES_MAPS] = 1,
			[VWL_RES_MAPPED] = memory->size,
		} });
	if (r < 0) {
		free(mapping);
		return r;
	}
	/* Large pieces where the host can use huge pages for them. */
	uint64_t align = memory->size >= HUGE_PAGE ? HUGE_PAGE : VWL_PAGE_SIZE;
	r = vwl_region_alloc(&shm->region, memory->size, align,
		&mapping->range);
	if (r < 0) {
		vwl_charge_drop(&mapping->charge);
		free(mapping);
		return r;
	}
	mapping->shm = shm;
	mapping->memory = memory;
	list_append(&shm->mappings, &mapping->link);
	r = vub_session_shmem_map(shm->session, shm->shmid,
		mapping->range.offset, memory->fd, 0, memory->size,
		handle_mapped, mapping);
	if (r < 0) {
		mapping_release(mapping);
		free(mapping);
		return r;
	}
	*ret = mapping;
	return 0;
}

int
vwl_memory_map(struct vwl_memory *memory, struct vwl_waiter *waiter)
{
	if (memory->shm->session == NULL) {
		return -ENOTCONN;
	}
	if (memory->mapping == NULL) {
		int r = mapping_create(memory, &memory->mapping);
		if (r < 0) {
			return r;
		}
	}
	if (memory->mapping->state == LIVE) {
		return 1;
	}
	list_append(&memory->mapping->waiters, &waiter->link);
	return 0;
}

uint64_t
vwl_memory_offset(const struct vwl_memory *memory)
{
	return memory->mapping->range.offset;
}

static int
memory_add(struct vwl_shm *shm, struct vwl_budget *budget, int take_fd,
	struct vwl_memory **ret)
{
	struct vwl_memory *memory = calloc(1, sizeof(*memory));
	if (memory == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	int r = vwl_charge_take(&memory->charge, budget,
		(struct vwl_amounts){ .of[VWL_RES_FDS] = 1 });
	if (r < 0) {
		fd_close(&take_fd);
		free(memory);
		return r;
	}
	memory->shm = shm;
	memory->refs = 1;
	memory->fd = take_fd;
	memory->budget = budget;
	list_append(&shm->memories, &memory->link);
	*ret = memory;
	return 0;
}

int
vwl_memory_create(struct vwl_shm *shm, struct vwl_budget *budget,
	uint64_t size, uint64_t charged, struct vwl_memory **ret)
{
	assert(size > 0 && size % VWL_PAGE_SIZE == 0);
	struct vwl_bill *bill;
	int r = vwl_bill_create(budget,
		(struct vwl_amounts){ .of[VWL_RES_MEMORY] = charged }, &bill);
	if (r < 0) {
		return r;
	}
	struct stat st;
	struct vwl_memory *memory;
	int fd = fd_memfd("virtio-wl", size,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	if (fd < 0) {
		r = fd;
	} else if (fstat(fd, &st) < 0) {
		r = -errno;
		fd_close(&fd);
	} else {
		r = memory_add(shm, budget, fd, &memory);
	}
	if (r < 0) {
		vwl_bill_unref(bill);
		return r;
	}
	memory->bill = bill;
	memory->size = size;
	memory->dev = st.st_dev;
	memory->ino = st.st_ino;
	memory->ours = true;
	*ret = memory;
	return 0;
}

int
vwl_memory_import(struct vwl_shm *shm, struct vwl_budget *budget, int take_fd,
	const struct vwl_fd_info *info, struct vwl_memory **ret)
{
	struct vwl_memory *memory;
	list_for_each(memory, &shm->memories, link) {
		if (memory->dev == info->dev && memory->ino == info->ino) {
			fd_close(&take_fd);
			*ret = vwl_memory_ref(memory);
			return 0;
		}
	}
	int r = memory_add(shm, budget, take_fd, &memory);
	if (r < 0) {
		return r;
	}
	memory->size = info->size;
	memory->dev = info->dev;
	memory->ino = info->ino;
	*ret = memory;
	return 0;
}

struct vwl_memory *
vwl_memory_ref(struct vwl_memory *memory)
{
	memory->refs++;
	return memory;
}

void
vwl_memory_unref(struct vwl_memory *memory)
{
	if (memory == NULL || --memory->refs > 0) {
		return;
	}
	struct vwl_mapping *mapping = memory->mapping;
	if (mapping != NULL) {
		mapping->memory = NULL;
		if (mapping->state == LIVE) {
			mapping_leave(mapping);
		}
	}
	list_remove(&memory->link);
	fd_close(&memory->fd);
	vwl_charge_drop(&memory->charge);
	vwl_bill_unref(memory->bill);
	free(memory);
}

void
vwl_waiter_init(struct vwl_waiter *waiter, void (*fn)(void *data, int r),
	void *data)
{
	list_init(&waiter->link);
	waiter->fn = fn;
	waiter->data = data;
}

void
vwl_waiter_cancel(struct vwl_waiter *waiter)
{
	list_remove(&waiter->link);
}
