/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each position is stored by one thread only, with release, and loaded by the
 * other with acquire, so bytes are in place before the position says so, and
 * are out of the way before their room is used again.
 *
 * The writer cannot take back what it wrote, for the reader may be copying just
 * then. So it leaves a mark, skip_to, and the reader moves there at its next
 * turn. Until then the room is not free; whoever writes without a reader at
 * work runs into a full ring, which is no error here.
 */
#include "ring.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
vsnd_ring_init(struct vsnd_ring *ring, size_t size)
{
	size_t rounded = 4096;
	while (rounded < size) {
		rounded *= 2;
	}
	*ring = (struct vsnd_ring){ .size = rounded };
	ring->bytes = calloc(1, rounded);
	return ring->bytes == NULL ? -ENOMEM : 0;
}

void
vsnd_ring_finish(struct vsnd_ring *ring)
{
	free(ring->bytes);
	ring->bytes = NULL;
}

static uint64_t
load(const _Atomic uint64_t *position)
{
	return atomic_load_explicit(position, memory_order_acquire);
}

static void
store(_Atomic uint64_t *position, uint64_t value)
{
	atomic_store_explicit(position, value, memory_order_release);
}

size_t
vsnd_ring_room(const struct vsnd_ring *ring)
{
	uint64_t used = load(&ring->written) - load(&ring->read);
	assert(used <= ring->size);
	return ring->size - (size_t)used;
}

void
vsnd_ring_write(struct vsnd_ring *ring, const void *src, size_t len)
{
	assert(len <= vsnd_ring_room(ring));
	uint64_t written = load(&ring->written);
	size_t at = (size_t)written & (ring->size - 1);
	size_t first = len < ring->size - at ? len : ring->size - at;
	memcpy(ring->bytes + at, src, first);
	memcpy(ring->bytes, (const char *)src + first, len - first);
	store(&ring->written, written + len);
}

void
vsnd_ring_drop(struct vsnd_ring *ring, uint64_t end)
{
	uint64_t written = load(&ring->written);
	end = end < written ? end : written;
	if (end > load(&ring->skip_to)) {
		store(&ring->skip_to, end);
	}
}

uint64_t
vsnd_ring_passed(const struct vsnd_ring *ring)
{
	uint64_t read = load(&ring->read);
	uint64_t skip_to = load(&ring->skip_to);
	return read > skip_to ? read : skip_to;
}

size_t
vsnd_ring_fill(const struct vsnd_ring *ring)
{
	/* In this order: a mark never lies beyond what is loaded after it. */
	uint64_t from = vsnd_ring_passed(ring);
	return (size_t)(load(&ring->written) - from);
}

size_t
vsnd_ring_read(struct vsnd_ring *ring, void *dst, size_t len, size_t unit)
{
	uint64_t from = vsnd_ring_passed(ring);
	size_t fill = (size_t)(load(&ring->written) - from);
	len = len < fill ? len : fill;
	len -= len % unit;
	size_t at = (size_t)from & (ring->size - 1);
	size_t first = len < ring->size - at ? len : ring->size - at;
	memcpy(dst, ring->bytes + at, first);
	memcpy((char *)dst + first, ring->bytes, len - first);
	store(&ring->read, from + len);
	return len;
}

void
vsnd_ring_skip(struct vsnd_ring *ring)
{
	store(&ring->read, load(&ring->written));
}
