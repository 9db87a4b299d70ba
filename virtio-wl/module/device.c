// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device object: made by probe, lost by remove, freed by its last user.
 */
#include <linux/io.h>
#include <linux/slab.h>

#include "vwl.h"

/**
 * vwl_device_create() - Make the object of a device and map its region
 * @vdev: with negotiated features
 *
 * The mapping is made for its side effect as well: on x86 it reserves the whole
 * region as write-back, and vmf_insert_mixed() gives a page the type that was
 * reserved for it. Unreserved it would be uncached, wherever the hypervisor
 * honours a guest's types.
 *
 * Return: the device, with one reference, or an error pointer.
 */
struct vwl_device *vwl_device_create(struct virtio_device *vdev)
{
	struct virtio_shm_region region;
	struct vwl_device *dev;

	if (!virtio_get_shm_region(vdev, &region, VIRTIO_WL_SHMEM_ID)) {
		dev_err(&vdev->dev, "the device has no shared memory region\n");
		return ERR_PTR(-ENODEV);
	}

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->shm = memremap(region.addr, region.len, MEMREMAP_WB);
	if (!dev->shm) {
		kfree(dev);
		return ERR_PTR(-ENOMEM);
	}

	kref_init(&dev->ref);
	dev->vdev = vdev;
	dev->number = -1;
	dev->features = vdev->features;
	dev->shm_phys = region.addr;
	dev->shm_size = region.len;
	INIT_WORK(&dev->work, vwl_work);
	spin_lock_init(&dev->in_lock);
	atomic_long_set(&dev->in_queued, 0);
	spin_lock_init(&dev->out_lock);
	init_waitqueue_head(&dev->idle);
	INIT_LIST_HEAD(&dev->waiting);
	INIT_LIST_HEAD(&dev->answered);
	xa_init(&dev->vfds);
	ida_init(&dev->ids);
	init_llist_head(&dev->dying);
	return dev;
}

static void device_release(struct kref *ref)
{
	struct vwl_device *dev = container_of(ref, struct vwl_device, ref);

	xa_destroy(&dev->vfds);
	ida_destroy(&dev->ids);
	kfree(dev);
}

/**
 * vwl_device_put() - Give up a reference
 * @dev: not to be touched afterwards
 */
void vwl_device_put(struct vwl_device *dev)
{
	kref_put(&dev->ref, device_release);
}

/**
 * vwl_device_kick() - Have the work item run (again)
 * @dev: the work holds a reference of its own while it is queued
 *
 * Context: any.
 */
void vwl_device_kick(struct vwl_device *dev)
{
	kref_get(&dev->ref);
	if (!queue_work(vwl_wq, &dev->work))
		vwl_device_put(dev);
}

/**
 * vwl_device_lost() - Let go of the hardware
 * @dev: every use of it afterwards fails with ENODEV, or SIGBUS
 *
 * Context: probe or remove; may sleep, never for user space and not for long.
 */
void vwl_device_lost(struct vwl_device *dev)
{
	struct vwl_vfd *vfd;
	unsigned long id = 0;

	vwl_queues_settle(dev);
	spin_lock_irq(&dev->in_lock);
	spin_lock(&dev->out_lock);
	WRITE_ONCE(dev->gone, true);
	spin_unlock(&dev->out_lock);
	spin_unlock_irq(&dev->in_lock);

	virtio_reset_device(dev->vdev);
	if (cancel_work_sync(&dev->work))
		vwl_device_put(dev);
	vwl_queues_stop(dev);

	/* From here on nobody is in the region, but for the mappings. */
	synchronize_srcu(&vwl_srcu);
	while ((vfd = vwl_vfd_next(dev, &id))) {
		vwl_memory_zap(vfd);
		vwl_vfd_lost(vfd);
		vwl_vfd_put(vfd);
		id++;
	}
	memunmap(dev->shm);
	dev->shm = NULL;
	dev->vdev = NULL;

	/* What the cancelled work would have done. */
	vwl_device_kick(dev);
}
