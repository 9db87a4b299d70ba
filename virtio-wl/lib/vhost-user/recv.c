/* SPDX-License-Identifier: MIT */
/*
 * Reading follows AF_UNIX: data of successive messages is glued together, but
 * the first message that has descriptors is the last one of the call. They come
 * with the first byte read of their message (or with no byte, when none was
 * asked for).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "guest.h"

/* Where the next bytes go. */
struct cursor {
	const struct iovec *iov;
	size_t iov_left;
	size_t offset;
	size_t left;
};

static size_t
scatter(struct cursor *cursor, const uint8_t *src, size_t len)
{
	size_t done = 0;
	while (done < len && cursor->left > 0) {
		size_t n = cursor->iov->iov_len - cursor->offset;
		if (n == 0) {
			cursor->iov++;
			cursor->iov_left--;
			cursor->offset = 0;
			continue;
		}
		n = n < len - done ? n : len - done;
		memcpy((uint8_t *)cursor->iov->iov_base + cursor->offset,
			src + done, n);
		cursor->offset += n;
		cursor->left -= n;
		done += n;
	}
	return done;
}

/* Turn the VFDs beside @queued into descriptors; what has no room is closed. */
static void
hand_over(struct vwl_guest_vfd *vfd, struct vwl_queued *queued,
	struct vwl_message *msg, size_t room)
{
	for (uint32_t i = 0; i < queued->vfd_count; i++) {
		struct vwl_guest_vfd *beside =
			vwl_guest_vfd_find(vfd->guest, queued->vfds[i]);
		if (beside == NULL || beside->names > 0) {
			continue;
		}
		int fd = -EMSGSIZE;
		if (msg->fd_count < room && !msg->truncated) {
			fd = vwl_guest_vfd_open(beside);
		}
		if (fd < 0) {
			msg->truncated = true;
			vwl_guest_vfd_drop(beside, true);
		} else {
			msg->fds[msg->fd_count++] = fd;
		}
	}
	vfd->owed += queued->vfd_count * VIRTIO_WL_VFD_COST;
	queued->vfd_count = 0;
}

static ssize_t
take(struct vwl_guest_vfd *vfd, struct vwl_message *msg, bool peek)
{
	struct cursor cursor = {
		.iov = msg->iov,
		.iov_left = msg->iov_count,
		.left = msg->size,
	};
	size_t room = msg->fd_count;
	size_t done = 0;
	msg->fd_count = 0;

	struct vwl_queued *queued;
	struct vwl_queued *next;
	list_for_each_safe(queued, next, &vfd->queue, link) {
		size_t len = queued->data_len - queued->data_read;
		size_t n = scatter(&cursor, queued->data + queued->data_read,
			len);
		bool last = queued->vfd_count > 0;
		done += n;
		if (!peek) {
			if (last) {
				hand_over(vfd, queued, msg, room);
			}
			queued->data_read += (uint32_t)n;
			vfd->owed += (uint32_t)n;
			if (n == len) {
				list_remove(&queued->link);
				free(queued);
			}
		}
		if (last || cursor.left == 0) {
			break;
		}
	}
	if (vfd->owed >= VIRTIO_WL_WINDOW / 2 && !vfd->recv_over) {
		vwl_guest_vfd_add_chore(vfd, CHORE_CREDIT);
	}
	return (ssize_t)done;
}

static ssize_t
recv_message(struct vwl_guest_vfd *vfd, int fd, struct vwl_message *msg,
	int flags)
{
	struct vwl_guest *guest = vfd->guest;
	if (vfd->kind != VWL_KIND_CONNECTION && vfd->kind != VWL_KIND_PIPE
			&& vfd->kind != VWL_KIND_LISTENER) {
		return -EINVAL;
	}
	if (!(vfd->flags & VIRTIO_WL_VFD_READ)) {
		return -EBADF;
	}
	int may_wait = -1;	/* not asked yet: that is a system call */
	while (list_empty(&vfd->queue)) {
		if (vfd->recv_over) {
			msg->fd_count = 0;
			return 0;
		}
		int r = vwl_guest_work(guest, false);
		if (r == 0) {
			if (may_wait < 0) {
				may_wait = vwl_guest_may_wait(fd, flags);
			}
			if (may_wait) {
				r = vwl_guest_wait(guest);
			} else {
				r = vwl_guest_work(guest, true);
				r = r == 0 ? -EAGAIN : r;
			}
		}
		if (vfd->closed) {
			return -EBADF;
		}
		if (r < 0 && list_empty(&vfd->queue) && !vfd->recv_over) {
			return r;
		}
	}
	ssize_t n = take(vfd, msg, (flags & MSG_PEEK) != 0);
	vwl_guest_signal_unread(vfd, fd);
	return n;
}

ssize_t
vwl_guest_recv(int fd, struct vwl_message *msg, int flags)
{
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_begin(fd);
	if (vfd == NULL) {
		return -ENOTTY;
	}
	ssize_t n = recv_message(vfd, fd, msg, flags);
	vwl_guest_vfd_end(vfd);
	return n;
}
