// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of memory VFDs.
 *
 * Theory of operation
 *
 * A page of the VFD is a page of the device's region 0: a frame number without
 * a struct page. Mappings are VM_MIXEDMAP and filled by faults, so that mapping
 * costs nothing in advance, mremap(2) may grow a mapping up to the VFD's size,
 * and a private one is copied on write. Beyond the size there is SIGBUS. (What
 * mremap(2) does not do is extend such a mapping where it lies: it moves it, or
 * fails with ENOMEM where it sees room behind it and was not told to move it.
 * Having struct pages would cure that, at 1/64 of the region in memory.)
 *
 * When the device goes, so does the region: the fault handler works under SRCU
 * and sees vwl_device.gone, and what was mapped before is zapped after the
 * grace period. Pages that a private mapping has copied are the program's own
 * and stay.
 *
 * read(2) and write(2) go through a bounce buffer, because a fault on the
 * program's side, taken under SRCU, could hold up the device's removal.
 */
#include <linux/fs.h>
#include <linux/falloc.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "vwl.h"

#define FAULT_AROUND	(16 * PAGE_SIZE)

static unsigned long vfd_page_count(const struct vwl_vfd *vfd)
{
	return PAGE_ALIGN((u64)vfd->size) >> PAGE_SHIFT;
}

/* Neighbours come along, as they would with a file in the page cache. */
static void fault_around(struct vm_fault *vmf, struct vwl_vfd *vfd,
			 unsigned long first_pfn)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = ALIGN_DOWN(vmf->address, FAULT_AROUND);
	unsigned long end = min(addr + FAULT_AROUND, vma->vm_end);
	unsigned long page;

	for (addr = max(addr, vma->vm_start); addr < end; addr += PAGE_SIZE) {
		page = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
		if (page >= vfd_page_count(vfd))
			break;
		if (addr == vmf->address)
			continue;
		if (vwl_insert_pfn(vma, addr, first_pfn + page) !=
		    VM_FAULT_NOPAGE)
			break;
	}
}

static vm_fault_t memory_fault(struct vm_fault *vmf)
{
	struct vwl_vfd *vfd = vmf->vma->vm_file->private_data;
	struct vwl_device *dev = vfd->dev;
	unsigned long first_pfn = PHYS_PFN(dev->shm_phys + vfd->offset);
	vm_fault_t ret = VM_FAULT_SIGBUS;
	int idx;

	if (vmf->pgoff >= vfd_page_count(vfd))
		return ret;
	idx = srcu_read_lock(&vwl_srcu);
	if (!READ_ONCE(dev->gone)) {
		ret = vwl_insert_pfn(vmf->vma, vmf->address,
				     first_pfn + vmf->pgoff);
		if (ret == VM_FAULT_NOPAGE)
			fault_around(vmf, vfd, first_pfn);
	}
	srcu_read_unlock(&vwl_srcu, idx);
	return ret;
}

static const struct vm_operations_struct memory_vm_ops = {
	.fault = memory_fault,
};

static int memory_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vwl_vfd *vfd = file->private_data;
	unsigned long pages = vfd_page_count(vfd);

	if (READ_ONCE(vfd->dev->gone))
		return -ENODEV;
	if (vma->vm_pgoff > pages || vma_pages(vma) > pages - vma->vm_pgoff)
		return -EINVAL;
	if (!PAGE_ALIGNED(vfd->dev->shm_phys + vfd->offset))
		return -EINVAL;
	vm_flags_set(vma, VM_MIXEDMAP | VM_DONTDUMP);
	vma->vm_ops = &memory_vm_ops;
	return 0;
}

/* Move @len bytes at @pos to or from @bounce. */
static int memory_copy(struct vwl_vfd *vfd, u64 pos, void *bounce, size_t len,
		       bool write)
{
	struct vwl_device *dev = vfd->dev;
	int ret = -ENODEV;
	int idx;

	idx = srcu_read_lock(&vwl_srcu);
	if (!READ_ONCE(dev->gone)) {
		void *at = dev->shm + vfd->offset + pos;

		if (write)
			memcpy(at, bounce, len);
		else
			memcpy(bounce, at, len);
		ret = 0;
	}
	srcu_read_unlock(&vwl_srcu, idx);
	return ret;
}

static ssize_t memory_rw(struct kiocb *iocb, struct iov_iter *iter, bool write)
{
	struct vwl_vfd *vfd = iocb->ki_filp->private_data;
	size_t done = 0, len, moved;
	u64 pos = iocb->ki_pos;
	void *bounce;
	int ret = 0;

	if (!iov_iter_count(iter))
		return 0;
	if (pos >= vfd->size)
		return write ? -ENOSPC : 0;
	bounce = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	while (!ret && iov_iter_count(iter) && pos < vfd->size) {
		len = min3((u64)iov_iter_count(iter), (u64)PAGE_SIZE,
			   vfd->size - pos);
		if (write) {
			moved = copy_from_iter(bounce, len, iter);
			ret = memory_copy(vfd, pos, bounce, moved, true);
		} else {
			moved = 0;
			ret = memory_copy(vfd, pos, bounce, len, false);
			if (!ret)
				moved = copy_to_iter(bounce, len, iter);
		}
		if (ret)
			break;
		done += moved;
		pos += moved;
		if (moved < len)
			ret = -EFAULT;
		if (fatal_signal_pending(current))
			ret = -EINTR;
	}
	kfree(bounce);
	iocb->ki_pos = pos;
	return done ?: ret;
}

static ssize_t memory_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return memory_rw(iocb, to, false);
}

static ssize_t memory_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return memory_rw(iocb, from, true);
}

/* Whole pages back to the host; they read as zeros afterwards. */
static long memory_fallocate(struct file *file, int mode, loff_t offset,
			     loff_t length)
{
	struct vwl_vfd *vfd = file->private_data;
	u64 size = PAGE_ALIGN((u64)vfd->size);
	struct virtio_wl_wire_trim *wire;
	struct vwl_command *cmd;
	int ret;

	if (mode != (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE) ||
	    !vwl_has(vfd->dev, VIRTIO_WL_F_MEMORY))
		return -EOPNOTSUPP;
	if (!PAGE_ALIGNED(offset) || !PAGE_ALIGNED(length))
		return -EINVAL;
	if (offset >= size)
		return 0;

	cmd = vwl_command_alloc(VIRTIO_WL_CMD_VFD_TRIM, sizeof(*wire),
				sizeof(struct virtio_wl_wire_hdr));
	if (!cmd)
		return -ENOMEM;
	wire = (struct virtio_wl_wire_trim *)cmd->request;
	wire->vfd_id = cpu_to_le32(vfd->id);
	wire->offset = cpu_to_le64(offset);
	wire->length = cpu_to_le64(min_t(u64, length, size - offset));
	ret = vwl_command_call(vfd->dev, cmd);
	vwl_command_put(cmd);
	return ret;
}

static int memory_release(struct inode *inode, struct file *file)
{
	vwl_vfd_put(file->private_data);
	return 0;
}

/**
 * vwl_memory_zap() - Take the pages out of every mapping
 * @vfd: of a device that is gone
 */
void vwl_memory_zap(struct vwl_vfd *vfd)
{
	struct inode *inode = READ_ONCE(vfd->inode);

	if (inode && (vfd->flags & VIRTIO_WL_VFD_MAP))
		unmap_mapping_range(inode->i_mapping, 0, 0, 0);
}

const struct file_operations vwl_memory_fops = {
	.owner = THIS_MODULE,
	.llseek = generic_file_llseek,
	.read_iter = memory_read_iter,
	.write_iter = memory_write_iter,
	.mmap = memory_mmap,
	.fallocate = memory_fallocate,
	.unlocked_ioctl = vwl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = memory_release,
};
