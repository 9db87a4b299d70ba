// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receiving: from a VFD's queue to a program.
 *
 * A call gathers bytes over several messages, as a stream socket does. It ends
 * with the first message that has VFDs beside it, and before a second one: the
 * VFDs a call returns belong to bytes it returns, and never come later than the
 * first of them. VFDs without room are closed.
 *
 * Bytes are taken under recv_mutex, which is never held while waiting for more.
 * The producer only ever appends, so the head of the queue may be read without
 * the spinlock; it is taken to look at what the producer writes.
 */
#include <linux/slab.h>

#include "vwl.h"

/* Credit goes back when half a window is owed: one command for many reads. */
static void return_credit(struct vwl_vfd *vfd)
{
	struct virtio_wl_wire_credit *wire;
	struct vwl_command *cmd;
	u32 credit = 0;

	spin_lock(&vfd->lock);
	if (vfd->owed >= VIRTIO_WL_WINDOW / 2 && !vfd->recv_ended)
		credit = vfd->owed;
	spin_unlock(&vfd->lock);
	if (!credit || !vwl_has(vfd->dev, VIRTIO_WL_F_WINDOWS))
		return;

	/* On failure the next read tries again, with more. */
	cmd = vwl_command_alloc(VIRTIO_WL_CMD_VFD_CREDIT, sizeof(*wire),
				sizeof(struct virtio_wl_wire_hdr));
	if (!cmd)
		return;
	spin_lock(&vfd->lock);
	credit = vfd->owed;
	vfd->owed = 0;
	vfd->debt -= credit;
	spin_unlock(&vfd->lock);
	if (!credit) {
		vwl_command_put(cmd);
		return;
	}
	wire = (struct virtio_wl_wire_credit *)cmd->request;
	wire->vfd_id = cpu_to_le32(vfd->id);
	wire->credit = cpu_to_le32(credit);
	vwl_command_post(vfd->dev, cmd);
}

/* The head, and how much of it is there; or NULL and what a reader gets. */
static struct vwl_buf *queue_head(struct vwl_vfd *vfd, u32 *ret_avail,
				  int *ret_error)
{
	struct vwl_buf *buf;

	spin_lock(&vfd->lock);
	buf = list_first_entry_or_null(&vfd->bufs, struct vwl_buf, link);
	if (buf)
		*ret_avail = buf->len - buf->off;
	else if (vfd->recv_ended)
		*ret_error = 0;
	else
		*ret_error = vfd->error ?: -EAGAIN;
	spin_unlock(&vfd->lock);
	return buf;
}

/* The VFDs of @buf are the reader's now. Return: what they had cost. */
static u32 take_vfds(struct vwl_buf *buf, struct vwl_recv *recv)
{
	u32 count = buf->vfd_count;
	u32 i;

	for (i = 0; i < count; i++) {
		if (recv->vfd_count < recv->vfd_room) {
			recv->vfds[recv->vfd_count++] = buf->vfds[i];
			continue;
		}
		vwl_vfd_put(buf->vfds[i]);
		recv->truncated = true;
	}
	kfree(buf->vfds);
	buf->vfds = NULL;
	buf->vfd_count = 0;
	return count * VIRTIO_WL_VFD_COST;
}

static void consume(struct vwl_vfd *vfd, struct vwl_buf *buf, u32 len, u32 cost)
{
	bool empty;

	spin_lock(&vfd->lock);
	buf->off += len;
	vfd->owed += len + cost;
	empty = buf->off == buf->len;
	if (empty)
		list_del(&buf->link);
	spin_unlock(&vfd->lock);
	if (empty)
		vwl_buf_free(vfd->dev, buf);
}

/* All or nothing, so that a fault loses no bytes. */
static bool copy_out(const struct vwl_buf *buf, u32 off, u32 len,
		     struct iov_iter *to)
{
	size_t copied = copy_to_iter(buf->bytes + off, len, to);

	if (copied == len)
		return true;
	iov_iter_revert(to, copied);
	return false;
}

/* Return: bytes, or what there is to say when there are none. */
static ssize_t take(struct vwl_vfd *vfd, struct iov_iter *to,
		    struct vwl_recv *recv)
{
	bool ended = false;
	size_t copied = 0;
	struct vwl_buf *buf;
	u32 avail, chunk, cost;
	int error = 0;

	while (!ended && iov_iter_count(to)) {
		buf = queue_head(vfd, &avail, &error);
		if (!buf || (buf->vfd_count && recv->vfd_count))
			break;
		chunk = min_t(size_t, avail, iov_iter_count(to));
		if (!copy_out(buf, buf->off, chunk, to)) {
			error = -EFAULT;
			break;
		}
		copied += chunk;
		cost = take_vfds(buf, recv);
		/* A device of old may send VFDs ahead of their bytes. */
		ended = cost && copied;
		consume(vfd, buf, chunk, cost);
	}
	return copied || recv->vfd_count ? copied : error;
}

static ssize_t peek(struct vwl_vfd *vfd, struct iov_iter *to)
{
	bool ended = false;
	size_t copied = 0;
	struct vwl_buf *buf;
	u32 avail, chunk;
	int error = 0;

	buf = queue_head(vfd, &avail, &error);
	while (buf && !ended && iov_iter_count(to)) {
		chunk = min_t(size_t, avail, iov_iter_count(to));
		if (!copy_out(buf, buf->off, chunk, to)) {
			error = -EFAULT;
			break;
		}
		copied += chunk;
		ended = buf->vfd_count;

		spin_lock(&vfd->lock);
		if (list_is_last(&buf->link, &vfd->bufs))
			ended = true;
		else
			buf = list_next_entry(buf, link);
		avail = buf->len - buf->off;
		spin_unlock(&vfd->lock);
	}
	return copied ?: error;
}

static bool recv_ready(struct vwl_vfd *vfd)
{
	bool ready;

	spin_lock(&vfd->lock);
	ready = !list_empty(&vfd->bufs) || vfd->recv_ended || vfd->error;
	spin_unlock(&vfd->lock);
	return ready;
}

/**
 * vwl_recv() - recvmsg(2)
 * @vfd: the VFD
 * @to: where the bytes go
 * @recv: what else is wanted, and what else came
 *
 * Return: bytes; 0 at the end of the stream, for no room, or for VFDs alone;
 * or -errno, and then there are no VFDs either.
 */
ssize_t vwl_recv(struct vwl_vfd *vfd, struct iov_iter *to,
		 struct vwl_recv *recv)
{
	ssize_t ret;

	recv->vfd_count = 0;
	recv->truncated = false;
	if (!iov_iter_count(to))
		return 0;
	for (;;) {
		ret = mutex_lock_interruptible(&vfd->recv_mutex);
		if (ret)
			return -ERESTARTSYS;
		ret = recv->peek ? peek(vfd, to) : take(vfd, to, recv);
		mutex_unlock(&vfd->recv_mutex);
		if (ret != -EAGAIN || recv->nonblock)
			break;
		ret = wait_event_interruptible(vfd->wait, recv_ready(vfd));
		if (ret)
			return ret;
	}
	return_credit(vfd);
	return ret;
}

/**
 * vwl_recv_drop() - Forget what waits to be read
 * @vfd: the VFD
 */
void vwl_recv_drop(struct vwl_vfd *vfd)
{
	struct vwl_buf *buf, *next;
	LIST_HEAD(bufs);

	mutex_lock(&vfd->recv_mutex);
	spin_lock(&vfd->lock);
	list_splice_init(&vfd->bufs, &bufs);
	spin_unlock(&vfd->lock);
	mutex_unlock(&vfd->recv_mutex);
	list_for_each_entry_safe(buf, next, &bufs, link)
		vwl_buf_free(vfd->dev, buf);
}
