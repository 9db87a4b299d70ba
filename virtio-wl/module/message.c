// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls that move messages: descriptors in, descriptors out.
 *
 * SEND and RECV are the historic pair, SENDMSG and RECVMSG this project's. They
 * share everything but the structure that user space fills.
 */
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "vwl.h"

/* The files whose VFDs go beside a message, held until it is out. */
struct sent_files {
	u32 count;
	struct file *files[VIRTIO_WL_VFDS_MAX];
};

static void put_files(struct sent_files *sent)
{
	while (sent->count)
		fput(sent->files[--sent->count]);
}

static int get_files(const struct vwl_vfd *vfd, const s32 *fds, u32 count,
		     int bad_fd, struct sent_files *sent, struct vwl_send *send)
{
	struct vwl_vfd *other;
	struct file *file;
	u32 i;

	for (i = 0; i < count; i++) {
		file = fget(fds[i]);
		if (!file)
			return bad_fd;
		sent->files[sent->count++] = file;
		other = vwl_file_vfd(file);
		if (!other || other->dev != vfd->dev)
			return -EINVAL;
		send->ids[send->id_count++] = other->id;
	}
	return 0;
}

static struct vwl_vfd *writable(struct file *file)
{
	if (!(file->f_mode & FMODE_CAN_WRITE) ||
	    file->f_op == &vwl_memory_fops)
		return NULL;
	return file->private_data;
}

static struct vwl_vfd *readable(struct file *file)
{
	if (!(file->f_mode & FMODE_CAN_READ) || file->f_op != &vwl_stream_fops)
		return NULL;
	return file->private_data;
}

static void put_vfds(struct vwl_recv *recv, u32 from)
{
	u32 i;

	for (i = from; i < recv->vfd_count; i++)
		vwl_vfd_put(recv->vfds[i]);
}

/*
 * Make descriptors of what was received, as far as there is room for them.
 * @files and @fds get as many as the return value says, not installed yet.
 */
static u32 open_vfds(struct vwl_recv *recv, struct file **files, s32 *fds,
		     int *ret_error)
{
	struct file *file;
	u32 i;
	int fd;

	for (i = 0; i < recv->vfd_count; i++) {
		fd = get_unused_fd_flags(O_CLOEXEC);
		if (fd < 0) {
			*ret_error = fd;
			put_vfds(recv, i);
			break;
		}
		file = vwl_file_create(recv->vfds[i]);
		if (IS_ERR(file)) {
			*ret_error = PTR_ERR(file);
			put_unused_fd(fd);
			put_vfds(recv, i + 1);
			break;
		}
		fds[i] = fd;
		files[i] = file;
	}
	return i;
}

static void discard_files(struct file **files, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		put_unused_fd(fds[i]);
		fput(files[i]);
	}
}

static void install_files(struct file **files, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		fd_install(fds[i], files[i]);
}

static int copy_msg(struct virtwl_ioctl_msg *msg,
		    const struct virtwl_ioctl_msg __user *user, u32 flags)
{
	if (copy_from_user(msg, user, sizeof(*msg)))
		return -EFAULT;
	if (msg->reserved || (msg->flags & ~flags))
		return -EINVAL;
	return 0;
}

/**
 * vwl_ioctl_sendmsg() - VIRTWL_IOCTL_SENDMSG
 * @file: the VFD's
 * @user: the message
 *
 * As on a stream socket, descriptors need a byte to travel beside.
 *
 * Return: bytes or -errno.
 */
long vwl_ioctl_sendmsg(struct file *file, struct virtwl_ioctl_msg __user *user)
{
	struct vwl_vfd *vfd = writable(file);
	struct iovec stack[UIO_FASTIOV], *iov = stack;
	s32 fds[VIRTIO_WL_VFDS_MAX];
	struct sent_files sent = { 0 };
	struct vwl_send send = { 0 };
	struct virtwl_ioctl_msg msg;
	struct iov_iter from;
	ssize_t ret;

	if (!vfd)
		return -EBADF;
	ret = copy_msg(&msg, user, VIRTWL_MSG_DONTWAIT);
	if (ret)
		return ret;
	if (msg.fd_count > VIRTIO_WL_VFDS_MAX)
		return -EINVAL;
	if (copy_from_user(fds, u64_to_user_ptr(msg.fds),
			   msg.fd_count * sizeof(*fds)))
		return -EFAULT;

	ret = import_iovec(ITER_SOURCE, u64_to_user_ptr(msg.iov), msg.iov_count,
			   ARRAY_SIZE(stack), &iov, &from);
	if (ret < 0)
		return ret;
	ret = get_files(vfd, fds, msg.fd_count, -EBADF, &sent, &send);
	if (!ret && iov_iter_count(&from)) {
		send.nonblock = (msg.flags & VIRTWL_MSG_DONTWAIT) ||
				(file->f_flags & O_NONBLOCK);
		ret = vwl_send(vfd, &from, &send);
	}
	put_files(&sent);
	kfree(iov);
	return ret;
}

static long recvmsg_finish(struct virtwl_ioctl_msg __user *user,
			   const struct virtwl_ioctl_msg *msg,
			   struct vwl_recv *recv, long bytes)
{
	struct file *files[VIRTIO_WL_VFDS_MAX];
	s32 fds[VIRTIO_WL_VFDS_MAX];
	u32 flags, count;
	int error = 0;

	count = open_vfds(recv, files, fds, &error);
	flags = recv->truncated || error ? VIRTWL_MSG_CTRUNC : 0;
	if (copy_to_user(u64_to_user_ptr(msg->fds), fds,
			 count * sizeof(*fds)) ||
	    put_user(flags, &user->flags) || put_user(count, &user->fd_count)) {
		discard_files(files, fds, count);
		return -EFAULT;
	}
	install_files(files, fds, count);
	return bytes;
}

/**
 * vwl_ioctl_recvmsg() - VIRTWL_IOCTL_RECVMSG
 * @file: the VFD's
 * @user: the message
 *
 * Return: bytes or -errno.
 */
long vwl_ioctl_recvmsg(struct file *file, struct virtwl_ioctl_msg __user *user)
{
	struct vwl_vfd *vfd = readable(file);
	struct iovec stack[UIO_FASTIOV], *iov = stack;
	struct virtwl_ioctl_msg msg;
	struct vwl_recv recv;
	struct iov_iter to;
	ssize_t ret;

	if (!vfd)
		return -EBADF;
	ret = copy_msg(&msg, user, VIRTWL_MSG_DONTWAIT | VIRTWL_MSG_PEEK);
	if (ret)
		return ret;
	ret = import_iovec(ITER_DEST, u64_to_user_ptr(msg.iov), msg.iov_count,
			   ARRAY_SIZE(stack), &iov, &to);
	if (ret < 0)
		return ret;
	recv.nonblock = (msg.flags & VIRTWL_MSG_DONTWAIT) ||
			(file->f_flags & O_NONBLOCK);
	recv.peek = msg.flags & VIRTWL_MSG_PEEK;
	recv.vfd_room = min_t(u32, msg.fd_count, VIRTIO_WL_VFDS_MAX);
	ret = vwl_recv(vfd, &to, &recv);
	if (ret >= 0)
		ret = recvmsg_finish(user, &msg, &recv, ret);
	kfree(iov);
	return ret;
}

/**
 * vwl_ioctl_send() - VIRTWL_IOCTL_SEND
 * @file: the VFD's
 * @user: the transaction
 *
 * Return: 0, when all bytes are out, or -errno.
 */
long vwl_ioctl_send(struct file *file, struct virtwl_ioctl_txn __user *user)
{
	struct vwl_vfd *vfd = writable(file);
	struct sent_files sent = { 0 };
	struct vwl_send send = { .whole = true };
	struct virtwl_ioctl_txn txn;
	struct iov_iter from;
	u32 count = 0;
	ssize_t ret;

	if (!vfd)
		return -EBADF;
	if (copy_from_user(&txn, user, sizeof(txn)))
		return -EFAULT;
	while (count < VIRTIO_WL_VFDS_MAX && txn.fds[count] >= 0)
		count++;
	if (txn.len > MAX_RW_COUNT)
		return -EINVAL;
	ret = import_ubuf(ITER_SOURCE, user->data, txn.len, &from);
	if (ret)
		return ret;
	ret = get_files(vfd, txn.fds, count, -EBADFD, &sent, &send);
	if (!ret) {
		send.nonblock = file->f_flags & O_NONBLOCK;
		ret = vwl_send(vfd, &from, &send);
	}
	put_files(&sent);
	if (ret >= 0 && ret < txn.len)
		return -EIO;
	return ret < 0 ? ret : 0;
}

/**
 * vwl_ioctl_recv() - VIRTWL_IOCTL_RECV
 * @file: the VFD's
 * @user: the transaction; the length may be 0 for VFDs without bytes as well
 *	as at the end
 *
 * Return: 0 or -errno.
 */
long vwl_ioctl_recv(struct file *file, struct virtwl_ioctl_txn __user *user)
{
	struct vwl_vfd *vfd = readable(file);
	struct vwl_recv recv = { .vfd_room = VIRTIO_WL_VFDS_MAX };
	struct file *files[VIRTIO_WL_VFDS_MAX];
	struct virtwl_ioctl_txn txn;
	struct iov_iter to;
	int error = 0;
	ssize_t ret;
	u32 count;

	if (!vfd)
		return -EBADF;
	if (get_user(txn.len, &user->len))
		return -EFAULT;
	ret = import_ubuf(ITER_DEST, user->data,
			  min_t(u32, txn.len, MAX_RW_COUNT), &to);
	if (ret)
		return ret;
	recv.nonblock = file->f_flags & O_NONBLOCK;
	ret = vwl_recv(vfd, &to, &recv);
	if (ret < 0)
		return ret;

	memset(txn.fds, 0xff, sizeof(txn.fds));
	txn.len = ret;
	count = open_vfds(&recv, files, txn.fds, &error);
	if (!error && copy_to_user(user, &txn, sizeof(txn)))
		error = -EFAULT;
	if (error)
		discard_files(files, txn.fds, count);
	else
		install_files(files, txn.fds, count);
	return error;
}
