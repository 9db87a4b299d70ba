/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A list of chunks. Messages without descriptors fill the last chunk up
 * before a new one is made, so that a flood of small messages costs no more
 * than its bytes; a message with descriptors begins a chunk, because they
 * travel with its first byte. A chunk is paid for by what it allocates, not by
 * what it holds.
 */
#include "send-queue.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/fd.h"

#define CHUNK_MIN 4096		/* bytes of a chunk that may be filled up */
#define CHUNK_OVERHEAD 128	/* what we charge for its bookkeeping */

struct vwl_chunk {
	struct list link;
	struct vwl_charge charge;
	size_t sent;
	size_t filled;
	size_t capacity;
	size_t fd_count;
	int *fds;		/* behind the data */
	char data[];
};

void
vwl_send_queue_init(struct vwl_send_queue *queue)
{
	*queue = (struct vwl_send_queue){ 0 };
	list_init(&queue->chunks);
}

static void
chunk_destroy(struct vwl_chunk *chunk)
{
	list_remove(&chunk->link);
	fd_close_all(chunk->fds, chunk->fd_count);
	vwl_charge_drop(&chunk->charge);
	free(chunk);
}

void
vwl_send_queue_clear(struct vwl_send_queue *queue)
{
	struct vwl_chunk *chunk, *tmp;
	list_for_each_safe(chunk, tmp, &queue->chunks, link) {
		chunk_destroy(chunk);
	}
	queue->bytes = 0;
	queue->fds = 0;
}

/* Room for data in a new chunk, aligned for the descriptors behind it. */
static size_t
capacity_for(size_t len, size_t fd_count)
{
	if (fd_count == 0 && len < CHUNK_MIN) {
		return CHUNK_MIN;
	}
	return (len + sizeof(int) - 1) & ~(sizeof(int) - 1);
}

static size_t
queued_cost(size_t capacity, size_t fd_count)
{
	return CHUNK_OVERHEAD + capacity + fd_count * sizeof(int);
}

bool
vwl_send_queue_fits(struct vwl_budget *budget, size_t len, size_t fd_count)
{
	return vwl_budget_has(budget, VWL_RES_QUEUED,
			queued_cost(capacity_for(len, fd_count), fd_count))
		&& vwl_budget_has(budget, VWL_RES_FDS, fd_count);
}

static int
chunk_create(struct vwl_budget *budget, size_t len, const int *fds,
	size_t fd_count, struct vwl_chunk **ret)
{
	size_t capacity = capacity_for(len, fd_count);
	struct vwl_chunk *chunk = malloc(sizeof(*chunk) + capacity
		+ fd_count * sizeof(int));
	if (chunk == NULL) {
		return -ENOMEM;
	}
	*chunk = (struct vwl_chunk){ .capacity = capacity };
	chunk->fds = (int *)(void *)(chunk->data + capacity);
	list_init(&chunk->link);
	int r = vwl_charge_take(&chunk->charge, budget, (struct vwl_amounts){
		.of = {
			[VWL_RES_QUEUED] = queued_cost(capacity, fd_count),
			[VWL_RES_FDS] = fd_count,
		},
	});
	while (r == 0 && chunk->fd_count < fd_count) {
		int fd = fd_dup(fds[chunk->fd_count]);
		if (fd < 0) {
			r = fd;
			break;
		}
		chunk->fds[chunk->fd_count++] = fd;
	}
	if (r < 0) {
		chunk_destroy(chunk);
		return r;
	}
	*ret = chunk;
	return 0;
}

static size_t
iov_bytes(const struct iovec *iov, size_t iov_count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < iov_count; i++) {
		bytes += iov[i].iov_len;
	}
	return bytes;
}

int
vwl_send_queue_add(struct vwl_send_queue *queue, struct vwl_budget *budget,
	const struct iovec *iov, size_t iov_count, size_t skip,
	const int *fds, size_t fd_count)
{
	size_t len = iov_bytes(iov, iov_count) - skip;
	struct vwl_chunk *chunk = NULL;
	if (!list_empty(&queue->chunks) && fd_count == 0) {
		chunk = list_entry(queue->chunks.prev, struct vwl_chunk, link);
	}
	if (chunk == NULL || chunk->capacity - chunk->filled < len) {
		int r = chunk_create(budget, len, fds, fd_count, &chunk);
		if (r < 0) {
			return r;
		}
		list_append(&queue->chunks, &chunk->link);
	}
	for (size_t i = 0; i < iov_count; i++) {
		size_t part = iov[i].iov_len;
		if (skip >= part) {
			skip -= part;
			continue;
		}
		memcpy(chunk->data + chunk->filled,
			(const char *)iov[i].iov_base + skip, part - skip);
		chunk->filled += part - skip;
		skip = 0;
	}
	queue->bytes += len;
	queue->fds += fd_count;
	return 0;
}

struct iovec
vwl_send_queue_peek(const struct vwl_send_queue *queue, const int **ret_fds,
	size_t *ret_fd_count)
{
	struct vwl_chunk *chunk =
		list_first(&queue->chunks, struct vwl_chunk, link);
	*ret_fds = chunk->fds;
	*ret_fd_count = chunk->fd_count;
	return (struct iovec) {
		.iov_base = chunk->data + chunk->sent,
		.iov_len = chunk->filled - chunk->sent,
	};
}

void
vwl_send_queue_consume(struct vwl_send_queue *queue, size_t bytes)
{
	struct vwl_chunk *chunk =
		list_first(&queue->chunks, struct vwl_chunk, link);
	assert(bytes > 0 && bytes <= chunk->filled - chunk->sent);
	chunk->sent += bytes;
	queue->bytes -= bytes;
	queue->fds -= chunk->fd_count;
	fd_close_all(chunk->fds, chunk->fd_count);
	chunk->fd_count = 0;
	if (chunk->sent == chunk->filled) {
		chunk_destroy(chunk);
	}
}
