/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Wayland finds the descriptors of a message by counting: the stream of bytes
 * and the stream of descriptors each keep their order, and a descriptor may
 * come earlier than its message but never later. So one queue of each is
 * enough, and every send takes along as many descriptors as may go. Where more
 * wait than one send may carry, it carries a single byte, so that bytes are
 * left for the rest to travel with; no message has more descriptors for its
 * bytes than that allows.
 */
#include "queue.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
wlb_queue_init(struct wlb_queue *queue, int (*close_fd)(int fd))
{
	*queue = (struct wlb_queue){ .close_fd = close_fd };
}

void
wlb_queue_clear(struct wlb_queue *queue)
{
	for (size_t i = 0; i < queue->fd_len; i++) {
		struct wlb_queued_fd *queued = &queue->fds[queue->fd_head + i];
		if (!queued->borrowed) {
			queue->close_fd(queued->fd);
		}
	}
	queue->head = queue->len = 0;
	queue->fd_head = queue->fd_len = 0;
}

void
wlb_queue_finish(struct wlb_queue *queue)
{
	wlb_queue_clear(queue);
	free(queue->bytes);
	free(queue->fds);
	queue->bytes = NULL;
	queue->fds = NULL;
	queue->capacity = queue->fd_capacity = 0;
}

/* Make room for @more elements behind the @len at @head of *@array. */
static int
reserve(void **array, size_t size, size_t *head, size_t len, size_t *capacity,
	size_t more)
{
	if (more <= *capacity - *head - len) {
		return 0;
	}
	if (*head > 0) {
		uint8_t *start = *array;
		memmove(start, start + *head * size, len * size);
		*head = 0;
	}
	if (more <= *capacity - len) {
		return 0;
	}
	size_t grown = *capacity == 0 ? 64 : *capacity;
	while (grown - len < more) {
		grown *= 2;
	}
	void *moved = reallocarray(*array, grown, size);
	if (moved == NULL) {
		return -ENOMEM;
	}
	*array = moved;
	*capacity = grown;
	return 0;
}

int
wlb_queue_append(struct wlb_queue *queue, const void *bytes, size_t len)
{
	void *array = queue->bytes;
	int r = reserve(&array, 1, &queue->head, queue->len, &queue->capacity,
		len);
	queue->bytes = array;
	if (r < 0) {
		return r;
	}
	if (len > 0) {
		memcpy(queue->bytes + queue->head + queue->len, bytes, len);
	}
	queue->len += len;
	return 0;
}

static int
append_fd(struct wlb_queue *queue, int fd, bool borrowed)
{
	void *array = queue->fds;
	int r = reserve(&array, sizeof(queue->fds[0]), &queue->fd_head,
		queue->fd_len, &queue->fd_capacity, 1);
	queue->fds = array;
	if (r < 0) {
		return r;
	}
	queue->fds[queue->fd_head + queue->fd_len] = (struct wlb_queued_fd){
		.fd = fd,
		.borrowed = borrowed,
	};
	queue->fd_len++;
	return 0;
}

int
wlb_queue_append_fd(struct wlb_queue *queue, int take_fd)
{
	int r = append_fd(queue, take_fd, false);
	if (r < 0) {
		queue->close_fd(take_fd);
	}
	return r;
}

int
wlb_queue_append_borrowed_fd(struct wlb_queue *queue, int fd)
{
	return append_fd(queue, fd, true);
}

bool
wlb_queue_is_full(const struct wlb_queue *queue)
{
	return queue->len >= WLB_QUEUE_FULL_BYTES
		|| queue->fd_len >= WLB_QUEUE_FULL_FDS;
}

bool
wlb_queue_front(const struct wlb_queue *queue, struct wlb_batch *ret)
{
	if (queue->len == 0) {
		return false;
	}
	ret->bytes = queue->bytes + queue->head;
	ret->len = queue->len;
	ret->fd_count = queue->fd_len;
	if (ret->fd_count > WLB_QUEUE_BATCH) {
		ret->fd_count = WLB_QUEUE_BATCH;
		ret->len = 1;
	}
	for (size_t i = 0; i < ret->fd_count; i++) {
		ret->fds[i] = queue->fds[queue->fd_head + i].fd;
	}
	return true;
}

void
wlb_queue_sent(struct wlb_queue *queue, size_t len, size_t fd_count)
{
	assert(len <= queue->len && fd_count <= queue->fd_len);
	for (size_t i = 0; i < fd_count; i++) {
		struct wlb_queued_fd *queued = &queue->fds[queue->fd_head + i];
		if (!queued->borrowed) {
			queue->close_fd(queued->fd);
		}
	}
	queue->head += len;
	queue->len -= len;
	queue->fd_head += fd_count;
	queue->fd_len -= fd_count;
	if (queue->len == 0) {
		queue->head = 0;
	}
	if (queue->fd_len == 0) {
		queue->fd_head = 0;
	}
}
