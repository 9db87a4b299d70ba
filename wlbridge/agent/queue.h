/* SPDX-License-Identifier: MIT */
/* Bytes on their way to one descriptor, and the descriptors beside them. */
#ifndef WLB_AGENT_QUEUE_H
#define WLB_AGENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many descriptors go with one sendmsg(2); libwayland's own number. */
#define WLB_QUEUE_BATCH 28

/*
 * A queue this full is not fed: whoever fills it stops reading its source.
 * It may grow past this by what one read brought, no further.
 */
#define WLB_QUEUE_FULL_BYTES (512 * 1024)
#define WLB_QUEUE_FULL_FDS 256

/*
 * More than what is passed on ever makes: these are answers to a peer that asks
 * and does not listen. It is not read either until it has.
 */
#define WLB_QUEUE_UNHEARD_BYTES (2 * WLB_QUEUE_FULL_BYTES)

struct wlb_queued_fd {
	int fd;
	bool borrowed;		/* its owner outlives the queue */
};

struct wlb_queue {
	uint8_t *bytes;
	size_t head;		/* of the first byte not yet sent */
	size_t len;
	size_t capacity;
	struct wlb_queued_fd *fds;
	size_t fd_head;
	size_t fd_len;
	size_t fd_capacity;
	int (*close_fd)(int fd);
};

/* @close_fd: close(2) or a relative, for descriptors that the queue owns. */
void
wlb_queue_init(struct wlb_queue *queue, int (*close_fd)(int fd));

void
wlb_queue_finish(struct wlb_queue *queue);

/* Drop what waits; the queue stays usable. */
void
wlb_queue_clear(struct wlb_queue *queue);

/* Return: 0 or -ENOMEM, with nothing queued. */
int
wlb_queue_append(struct wlb_queue *queue, const void *bytes, size_t len);

/*
 * Descriptors go before the bytes of their message, or together: append them
 * first. @take_fd is consumed on failure too. Return: 0 or -ENOMEM.
 */
int
wlb_queue_append_fd(struct wlb_queue *queue, int take_fd);

int
wlb_queue_append_borrowed_fd(struct wlb_queue *queue, int fd);

bool
wlb_queue_is_full(const struct wlb_queue *queue);

/* What the next sendmsg(2) should carry. */
struct wlb_batch {
	const uint8_t *bytes;
	size_t len;
	int fds[WLB_QUEUE_BATCH];
	size_t fd_count;
};

/* Return: whether there is anything to send. */
bool
wlb_queue_front(const struct wlb_queue *queue, struct wlb_batch *ret);

/* @len bytes of the front and all its descriptors are gone. */
void
wlb_queue_sent(struct wlb_queue *queue, size_t len, size_t fd_count);

#endif
