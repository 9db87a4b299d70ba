/* SPDX-License-Identifier: MIT */
/* What one side sent and nobody has looked at: whole messages come out. */
#ifndef WLB_AGENT_INBOX_H
#define WLB_AGENT_INBOX_H

#include <stddef.h>
#include <stdint.h>

/* Descriptors ahead of their messages; more and the sender is up to no good. */
#define WLB_INBOX_FDS_MAX 512

struct wlb_inbox {
	uint8_t *bytes;
	size_t head;
	size_t len;
	size_t capacity;
	int fds[WLB_INBOX_FDS_MAX];
	size_t fd_head;
	size_t fd_len;
};

/* Closes what was never asked for. */
void
wlb_inbox_finish(struct wlb_inbox *inbox, int (*close_fd)(int fd));

/**
 * wlb_inbox_add() - Keep what was received
 *
 * Return: 0; -EPROTO when too many descriptors wait; -ENOMEM. On failure none
 * of @fds has been taken.
 */
int
wlb_inbox_add(struct wlb_inbox *inbox, const void *bytes, size_t len,
	const int *fds, size_t fd_count);

/**
 * wlb_inbox_next() - The next whole message
 * @ret_bytes: valid, and the caller's to change, until the next _add()
 *
 * Return: its size; 0 when there is none; -EPROTO.
 */
int
wlb_inbox_next(struct wlb_inbox *inbox, uint8_t **ret_bytes);

/* The next descriptor, the caller's from here on; -1 when there is none. */
int
wlb_inbox_next_fd(struct wlb_inbox *inbox);

#endif
