// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending: from a program to the device, as far as the VFD's window goes.
 *
 * Credit is taken first, then the bytes go out in pieces that one allocation
 * holds, each waiting for its answer. What a failed piece took is given back:
 * the device queued nothing of it. A VFD is writable while there is credit for
 * any message that poll(2) may have been asked about, even one with all the
 * VFDs that fit beside it.
 */
#include <linux/poll.h>
#include <linux/slab.h>

#include "vwl.h"

#define WRITABLE_MIN	(VIRTIO_WL_WINDOW / 4)
static_assert(VIRTIO_WL_VFDS_MAX * VIRTIO_WL_VFD_COST < WRITABLE_MIN);

static bool has_window(const struct vwl_vfd *vfd)
{
	return vwl_has(vfd->dev, VIRTIO_WL_F_WINDOWS);
}

/**
 * vwl_send_ready() - Whether a send would not wait (but maybe fail)
 * @vfd: the VFD
 *
 * Return: for poll(2).
 */
bool vwl_send_ready(struct vwl_vfd *vfd)
{
	return !has_window(vfd) || READ_ONCE(vfd->send_ended) ||
	       READ_ONCE(vfd->dev->gone) ||
	       READ_ONCE(vfd->credit) >= WRITABLE_MIN;
}

/**
 * vwl_send_credit() - Credit came back
 * @vfd: the VFD
 * @credit: bytes; more than a full window is not believed
 */
void vwl_send_credit(struct vwl_vfd *vfd, u32 credit)
{
	spin_lock(&vfd->lock);
	vfd->credit += min(credit, VIRTIO_WL_WINDOW - vfd->credit);
	spin_unlock(&vfd->lock);
	wake_up_poll(&vfd->wait, EPOLLOUT | EPOLLWRNORM);
}

/* Return: how much of @want was granted, at least @need; or -errno. */
static ssize_t credit_take(struct vwl_vfd *vfd, u32 need, u32 want)
{
	ssize_t ret;

	spin_lock(&vfd->lock);
	if (vfd->send_ended) {
		ret = -EPIPE;
	} else if (READ_ONCE(vfd->dev->gone)) {
		ret = -ENODEV;
	} else if (!has_window(vfd)) {
		ret = want;
	} else if (vfd->credit >= need) {
		ret = min(vfd->credit, want);
		vfd->credit -= ret;
	} else {
		ret = -EAGAIN;
	}
	spin_unlock(&vfd->lock);
	return ret;
}

static bool granted(struct vwl_vfd *vfd, u32 need, u32 want, ssize_t *ret_got)
{
	*ret_got = credit_take(vfd, need, want);
	return *ret_got != -EAGAIN;
}

static ssize_t credit_wait(struct vwl_vfd *vfd, u32 need, u32 want,
			   bool half_sent)
{
	ssize_t got;
	int ret;

	if (half_sent)
		ret = wait_event_killable(vfd->wait,
					  granted(vfd, need, want, &got));
	else
		ret = wait_event_interruptible(vfd->wait,
					       granted(vfd, need, want, &got));
	return ret ?: got;
}

static int send_piece(struct vwl_vfd *vfd, struct iov_iter *from, u32 len,
		      const struct vwl_send *send, u32 id_count)
{
	u32 head = sizeof(struct virtio_wl_wire_msg) +
		   id_count * sizeof(__le32);
	struct virtio_wl_wire_msg *wire;
	struct vwl_command *cmd;
	__le32 *ids;
	int ret;
	u32 i;

	cmd = vwl_command_alloc(VIRTIO_WL_CMD_VFD_SEND, head + len,
				sizeof(struct virtio_wl_wire_hdr));
	if (!cmd)
		return -ENOMEM;
	wire = (struct virtio_wl_wire_msg *)cmd->request;
	wire->vfd_id = cpu_to_le32(vfd->id);
	wire->vfd_count = cpu_to_le32(id_count);
	ids = (__le32 *)(wire + 1);
	for (i = 0; i < id_count; i++)
		ids[i] = cpu_to_le32(send->ids[i]);

	ret = -EFAULT;
	if (copy_from_iter_full(cmd->request + head, len, from))
		ret = vwl_command_call(vfd->dev, cmd);
	vwl_command_put(cmd);
	return ret;
}

/*
 * What came between the device and a piece decides what the sender may do. A
 * piece whose sender was killed is the device's, and so is its credit; what
 * was to follow (@rest) is nobody's.
 */
static void piece_failed(struct vwl_vfd *vfd, u32 piece, u32 rest, int error)
{
	if (error == -EPIPE)
		vwl_vfd_end(vfd, VIRTIO_WL_SHUT_SEND);
	else if (has_window(vfd))
		vwl_send_credit(vfd, error == -ERESTARTSYS ? rest :
							     piece + rest);
}

/**
 * vwl_send() - sendmsg(2)
 * @vfd: the VFD
 * @from: the bytes
 * @send: the VFDs beside the first of them
 *
 * A call that must be whole cannot tell how far it got: it looks for credit
 * for everything if it may not wait, and once begun only a fatal signal ends it.
 *
 * Return: bytes taken, fewer than given where it may not wait, where a signal
 * came or where a later piece failed; or -errno.
 */
ssize_t vwl_send(struct vwl_vfd *vfd, struct iov_iter *from,
		 const struct vwl_send *send)
{
	u32 beside = send->id_count * VIRTIO_WL_VFD_COST;
	u32 id_count = send->id_count;
	u32 max = VWL_SEND_PIECE;
	size_t sent = 0;
	u32 need, want, len;
	ssize_t ret = 0;

	if (send->whole && send->nonblock && has_window(vfd)) {
		max = VIRTIO_WL_WINDOW - beside;
		if (iov_iter_count(from) > max)
			return -EMSGSIZE;
	}

	while (iov_iter_count(from) || id_count) {
		want = min_t(size_t, iov_iter_count(from), max);
		need = send->whole && send->nonblock ? want : min(want, 1U);
		if (send->nonblock)
			ret = credit_take(vfd, need + beside, want + beside);
		else
			ret = credit_wait(vfd, need + beside, want + beside,
					  send->whole && sent);
		if (ret < 0)
			break;
		want = ret - beside;

		/* What was granted may be several pieces. */
		do {
			len = min_t(u32, want, VWL_SEND_PIECE);
			ret = send_piece(vfd, from, len, send, id_count);
			if (ret) {
				piece_failed(vfd, len + beside, want - len, ret);
				goto out;
			}
			sent += len;
			want -= len;
			beside = 0;
			id_count = 0;
		} while (want);
	}
out:
	return sent ?: ret;
}
