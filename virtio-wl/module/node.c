// SPDX-License-Identifier: GPL-2.0-only
/*
 * The node, /dev/wlN: where programs ask for VFDs.
 */
#include <linux/file.h>
#include <linux/uaccess.h>

#include "vwl.h"

static DEFINE_IDA(node_numbers);

/* What programs of old passed: everything up to and with the size. */
#define NEW_SIZE_MIN	(offsetof(struct virtwl_ioctl_new, size) + sizeof(u32))

static struct vwl_vfd *new_memory(struct vwl_device *dev,
				  const struct virtwl_ioctl_new *new)
{
	u64 size = PAGE_ALIGN((u64)new->size);

	if (!size || size > U32_MAX)
		return ERR_PTR(-EINVAL);
	return vwl_vfd_new(dev, VIRTIO_WL_CMD_VFD_NEW, 0, size, NULL);
}

static struct vwl_vfd *new_pipe(struct vwl_device *dev, u32 flags)
{
	return vwl_vfd_new(dev, VIRTIO_WL_CMD_VFD_NEW_PIPE, flags, 0, NULL);
}

static struct vwl_vfd *new_vfd(struct vwl_device *dev,
			       const struct virtwl_ioctl_new *new)
{
	const u32 both = VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE;

	switch (new->type) {
	case VIRTWL_IOCTL_NEW_CTX:
		return vwl_vfd_new(dev, VIRTIO_WL_CMD_VFD_NEW_CTX, both, 0,
				   NULL);
	case VIRTWL_IOCTL_NEW_CTX_NAMED:
		return vwl_vfd_new(dev, VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED, both,
				   0, new->name);
	case VIRTWL_IOCTL_NEW_ALLOC:
		return new_memory(dev, new);
	case VIRTWL_IOCTL_NEW_PIPE_READ:
		return new_pipe(dev, VIRTIO_WL_VFD_READ);
	case VIRTWL_IOCTL_NEW_PIPE_WRITE:
		return new_pipe(dev, VIRTIO_WL_VFD_WRITE);
	case VIRTWL_IOCTL_NEW_DMABUF:
		return ERR_PTR(-ENOTTY);
	case VIRTWL_IOCTL_NEW_LISTENER:
		if (!vwl_has(dev, VIRTIO_WL_F_LISTEN))
			return ERR_PTR(-EOPNOTSUPP);
		return vwl_vfd_new(dev, VIRTIO_WL_CMD_VFD_NEW_LISTENER, 0, 0,
				   new->name);
	case VIRTWL_IOCTL_NEW_SNAPSHOT:
		if (!vwl_has(dev, VIRTIO_WL_F_MEMORY))
			return ERR_PTR(-EOPNOTSUPP);
		return vwl_vfd_new(dev, VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, 0,
				   new->size, NULL);
	case VIRTWL_IOCTL_NEW_SOCKETPAIR:
		if (!vwl_has(dev, VIRTIO_WL_F_SOCKETS))
			return ERR_PTR(-EOPNOTSUPP);
		return new_pipe(dev, both);
	default:
		return ERR_PTR(-EINVAL);
	}
}

/* The structure grew over the years; @size is what this caller knows of it. */
static long ioctl_new(struct vwl_device *dev, void __user *arg, size_t size)
{
	struct virtwl_ioctl_new new = { 0 };
	struct vwl_vfd *vfd;
	struct file *file;
	int fd;

	size = min(size, sizeof(new));
	if (size < NEW_SIZE_MIN)
		return -EINVAL;
	if (copy_from_user(&new, arg, size))
		return -EFAULT;

	/* First what fails without a trace on the host. */
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	vfd = new_vfd(dev, &new);
	if (IS_ERR(vfd)) {
		put_unused_fd(fd);
		return PTR_ERR(vfd);
	}
	file = vwl_file_create(vfd);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	new.fd = fd;
	if (copy_to_user(arg, &new, size)) {
		put_unused_fd(fd);
		fput(file);
		return -EFAULT;
	}
	fd_install(fd, file);
	return 0;
}

/**
 * vwl_info_copy() - VIRTWL_IOCTL_INFO
 * @arg: the caller's structure
 * @dev: what it can do
 * @vfd: what it is, or NULL for the node
 *
 * Return: 0 or -errno.
 */
int vwl_info_copy(void __user *arg, const struct vwl_device *dev,
		  const struct vwl_vfd *vfd)
{
	struct virtwl_ioctl_info info = { .features = dev->features };

	if (vfd) {
		info.vfd_flags = vfd->flags;
		info.vfd_id = vfd->id;
		info.size = vfd->size;
	}
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long node_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vwl_device *dev = file->private_data;
	void __user *user = (void __user *)arg;

	if (cmd == VIRTWL_IOCTL_INFO)
		return vwl_info_copy(user, dev, NULL);
	if (_IOC_TYPE(cmd) == VIRTWL_IOCTL_BASE &&
	    _IOC_NR(cmd) == _IOC_NR(VIRTWL_IOCTL_NEW))
		return ioctl_new(dev, user, _IOC_SIZE(cmd));
	return -ENOTTY;
}

static int node_open(struct inode *inode, struct file *file)
{
	struct vwl_device *dev = container_of(file->private_data,
					      struct vwl_device, misc);

	kref_get(&dev->ref);
	file->private_data = dev;
	return 0;
}

static int node_release(struct inode *inode, struct file *file)
{
	vwl_device_put(file->private_data);
	return 0;
}

static const struct file_operations node_fops = {
	.owner = THIS_MODULE,
	.open = node_open,
	.release = node_release,
	.unlocked_ioctl = node_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * vwl_node_register() - Make the node
 * @dev: ready for commands
 *
 * Who may use it is for udev to say (60-virtio-wl.rules); until then, root.
 *
 * Return: 0 or -errno.
 */
int vwl_node_register(struct vwl_device *dev)
{
	int number = ida_alloc(&node_numbers, GFP_KERNEL);
	int ret;

	if (number < 0)
		return number;
	snprintf(dev->name, sizeof(dev->name), "wl%d", number);
	dev->misc.minor = MISC_DYNAMIC_MINOR;
	dev->misc.name = dev->name;
	dev->misc.fops = &node_fops;
	dev->misc.parent = &dev->vdev->dev;
	dev->misc.mode = 0660;
	ret = misc_register(&dev->misc);
	if (ret) {
		ida_free(&node_numbers, number);
		return ret;
	}
	dev->number = number;
	return 0;
}

/**
 * vwl_node_unregister() - Take the node away; who has it open keeps it
 * @dev: still ready
 */
void vwl_node_unregister(struct vwl_device *dev)
{
	misc_deregister(&dev->misc);
	ida_free(&node_numbers, dev->number);
}
