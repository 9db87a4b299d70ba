// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of connections, pipes and listeners; of snapshots, which are only
 * written; and of what could not cross, which is only closed.
 */
#include <linux/poll.h>
#include <linux/sched/signal.h>

#include "vwl.h"

/* No file here is FMODE_NOWAIT, so nobody asks for less than this. */
static bool must_not_wait(struct kiocb *iocb)
{
	return iocb->ki_filp->f_flags & O_NONBLOCK;
}

/* As read(2) on a socket: VFDs beside the bytes are closed. */
static ssize_t stream_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct vwl_vfd *vfd = iocb->ki_filp->private_data;
	struct vwl_recv recv = { .nonblock = must_not_wait(iocb) };

	return vwl_recv(vfd, to, &recv);
}

static ssize_t stream_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct vwl_vfd *vfd = iocb->ki_filp->private_data;
	struct vwl_send send = { .nonblock = must_not_wait(iocb) };
	ssize_t ret = vwl_send(vfd, from, &send);

	if (ret == -EPIPE)
		send_sig(SIGPIPE, current, 0);
	return ret;
}

/*
 * A direction that the VFD never had counts as over. So the end of a pipe is
 * HUP as it is on pipes, and that of a connection takes both directions.
 */
static __poll_t stream_poll(struct file *file, poll_table *wait)
{
	struct vwl_vfd *vfd = file->private_data;
	bool can_recv = vfd->flags & VIRTIO_WL_VFD_READ;
	bool can_send = vfd->flags & VIRTIO_WL_VFD_WRITE;
	__poll_t mask = 0;

	poll_wait(file, &vfd->wait, wait);

	spin_lock(&vfd->lock);
	if (can_recv && vfd->recv_ended)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (!list_empty(&vfd->bufs))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (can_send && vfd->send_ended && !can_recv)
		mask |= EPOLLERR;
	if (vfd->recv_ended && vfd->send_ended && can_recv)
		mask |= EPOLLHUP;
	if (vfd->error)
		mask |= EPOLLERR | EPOLLIN | EPOLLRDNORM;
	spin_unlock(&vfd->lock);

	if (can_send && vwl_send_ready(vfd))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (READ_ONCE(vfd->dev->gone))
		mask |= EPOLLERR | EPOLLHUP;
	return mask;
}

static int vfd_file_release(struct inode *inode, struct file *file)
{
	vwl_vfd_put(file->private_data);
	return 0;
}

const struct file_operations vwl_stream_fops = {
	.owner = THIS_MODULE,
	.read_iter = stream_read_iter,
	.write_iter = stream_write_iter,
	.poll = stream_poll,
	.unlocked_ioctl = vwl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = vfd_file_release,
};

const struct file_operations vwl_snapshot_fops = {
	.owner = THIS_MODULE,
	.write_iter = stream_write_iter,
	.poll = stream_poll,
	.unlocked_ioctl = vwl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = vfd_file_release,
};

const struct file_operations vwl_void_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = vwl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = vfd_file_release,
};
