/* SPDX-License-Identifier: MIT */
/* Requests to the front-end, above all to map files into shared memory. */
#ifndef VUB_SHMEM_H
#define VUB_SHMEM_H

#include <stdbool.h>
#include <stddef.h>

#include "channel.h"
#include "util/list.h"

struct loop;
struct loop_source;

struct vub_shmem {
	struct loop *loop;
	struct vub_channel channel;	/* .fd is -1 while there is none */
	struct loop_source *source;
	struct list operations;	/* vub_shmem_operation.link; the first is out */
	size_t count;
	bool held;		/* nothing new goes out for now */
};

void
vub_shmem_init(struct vub_shmem *shmem, struct loop *loop);

/* Everything that waits ends with -ECANCELED; the socket is closed. */
void
vub_shmem_finish(struct vub_shmem *shmem);

/* Use @take_fd from now on instead of what there was. 0 or -errno. */
int
vub_shmem_set_socket(struct vub_shmem *shmem, int take_fd);

/* Send nothing new, or go on. */
void
vub_shmem_hold(struct vub_shmem *shmem, bool held);

/* The front-end dropped all maps: whatever waits ends with -ECANCELED. */
void
vub_shmem_cancel(struct vub_shmem *shmem);

#endif
