/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the module share.
 *
 * Locks, outermost first: vwl_vfd.recv_mutex, vwl_vfd.lock, then either of
 * vwl_device.in_lock and vwl_device.out_lock. The latter two are taken in
 * interrupts; everything else runs in process context. vwl_device.gone is SRCU.
 */
#ifndef VWL_H
#define VWL_H

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/uio.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "virtio-wl.h"
#include "virtwl.h"

/**
 * struct vwl_device - one virtio-wl device, from probe until its last user
 * @ref: held by the driver, by open nodes and by every VFD
 * @vdev: the virtio device; only for those who know that remove() waits
 * @misc: the node
 * @number: the N of /dev/wlN
 * @name: wlN
 * @features: negotiated feature bits
 * @shm_phys: where region 0 is in physical memory
 * @shm_size: its size in bytes
 * @shm: the same, mapped write-back
 * @gone: set once when the device is lost; read under vwl_srcu by those who
 *	touch the region, and under a queue's lock by those who touch the queue
 * @work: everything that follows from an interrupt and needs to sleep
 * @in_lock: guards the in queue and the fields up to @in_target
 * @in_vq: device to driver
 * @in_posted: buffers the device may fill
 * @in_target: how many there should be
 * @in_queued: bytes of buffers that wait in VFDs' queues
 * @out_lock: guards the out queue and the fields up to @answered
 * @out_vq: driver to device
 * @leaving: remove() has begun, and no more commands are taken
 * @in_flight: commands that wait for room or for their answer
 * @idle: woken when there are none
 * @waiting: commands the queue had no room for, oldest first
 * @answered: commands whose handler @work has to run
 * @vfds: id to vwl_vfd; holds no reference except for announced ones
 * @ids: ids of this driver's VFDs, in use until their CLOSE is answered
 * @dying: VFDs without references, for @work to take apart
 */
struct vwl_device {
	struct kref ref;
	struct virtio_device *vdev;
	struct miscdevice misc;
	int number;
	char name[16];
	u64 features;
	phys_addr_t shm_phys;
	u64 shm_size;
	void *shm;
	bool gone;
	struct work_struct work;

	spinlock_t in_lock;	/* the in queue */
	struct virtqueue *in_vq;
	unsigned int in_posted;
	unsigned int in_target;
	atomic_long_t in_queued;

	spinlock_t out_lock;	/* the out queue */
	struct virtqueue *out_vq;
	bool leaving;
	unsigned int in_flight;
	wait_queue_head_t idle;
	struct list_head waiting;
	struct list_head answered;

	struct xarray vfds;
	struct ida ids;
	struct llist_head dying;
};

/**
 * struct vwl_buf - bytes from the device, and the VFDs beside them
 * @link: in vwl_vfd.bufs
 * @room: how many @bytes there are
 * @off: where the unread bytes begin
 * @len: where they end
 * @vfd_count: VFDs in @vfds, each with a reference
 * @vfds: NULL or an array of them
 * @in: made for the in queue, and goes back there
 * @bytes: what the device wrote, or a copy of its data
 */
struct vwl_buf {
	struct list_head link;
	u32 room;
	u32 off;
	u32 len;
	u32 vfd_count;
	struct vwl_vfd **vfds;
	bool in;
	u8 bytes[];
};

/**
 * struct vwl_vfd - a virtual file descriptor
 * @ref: held by its file, by a message that carries it, by a command about it
 * @dev: held
 * @id: on the wire
 * @flags: VIRTIO_WL_VFD_*, whatever the device's dialect
 * @offset: of its memory in region 0, bytes
 * @size: of its memory, bytes
 * @snapshot: memory on the host, written in order and never mapped
 * @live: the device knows it, so it must be told of the end
 * @announced: came with VFD_NEW and waits for the message that carries it
 * @inode: of its file once there is one
 * @close: the command that ends it, made early so that the end cannot fail
 * @dying: in vwl_device.dying
 * @wait: whoever waits for the fields below
 * @recv_mutex: serialises readers
 * @lock: guards the rest
 * @bufs: of vwl_buf, oldest first
 * @recv_ended: no more will come
 * @send_ended: no more can go
 * @error: -errno for readers once @bufs is empty, or 0
 * @credit: what may still be sent
 * @debt: what the device sent and has no credit for
 * @owed: the part of @debt that the program has read
 */
struct vwl_vfd {
	struct kref ref;
	struct vwl_device *dev;
	u32 id;
	u32 flags;
	u64 offset;
	u32 size;
	bool snapshot;
	bool live;
	bool announced;
	struct inode *inode;
	struct vwl_command *close;
	struct llist_node dying;

	wait_queue_head_t wait;
	struct mutex recv_mutex;	/* one reader */
	spinlock_t lock;	/* what follows */
	struct list_head bufs;
	bool recv_ended;
	bool send_ended;
	int error;
	u32 credit;
	u32 debt;
	u32 owed;
};

/**
 * struct vwl_command - one element of the out queue
 * @ref: one for the submitter, one for the queue
 * @link: in vwl_device.waiting or .answered
 * @answer: runs in vwl_device.work when the answer is there (or will never
 *	be: @error), before waiters see it; NULL where nobody needs it
 * @vfd: what it is about; a reference, or NULL. Needs @answer
 * @id: for @answer, where @vfd is no more
 * @done: completed when the answer is there
 * @error: -errno when there will be no answer
 * @response: what the device wrote
 * @response_size: how much it may write
 * @request_size: bytes of @request
 * @request: what the device reads
 */
struct vwl_command {
	struct kref ref;
	struct list_head link;
	void (*answer)(struct vwl_device *dev, struct vwl_command *cmd);
	struct vwl_vfd *vfd;
	u32 id;
	struct completion done;
	int error;
	union {
		struct virtio_wl_wire_hdr hdr;
		struct virtio_wl_wire_new new;
		struct virtio_wl_wire_peer_resp peer;
	} response;
	u32 response_size;
	u32 request_size;
	u8 request[] __aligned(8);
};

/* A whole command with its data stays one allocation of 32 KiB. */
#define VWL_SEND_PIECE		(32768 - 1024)

/**
 * struct vwl_recv - what a reader asks for, and what else it gets
 * @nonblock: do not wait
 * @peek: leave everything where it is, VFDs too
 * @vfd_room: how many VFDs the caller takes
 * @truncated: out: there were more; they are closed
 * @vfd_count: out: VFDs in @vfds
 * @vfds: out: references, the caller's
 */
struct vwl_recv {
	bool nonblock;
	bool peek;
	bool truncated;
	u32 vfd_room;
	u32 vfd_count;
	struct vwl_vfd *vfds[VIRTIO_WL_VFDS_MAX];
};

/**
 * struct vwl_send - what goes beside the bytes
 * @nonblock: do not wait for credit
 * @whole: all bytes or none
 * @id_count: VFDs in @ids
 * @ids: the VFDs; the caller keeps them alive
 */
struct vwl_send {
	bool nonblock;
	bool whole;
	u32 id_count;
	u32 ids[VIRTIO_WL_VFDS_MAX];
};

extern struct workqueue_struct *vwl_wq;
extern struct srcu_struct vwl_srcu;

static inline bool vwl_has(const struct vwl_device *dev, unsigned int bit)
{
	return dev->features & BIT_ULL(bit);
}

/* device.c */
struct vwl_device *vwl_device_create(struct virtio_device *vdev);
void vwl_device_lost(struct vwl_device *dev);
void vwl_device_put(struct vwl_device *dev);
void vwl_device_kick(struct vwl_device *dev);

/* queues.c */
int vwl_queues_find(struct vwl_device *dev);
void vwl_queues_start(struct vwl_device *dev);
void vwl_queues_settle(struct vwl_device *dev);
void vwl_queues_stop(struct vwl_device *dev);
void vwl_work(struct work_struct *work);
int vwl_out_submit(struct vwl_device *dev, struct vwl_command *cmd);
bool vwl_in_held_back(struct vwl_device *dev);
bool vwl_in_replace(struct vwl_device *dev);
struct vwl_buf *vwl_buf_alloc(size_t room);
void vwl_buf_free(struct vwl_device *dev, struct vwl_buf *buf);

/* command.c */
struct vwl_command *vwl_command_alloc(u32 type, size_t request_size,
				      size_t response_size);
void vwl_command_put(struct vwl_command *cmd);
void vwl_command_finish(struct vwl_device *dev, struct vwl_command *cmd);
void vwl_command_post(struct vwl_device *dev, struct vwl_command *cmd);
int vwl_command_call(struct vwl_device *dev, struct vwl_command *cmd);

/* inbound.c */
bool vwl_inbound(struct vwl_device *dev, struct vwl_buf *buf, u32 len);

/* vfd.c */
struct vwl_vfd *vwl_vfd_new(struct vwl_device *dev, u32 type, u32 flags,
			    u32 size, const char *name);
int vwl_vfd_announce(struct vwl_device *dev,
		     const struct virtio_wl_wire_new *wire);
struct vwl_vfd *vwl_vfd_find(struct vwl_device *dev, u32 id);
struct vwl_vfd *vwl_vfd_claim(struct vwl_device *dev, u32 id);
void vwl_vfd_put(struct vwl_vfd *vfd);
void vwl_vfd_reap(struct vwl_device *dev);
struct vwl_vfd *vwl_vfd_next(struct vwl_device *dev, unsigned long *id);
void vwl_vfd_end(struct vwl_vfd *vfd, u32 how);
void vwl_vfd_lost(struct vwl_vfd *vfd);
int vwl_vfd_shutdown(struct vwl_vfd *vfd, u32 how);
int vwl_vfd_peer(struct vwl_vfd *vfd, struct virtwl_ioctl_peer *ret_peer);

/* recv.c */
ssize_t vwl_recv(struct vwl_vfd *vfd, struct iov_iter *to,
		 struct vwl_recv *recv);
void vwl_recv_drop(struct vwl_vfd *vfd);

/* send.c */
ssize_t vwl_send(struct vwl_vfd *vfd, struct iov_iter *from,
		 const struct vwl_send *send);
bool vwl_send_ready(struct vwl_vfd *vfd);
void vwl_send_credit(struct vwl_vfd *vfd, u32 credit);

/* stream.c, memory.c */
extern const struct file_operations vwl_stream_fops;
extern const struct file_operations vwl_snapshot_fops;
extern const struct file_operations vwl_void_fops;
extern const struct file_operations vwl_memory_fops;
void vwl_memory_zap(struct vwl_vfd *vfd);

/* file.c */
int vwl_file_init(void);
void vwl_file_exit(void);
struct file *vwl_file_create(struct vwl_vfd *take_vfd);
struct vwl_vfd *vwl_file_vfd(struct file *file);

/* ioctl.c, message.c */
long vwl_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
long vwl_ioctl_sendmsg(struct file *file, struct virtwl_ioctl_msg __user *msg);
long vwl_ioctl_recvmsg(struct file *file, struct virtwl_ioctl_msg __user *msg);
long vwl_ioctl_send(struct file *file, struct virtwl_ioctl_txn __user *txn);
long vwl_ioctl_recv(struct file *file, struct virtwl_ioctl_txn __user *txn);

/* node.c */
int vwl_node_register(struct vwl_device *dev);
void vwl_node_unregister(struct vwl_device *dev);
int vwl_info_copy(void __user *arg, const struct vwl_device *dev,
		  const struct vwl_vfd *vfd);

#endif
