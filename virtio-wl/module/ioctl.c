// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of a VFD, except for those that move messages.
 */
#include <linux/uaccess.h>

#include "vwl.h"

/*
 * No VFD of this driver is a dma-buf. Its memory is coherent; there is nothing
 * to do around an access, and programs of old go on if that succeeds.
 */
static long ioctl_dmabuf_sync(const struct vwl_vfd *vfd, const void __user *arg)
{
	struct virtwl_ioctl_dmabuf_sync sync;

	if (copy_from_user(&sync, arg, sizeof(sync)))
		return -EFAULT;
	if ((sync.flags & ~7U) || !(vfd->flags & VIRTIO_WL_VFD_MAP))
		return -EINVAL;
	return 0;
}

static long ioctl_shutdown(struct vwl_vfd *vfd, const void __user *arg)
{
	struct virtwl_ioctl_shutdown shutdown;

	if (copy_from_user(&shutdown, arg, sizeof(shutdown)))
		return -EFAULT;
	return vwl_vfd_shutdown(vfd, shutdown.how);
}

static long ioctl_peer(struct vwl_vfd *vfd, void __user *arg)
{
	struct virtwl_ioctl_peer peer;
	int ret = vwl_vfd_peer(vfd, &peer);

	if (ret)
		return ret;
	return copy_to_user(arg, &peer, sizeof(peer)) ? -EFAULT : 0;
}

/**
 * vwl_ioctl() - ioctl(2) on a VFD
 * @file: the VFD's
 * @cmd: VIRTWL_IOCTL_*
 * @arg: a pointer
 *
 * Return: 0, bytes or -errno.
 */
long vwl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vwl_vfd *vfd = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case VIRTWL_IOCTL_SEND:
		return vwl_ioctl_send(file, user);
	case VIRTWL_IOCTL_RECV:
		return vwl_ioctl_recv(file, user);
	case VIRTWL_IOCTL_DMABUF_SYNC:
		return ioctl_dmabuf_sync(vfd, user);
	case VIRTWL_IOCTL_SENDMSG:
		return vwl_ioctl_sendmsg(file, user);
	case VIRTWL_IOCTL_RECVMSG:
		return vwl_ioctl_recvmsg(file, user);
	case VIRTWL_IOCTL_SHUTDOWN:
		return ioctl_shutdown(vfd, user);
	case VIRTWL_IOCTL_PEER:
		return ioctl_peer(vfd, user);
	case VIRTWL_IOCTL_INFO:
		return vwl_info_copy(user, vfd->dev, vfd);
	default:
		return -ENOTTY;
	}
}
