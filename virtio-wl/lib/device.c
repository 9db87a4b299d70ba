/* SPDX-License-Identifier: MIT */
/* Opening a device, and making VFDs with it: checks first, then the carrier. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "carrier.h"
#include "util/fd-stall.h"
#include "util/fd.h"
#include "virtio-wl.h"

#define ADDRESS_DEFAULT "/dev/wl0"
#define VHOST_USER_PREFIX "vhost-user:"
#define PAGE_BYTES 4096u	/* the wire's, whatever this machine's is */

struct vwl_device *
vwl_device_open(const char *address)
{
	if (address == NULL) {
		address = secure_getenv("VIRTIO_WL_DEVICE");
	}
	if (address == NULL || *address == '\0') {
		address = ADDRESS_DEFAULT;
	}
	struct vwl_device *device = NULL;
	int r = -EINVAL;
	if (address[0] == '/') {
		r = vwl_kernel_open(address, &device);
	} else if (strncmp(address, VHOST_USER_PREFIX,
			strlen(VHOST_USER_PREFIX)) == 0) {
		r = vwl_guest_open(address + strlen(VHOST_USER_PREFIX),
			&device);
	}
	if (r < 0) {
		errno = -r;
		return NULL;
	}
	return device;
}

void
vwl_device_close(struct vwl_device *device)
{
	if (device != NULL) {
		device->carrier->destroy(device);
	}
}

int
vwl_device_get_fd(struct vwl_device *device)
{
	return device->carrier->get_fd(device);
}

int
vwl_device_dispatch(struct vwl_device *device)
{
	int r = device->carrier->dispatch(device);
	if (r < 0) {
		errno = -r;
		return -1;
	}
	return 0;
}

static int
finish_new(int vfd, int flags)
{
	if (vfd >= 0 && (flags & SOCK_NONBLOCK)) {
		int r = fd_set_nonblock(vfd);
		if (r < 0) {
			vwl_close(vfd);
			vfd = r;
		}
	}
	if (vfd < 0) {
		errno = -vfd;
		return -1;
	}
	return vfd;
}

static int
check_name(const char *name, int flags)
{
	if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) {
		return -EINVAL;
	}
	return strlen(name) < VIRTIO_WL_NAME_MAX ? 0 : -ENAMETOOLONG;
}

int
vwl_connect(struct vwl_device *device, const char *name, int flags)
{
	name = name == NULL ? "" : name;
	int r = check_name(name, flags);
	if (r == 0) {
		r = device->carrier->connect(device, name);
	}
	return finish_new(r, flags);
}

int
vwl_listen(struct vwl_device *device, const char *name, int flags)
{
	name = name == NULL ? "" : name;
	int r = check_name(name, flags);
	if (r == 0) {
		r = device->carrier->listen(device, name);
	}
	if (r == -ENOTTY) {
		r = -EOPNOTSUPP;
	}
	return finish_new(r, flags);
}

int
vwl_pipe(struct vwl_device *device, enum vwl_direction direction)
{
	return finish_new(device->carrier->pipe(device, direction), 0);
}

int
vwl_memory(struct vwl_device *device, size_t size)
{
	if (size == 0 || size > UINT32_MAX - (PAGE_BYTES - 1)) {
		return finish_new(-EINVAL, 0);
	}
	uint32_t rounded = ((uint32_t)size + PAGE_BYTES - 1)
		& ~(PAGE_BYTES - 1);
	return finish_new(device->carrier->memory(device, rounded), 0);
}

int
vwl_snapshot(struct vwl_device *device, const void *data, size_t size)
{
	int r = size == 0 ? -EINVAL : -EFBIG;
	if (size > 0 && size <= VWL_SNAPSHOT_MAX) {
		r = device->carrier->snapshot(device, data, (uint32_t)size);
	}
	return finish_new(r, 0);
}

int
vwl_file_view(int fd, struct vwl_file_view *ret)
{
	struct stat st;
	if (fstat(fd, &st) < 0) {
		return -errno;
	}
	/* Nobody whom we serve waits for the server of a file system. */
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || fd_may_stall(fd)) {
		return -EINVAL;
	}
	if (st.st_size > (off_t)VWL_SNAPSHOT_MAX) {
		return -EFBIG;
	}
	/* Read, not mapped: whoever else holds the file may shrink it. */
	size_t size = (size_t)st.st_size;
	void *data = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED) {
		return -ENOMEM;
	}
	size_t done = 0;
	while (done < size) {
		ssize_t n = pread(fd, (char *)data + done, size - done,
			(off_t)done);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			int r = -errno;
			munmap(data, size);
			return r == -EBADF ? -EINVAL : r;
		}
		if (n == 0) {
			break;	/* it shrank: the rest reads as zeros */
		}
		done += (size_t)n;
	}
	*ret = (struct vwl_file_view){ .data = data, .size = (uint32_t)size };
	return 0;
}

void
vwl_file_view_close(struct vwl_file_view *view)
{
	munmap(view->data, view->size);
}
