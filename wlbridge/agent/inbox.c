/* SPDX-License-Identifier: MIT */
#include "inbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

void
wlb_inbox_finish(struct wlb_inbox *inbox, int (*close_fd)(int fd))
{
	int fd;
	while ((fd = wlb_inbox_next_fd(inbox)) >= 0) {
		close_fd(fd);
	}
	free(inbox->bytes);
	*inbox = (struct wlb_inbox){ 0 };
}

int
wlb_inbox_add(struct wlb_inbox *inbox, const void *bytes, size_t len,
	const int *fds, size_t fd_count)
{
	if (inbox->head > 0) {
		memmove(inbox->bytes, inbox->bytes + inbox->head, inbox->len);
		inbox->head = 0;
	}
	if (inbox->fd_head > 0) {
		memmove(inbox->fds, inbox->fds + inbox->fd_head,
			inbox->fd_len * sizeof(inbox->fds[0]));
		inbox->fd_head = 0;
	}
	if (fd_count > WLB_INBOX_FDS_MAX - inbox->fd_len) {
		return -EPROTO;
	}
	if (len > inbox->capacity - inbox->len) {
		uint8_t *grown = realloc(inbox->bytes, inbox->len + len);
		if (grown == NULL) {
			return -ENOMEM;
		}
		inbox->bytes = grown;
		inbox->capacity = inbox->len + len;
	}
	if (len > 0) {
		memcpy(inbox->bytes + inbox->len, bytes, len);
	}
	if (fd_count > 0) {
		memcpy(inbox->fds + inbox->fd_len, fds,
			fd_count * sizeof(fds[0]));
	}
	inbox->len += len;
	inbox->fd_len += fd_count;
	return 0;
}

int
wlb_inbox_next(struct wlb_inbox *inbox, uint8_t **ret_bytes)
{
	if (inbox->len == 0) {
		return 0;
	}
	uint8_t *bytes = inbox->bytes + inbox->head;
	int size = wlb_wire_size(bytes, inbox->len);
	if (size <= 0) {
		return size;
	}
	if ((size_t)size > inbox->len) {
		return 0;
	}
	inbox->head += (size_t)size;
	inbox->len -= (size_t)size;
	*ret_bytes = bytes;
	return size;
}

int
wlb_inbox_next_fd(struct wlb_inbox *inbox)
{
	if (inbox->fd_len == 0) {
		return -1;
	}
	inbox->fd_len--;
	return inbox->fds[inbox->fd_head++];
}
