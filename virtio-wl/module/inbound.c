// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device says: announcements, messages, credit, ends.
 *
 * All of it runs in the work item, one at a time. Nonsense is reported and
 * dropped; a message for a VFD that has just been closed is no nonsense.
 */
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "vwl.h"

/* A copied message gets room for a few more of its size behind it. */
#define COPY_ROOM_MIN	(512 - sizeof(struct vwl_buf))

static void wake_readers(struct vwl_vfd *vfd)
{
	wake_up_interruptible_poll(&vfd->wait, EPOLLIN | EPOLLRDNORM);
}

static void queue_buf(struct vwl_vfd *vfd, struct vwl_buf *buf)
{
	bool dropped;

	atomic_long_add(buf->room, &vfd->dev->in_queued);
	spin_lock(&vfd->lock);
	dropped = vfd->recv_ended || vfd->error;
	if (!dropped)
		list_add_tail(&buf->link, &vfd->bufs);
	spin_unlock(&vfd->lock);

	if (dropped)
		vwl_buf_free(vfd->dev, buf);
	else
		wake_readers(vfd);
}

/* A stream of small messages without VFDs need not be many allocations. */
static bool queue_append(struct vwl_vfd *vfd, const struct vwl_buf *buf)
{
	u32 len = buf->len - buf->off;
	struct vwl_buf *last;
	bool done = false;

	if (buf->vfd_count)
		return false;
	spin_lock(&vfd->lock);
	if (!list_empty(&vfd->bufs)) {
		last = list_last_entry(&vfd->bufs, struct vwl_buf, link);
		if (!last->vfd_count && last->room - last->len >= len) {
			memcpy(last->bytes + last->len, buf->bytes + buf->off,
			       len);
			last->len += len;
			done = true;
		}
	}
	spin_unlock(&vfd->lock);
	/* Nobody sleeps for more, but an edge-triggered epoll(7) counts it. */
	if (done)
		wake_readers(vfd);
	return done;
}

/* Return: whether @buf now is the VFD's. Its VFDs are, in any case. */
static bool queue_message(struct vwl_vfd *vfd, struct vwl_buf *buf)
{
	u32 len = buf->len - buf->off;
	struct vwl_buf *copy;

	if (queue_append(vfd, buf))
		return false;

	if (len <= buf->room / 2 && !vwl_in_held_back(vfd->dev)) {
		copy = vwl_buf_alloc(max_t(u32, len, COPY_ROOM_MIN));
		if (copy) {
			memcpy(copy->bytes, buf->bytes + buf->off, len);
			copy->len = len;
			copy->vfds = buf->vfds;
			copy->vfd_count = buf->vfd_count;
			buf->vfds = NULL;
			buf->vfd_count = 0;
			queue_buf(vfd, copy);
			return false;
		}
	}
	/* Without replacement it is the in queue that runs short. */
	vwl_in_replace(vfd->dev);
	queue_buf(vfd, buf);
	return true;
}

/* What the message cost the device; it must have had the credit. */
static int charge(struct vwl_vfd *vfd, u32 len, u32 vfd_count)
{
	u32 cost = len + vfd_count * VIRTIO_WL_VFD_COST;
	int ret = 0;

	if (!vwl_has(vfd->dev, VIRTIO_WL_F_WINDOWS))
		return 0;
	spin_lock(&vfd->lock);
	if (cost > VIRTIO_WL_WINDOW - vfd->debt)
		ret = -EPROTO;
	else
		vfd->debt += cost;
	spin_unlock(&vfd->lock);
	return ret;
}

static void drop_vfds(struct vwl_buf *buf)
{
	while (buf->vfd_count)
		vwl_vfd_put(buf->vfds[--buf->vfd_count]);
	kfree(buf->vfds);
	buf->vfds = NULL;
}

static void stream_broken(struct vwl_vfd *vfd, int error)
{
	spin_lock(&vfd->lock);
	vfd->error = error;
	spin_unlock(&vfd->lock);
	wake_up_all(&vfd->wait);
}

/* Collect the VFDs a message names into @buf. */
static int claim_vfds(struct vwl_device *dev, struct vwl_buf *buf, u32 count)
{
	const u8 *ids = buf->bytes + sizeof(struct virtio_wl_wire_msg);
	struct vwl_vfd *vfd;
	u32 i;

	buf->vfd_count = 0;
	buf->vfds = NULL;
	if (!count)
		return 0;
	buf->vfds = kcalloc(count, sizeof(*buf->vfds), GFP_KERNEL);
	if (!buf->vfds)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		vfd = vwl_vfd_claim(dev, get_unaligned_le32(ids + 4 * i));
		if (!vfd)
			return -EPROTO;
		buf->vfds[buf->vfd_count++] = vfd;
	}
	return 0;
}

static bool handle_recv(struct vwl_device *dev, struct vwl_buf *buf, u32 len)
{
	struct virtio_wl_wire_msg wire;
	struct vwl_vfd *vfd;
	u32 count, head;
	bool kept = false;
	int ret;

	if (len < sizeof(wire))
		goto bad;
	memcpy(&wire, buf->bytes, sizeof(wire));
	count = le32_to_cpu(wire.vfd_count);
	head = sizeof(wire) + count * sizeof(__le32);
	if (count > VIRTIO_WL_VFDS_MAX || len < head)
		goto bad;

	ret = claim_vfds(dev, buf, count);
	buf->off = head;
	buf->len = len;
	vfd = vwl_vfd_find(dev, le32_to_cpu(wire.vfd_id));
	if (vfd && !ret)
		ret = charge(vfd, len - head, count);
	if (vfd && !ret)
		kept = queue_message(vfd, buf);
	else if (vfd)
		stream_broken(vfd, ret);
	if (!kept)
		drop_vfds(buf);
	if (vfd)
		vwl_vfd_put(vfd);
	if (ret)
		dev_warn_ratelimited(&dev->vdev->dev,
				     "message for VFD %#x lost: %d\n",
				     le32_to_cpu(wire.vfd_id), ret);
	return kept;

bad:
	dev_warn_ratelimited(&dev->vdev->dev, "malformed message, dropped\n");
	return false;
}

static int handle_new(struct vwl_device *dev, struct vwl_buf *buf, u32 len)
{
	struct virtio_wl_wire_new wire = { 0 };

	if (len < VIRTIO_WL_NEW_SIZE_MIN)
		return -EPROTO;
	memcpy(&wire, buf->bytes, min_t(u32, len, sizeof(wire)));
	return vwl_vfd_announce(dev, &wire);
}

/* HUP, SHUTDOWN and CREDIT: a VFD and at most one number. */
static int handle_note(struct vwl_device *dev, u32 type, struct vwl_buf *buf,
		       u32 len)
{
	struct virtio_wl_wire_shutdown wire = { 0 };
	struct vwl_vfd *vfd;
	u32 value;

	static_assert(sizeof(struct virtio_wl_wire_credit) == sizeof(wire));

	if (len < (type == VIRTIO_WL_CMD_VFD_HUP ?
		   sizeof(struct virtio_wl_wire_vfd) : sizeof(wire)))
		return -EPROTO;
	memcpy(&wire, buf->bytes, min_t(u32, len, sizeof(wire)));
	value = le32_to_cpu(wire.how);

	vfd = vwl_vfd_find(dev, le32_to_cpu(wire.vfd_id));
	if (!vfd)
		return 0;
	switch (type) {
	case VIRTIO_WL_CMD_VFD_HUP:
		vwl_vfd_end(vfd, VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND);
		break;
	case VIRTIO_WL_CMD_VFD_SHUTDOWN:
		vwl_vfd_end(vfd, value);
		break;
	case VIRTIO_WL_CMD_VFD_CREDIT:
		vwl_send_credit(vfd, value);
		break;
	}
	vwl_vfd_put(vfd);
	return 0;
}

/**
 * vwl_inbound() - Take in what the device wrote
 * @dev: the device
 * @buf: of the in queue
 * @len: bytes the device wrote
 *
 * Context: the work item.
 * Return: whether @buf is in use now; else the caller posts it again.
 */
bool vwl_inbound(struct vwl_device *dev, struct vwl_buf *buf, u32 len)
{
	struct virtio_wl_wire_hdr hdr = { 0 };
	int ret;
	u32 type;

	memcpy(&hdr, buf->bytes, min_t(u32, len, sizeof(hdr)));
	type = le32_to_cpu(hdr.type);
	switch (type) {
	case VIRTIO_WL_CMD_VFD_RECV:
		return handle_recv(dev, buf, len);
	case VIRTIO_WL_CMD_VFD_NEW:
		ret = handle_new(dev, buf, len);
		break;
	case VIRTIO_WL_CMD_VFD_HUP:
	case VIRTIO_WL_CMD_VFD_SHUTDOWN:
	case VIRTIO_WL_CMD_VFD_CREDIT:
		ret = handle_note(dev, type, buf, len);
		break;
	default:
		ret = -EOPNOTSUPP;
		break;
	}
	if (ret)
		dev_warn_ratelimited(&dev->vdev->dev,
				     "message of type %#x dropped: %d\n", type,
				     ret);
	return false;
}
