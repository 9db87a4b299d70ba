/* SPDX-License-Identifier: MIT */
/* What the files of the front-end share; nobody else includes this. */
#ifndef VUB_FRONTEND_IMPL_H
#define VUB_FRONTEND_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/list.h"
#include "vhost-user/frontend.h"
#include "wire.h"

/* Where our memory lies in guest-physical space. Not 0, and not what mmap(2)
 * gave us, so that a device that mixes address spaces up is found out. */
#define FRONTEND_GUEST_BASE	UINT64_C(0x40000000)

#define FRONTEND_PAGE		4096u	/* QEMU's, for maps; not the machine's */
#define FRONTEND_BACKEND_MAX	256	/* payload bytes on the backend channel */

/* A message of the backend channel, as far as it has come. */
struct frontend_incoming {
	size_t got;		/* bytes of header and payload */
	int fd;			/* -1: none came (yet) */
	union {
		struct {
			struct vub_wire_header header;
			uint8_t payload[FRONTEND_BACKEND_MAX];
		};
		uint8_t bytes[sizeof(struct vub_wire_header)
			+ FRONTEND_BACKEND_MAX];
	};
};

struct vub_frontend {
	struct vub_frontend_options options;
	int status;		/* 0, or why the device is lost; it stays so */
	int sock;
	int backend_sock;	/* our end of the backend channel, or -1 */
	int epoll_fd;
	int call_fd;		/* one for all queues */
	int err_fd;		/* the same */

	uint64_t features;
	uint64_t protocol_features;
	uint64_t shmem_sizes[256];	/* bytes, by shmid */
	struct list maps;	/* frontend_map.link */
	struct frontend_incoming incoming;

	int memory_fd;
	uint8_t *memory;	/* rings, then the caller's part */
	size_t memory_bytes;
	size_t caller_offset;

	struct vub_driver_queue *queues;	/* options.num_queues of them */
	unsigned started;	/* queues to be stopped in the end */
};

static inline bool
frontend_has(const struct vub_frontend *frontend, unsigned protocol_bit)
{
	return (frontend->protocol_features & VUB_BIT(protocol_bit)) != 0;
}

/*
 * frontend-message.c: the main socket. All of these wait, at most timeout_ms
 * for each answer; any failure there makes the session useless, so it is
 * remembered in status.
 */

/* Send a request that has no answer. @fd: -1 for none. 0 or -errno. */
int
vub_frontend_send(struct vub_frontend *frontend, uint32_t request,
	const void *payload, size_t size, int fd);

/* Send a request and wait for its answer of exactly @reply_size bytes. */
int
vub_frontend_ask(struct vub_frontend *frontend, uint32_t request,
	const void *payload, size_t size, void *reply, size_t reply_size);

/* Send a request and wait until the device has acknowledged it, where it can;
 * -EREMOTEIO when it refuses. */
int
vub_frontend_order(struct vub_frontend *frontend, uint32_t request,
	const void *payload, size_t size, int fd);

/*
 * frontend-connect.c: what a VMM says at start and at stop.
 */

int
vub_frontend_negotiate(struct vub_frontend *frontend);

int
vub_frontend_start(struct vub_frontend *frontend);

void
vub_frontend_stop(struct vub_frontend *frontend);

/*
 * frontend-shmem.c: the backend channel.
 */

/* Serve what has arrived. 0, or -errno when the channel is broken. */
int
vub_frontend_serve_backend(struct vub_frontend *frontend);

void
vub_frontend_forget_maps(struct vub_frontend *frontend);

/*
 * driver-queue.c: the driver's half of a ring.
 */

struct driver_chain {
	void *cookie;
	uint32_t room;		/* bytes the device may write */
	uint16_t desc_count;	/* 0: not in flight */
};

struct vub_driver_queue {
	struct vub_frontend *frontend;
	uint16_t size;		/* entries */
	bool event_idx;
	bool indirect;
	bool notify;
	bool broken;
	int kick_fd;

	/* In shared memory: written here, never believed. */
	struct vub_wire_desc *desc;
	struct vub_wire_avail *avail;
	struct vub_wire_used *used;
	struct vub_wire_desc *tables;	/* one for each head */

	/* Our own memory. */
	uint16_t avail_idx;
	uint16_t kicked_idx;	/* avail_idx when we last thought of a kick */
	uint16_t used_idx;	/* chains taken back so far */
	uint16_t free_head;
	uint16_t free_count;
	uint16_t in_flight;
	uint16_t *next;		/* links of the free list and of chains */
	struct driver_chain *chains;	/* by head */
};

/* Bytes of shared memory a queue of @size entries needs, page-rounded. */
size_t
vub_driver_queue_bytes(uint16_t size);

/* @offset: where in the front-end's memory its bytes begin. */
int
vub_driver_queue_init(struct vub_driver_queue *queue,
	struct vub_frontend *frontend, size_t offset);

void
vub_driver_queue_finish(struct vub_driver_queue *queue);

#endif
