/* SPDX-License-Identifier: MIT */
/*
 * What a device says in the in queue, to the library that plays the guest.
 * Input: messages, each behind its length in two bytes. They meet one open
 * connection (id 1) and one listener (id 2), which are read empty in the end,
 * and a map of 64 KiB. Descriptors are counted.
 */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "util/fd.h"
#include "vhost-user/guest.h"

#define REGION_BYTES 65536

static int
open_vfd(struct vwl_guest *guest, uint32_t id, uint32_t flags)
{
	struct virtio_wl_wire_new wire = { .flags = htole32(flags) };
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_create(guest, id);
	if (vfd == NULL) {
		abort();
	}
	vwl_guest_vfd_describe(vfd, &wire);
	int fd = vwl_guest_vfd_open(vfd);
	if (fd < 0) {
		abort();
	}
	return fd;
}

static void
read_empty(int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * 20)];
	} control;
	char buf[100];
	ssize_t n;
	do {
		struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
		struct msghdr msg = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control.bytes,
			.msg_controllen = sizeof(control.bytes),
		};
		n = vwl_recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		struct cmsghdr *cmsg = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);
		size_t count = cmsg == NULL ? 0
			: (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int got;
			memcpy(&got, CMSG_DATA(cmsg) + i * sizeof(got),
				sizeof(got));
			vwl_kind(got);
			vwl_close(got);
		}
	} while (n > 0);
}

static int
next_free_fd(void)
{
	int fd = dup(STDIN_FILENO);
	close(fd);
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int free_before = next_free_fd();
	struct vwl_guest *guest;
	if (vwl_guest_create(&guest) < 0) {
		abort();
	}
	int memory = fd_memfd("region", REGION_BYTES, 0);
	struct vub_shmem_map map = { .writable = true, .len = REGION_BYTES };
	if (memory < 0 || vwl_guest_shmem_map(guest, &map, memory) < 0) {
		abort();
	}

	vwl_table_lock();
	int connection = open_vfd(guest, 1, VIRTIO_WL_VFD_SOCKET
		| VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE);
	int listener = open_vfd(guest, 2, VIRTIO_WL_VFD_LISTEN
		| VIRTIO_WL_VFD_READ);
	int r = 0;
	while (r == 0 && size >= 2) {
		size_t len = (size_t)data[0] | (size_t)data[1] << 8;
		data += 2;
		size -= 2;
		len = len < size ? len : size;
		len = len < GUEST_IN_BYTES ? len : GUEST_IN_BYTES;
		r = vwl_guest_handle(guest, data, (uint32_t)len);
		data += len;
		size -= len;
	}
	vwl_guest_settle(guest);
	vwl_table_unlock();

	int accepted = vwl_accept(listener, NULL, SOCK_NONBLOCK);
	if (accepted >= 0) {
		read_empty(accepted);
		vwl_close(accepted);
	}
	read_empty(connection);
	vwl_close(connection);
	vwl_close(listener);
	guest->device.carrier->destroy(&guest->device);
	fd_close(&memory);
	if (next_free_fd() != free_before) {
		abort();
	}
	return 0;
}
