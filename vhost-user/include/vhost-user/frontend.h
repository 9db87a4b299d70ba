/* SPDX-License-Identifier: MIT */
/*
 * frontend.h - being a vhost-user front-end, without a VM
 *
 * Plays the VMM (socket, memory table, shared-memory maps) and the guest's
 * driver (rings) towards one device process. It is the carrier of native runs.
 * The caller waits with get_fd() and serves with dispatch(); only
 * vub_frontend_connect() itself waits, with a limit.
 */
#ifndef VHOST_USER_FRONTEND_H
#define VHOST_USER_FRONTEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vub_frontend;
struct vub_driver_queue;

struct vub_shmem_map {
	uint8_t shmid;
	bool writable;
	uint64_t fd_offset;	/* bytes, as all here */
	uint64_t shm_offset;
	uint64_t len;
};

struct vub_frontend_options {
	uint64_t features;	/* device feature bits to accept when offered */
	unsigned num_queues;
	uint16_t queue_size;	/* entries, a power of two */
	size_t memory_size;	/* bytes for the caller's buffers, beside the
				 * rings; rounded up to a page */
	int timeout_ms;		/* for each answer while connecting; -1: none */
	/* The device maps @fd (borrowed) into a region. 0 or -errno: refused.
	 * The library has checked bounds and overlap. */
	int (*shmem_map)(void *data, const struct vub_shmem_map *map, int fd);
	/* The map exactly as it was made. */
	void (*shmem_unmap)(void *data, const struct vub_shmem_map *map);
	void *data;
};

/**
 * vub_frontend_connect() - Connect, negotiate, start every queue
 * @path: the device's socket
 * @options: copied
 *
 * Return: 0; -ETIMEDOUT, -ECONNREFUSED, -EPROTO and so on otherwise.
 */
int
vub_frontend_connect(const char *path,
	const struct vub_frontend_options *options, struct vub_frontend **ret);

/* The same over a connected socket, which is consumed on failure too. */
int
vub_frontend_connect_fd(int take_fd,
	const struct vub_frontend_options *options, struct vub_frontend **ret);

/* Stops the queues as far as the device still answers (limit: timeout_ms). */
void
vub_frontend_destroy(struct vub_frontend *frontend);

/* Readable when a queue was used, the device asks something, or it is gone. */
int
vub_frontend_get_fd(struct vub_frontend *frontend);

/**
 * vub_frontend_dispatch() - Serve what is waiting; never waits itself
 *
 * Afterwards look into the queues. Return: 0, or -errno when the device is gone
 * (-ECONNRESET) or broke the protocol; it stays so.
 */
int
vub_frontend_dispatch(struct vub_frontend *frontend);

/* The negotiated device feature bits. */
uint64_t
vub_frontend_features(const struct vub_frontend *frontend);

/* Size of the device's region @shmid in bytes; 0 where it has none. */
uint64_t
vub_frontend_shmem_size(const struct vub_frontend *frontend, uint8_t shmid);

/* The caller's part of the memory the device sees: memory_size bytes. */
void *
vub_frontend_memory(struct vub_frontend *frontend);

/* Read @len bytes (at most 256) of configuration space at @offset, waiting. */
int
vub_frontend_get_config(struct vub_frontend *frontend, uint32_t offset,
	void *dst, uint32_t len);

/*
 * The driver's side of a split ring.
 */

/* A piece of vub_frontend_memory(). */
struct vub_span {
	size_t offset;		/* bytes from its start */
	uint32_t len;		/* bytes, at least 1 */
};

struct vub_driver_queue *
vub_frontend_queue(struct vub_frontend *frontend, unsigned index);

/**
 * vub_driver_add() - Make a chain available
 * @out, @in: spans the device reads, and writes; not both empty
 * @cookie: comes back from vub_driver_take()
 *
 * Uses an indirect table where there is more than one span.
 * Return: 0, or -EAGAIN when the ring is full.
 */
int
vub_driver_add(struct vub_driver_queue *queue,
	const struct vub_span *out, size_t out_count,
	const struct vub_span *in, size_t in_count, void *cookie);

/* Notify the device of what was added, unless it said it need not be. */
void
vub_driver_kick(struct vub_driver_queue *queue);

/**
 * vub_driver_take() - Take back a used chain
 * @ret_len: how many bytes the device says it wrote, never more than the chain
 *           has room for
 *
 * When there is none, the device is asked to notify the next one.
 * Return: 1, 0 when there is none, -EPROTO when the device broke the ring.
 */
int
vub_driver_take(struct vub_driver_queue *queue, void **ret_cookie,
	uint32_t *ret_len);

/* Whether the device is to notify of used chains at all (default: yes). */
void
vub_driver_set_notify(struct vub_driver_queue *queue, bool notify);

#endif
