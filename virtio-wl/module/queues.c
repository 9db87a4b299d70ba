// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two virtqueues.
 *
 * Theory of operation
 *
 * Out: a command either goes into the ring or, if that is full, to the end of
 * vwl_device.waiting; the interrupt that frees descriptors moves it on. So
 * submitting neither fails nor sleeps, order is kept, and the length of the
 * list is bounded by what bounds its makers: one command for each thread, one
 * CLOSE and two windows' worth of CREDIT for each VFD.
 *
 * In: IN_BUFFERS buffers of IN_ROOM bytes. A message moves to its VFD's queue
 * at once, so that a program that does not read costs the others nothing: a
 * short one is copied and its buffer posted again, a long one keeps the buffer
 * and a new one is posted. Windows bound what a VFD can queue. A device without
 * windows is held back as a whole instead: beyond QUEUED_MAX bytes any message
 * keeps its buffer, without replacement, until somebody reads.
 */
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "vwl.h"

#define IN_BUFFERS	64
#define IN_ROOM		(16384 - sizeof(struct vwl_buf))
#define QUEUED_MAX	SZ_1M

/**
 * vwl_buf_alloc() - Make a buffer
 * @room: bytes it holds at least
 *
 * Return: the buffer or NULL.
 */
struct vwl_buf *vwl_buf_alloc(size_t room)
{
	size_t size = kmalloc_size_roundup(sizeof(struct vwl_buf) + room);
	struct vwl_buf *buf = kmalloc(size, GFP_KERNEL);

	if (!buf)
		return NULL;
	memset(buf, 0, sizeof(*buf));
	buf->room = size - sizeof(*buf);
	return buf;
}

/* The in queue's lock is held. */
static int in_post(struct vwl_device *dev, struct vwl_buf *buf)
{
	struct scatterlist sg;
	int ret;

	sg_init_one(&sg, buf->bytes, buf->room);
	ret = virtqueue_add_inbuf(dev->in_vq, &sg, 1, buf, GFP_ATOMIC);
	if (!ret)
		dev->in_posted++;
	return ret;
}

/* Give @buf to the device if it lacks buffers. Return: whether it went. */
static bool in_return(struct vwl_device *dev, struct vwl_buf *buf, bool kick)
{
	unsigned long flags;
	bool posted = false;

	spin_lock_irqsave(&dev->in_lock, flags);
	if (!dev->gone && dev->in_posted < dev->in_target) {
		posted = in_post(dev, buf) == 0;
		if (posted && kick)
			virtqueue_kick(dev->in_vq);
	}
	spin_unlock_irqrestore(&dev->in_lock, flags);
	return posted;
}

/**
 * vwl_in_held_back() - Whether a device without windows has said enough for now
 * @dev: the device
 *
 * Return: true when each further message has to cost a buffer of the queue.
 */
bool vwl_in_held_back(struct vwl_device *dev)
{
	return !vwl_has(dev, VIRTIO_WL_F_WINDOWS) &&
	       atomic_long_read(&dev->in_queued) > QUEUED_MAX;
}

/**
 * vwl_in_replace() - Post a new buffer in place of one that a VFD will keep
 * @dev: the device
 *
 * Return: false when there is none, and the queue has to do without for now.
 */
bool vwl_in_replace(struct vwl_device *dev)
{
	struct vwl_buf *buf;

	if (vwl_in_held_back(dev))
		return false;
	buf = vwl_buf_alloc(IN_ROOM);
	if (!buf)
		return false;
	buf->in = true;
	if (!in_return(dev, buf, false)) {
		kfree(buf);
		return false;
	}
	return true;
}

/**
 * vwl_buf_free() - Done with a buffer that waited in a VFD's queue
 * @dev: where it came from
 * @buf: in no list any more; its VFDs are put
 */
void vwl_buf_free(struct vwl_device *dev, struct vwl_buf *buf)
{
	u32 i;

	atomic_long_sub(buf->room, &dev->in_queued);
	for (i = 0; i < buf->vfd_count; i++)
		vwl_vfd_put(buf->vfds[i]);
	kfree(buf->vfds);
	buf->vfds = NULL;
	buf->vfd_count = 0;
	if (!buf->in || !in_return(dev, buf, true))
		kfree(buf);
}

/* Interrupt. The work empties the queue before it asks for the next one. */
static void in_ready(struct virtqueue *vq)
{
	struct vwl_device *dev = vq->vdev->priv;
	unsigned long flags;

	spin_lock_irqsave(&dev->in_lock, flags);
	virtqueue_disable_cb(vq);
	spin_unlock_irqrestore(&dev->in_lock, flags);
	vwl_device_kick(dev);
}

static struct vwl_buf *in_take(struct vwl_device *dev, u32 *ret_len)
{
	struct vwl_buf *buf = NULL;

	spin_lock_irq(&dev->in_lock);
	while (!dev->gone) {
		buf = virtqueue_get_buf(dev->in_vq, ret_len);
		if (buf) {
			dev->in_posted--;
			break;
		}
		if (virtqueue_is_broken(dev->in_vq) ||
		    virtqueue_enable_cb(dev->in_vq))
			break;
		virtqueue_disable_cb(dev->in_vq);
	}
	spin_unlock_irq(&dev->in_lock);
	return buf;
}

static void in_drain(struct vwl_device *dev)
{
	struct vwl_buf *buf;
	bool took = false;
	u32 len;

	while ((buf = in_take(dev, &len))) {
		took = true;
		if (vwl_inbound(dev, buf, min(len, buf->room)))
			continue;
		buf->off = 0;
		buf->len = 0;
		if (!in_return(dev, buf, false))
			kfree(buf);
	}
	if (!took)
		return;
	spin_lock_irq(&dev->in_lock);
	if (!dev->gone)
		virtqueue_kick(dev->in_vq);
	spin_unlock_irq(&dev->in_lock);
}

/* The out queue's lock is held. */
static int out_add(struct vwl_device *dev, struct vwl_command *cmd)
{
	struct scatterlist request, response;
	struct scatterlist *sgs[] = { &request, &response };

	sg_init_one(&request, cmd->request, cmd->request_size);
	sg_init_one(&response, &cmd->response, cmd->response_size);
	return virtqueue_add_sgs(dev->out_vq, sgs, 1, 1, cmd, GFP_ATOMIC);
}

/**
 * vwl_out_submit() - Put a command into the out queue, or in line for it
 * @dev: the device
 * @cmd: the queue takes a reference of its own
 *
 * Context: any.
 * Return: 0, or -ENODEV; then the queue has no reference.
 */
int vwl_out_submit(struct vwl_device *dev, struct vwl_command *cmd)
{
	unsigned long flags;
	int ret = -ENOSPC;

	kref_get(&cmd->ref);
	spin_lock_irqsave(&dev->out_lock, flags);
	if (dev->leaving) {
		ret = -ENODEV;
	} else {
		if (list_empty(&dev->waiting))
			ret = out_add(dev, cmd);
		if (ret == -ENOSPC) {
			list_add_tail(&cmd->link, &dev->waiting);
			ret = 0;
		} else if (ret) {
			ret = -ENODEV;
		} else {
			virtqueue_kick(dev->out_vq);
		}
		if (!ret)
			dev->in_flight++;
	}
	spin_unlock_irqrestore(&dev->out_lock, flags);

	if (ret)
		vwl_command_put(cmd);
	return ret;
}

/* The out queue's lock is held. What has no handler completes right here. */
static bool out_answered(struct vwl_device *dev, struct vwl_command *cmd)
{
	if (--dev->in_flight == 0 && dev->leaving)
		wake_up(&dev->idle);
	if (cmd->answer) {
		list_add_tail(&cmd->link, &dev->answered);
		return true;
	}
	vwl_command_finish(dev, cmd);
	return false;
}

/* Interrupt. */
static void out_ready(struct virtqueue *vq)
{
	struct vwl_device *dev = vq->vdev->priv;
	struct vwl_command *cmd, *next;
	unsigned long flags;
	bool kick = false, work = false;
	u32 len;
	int ret;

	spin_lock_irqsave(&dev->out_lock, flags);
	do {
		virtqueue_disable_cb(vq);
		while ((cmd = virtqueue_get_buf(vq, &len)))
			work |= out_answered(dev, cmd);
	} while (!virtqueue_is_broken(vq) && !virtqueue_enable_cb(vq));

	list_for_each_entry_safe(cmd, next, &dev->waiting, link) {
		ret = out_add(dev, cmd);
		if (ret == -ENOSPC)
			break;
		list_del(&cmd->link);
		if (ret) {
			cmd->error = -ENODEV;
			work |= out_answered(dev, cmd);
		} else {
			kick = true;
		}
	}
	if (kick)
		virtqueue_kick(vq);
	spin_unlock_irqrestore(&dev->out_lock, flags);

	if (work)
		vwl_device_kick(dev);
}

/**
 * vwl_work() - The work item; main.c says why in this order
 * @work: vwl_device.work, with a reference to the device
 */
void vwl_work(struct work_struct *work)
{
	struct vwl_device *dev = container_of(work, struct vwl_device, work);
	struct vwl_command *cmd, *next;
	LIST_HEAD(answered);

	spin_lock_irq(&dev->out_lock);
	list_splice_init(&dev->answered, &answered);
	spin_unlock_irq(&dev->out_lock);

	in_drain(dev);
	list_for_each_entry_safe(cmd, next, &answered, link)
		vwl_command_finish(dev, cmd);
	vwl_vfd_reap(dev);
	vwl_device_put(dev);
}

/**
 * vwl_queues_find() - Set up the queues
 * @dev: not ready yet
 *
 * Return: 0 or -errno.
 */
int vwl_queues_find(struct vwl_device *dev)
{
	struct virtqueue_info infos[VIRTIO_WL_QUEUE_COUNT] = {
		[VIRTIO_WL_QUEUE_IN] = { "in", in_ready },
		[VIRTIO_WL_QUEUE_OUT] = { "out", out_ready },
	};
	struct virtqueue *vqs[VIRTIO_WL_QUEUE_COUNT];
	int ret;

	dev->vdev->priv = dev;
	ret = virtio_find_vqs(dev->vdev, VIRTIO_WL_QUEUE_COUNT, vqs, infos,
			      NULL);
	if (ret)
		return ret;
	dev->in_vq = vqs[VIRTIO_WL_QUEUE_IN];
	dev->out_vq = vqs[VIRTIO_WL_QUEUE_OUT];
	dev->in_target = min(virtqueue_get_vring_size(dev->in_vq), IN_BUFFERS);
	return 0;
}

/**
 * vwl_queues_start() - Give the device its buffers
 * @dev: ready
 */
void vwl_queues_start(struct vwl_device *dev)
{
	unsigned long flags;

	while (vwl_in_replace(dev))
		;
	spin_lock_irqsave(&dev->in_lock, flags);
	virtqueue_kick(dev->in_vq);
	spin_unlock_irqrestore(&dev->in_lock, flags);
}

static bool out_idle(struct vwl_device *dev)
{
	bool idle;

	spin_lock_irq(&dev->out_lock);
	idle = dev->in_flight == 0;
	spin_unlock_irq(&dev->out_lock);
	return idle;
}

/**
 * vwl_queues_settle() - Take no more commands, let the device answer the rest
 * @dev: about to be reset
 *
 * A courtesy to the hypervisor: while the device makes memory, a request to map
 * it is under way, and QEMU 11.1 does not survive a reset that overtakes one. A
 * device that does not answer cannot hold up its removal for more than a
 * second.
 */
void vwl_queues_settle(struct vwl_device *dev)
{
	spin_lock_irq(&dev->out_lock);
	dev->leaving = true;
	spin_unlock_irq(&dev->out_lock);
	wait_event_timeout(dev->idle, out_idle(dev), HZ);
}

/**
 * vwl_queues_stop() - Take everything back, answer every command with ENODEV
 * @dev: gone and reset; its work, where VFDs still die, leaves the queues alone
 */
void vwl_queues_stop(struct vwl_device *dev)
{
	struct vwl_command *cmd, *next;
	LIST_HEAD(cancelled);
	void *buf;

	if (dev->in_vq) {
		while ((buf = virtqueue_detach_unused_buf(dev->in_vq)))
			kfree(buf);
	}

	spin_lock_irq(&dev->out_lock);
	list_splice_init(&dev->answered, &cancelled);
	spin_unlock_irq(&dev->out_lock);
	list_for_each_entry_safe(cmd, next, &cancelled, link)
		vwl_command_finish(dev, cmd);

	if (dev->out_vq) {
		while ((cmd = virtqueue_detach_unused_buf(dev->out_vq))) {
			cmd->error = -ENODEV;
			vwl_command_finish(dev, cmd);
		}
	}
	INIT_LIST_HEAD(&cancelled);
	list_splice_init(&dev->waiting, &cancelled);
	list_for_each_entry_safe(cmd, next, &cancelled, link) {
		cmd->error = -ENODEV;
		vwl_command_finish(dev, cmd);
	}

	if (dev->in_vq)
		dev->vdev->config->del_vqs(dev->vdev);
	dev->in_vq = NULL;
	dev->out_vq = NULL;
}
