/* SPDX-License-Identifier: MIT */
/*
 * vfd.h - what the guest's ids stand for
 *
 * A VFD is one thing of the host in the guest's hands. A personality embeds it
 * in what it needs to know besides, and says by which id it is found.
 */
#ifndef VWL_VFD_H
#define VWL_VFD_H

#include <stdbool.h>
#include <stdint.h>

#include "budget.h"
#include "label.h"
#include "shm.h"
#include "util/list.h"

struct vwl_cargo;
struct vwl_copy;
struct vwl_device;
struct vwl_snapshot;
struct vwl_stream;

enum vwl_kind {
	VWL_VOID,		/* holds a place, no more */
	VWL_CONNECTION,		/* a stream that passes descriptors */
	VWL_PIPE,		/* a stream of bytes */
	VWL_MEMORY,
	VWL_COPY,		/* memory that only we have */
	VWL_SNAPSHOT,
	VWL_LISTENER,
};

/* Whom a connection, and what came over it, belongs to. */
struct vwl_peer {
	unsigned refs;
	struct vwl_label label;
	struct vwl_budget *budget;
};

struct vwl_vfd {
	struct list link;	/* a bucket of the table */
	uint32_t id;
	enum vwl_kind kind;
	struct vwl_charge charge;
	struct vwl_stream *stream;	/* CONNECTION, PIPE */
	bool can_send;			/* as it was made */
	bool can_recv;
	bool made_here;			/* the guest made it: it has two ends */
	int remote_fd;			/* the other end, until it is passed on */
	struct vwl_charge remote_charge;
	struct vwl_memory *memory;	/* MEMORY */
	struct vwl_copy *copy;		/* COPY */
	struct vwl_snapshot *snapshot;	/* SNAPSHOT */
	struct vwl_peer *peer;		/* NULL: the guest made it */
	uint64_t serial;		/* of a connection */
};

struct vwl_vfd_table {
	struct list *buckets;
	unsigned bucket_count;	/* a power of two */
	unsigned count;
};

int
vwl_vfd_table_init(struct vwl_vfd_table *table);

/* It is empty. */
void
vwl_vfd_table_finish(struct vwl_vfd_table *table);

struct vwl_vfd *
vwl_vfd_find(const struct vwl_vfd_table *table, uint32_t id);

/* @id is not in use. */
void
vwl_vfd_insert(struct vwl_vfd_table *table, struct vwl_vfd *vfd, uint32_t id);

void
vwl_vfd_remove(struct vwl_vfd_table *table, struct vwl_vfd *vfd);

/**
 * vwl_vfd_init() - A VFD that stands for nothing yet
 *
 * Whether one may be made just now is the caller's to ask before.
 *
 * Return: 0, or -EDQUOT when @budget has no room for one more.
 */
int
vwl_vfd_init(struct vwl_vfd *vfd, struct vwl_budget *budget);

/* Let go of everything; it is not in a table. A stream may linger. */
void
vwl_vfd_finish(struct vwl_vfd *vfd, struct vwl_device *device);

/**
 * vwl_vfd_adopt() - Stand for a descriptor that a peer sent
 * @take_fd: consumed, on failure too
 * @peer: who sent it
 * @sockets: whether sockets may be connections, or are only bytes
 *
 * What cannot cross, or is not paid for, leaves a VOID.
 */
void
vwl_vfd_adopt(struct vwl_vfd *vfd, struct vwl_device *device,
	struct vwl_peer *peer, bool sockets, int take_fd);

/* Let go of what it stands for; a VOID keeps the place. */
void
vwl_vfd_make_void(struct vwl_vfd *vfd, struct vwl_device *device);

/* Stand for a connected socket whose other end is @peer. Consumes @take_fd. */
int
vwl_vfd_connection(struct vwl_vfd *vfd, struct vwl_device *device,
	struct vwl_peer *peer, int take_fd);

/* Stand for our end of a pipe, or of a socket pair when both ways. */
int
vwl_vfd_pipe(struct vwl_vfd *vfd, struct vwl_device *device, bool can_send,
	bool can_recv);

/* Stand for new memory of @size bytes, whole pages. */
int
vwl_vfd_memory(struct vwl_vfd *vfd, struct vwl_device *device, uint64_t size);

int
vwl_vfd_snapshot(struct vwl_vfd *vfd, uint64_t size);

/* As vwl_memory_map(); 1 at once for what is no mapped memory. */
int
vwl_vfd_map(struct vwl_vfd *vfd, struct vwl_waiter *waiter);

/* Where it is in the region and its size, bytes; false: it is not memory. */
bool
vwl_vfd_place(const struct vwl_vfd *vfd, uint64_t *ret_offset,
	uint64_t *ret_size);

/* What a peer gets that this VFD is sent to, borrowed. 0; -EINVAL when there is
 * nothing to pass; other -errno. */
int
vwl_vfd_pass(struct vwl_vfd *vfd, struct vwl_cargo *ret);

/* It was passed on: an end that goes to one peer only has gone. */
void
vwl_vfd_passed(struct vwl_vfd *vfd);

/* Give pages of memory that our guest made back. 0; -EINVAL; -errno. */
int
vwl_vfd_trim(struct vwl_vfd *vfd, uint64_t offset, uint64_t len);

int
vwl_peer_create(const struct vwl_label *label, struct vwl_budget *budget,
	struct vwl_peer **ret);

struct vwl_peer *
vwl_peer_ref(struct vwl_peer *peer);

/* NULL is fine. */
void
vwl_peer_unref(struct vwl_peer *peer);

#endif
