/* SPDX-License-Identifier: MIT */
/*
 * ring.h - bytes from one thread to another, without a lock
 *
 * One thread writes, one reads; which is the realtime one depends on the
 * direction. Positions count bytes since the ring was made and never wrap in
 * practice (64 bits), so they serve as a clock too.
 */
#ifndef VSND_RING_H
#define VSND_RING_H

#include <stddef.h>
#include <stdatomic.h>
#include <stdint.h>

struct vsnd_ring {
	uint8_t *bytes;
	size_t size;			/* a power of two */
	_Atomic uint64_t written;	/* the writer's */
	_Atomic uint64_t read;		/* the reader's */
	_Atomic uint64_t skip_to;	/* the writer's: not to be read below */
};

/* @size is rounded up to a power of two. 0 or -ENOMEM. */
int
vsnd_ring_init(struct vsnd_ring *ring, size_t size);

void
vsnd_ring_finish(struct vsnd_ring *ring);

/*
 * The writer's side.
 */

/* Bytes that can be written now. */
size_t
vsnd_ring_room(const struct vsnd_ring *ring);

/* Copy @len bytes in, of which there is room for all. */
void
vsnd_ring_write(struct vsnd_ring *ring, const void *src, size_t len);

/* What lies below @end, of what was written so far, shall not be read. */
void
vsnd_ring_drop(struct vsnd_ring *ring, uint64_t end);

/* How far the reader has come, dropped bytes included. */
uint64_t
vsnd_ring_passed(const struct vsnd_ring *ring);

/*
 * The reader's side.
 */

/* Copy out at most @len bytes, a multiple of @unit. Return: how many. */
size_t
vsnd_ring_read(struct vsnd_ring *ring, void *dst, size_t len, size_t unit);

/* Bytes that can be read now. */
size_t
vsnd_ring_fill(const struct vsnd_ring *ring);

/* Pass over all there is. */
void
vsnd_ring_skip(struct vsnd_ring *ring);

#endif
