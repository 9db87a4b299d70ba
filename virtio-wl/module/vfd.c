// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFDs: where they come from, how they are found, how they end.
 *
 * Theory of operation
 *
 * The device's table (vwl_device.vfds) finds a VFD by its id and holds no
 * reference; whoever looks one up takes one, if there still is one to take. The
 * exception is a VFD that the device announced and whose message has not come
 * yet: the table's reference passes to that message.
 *
 * The last reference may go anywhere, even deep inside another VFD's end (a
 * connection can lie unread in a connection, and so on, as deep as a peer
 * likes). So it only puts the VFD on a list; vwl_vfd_reap() works that list off
 * one by one. There the id leaves the table before CLOSE leaves for the device:
 * from then on an announcement may bring the device's id anew. An id of ours
 * stays taken until CLOSE is answered.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "vwl.h"

#define DIRECTIONS	(VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE)

static bool id_is_ours(u32 id)
{
	return id <= VIRTIO_WL_GUEST_ID_MAX;
}

/* CLOSE was answered, or needs no answer any more. */
static void close_answer(struct vwl_device *dev, struct vwl_command *cmd)
{
	if (id_is_ours(cmd->id))
		ida_free(&dev->ids, cmd->id);
}

static struct vwl_vfd *vfd_alloc(struct vwl_device *dev, u32 id)
{
	struct virtio_wl_wire_vfd *wire;
	struct vwl_vfd *vfd;

	vfd = kzalloc(sizeof(*vfd), GFP_KERNEL);
	if (!vfd)
		return NULL;
	vfd->close = vwl_command_alloc(VIRTIO_WL_CMD_VFD_CLOSE, sizeof(*wire),
				       sizeof(struct virtio_wl_wire_hdr));
	if (!vfd->close) {
		kfree(vfd);
		return NULL;
	}
	wire = (struct virtio_wl_wire_vfd *)vfd->close->request;
	wire->vfd_id = cpu_to_le32(id);
	vfd->close->id = id;
	vfd->close->answer = close_answer;

	kref_init(&vfd->ref);
	kref_get(&dev->ref);
	vfd->dev = dev;
	vfd->id = id;
	init_waitqueue_head(&vfd->wait);
	mutex_init(&vfd->recv_mutex);
	spin_lock_init(&vfd->lock);
	INIT_LIST_HEAD(&vfd->bufs);
	vfd->credit = VIRTIO_WL_WINDOW;
	return vfd;
}

/*
 * Make one dialect of the device's two. @type is the command that made the VFD,
 * @asked the flags it asked for. Whatever claims to be memory outside the
 * region is of no use to anybody.
 */
static void vfd_describe(struct vwl_vfd *vfd, u32 type, u32 asked,
			 const struct virtio_wl_wire_new *wire)
{
	struct vwl_device *dev = vfd->dev;
	u32 flags = le32_to_cpu(wire->flags);
	u64 pfn = le64_to_cpu(wire->pfn);
	u32 size = le32_to_cpu(wire->size);
	u64 pages = PAGE_ALIGN((u64)size);
	u64 offset = pfn << VIRTIO_WL_PFN_SHIFT;
	bool inside = size && pfn <= dev->shm_size >> VIRTIO_WL_PFN_SHIFT &&
		      pages <= dev->shm_size - offset;

	if (!vwl_has(dev, VIRTIO_WL_F_TRUE_FLAGS)) {
		switch (type) {
		case VIRTIO_WL_CMD_VFD_NEW_CTX:
		case VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED:
			flags = DIRECTIONS | VIRTIO_WL_VFD_SOCKET;
			break;
		case VIRTIO_WL_CMD_VFD_NEW_PIPE:
			flags = asked & DIRECTIONS;
			break;
		default:
			flags &= DIRECTIONS;
			if (size)
				flags = DIRECTIONS | VIRTIO_WL_VFD_MAP;
			break;
		}
	}
	if ((flags & VIRTIO_WL_VFD_MAP) && !inside)
		flags = VIRTIO_WL_VFD_VOID;

	vfd->flags = flags;
	/* Its end may have come before the answer that describes it. */
	spin_lock(&vfd->lock);
	if (!(flags & VIRTIO_WL_VFD_READ))
		vfd->recv_ended = true;
	if (!(flags & VIRTIO_WL_VFD_WRITE))
		vfd->send_ended = true;
	spin_unlock(&vfd->lock);
	if (flags & VIRTIO_WL_VFD_MAP) {
		vfd->offset = offset;
		vfd->size = size;
	}
}

static void new_answer(struct vwl_device *dev, struct vwl_command *cmd)
{
	struct virtio_wl_wire_new *asked =
		(struct virtio_wl_wire_new *)cmd->request;

	if (cmd->error || cmd->response.hdr.type !=
			  cpu_to_le32(VIRTIO_WL_RESP_VFD_NEW))
		return;
	vfd_describe(cmd->vfd, le32_to_cpu(asked->hdr.type),
		     le32_to_cpu(asked->flags), &cmd->response.new);
	cmd->vfd->live = true;
}

/**
 * vwl_vfd_new() - Have the device make a VFD
 * @dev: the device
 * @type: VIRTIO_WL_CMD_VFD_NEW*
 * @flags: as the command wants them
 * @size: bytes, for memory
 * @name: VIRTIO_WL_NAME_MAX bytes, or NULL
 *
 * Return: the VFD with one reference, or an error pointer.
 */
struct vwl_vfd *vwl_vfd_new(struct vwl_device *dev, u32 type, u32 flags,
			    u32 size, const char *name)
{
	struct virtio_wl_wire_new *wire;
	struct vwl_command *cmd;
	struct vwl_vfd *vfd;
	int id, ret;

	/*
	 * What the caller has closed is closed first: it may hold the name or
	 * the last of the budget that this one needs.
	 */
	flush_work(&dev->work);
	id = ida_alloc_range(&dev->ids, 1, VIRTIO_WL_GUEST_ID_MAX, GFP_KERNEL);
	if (id < 0)
		return ERR_PTR(id);
	vfd = vfd_alloc(dev, id);
	if (!vfd) {
		ida_free(&dev->ids, id);
		return ERR_PTR(-ENOMEM);
	}
	/* From here on the end of the VFD frees the id as well. */
	if (type == VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT) {
		vfd->snapshot = true;
		vfd->size = size;
	}
	ret = xa_err(xa_store(&dev->vfds, id, vfd, GFP_KERNEL));
	if (ret)
		goto err_vfd;

	ret = -ENOMEM;
	cmd = vwl_command_alloc(type, sizeof(*wire), sizeof(*wire));
	if (!cmd)
		goto err_vfd;
	wire = (struct virtio_wl_wire_new *)cmd->request;
	wire->vfd_id = cpu_to_le32(id);
	wire->flags = cpu_to_le32(flags);
	wire->size = cpu_to_le32(size);
	if (name)
		memcpy(wire->name, name, VIRTIO_WL_NAME_MAX);
	kref_get(&vfd->ref);
	cmd->vfd = vfd;
	cmd->answer = new_answer;
	ret = vwl_command_call(dev, cmd);
	vwl_command_put(cmd);
	if (!ret && !vfd->live)
		ret = -EPROTO;
	if (!ret)
		return vfd;

err_vfd:
	vwl_vfd_put(vfd);
	return ERR_PTR(ret);
}

/**
 * vwl_vfd_announce() - Note a VFD that the device made
 * @dev: the device
 * @wire: what it said
 *
 * Context: the work item.
 * Return: 0 or -errno.
 */
int vwl_vfd_announce(struct vwl_device *dev,
		     const struct virtio_wl_wire_new *wire)
{
	u32 id = le32_to_cpu(wire->vfd_id);
	struct vwl_vfd *vfd;
	int ret;

	if (id < VIRTIO_WL_HOST_ID_MIN || id > VIRTIO_WL_HOST_ID_MAX)
		return -EPROTO;
	vfd = vfd_alloc(dev, id);
	if (!vfd)
		return -ENOMEM;
	vfd_describe(vfd, VIRTIO_WL_CMD_VFD_NEW, 0, wire);
	vfd->announced = true;
	ret = xa_insert(&dev->vfds, id, vfd, GFP_KERNEL);
	if (ret) {
		/* -EBUSY: the id is another's, so there is none to close. */
		vfd->live = ret != -EBUSY;
		vwl_vfd_put(vfd);
		return ret;
	}
	vfd->live = true;
	return 0;
}

/**
 * vwl_vfd_find() - Look a VFD up
 * @dev: the device
 * @id: on the wire
 *
 * Return: a reference, or NULL.
 */
struct vwl_vfd *vwl_vfd_find(struct vwl_device *dev, u32 id)
{
	struct vwl_vfd *vfd;

	xa_lock(&dev->vfds);
	vfd = xa_load(&dev->vfds, id);
	if (vfd && !kref_get_unless_zero(&vfd->ref))
		vfd = NULL;
	xa_unlock(&dev->vfds);
	return vfd;
}

/**
 * vwl_vfd_next() - Walk all VFDs that still have a user
 * @dev: the device
 * @id: where to begin; out: where the VFD was found
 *
 * Return: a reference, or NULL at the end.
 */
struct vwl_vfd *vwl_vfd_next(struct vwl_device *dev, unsigned long *id)
{
	struct vwl_vfd *vfd;

	xa_lock(&dev->vfds);
	vfd = xa_find(&dev->vfds, id, ULONG_MAX, XA_PRESENT);
	while (vfd && !kref_get_unless_zero(&vfd->ref))
		vfd = xa_find_after(&dev->vfds, id, ULONG_MAX, XA_PRESENT);
	xa_unlock(&dev->vfds);
	return vfd;
}

/**
 * vwl_vfd_claim() - The message that carries an announced VFD is here
 * @dev: the device
 * @id: which the message names
 *
 * Context: the work item.
 * Return: the table's reference, or NULL if no such VFD was waiting.
 */
struct vwl_vfd *vwl_vfd_claim(struct vwl_device *dev, u32 id)
{
	struct vwl_vfd *vfd;

	xa_lock(&dev->vfds);
	vfd = xa_load(&dev->vfds, id);
	if (vfd && !vfd->announced)
		vfd = NULL;
	if (vfd)
		vfd->announced = false;
	xa_unlock(&dev->vfds);
	return vfd;
}

static void vfd_release(struct kref *ref)
{
	struct vwl_vfd *vfd = container_of(ref, struct vwl_vfd, ref);
	struct vwl_device *dev = vfd->dev;

	/* Once listed it is the work's, which may run already and free it. */
	kref_get(&dev->ref);
	llist_add(&vfd->dying, &dev->dying);
	vwl_device_kick(dev);
	vwl_device_put(dev);
}

/**
 * vwl_vfd_put() - Give up a reference
 * @vfd: not to be touched afterwards
 *
 * Context: any.
 */
void vwl_vfd_put(struct vwl_vfd *vfd)
{
	kref_put(&vfd->ref, vfd_release);
}

static void vfd_destroy(struct vwl_vfd *vfd)
{
	struct vwl_device *dev = vfd->dev;

	xa_cmpxchg(&dev->vfds, vfd->id, vfd, NULL, GFP_KERNEL);
	vwl_recv_drop(vfd);
	if (vfd->live) {
		vwl_command_post(dev, vfd->close);
	} else {
		close_answer(dev, vfd->close);
		vwl_command_put(vfd->close);
	}
	if (vfd->inode)
		iput(vfd->inode);
	kfree(vfd);
	vwl_device_put(dev);
}

/**
 * vwl_vfd_reap() - Take dead VFDs apart, until there are none
 * @dev: the device, held by the caller
 *
 * Context: the work item.
 */
void vwl_vfd_reap(struct vwl_device *dev)
{
	struct llist_node *dying;
	struct vwl_vfd *vfd, *next;

	while ((dying = llist_del_all(&dev->dying))) {
		/* Oldest first: programs close in the order they mean. */
		dying = llist_reverse_order(dying);
		llist_for_each_entry_safe(vfd, next, dying, dying)
			vfd_destroy(vfd);
	}
}

/**
 * vwl_vfd_end() - A direction is over
 * @vfd: the VFD
 * @how: VIRTIO_WL_SHUT_*
 */
void vwl_vfd_end(struct vwl_vfd *vfd, u32 how)
{
	spin_lock(&vfd->lock);
	if (how & VIRTIO_WL_SHUT_RECV)
		vfd->recv_ended = true;
	if (how & VIRTIO_WL_SHUT_SEND)
		vfd->send_ended = true;
	spin_unlock(&vfd->lock);
	wake_up_all(&vfd->wait);
}

/**
 * vwl_vfd_lost() - The device is gone; what was received may still be read
 * @vfd: the VFD
 */
void vwl_vfd_lost(struct vwl_vfd *vfd)
{
	spin_lock(&vfd->lock);
	if (!vfd->recv_ended)
		vfd->error = -ENODEV;
	spin_unlock(&vfd->lock);
	wake_up_all(&vfd->wait);

	if (vwl_vfd_claim(vfd->dev, vfd->id))
		vwl_vfd_put(vfd);
}

/**
 * vwl_vfd_shutdown() - shutdown(2)
 * @vfd: the VFD
 * @how: VIRTIO_WL_SHUT_*, at least one
 *
 * Return: 0 or -errno.
 */
int vwl_vfd_shutdown(struct vwl_vfd *vfd, u32 how)
{
	struct virtio_wl_wire_shutdown *wire;
	struct vwl_command *cmd;
	int ret;

	if (!how || (how & ~(VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND)))
		return -EINVAL;
	if (!vwl_has(vfd->dev, VIRTIO_WL_F_HALF_CLOSE))
		return -EOPNOTSUPP;

	cmd = vwl_command_alloc(VIRTIO_WL_CMD_VFD_SHUTDOWN, sizeof(*wire),
				sizeof(struct virtio_wl_wire_hdr));
	if (!cmd)
		return -ENOMEM;
	wire = (struct virtio_wl_wire_shutdown *)cmd->request;
	wire->vfd_id = cpu_to_le32(vfd->id);
	wire->how = cpu_to_le32(how);
	ret = vwl_command_call(vfd->dev, cmd);
	vwl_command_put(cmd);
	if (ret)
		return ret;

	vwl_vfd_end(vfd, how);
	if (how & VIRTIO_WL_SHUT_RECV)
		vwl_recv_drop(vfd);
	return 0;
}

/**
 * vwl_vfd_peer() - Who is at the other end, as the host says
 * @vfd: a connection
 * @ret_peer: only written on success
 *
 * Return: 0 or -errno.
 */
int vwl_vfd_peer(struct vwl_vfd *vfd, struct virtwl_ioctl_peer *ret_peer)
{
	const struct virtio_wl_wire_peer *peer;
	struct virtio_wl_wire_vfd *wire;
	struct vwl_command *cmd;
	int ret;

	if (!vwl_has(vfd->dev, VIRTIO_WL_F_PEER))
		return -EOPNOTSUPP;
	cmd = vwl_command_alloc(VIRTIO_WL_CMD_VFD_GET_PEER, sizeof(*wire),
				sizeof(struct virtio_wl_wire_peer_resp));
	if (!cmd)
		return -ENOMEM;
	wire = (struct virtio_wl_wire_vfd *)cmd->request;
	wire->vfd_id = cpu_to_le32(vfd->id);
	ret = vwl_command_call(vfd->dev, cmd);
	if (ret)
		goto out;
	ret = -EPROTO;
	if (cmd->response.hdr.type != cpu_to_le32(VIRTIO_WL_RESP_PEER))
		goto out;

	peer = &cmd->response.peer.peer;
	memset(ret_peer, 0, sizeof(*ret_peer));
	memcpy(ret_peer->name, peer->name, sizeof(peer->name));
	memcpy(ret_peer->instance, peer->instance, sizeof(peer->instance));
	ret_peer->flags = le32_to_cpu(peer->flags);
	ret_peer->colour = le32_to_cpu(peer->colour);
	ret_peer->serial = le64_to_cpu(peer->serial);
	ret = 0;
out:
	vwl_command_put(cmd);
	return ret;
}
