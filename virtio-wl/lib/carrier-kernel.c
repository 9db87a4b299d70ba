/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * /dev/wl0: VFDs are files of the kernel, which does all the waiting, polling
 * and reference counting. There is nothing to remember about a VFD, and so one
 * that came by SCM_RIGHTS from another process is as good as one we made.
 *
 * Only a snapshot needs the node itself, and sendmsg() may have to make one out
 * of an ordinary file without being told of a device. It then uses whichever
 * node the program has open, or opens the default one for that purpose.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "carrier.h"
#include "table.h"
#include "util/fd.h"
#include "virtio-wl.h"
#include "virtwl.h"

struct vwl_kernel {
	struct vwl_device device;
	int node_fd;
};

/* Somebody's node, for snapshots; a duplicate of our own. */
static int shared_node_fd = -1;
static pthread_mutex_t shared_node_mutex = PTHREAD_MUTEX_INITIALIZER;

static int
ioctl_r(int fd, unsigned long request, void *arg)
{
	int r = ioctl(fd, request, arg);
	return r < 0 ? -errno : r;
}

static int
query(int fd, struct virtwl_ioctl_info *ret)
{
	memset(ret, 0, sizeof(*ret));
	int r = ioctl_r(fd, VIRTWL_IOCTL_INFO, ret);
	/* Other files may have their own idea of an unknown ioctl. */
	return r < 0 ? (r == -EBADF ? r : -ENOTTY) : 0;
}

static bool
is_vfd(int fd)
{
	struct virtwl_ioctl_info info;
	return query(fd, &info) == 0 && info.vfd_id != 0;
}

static int
new_vfd(int node_fd, struct virtwl_ioctl_new *new)
{
	new->fd = -1;
	int r = ioctl_r(node_fd, VIRTWL_IOCTL_NEW, new);
	if (r < 0) {
		return r;
	}
	vwl_table_hint(new->fd, &vwl_kernel_vfd_ops);
	return new->fd;
}

static int
make_snapshot(int node_fd, const void *data, uint32_t size)
{
	struct virtwl_ioctl_new new = {
		.type = VIRTWL_IOCTL_NEW_SNAPSHOT,
		.size = size,
	};
	int fd = new_vfd(node_fd, &new);
	if (fd < 0) {
		return fd;
	}
	uint32_t done = 0;
	while (done < size) {
		ssize_t n = write(fd, (const char *)data + done, size - done);
		if (n > 0) {
			done += (uint32_t)n;
		} else if (n == 0 || errno != EINTR) {
			int r = n == 0 ? -EIO : -errno;
			fd_close(&fd);
			return r;
		}
	}
	return fd;
}

static int
snapshot_of(int fd)
{
	struct vwl_file_view view;
	int r = vwl_file_view(fd, &view);
	if (r < 0) {
		return r;
	}
	pthread_mutex_lock(&shared_node_mutex);
	if (shared_node_fd < 0) {
		shared_node_fd = open("/dev/wl0", O_RDWR | O_CLOEXEC);
	}
	int node_fd = shared_node_fd < 0 ? -errno : fd_dup(shared_node_fd);
	pthread_mutex_unlock(&shared_node_mutex);
	r = node_fd;
	if (r >= 0) {
		r = make_snapshot(node_fd, view.data, view.size);
		fd_close(&node_fd);
	}
	vwl_file_view_close(&view);
	return r;
}

static ssize_t
send_ioctl(int fd, const struct vwl_message *msg, const int *fds, int flags)
{
	struct virtwl_ioctl_msg arg = {
		.iov = (uintptr_t)msg->iov,
		.iov_count = (uint32_t)msg->iov_count,
		.flags = flags & MSG_DONTWAIT ? VIRTWL_MSG_DONTWAIT : 0,
		.fds = (uintptr_t)fds,
		.fd_count = (uint32_t)msg->fd_count,
	};
	return ioctl_r(fd, VIRTWL_IOCTL_SENDMSG, &arg);
}

/* Once more, with a snapshot in place of each ordinary file. */
static ssize_t
send_with_snapshots(int fd, const struct vwl_message *msg, int flags)
{
	int fds[VWL_FDS_MAX];
	int made[VWL_FDS_MAX];
	size_t made_count = 0;
	ssize_t r = 0;
	for (size_t i = 0; r >= 0 && i < msg->fd_count; i++) {
		fds[i] = msg->fds[i];
		if (is_vfd(fds[i])) {
			continue;
		}
		r = snapshot_of(fds[i]);
		if (r >= 0) {
			fds[i] = (int)r;
			made[made_count++] = (int)r;
		}
	}
	if (r >= 0) {
		r = made_count == 0 ? -EINVAL
			: send_ioctl(fd, msg, fds, flags);
	}
	fd_close_all(made, made_count);
	return r;
}

static ssize_t
kernel_send(int fd, struct vwl_message *msg, int flags)
{
	ssize_t r = send_ioctl(fd, msg, msg->fds, flags);
	if (r == -EINVAL && msg->fd_count > 0) {
		return send_with_snapshots(fd, msg, flags);
	}
	return r;
}

static ssize_t
kernel_recv(int fd, struct vwl_message *msg, int flags)
{
	struct virtwl_ioctl_msg arg = {
		.iov = (uintptr_t)msg->iov,
		.iov_count = (uint32_t)msg->iov_count,
		.flags = (flags & MSG_DONTWAIT ? VIRTWL_MSG_DONTWAIT : 0)
			| (flags & MSG_PEEK ? VIRTWL_MSG_PEEK : 0),
		.fds = (uintptr_t)msg->fds,
		.fd_count = (uint32_t)msg->fd_count,
	};
	int r = ioctl_r(fd, VIRTWL_IOCTL_RECVMSG, &arg);
	if (r >= 0) {
		msg->fd_count = flags & MSG_PEEK ? 0 : arg.fd_count;
		msg->truncated = (arg.flags & VIRTWL_MSG_CTRUNC) != 0;
		for (size_t i = 0; i < msg->fd_count; i++) {
			vwl_table_hint(msg->fds[i], &vwl_kernel_vfd_ops);
		}
	}
	return r;
}

static int
kernel_shutdown(int fd, int how)
{
	struct virtwl_ioctl_shutdown arg = {
		.how = (how != SHUT_WR ? VIRTIO_WL_SHUT_RECV : 0u)
			| (how != SHUT_RD ? VIRTIO_WL_SHUT_SEND : 0u),
	};
	return ioctl_r(fd, VIRTWL_IOCTL_SHUTDOWN, &arg);
}

static int
kernel_peer(int fd, struct vwl_peer *ret)
{
	struct virtwl_ioctl_peer arg = { 0 };
	int r = ioctl_r(fd, VIRTWL_IOCTL_PEER, &arg);
	if (r < 0) {
		return r;
	}
	struct vwl_peer peer = {
		.has_colour = (arg.flags & VIRTIO_WL_PEER_HAS_COLOUR) != 0,
		.colour = arg.colour,
		.is_host = (arg.flags & VIRTIO_WL_PEER_HOST) != 0,
		.serial = arg.serial,
	};
	memcpy(peer.name, arg.name, sizeof(peer.name) - 1);
	memcpy(peer.instance, arg.instance, sizeof(peer.instance) - 1);
	*ret = peer;
	return 0;
}

static enum vwl_kind
kind_of(const struct virtwl_ioctl_info *info)
{
	uint32_t flags = info->vfd_flags;
	if (flags & VIRTIO_WL_VFD_VOID) {
		return VWL_KIND_VOID;
	}
	if (flags & VIRTIO_WL_VFD_MAP) {
		return VWL_KIND_MEMORY;
	}
	if (flags & VIRTIO_WL_VFD_LISTEN) {
		return VWL_KIND_LISTENER;
	}
	if (flags & VIRTIO_WL_VFD_SOCKET) {
		return VWL_KIND_CONNECTION;
	}
	if (info->size != 0) {
		return VWL_KIND_SNAPSHOT;
	}
	return VWL_KIND_PIPE;
}

static int
kernel_info(int fd, struct vwl_info *ret)
{
	struct virtwl_ioctl_info info;
	int r = query(fd, &info);
	if (r < 0) {
		return r;
	}
	if (info.vfd_id == 0) {
		return -ENOTTY;		/* the node itself */
	}
	*ret = (struct vwl_info){
		.kind = kind_of(&info),
		.size = info.size,
		.readable = (info.vfd_flags & VIRTIO_WL_VFD_READ) != 0,
	};
	return 0;
}

static int
kernel_dup(int fd, int least)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, least);
	return copy < 0 ? -errno : copy;
}

static int
kernel_close(int fd)
{
	vwl_table_unhint(fd, &vwl_kernel_vfd_ops);
	return close(fd) < 0 ? -errno : 0;
}

const struct vwl_vfd_ops vwl_kernel_vfd_ops = {
	.send = kernel_send,
	.recv = kernel_recv,
	.shutdown = kernel_shutdown,
	.peer = kernel_peer,
	.info = kernel_info,
	.dup = kernel_dup,
	.close = kernel_close,
};

static int
node_of(struct vwl_device *device)
{
	return ((struct vwl_kernel *)device)->node_fd;
}

static int
open_named(struct vwl_device *device, uint32_t type, const char *name)
{
	struct virtwl_ioctl_new new = { .type = type };
	memcpy(new.name, name, strnlen(name, sizeof(new.name)));
	return new_vfd(node_of(device), &new);
}

static int
kernel_connect(struct vwl_device *device, const char *name)
{
	return open_named(device, VIRTWL_IOCTL_NEW_CTX_NAMED, name);
}

static int
kernel_listen(struct vwl_device *device, const char *name)
{
	return open_named(device, VIRTWL_IOCTL_NEW_LISTENER, name);
}

static int
kernel_pipe(struct vwl_device *device, enum vwl_direction direction)
{
	struct virtwl_ioctl_new new = { 0 };
	switch (direction) {
	case VWL_READ:
		new.type = VIRTWL_IOCTL_NEW_PIPE_READ;
		break;
	case VWL_WRITE:
		new.type = VIRTWL_IOCTL_NEW_PIPE_WRITE;
		break;
	case VWL_READ_WRITE:
		new.type = VIRTWL_IOCTL_NEW_SOCKETPAIR;
		break;
	default:
		return -EINVAL;
	}
	return new_vfd(node_of(device), &new);
}

static int
kernel_memory(struct vwl_device *device, uint32_t size)
{
	struct virtwl_ioctl_new new = {
		.type = VIRTWL_IOCTL_NEW_ALLOC,
		.size = size,
	};
	return new_vfd(node_of(device), &new);
}

static int
kernel_snapshot(struct vwl_device *device, const void *data, uint32_t size)
{
	return make_snapshot(node_of(device), data, size);
}

static int
kernel_get_fd(struct vwl_device *device)
{
	(void)device;
	return -1;
}

static int
kernel_dispatch(struct vwl_device *device)
{
	(void)device;
	return 0;
}

static void
kernel_destroy(struct vwl_device *device)
{
	struct vwl_kernel *kernel = (struct vwl_kernel *)device;
	fd_close(&kernel->node_fd);
	free(kernel);
}

static const struct vwl_carrier kernel_carrier = {
	.vfd_ops = &vwl_kernel_vfd_ops,
	.destroy = kernel_destroy,
	.get_fd = kernel_get_fd,
	.dispatch = kernel_dispatch,
	.connect = kernel_connect,
	.listen = kernel_listen,
	.pipe = kernel_pipe,
	.memory = kernel_memory,
	.snapshot = kernel_snapshot,
};

int
vwl_kernel_open(const char *path, struct vwl_device **ret)
{
	struct vwl_kernel *kernel = calloc(1, sizeof(*kernel));
	if (kernel == NULL) {
		return -ENOMEM;
	}
	kernel->device.carrier = &kernel_carrier;
	kernel->node_fd = open(path, O_RDWR | O_CLOEXEC);
	int r = kernel->node_fd < 0 ? -errno : 0;
	struct virtwl_ioctl_info info;
	if (r == 0) {
		r = query(kernel->node_fd, &info);
	}
	if (r < 0) {
		fd_close(&kernel->node_fd);
		free(kernel);
		return r == -ENOTTY ? -ENODEV : r;
	}
	pthread_mutex_lock(&shared_node_mutex);
	if (shared_node_fd < 0) {
		shared_node_fd = fcntl(kernel->node_fd, F_DUPFD_CLOEXEC, 0);
	}
	pthread_mutex_unlock(&shared_node_mutex);
	*ret = &kernel->device;
	return 0;
}
