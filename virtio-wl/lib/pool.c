/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A map in the VM is dear, so buffers are cut out of a few large pieces. The
 * first is 64 MiB, each further one as large as all before it, up to 1 GiB: any
 * program needs only a handful. (A piece costs address space; its pages come
 * when they are first touched.)
 *
 * Clients free a buffer and ask for one of the same size a moment later, each
 * time a window is mapped or resized back. So a freed buffer first rests in a
 * small cache, warm: its pages are there, a re-allocation costs no fault. What
 * falls out of the cache, the oldest first, is punched out of the file if it is
 * large, and its pages go back to the host.
 *
 * Invariant: every byte of a piece is free in its ranges, in the cache, or in
 * somebody's buffer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "carrier.h"
#include "ranges.h"
#include "util/fd.h"

#define PAGE_BYTES	4096u
#define PIECE_MIN	((size_t)64 << 20)
#define PIECE_MAX	((size_t)1 << 30)
#define PUNCH_MIN	((size_t)1 << 20)
#define CACHE_COUNT	8
#define CACHE_BYTES	((size_t)64 << 20)

struct piece {
	struct list link;
	int fd;
	size_t size;
	uint8_t *data;
	struct vwl_ranges ranges;	/* of pages */
};

struct rest {
	struct piece *piece;
	size_t offset;
	size_t size;
};

struct vwl_pool {
	struct vwl_device *device;
	struct list pieces;	/* piece.link, oldest first */
	size_t total;
	struct rest cache[CACHE_COUNT];	/* oldest first */
	size_t cache_count;
	size_t cache_bytes;
};

struct vwl_pool *
vwl_pool_create(struct vwl_device *device)
{
	struct vwl_pool *pool = calloc(1, sizeof(*pool));
	if (pool == NULL) {
		return NULL;
	}
	pool->device = device;
	list_init(&pool->pieces);
	return pool;
}

static void
destroy_piece(struct piece *piece)
{
	list_remove(&piece->link);
	if (piece->data != NULL) {
		munmap(piece->data, piece->size);
	}
	vwl_ranges_finish(&piece->ranges);
	if (piece->fd >= 0) {
		vwl_close(piece->fd);
	}
	free(piece);
}

void
vwl_pool_destroy(struct vwl_pool *pool)
{
	if (pool == NULL) {
		return;
	}
	struct piece *piece;
	struct piece *next;
	list_for_each_safe(piece, next, &pool->pieces, link) {
		destroy_piece(piece);
	}
	free(pool);
}

static int
create_piece(struct vwl_pool *pool, size_t size, struct piece **ret)
{
	struct piece *piece = calloc(1, sizeof(*piece));
	if (piece == NULL) {
		return -ENOMEM;
	}
	list_init(&piece->link);
	list_init(&piece->ranges.free);
	piece->size = size;
	piece->fd = vwl_memory(pool->device, size);
	int r = piece->fd < 0 ? -errno : 0;
	if (r == 0) {
		void *data = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED, piece->fd, 0);
		r = data == MAP_FAILED ? -errno : 0;
		piece->data = r == 0 ? data : NULL;
	}
	if (r == 0) {
		r = vwl_ranges_init(&piece->ranges, size / PAGE_BYTES);
	}
	if (r < 0) {
		destroy_piece(piece);
		return r;
	}
	list_append(&pool->pieces, &piece->link);
	pool->total += size;
	*ret = piece;
	return 0;
}

/* A piece with room for @size, as large as the VM's budget still lets us. */
static int
add_piece(struct vwl_pool *pool, size_t size, struct piece **ret)
{
	size_t want = PIECE_MIN;
	while (want < pool->total && want < PIECE_MAX) {
		want *= 2;
	}
	want = want < size ? size : want;
	for (;;) {
		int r = create_piece(pool, want, ret);
		if ((r != -EDQUOT && r != -ENOMEM) || want == size) {
			return r;
		}
		want = want / 2 / PAGE_BYTES * PAGE_BYTES;
		want = want < size ? size : want;
	}
}

static void
give_back(struct rest *rest)
{
	if (rest->size >= PUNCH_MIN) {
		/* Where it fails the pages merely stay. */
		fallocate(rest->piece->fd,
			FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			(off_t)rest->offset, (off_t)rest->size);
	}
	vwl_ranges_give(&rest->piece->ranges, rest->offset / PAGE_BYTES,
		rest->size / PAGE_BYTES);
}

static struct rest
uncache(struct vwl_pool *pool, size_t index)
{
	struct rest rest = pool->cache[index];
	pool->cache_count--;
	pool->cache_bytes -= rest.size;
	for (size_t i = index; i < pool->cache_count; i++) {
		pool->cache[i] = pool->cache[i + 1];
	}
	return rest;
}

static void
flush_cache(struct vwl_pool *pool)
{
	while (pool->cache_count > 0) {
		struct rest rest = uncache(pool, 0);
		give_back(&rest);
	}
}

static bool
take_cached(struct vwl_pool *pool, size_t size, struct rest *ret)
{
	/* The youngest has the warmest pages. */
	for (size_t i = pool->cache_count; i-- > 0;) {
		if (pool->cache[i].size == size) {
			*ret = uncache(pool, i);
			return true;
		}
	}
	return false;
}

static bool
take_free(struct vwl_pool *pool, size_t size, struct rest *ret)
{
	struct piece *piece;
	list_for_each(piece, &pool->pieces, link) {
		size_t page;
		if (vwl_ranges_take(&piece->ranges, size / PAGE_BYTES,
				&page) == 0) {
			*ret = (struct rest){ piece, page * PAGE_BYTES, size };
			return true;
		}
	}
	return false;
}

static int
take(struct vwl_pool *pool, size_t size, struct rest *ret)
{
	if (take_cached(pool, size, ret) || take_free(pool, size, ret)) {
		return 0;
	}
	flush_cache(pool);
	if (take_free(pool, size, ret)) {
		return 0;
	}
	struct piece *piece;
	int r = add_piece(pool, size, &piece);
	if (r == 0 && !take_free(pool, size, ret)) {
		r = -ENOMEM;
	}
	return r;
}

int
vwl_pool_alloc(struct vwl_pool *pool, size_t size, struct vwl_buffer *ret)
{
	struct rest rest;
	int r = -EINVAL;
	if (size > 0 && size <= PIECE_MAX) {
		size_t pages = (size + PAGE_BYTES - 1) / PAGE_BYTES;
		r = take(pool, pages * PAGE_BYTES, &rest);
	}
	if (r < 0) {
		errno = -r;
		return -1;
	}
	*ret = (struct vwl_buffer){
		.fd = rest.piece->fd,
		.offset = rest.offset,
		.size = size,
		.piece_size = rest.piece->size,
		.data = rest.piece->data + rest.offset,
	};
	return 0;
}

void
vwl_pool_free(struct vwl_pool *pool, const struct vwl_buffer *buffer)
{
	struct rest rest = {
		.offset = buffer->offset,
		.size = (buffer->size + PAGE_BYTES - 1) / PAGE_BYTES
			* PAGE_BYTES,
	};
	struct piece *piece;
	list_for_each(piece, &pool->pieces, link) {
		if (piece->fd == buffer->fd) {
			rest.piece = piece;
		}
	}
	if (rest.piece == NULL) {
		return;
	}
	if (rest.size > CACHE_BYTES) {
		give_back(&rest);
		return;
	}
	while (pool->cache_count == CACHE_COUNT
			|| pool->cache_bytes > CACHE_BYTES - rest.size) {
		struct rest oldest = uncache(pool, 0);
		give_back(&oldest);
	}
	pool->cache[pool->cache_count++] = rest;
	pool->cache_bytes += rest.size;
}
