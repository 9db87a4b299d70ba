// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFDs as files, on a small file system of their own.
 *
 * Each has an inode of its own: fstat(2) and lseek(2) tell the size of memory,
 * and the inode's mapping is how the pages are found again when the device goes.
 * Memory is a regular file; a pipe is a FIFO. A connection says nothing of its
 * type: what says S_IFSOCK is taken for a struct socket all over the kernel.
 */
#include <linux/file.h>
#include <linux/fs_context.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

#include "vwl.h"

#define VWL_MAGIC	0x564d5746	/* "VMWF" */

static struct vfsmount *vwl_mnt;

static int vwl_fs_init(struct fs_context *fc)
{
	if (!init_pseudo(fc, VWL_MAGIC))
		return -ENOMEM;
	fc->s_iflags |= SB_I_NOEXEC | SB_I_NODEV;
	return 0;
}

/* No owner: our own mount would hold the module for ever. Open files do. */
static struct file_system_type vwl_fs = {
	.name = "virtio_wl",
	.init_fs_context = vwl_fs_init,
	.kill_sb = kill_anon_super,
};

/**
 * vwl_file_init() - Mount the file system, for ourselves
 *
 * Return: 0 or -errno.
 */
int __init vwl_file_init(void)
{
	vwl_mnt = kern_mount(&vwl_fs);
	return PTR_ERR_OR_ZERO(vwl_mnt);
}

/**
 * vwl_file_exit() - Unmount it; no file is open
 */
void vwl_file_exit(void)
{
	kern_unmount(vwl_mnt);
}

/* The size of memory is what the device says, so nobody may truncate it. */
static int vwl_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
		       struct iattr *attr)
{
	return -EPERM;
}

static const struct inode_operations vwl_iops = {
	.setattr = vwl_setattr,
};

static const struct file_operations *vfd_fops(const struct vwl_vfd *vfd)
{
	if (vfd->snapshot)
		return &vwl_snapshot_fops;
	if (vfd->flags & VIRTIO_WL_VFD_MAP)
		return &vwl_memory_fops;
	if (vfd->flags & (VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE))
		return &vwl_stream_fops;
	return &vwl_void_fops;
}

static umode_t vfd_type(const struct vwl_vfd *vfd)
{
	u32 directions = vfd->flags &
			 (VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE);

	if (vfd->snapshot || (vfd->flags & VIRTIO_WL_VFD_MAP))
		return S_IFREG;
	if ((directions == VIRTIO_WL_VFD_READ ||
	     directions == VIRTIO_WL_VFD_WRITE) &&
	    !(vfd->flags & (VIRTIO_WL_VFD_SOCKET | VIRTIO_WL_VFD_LISTEN)))
		return S_IFIFO;
	return 0;
}

static int vfd_access(const struct vwl_vfd *vfd)
{
	bool readable = vfd->flags & VIRTIO_WL_VFD_READ;
	bool writable = vfd->flags & VIRTIO_WL_VFD_WRITE;

	if (vfd->snapshot || (writable && !readable))
		return O_WRONLY;
	if (writable && !(vfd->flags & VIRTIO_WL_VFD_COPY))
		return O_RDWR;
	return O_RDONLY;
}

/**
 * vwl_file_create() - Open a VFD
 * @take_vfd: has no file yet; the reference is the file's, or gone on failure
 *
 * Return: the file or an error pointer.
 */
struct file *vwl_file_create(struct vwl_vfd *take_vfd)
{
	const struct file_operations *fops = vfd_fops(take_vfd);
	struct inode *inode;
	struct file *file;
	char name[24];

	inode = alloc_anon_inode(vwl_mnt->mnt_sb);
	if (IS_ERR(inode)) {
		vwl_vfd_put(take_vfd);
		return ERR_CAST(inode);
	}
	inode->i_ino = take_vfd->id;
	inode->i_mode = vfd_type(take_vfd) | 0600;
	inode->i_op = &vwl_iops;
	if (take_vfd->size)
		i_size_write(inode, take_vfd->size);

	/* The caller came through a file of this module's. */
	__module_get(fops->owner);
	snprintf(name, sizeof(name), "wl-vfd:%#x", take_vfd->id);
	file = alloc_file_pseudo(inode, vwl_mnt, name,
				 vfd_access(take_vfd) | O_LARGEFILE, fops);
	if (IS_ERR(file)) {
		module_put(fops->owner);
		iput(inode);
		vwl_vfd_put(take_vfd);
		return file;
	}
	file->private_data = take_vfd;
	ihold(inode);
	WRITE_ONCE(take_vfd->inode, inode);
	if (fops == &vwl_memory_fops)
		file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	else
		stream_open(inode, file);
	return file;
}

/**
 * vwl_file_vfd() - The VFD behind a file
 * @file: any file
 *
 * Return: borrowed from @file, or NULL if that is no VFD.
 */
struct vwl_vfd *vwl_file_vfd(struct file *file)
{
	if (file_inode(file)->i_sb != vwl_mnt->mnt_sb)
		return NULL;
	return file->private_data;
}
