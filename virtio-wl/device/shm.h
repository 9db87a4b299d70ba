/* SPDX-License-Identifier: MIT */
/*
 * shm.h - files of shared memory, and their maps in the guest's region
 */
#ifndef VWL_SHM_H
#define VWL_SHM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "budget.h"
#include "region.h"
#include "util/list.h"

struct vub_session;
struct vwl_fd_info;
struct vwl_mapping;

/* The region of one session. */
struct vwl_shm {
	struct vub_session *session;	/* NULL: no front-end */
	uint8_t shmid;
	struct vwl_region region;
	struct vwl_range reserved;	/* so that no map begins at 0 */
	struct list memories;		/* vwl_memory.link */
	struct list mappings;		/* vwl_mapping.link */
	unsigned live;			/* maps the front-end holds */
};

/* Somebody who waits for a map; embedded, and on no list when it does not. */
struct vwl_waiter {
	struct list link;
	void (*fn)(void *data, int r);	/* 0: live */
	void *data;
};

/* One file, however often it was received. */
struct vwl_memory {
	struct list link;
	struct vwl_shm *shm;
	unsigned refs;
	int fd;
	dev_t dev;
	ino_t ino;
	uint64_t size;		/* bytes, whole pages */
	bool ours;		/* made here, for our guest */
	struct vwl_budget *budget;
	struct vwl_charge charge;
	struct vwl_bill *bill;	/* for its bytes; NULL: a peer made it */
	struct vwl_mapping *mapping;	/* NULL: not in the region */
};

void
vwl_shm_init(struct vwl_shm *shm, uint64_t region_size);

void
vwl_shm_attach(struct vwl_shm *shm, struct vub_session *session,
	uint8_t shmid);

/* The front-end has dropped every map; nobody is told. */
void
vwl_shm_forget(struct vwl_shm *shm);

/**
 * vwl_memory_create() - Memory of our own, sealed against changes of size
 * @size: bytes, whole pages, not 0
 * @charged: bytes of VWL_RES_MEMORY it costs
 *
 * Return: 0 or -errno.
 */
int
vwl_memory_create(struct vwl_shm *shm, struct vwl_budget *budget,
	uint64_t size, uint64_t charged, struct vwl_memory **ret);

/**
 * vwl_memory_import() - A peer's file, or the one we have of it already
 * @take_fd: consumed, on failure too
 * @info: says VWL_FD_MAPPABLE
 */
int
vwl_memory_import(struct vwl_shm *shm, struct vwl_budget *budget, int take_fd,
	const struct vwl_fd_info *info, struct vwl_memory **ret);

/* The last one unmaps and closes. NULL is fine. */
void
vwl_memory_unref(struct vwl_memory *memory);

struct vwl_memory *
vwl_memory_ref(struct vwl_memory *memory);

/**
 * vwl_memory_map() - See that the guest can reach it
 * @waiter: called from the loop when 0 was returned; vwl_waiter_cancel()
 *          before that, and it never is
 *
 * Return: 1 it can already; 0 wait; -errno it cannot.
 */
int
vwl_memory_map(struct vwl_memory *memory, struct vwl_waiter *waiter);

/* Where in the region it is, in bytes; it is mapped. */
uint64_t
vwl_memory_offset(const struct vwl_memory *memory);

void
vwl_waiter_init(struct vwl_waiter *waiter, void (*fn)(void *data, int r),
	void *data);

void
vwl_waiter_cancel(struct vwl_waiter *waiter);

#endif
