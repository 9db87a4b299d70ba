/* SPDX-License-Identifier: MIT */
/* Bytes and descriptors that a peer's socket has not taken yet. */
#ifndef VWL_SEND_QUEUE_H
#define VWL_SEND_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "../budget.h"
#include "util/list.h"

struct vwl_send_queue {
	struct list chunks;	/* vwl_chunk.link */
	size_t bytes;
	size_t fds;
};

void
vwl_send_queue_init(struct vwl_send_queue *queue);

void
vwl_send_queue_clear(struct vwl_send_queue *queue);

static inline bool
vwl_send_queue_empty(const struct vwl_send_queue *queue)
{
	return list_empty(&queue->chunks);
}

/* Whether @budget has room for what vwl_send_queue_add() would take at most. */
bool
vwl_send_queue_fits(struct vwl_budget *budget, size_t len, size_t fd_count);

/**
 * vwl_send_queue_add() - Keep the rest of a message
 * @skip: bytes of @iov that have left already
 * @fds: borrowed; duplicates are kept
 *
 * Return: 0; -EDQUOT, -ENOMEM, -EMFILE with nothing kept.
 */
int
vwl_send_queue_add(struct vwl_send_queue *queue, struct vwl_budget *budget,
	const struct iovec *iov, size_t iov_count, size_t skip,
	const int *fds, size_t fd_count);

/* The first bytes, and the descriptors that go with the very first of them. */
struct iovec
vwl_send_queue_peek(const struct vwl_send_queue *queue, const int **ret_fds,
	size_t *ret_fd_count);

/* The peer took @bytes (not 0) of what was peeked at, and its descriptors. */
void
vwl_send_queue_consume(struct vwl_send_queue *queue, size_t bytes);

#endif
