/* SPDX-License-Identifier: MIT */
#include "scripted-device.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/must.h"
#include "util/fd.h"

struct message {
	struct vub_wire_header header;
	uint8_t payload[4096];
	int fds[FD_PASS_MAX];
	size_t fd_count;
};

/* False at the end of the stream. */
static bool
receive(int sock, void *dst, size_t size, struct message *message)
{
	uint8_t *next = dst;
	while (size > 0) {
		struct iovec iov = { next, size };
		size_t count = 0;
		ssize_t n = fd_recvmsg(sock, &iov, 1,
			message->fds + message->fd_count,
			FD_PASS_MAX - message->fd_count, &count);
		if (n == -EAGAIN) {
			struct pollfd pollfd = { .fd = sock, .events = POLLIN };
			must(poll(&pollfd, 1, -1) == 1 || errno == EINTR);
			continue;
		}
		if (n <= 0) {
			return false;
		}
		message->fd_count += count;
		next += n;
		size -= (size_t)n;
	}
	return true;
}

static void
map_memory(struct scripted_device *device, const struct message *message)
{
	struct vub_wire_mem_region region;
	memcpy(&region, message->payload + sizeof(struct vub_wire_mem_table),
		sizeof(region));
	void *memory = mmap(NULL, region.size, PROT_READ | PROT_WRITE,
		MAP_SHARED, message->fds[0], 0);
	must(memory != MAP_FAILED);
	device->memory = memory;
	device->memory_size = region.size;
	device->memory_user_addr = region.user_addr;
}

/* The honest answer to @message, or false where it has none. */
static bool
answer_of(struct scripted_device *device, struct message *message,
	struct message *ret)
{
	uint64_t value = 0;
	size_t size = sizeof(value);
	memset(ret, 0, sizeof(*ret));
	switch (message->header.request) {
	case VUB_GET_FEATURES:
		value = VUB_BIT(VUB_F_VERSION_1)
			| VUB_BIT(VUB_F_PROTOCOL_FEATURES);
		break;
	case VUB_GET_PROTOCOL_FEATURES:
		value = device->protocol_features;
		break;
	case VUB_GET_QUEUE_NUM:
		value = 16;
		break;
	case VUB_GET_VRING_BASE:
		break;
	case VUB_GET_SHMEM_CONFIG: {
		struct vub_wire_shmem_config wire = {
			.num_regions = 1,
			.sizes[0] = SCRIPTED_REGION_BYTES,
		};
		memcpy(ret->payload, &wire, sizeof(wire));
		size = sizeof(wire);
		break;
	}
	default:
		if ((message->header.flags & VUB_WIRE_F_NEED_REPLY) == 0) {
			return false;
		}
		break;
	}
	if (size == sizeof(value)) {
		memcpy(ret->payload, &value, sizeof(value));
	}
	ret->header = (struct vub_wire_header){
		.request = message->header.request,
		.flags = VUB_WIRE_VERSION | VUB_WIRE_F_REPLY,
		.size = (uint32_t)size,
	};
	return true;
}

/* False: the device is to be silent from now on. */
static bool
bend(const struct scripted_device *device, const struct message *message,
	struct message *answer)
{
	switch (device->lie) {
	case SCRIPTED_SILENT:
	case SCRIPTED_GONE:
		return false;
	case SCRIPTED_WRONG_REQUEST:
		answer->header.request++;
		break;
	case SCRIPTED_WRONG_SIZE:
		answer->header.size += 8;
		break;
	case SCRIPTED_WRONG_FLAGS:
		answer->header.flags &= ~VUB_WIRE_F_REPLY;
		break;
	case SCRIPTED_NACK:
		answer->payload[0] |= (message->header.flags
			& VUB_WIRE_F_NEED_REPLY) != 0;
		break;
	case SCRIPTED_HONEST:
		break;
	}
	return true;
}

/* False: go. */
static bool
handle_message(struct scripted_device *device, struct message *message)
{
	must(device->count < SCRIPTED_HEARD_MAX);
	unsigned number = (unsigned)device->count;
	device->heard[device->count].request = message->header.request;
	device->heard[device->count].flags = message->header.flags;
	device->heard[device->count].fd_count = message->fd_count;
	device->count++;

	if (message->header.request == VUB_SET_MEM_TABLE) {
		map_memory(device, message);
	} else if (message->header.request == VUB_SET_BACKEND_REQ_FD) {
		device->backend_sock = fd_take(&message->fds[0]);
	} else if (message->header.request == VUB_SET_VRING_ADDR
			&& device->used_user_addr == 0) {
		struct vub_wire_vring_addr wire;
		memcpy(&wire, message->payload, sizeof(wire));
		device->used_user_addr = wire.used;
	}
	bool lying = number >= device->lie_from;
	if (lying && device->lie == SCRIPTED_GONE) {
		return false;
	}
	struct message answer;
	if (!answer_of(device, message, &answer)
			|| (lying && !bend(device, message, &answer))) {
		return true;
	}
	struct iovec iov[2] = {
		{ &answer.header, sizeof(answer.header) },
		{ answer.payload, answer.header.size },
	};
	fd_sendmsg(device->sock, iov, 2, NULL, 0);
	return true;
}

static void *
run(void *data)
{
	struct scripted_device *device = data;
	struct message *message = calloc(1, sizeof(*message));
	must(message != NULL);
	bool up = true;
	while (up) {
		message->fd_count = 0;
		up = receive(device->sock, &message->header,
				sizeof(message->header), message)
			&& message->header.size <= sizeof(message->payload)
			&& receive(device->sock, message->payload,
				message->header.size, message)
			&& handle_message(device, message);
		fd_close_all(message->fds, message->fd_count);
	}
	free(message);
	fd_close(&device->sock);
	return NULL;
}

int
scripted_device_start(struct scripted_device *device)
{
	int pair[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) == 0);
	device->sock = pair[1];
	device->backend_sock = -1;
	must(pthread_create(&device->thread, NULL, run, device) == 0);
	return pair[0];
}

void
scripted_device_join(struct scripted_device *device)
{
	must(pthread_join(device->thread, NULL) == 0);
	fd_close(&device->backend_sock);
	if (device->memory != NULL) {
		munmap(device->memory, device->memory_size);
		device->memory = NULL;
	}
}

void
scripted_device_say(struct scripted_device *device, bool on_backend,
	const void *bytes, size_t size, const int *fds, size_t fd_count)
{
	struct iovec iov = { (void *)bytes, size };
	must(fd_sendmsg(on_backend ? device->backend_sock : device->sock, &iov,
		1, fds, fd_count) == (ssize_t)size);
}

void
scripted_device_use(struct scripted_device *device, uint16_t idx, uint32_t id,
	uint32_t len)
{
	struct vub_wire_used *used = (struct vub_wire_used *)(device->memory
		+ (device->used_user_addr - device->memory_user_addr));
	used->ring[0] = (struct vub_wire_used_elem){ id, len };
	__atomic_store_n(&used->idx, idx, __ATOMIC_RELEASE);
}
