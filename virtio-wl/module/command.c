// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands: requests to the device, each with its answer.
 *
 * A command belongs to whoever submitted it and to the out queue, by one
 * reference each. So a waiter that is killed simply leaves: the device may
 * still read and write the command's memory, and whatever the answer brings
 * (a VFD nobody wants any more) is dealt with by the command's handler.
 */
#include <linux/slab.h>

#include "vwl.h"

/* The longest of the fixed structures that open a request. */
#define REQUEST_FIXED_MAX	sizeof(struct virtio_wl_wire_new)

/**
 * vwl_command_alloc() - Make a command
 * @type: VIRTIO_WL_CMD_*, written into the request's header
 * @request_size: bytes, the header included; zeroed but for data at its end
 * @response_size: bytes the device may write, at most the response's size
 *
 * Return: the command with one reference, or NULL.
 */
struct vwl_command *vwl_command_alloc(u32 type, size_t request_size,
				      size_t response_size)
{
	struct vwl_command *cmd;
	struct virtio_wl_wire_hdr *hdr;

	cmd = kmalloc(struct_size(cmd, request, request_size), GFP_KERNEL);
	if (!cmd)
		return NULL;
	memset(cmd, 0, sizeof(*cmd));
	memset(cmd->request, 0, min(request_size, REQUEST_FIXED_MAX));
	kref_init(&cmd->ref);
	init_completion(&cmd->done);
	cmd->request_size = request_size;
	cmd->response_size = response_size;
	hdr = (struct virtio_wl_wire_hdr *)cmd->request;
	hdr->type = cpu_to_le32(type);
	return cmd;
}

static void command_release(struct kref *ref)
{
	struct vwl_command *cmd = container_of(ref, struct vwl_command, ref);

	if (cmd->vfd)
		vwl_vfd_put(cmd->vfd);
	kfree(cmd);
}

/**
 * vwl_command_put() - Give up a reference
 * @cmd: not to be touched afterwards
 *
 * Context: any.
 */
void vwl_command_put(struct vwl_command *cmd)
{
	kref_put(&cmd->ref, command_release);
}

/**
 * vwl_command_finish() - The answer is there, or will never be
 * @dev: the device
 * @cmd: loses the queue's reference
 *
 * Context: any where the command has no handler; else where that may run.
 */
void vwl_command_finish(struct vwl_device *dev, struct vwl_command *cmd)
{
	if (cmd->answer)
		cmd->answer(dev, cmd);
	complete_all(&cmd->done);
	vwl_command_put(cmd);
}

/**
 * vwl_command_post() - Submit a command and forget it
 * @dev: the device
 * @cmd: loses the caller's reference. If the device is gone the handler runs
 *	at once, with vwl_command.error set
 *
 * Context: any where the handler may run.
 */
void vwl_command_post(struct vwl_device *dev, struct vwl_command *cmd)
{
	int ret = vwl_out_submit(dev, cmd);

	if (ret) {
		cmd->error = ret;
		vwl_command_finish(dev, cmd);
		return;
	}
	vwl_command_put(cmd);
}

static int command_errno(const struct vwl_command *cmd)
{
	switch (le32_to_cpu(cmd->response.hdr.type)) {
	case VIRTIO_WL_RESP_OK:
	case VIRTIO_WL_RESP_VFD_NEW:
	case VIRTIO_WL_RESP_PEER:
		return 0;
	case VIRTIO_WL_RESP_ERR:
		return -ENODEV;
	case VIRTIO_WL_RESP_OUT_OF_MEMORY:
		return -ENOMEM;
	case VIRTIO_WL_RESP_INVALID_ID:
		return -ENOENT;
	case VIRTIO_WL_RESP_INVALID_TYPE:
		return -EINVAL;
	case VIRTIO_WL_RESP_INVALID_FLAGS:
		return -EPERM;
	case VIRTIO_WL_RESP_INVALID_CMD:
		return -ENOTTY;
	case VIRTIO_WL_RESP_REFUSED:
		return -ECONNREFUSED;
	case VIRTIO_WL_RESP_AGAIN:
		return -EAGAIN;
	case VIRTIO_WL_RESP_IN_USE:
		return -EADDRINUSE;
	case VIRTIO_WL_RESP_BROKEN_PIPE:
		return -EPIPE;
	case VIRTIO_WL_RESP_BUDGET:
		return -EDQUOT;
	default:
		return -EPROTO;
	}
}

/**
 * vwl_command_call() - Submit a command and wait for its answer
 * @dev: the device
 * @cmd: the caller keeps its reference, and may read the response on success
 *
 * Only a fatal signal ends the wait early: what the device did with the
 * command would not be known.
 *
 * Return: 0, or -errno: the device's, -ENODEV, or -ERESTARTSYS when killed.
 */
int vwl_command_call(struct vwl_device *dev, struct vwl_command *cmd)
{
	int ret = vwl_out_submit(dev, cmd);

	if (ret)
		return ret;
	ret = wait_for_completion_killable(&cmd->done);
	if (ret)
		return ret;
	return cmd->error ?: command_errno(cmd);
}
