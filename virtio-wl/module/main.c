// SPDX-License-Identifier: GPL-2.0-only
/*
 * Driver for the virtio-wl device: file descriptors that reach another VM.
 *
 * Theory of operation
 *
 * The device hands out virtual file descriptors (VFDs): connections, pipes,
 * memory, listeners. Each one that a program holds is a file of this module's
 * own little file system, so that it can be polled, mapped and passed on like
 * any other. protocols/virtio-wl.md is the wire format, protocols/virtwl.h what
 * programs see.
 *
 * A file of the module holds a VFD, a VFD holds the device; the device's memory
 * therefore outlives remove() for as long as anybody has a descriptor open.
 * What remove() takes away is the hardware: vwl_device.gone is set, commands in
 * flight are answered with ENODEV, readers and pollers are woken, mappings are
 * zapped, so that touching them is SIGBUS. Nothing waits for user space.
 *
 * Interrupts only complete commands whose submitter sleeps, and start the work
 * item; the rest happens there, in this order: take what the out queue has
 * answered, empty the in queue, run the answers' handlers, take dead VFDs apart.
 * The order is why an id can be used again as soon as its CLOSE is answered:
 * everything the device said about the old bearer was in the in queue before.
 */
#include <linux/module.h>
#include <linux/virtio_ids.h>

#include "vwl.h"

struct workqueue_struct *vwl_wq;
DEFINE_SRCU(vwl_srcu);

static const struct virtio_device_id vwl_ids[] = {
	{ VIRTIO_ID_WL, VIRTIO_DEV_ANY_ID },
	{ VIRTIO_ID_WL_OLD, VIRTIO_DEV_ANY_ID },
	{ 0 },
};
MODULE_DEVICE_TABLE(virtio, vwl_ids);

static const unsigned int vwl_features[] = {
	VIRTIO_WL_F_TRANS_FLAGS,
	VIRTIO_WL_F_USE_SHMEM,
	VIRTIO_WL_F_TRUE_FLAGS,
	VIRTIO_WL_F_SOCKETS,
	VIRTIO_WL_F_WINDOWS,
	VIRTIO_WL_F_HALF_CLOSE,
	VIRTIO_WL_F_LISTEN,
	VIRTIO_WL_F_PEER,
	VIRTIO_WL_F_MEMORY,
};

/*
 * Without USE_SHMEM a frame number would be anywhere in the guest's memory, and
 * without one of the two later dialects of flags there is no telling what a VFD
 * can do. No device is known that lacks them and reaches a stock VMM. What has
 * the old number and no USE_SHMEM is a video encoder.
 */
static int vwl_validate(struct virtio_device *vdev)
{
	unsigned int bit;

	if (!virtio_has_feature(vdev, VIRTIO_WL_F_USE_SHMEM)) {
		if (vdev->id.device == VIRTIO_ID_WL)
			dev_err(&vdev->dev, "USE_SHMEM is not offered\n");
		return -ENODEV;
	}
	if (!virtio_has_feature(vdev, VIRTIO_WL_F_TRUE_FLAGS)) {
		if (!virtio_has_feature(vdev, VIRTIO_WL_F_TRANS_FLAGS)) {
			dev_err(&vdev->dev, "unknown dialect of VFD flags\n");
			return -ENODEV;
		}
		for (bit = VIRTIO_WL_F_SOCKETS; bit <= VIRTIO_WL_F_MEMORY;
		     bit++)
			__virtio_clear_bit(vdev, bit);
	}
	if (!virtio_has_feature(vdev, VIRTIO_WL_F_SOCKETS) ||
	    !virtio_has_feature(vdev, VIRTIO_WL_F_WINDOWS))
		__virtio_clear_bit(vdev, VIRTIO_WL_F_LISTEN);
	return 0;
}

static int vwl_probe(struct virtio_device *vdev)
{
	struct vwl_device *dev;
	int ret;

	dev = vwl_device_create(vdev);
	if (IS_ERR(dev))
		return PTR_ERR(dev);

	ret = vwl_queues_find(dev);
	if (ret)
		goto err_lost;

	virtio_device_ready(vdev);
	vwl_queues_start(dev);

	ret = vwl_node_register(dev);
	if (ret)
		goto err_lost;

	dev_info(&vdev->dev, "%s, features %#llx, %llu MiB\n", dev->name,
		 dev->features & GENMASK_ULL(23, 0), dev->shm_size >> 20);
	return 0;

err_lost:
	vwl_device_lost(dev);
	vwl_device_put(dev);
	return ret;
}

static void vwl_remove(struct virtio_device *vdev)
{
	struct vwl_device *dev = vdev->priv;

	vwl_node_unregister(dev);
	vwl_device_lost(dev);
	vwl_device_put(dev);
}

static struct virtio_driver vwl_driver = {
	.driver.name = KBUILD_MODNAME,
	.id_table = vwl_ids,
	.feature_table = vwl_features,
	.feature_table_size = ARRAY_SIZE(vwl_features),
	.validate = vwl_validate,
	.probe = vwl_probe,
	.remove = vwl_remove,
};

static int __init vwl_init(void)
{
	int ret;

	vwl_wq = alloc_workqueue("virtio_wl", WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!vwl_wq)
		return -ENOMEM;

	ret = vwl_file_init();
	if (ret)
		goto err_wq;

	ret = register_virtio_driver(&vwl_driver);
	if (ret)
		goto err_file;
	return 0;

err_file:
	vwl_file_exit();
err_wq:
	destroy_workqueue(vwl_wq);
	return ret;
}
module_init(vwl_init);

/* No file is open here: each holds the module. Dead VFDs may still be queued. */
static void __exit vwl_exit(void)
{
	unregister_virtio_driver(&vwl_driver);
	destroy_workqueue(vwl_wq);
	vwl_file_exit();
}
module_exit(vwl_exit);

MODULE_DESCRIPTION("virtio-wl: file descriptors between virtual machines");
MODULE_AUTHOR("The wlbridge authors");
MODULE_LICENSE("GPL");
