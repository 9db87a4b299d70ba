/* SPDX-License-Identifier: MIT */
/*
 * A front-end that says anything in any order, for the session's life cycle.
 * Input: steps. Each has one byte that picks an action and what goes along, then
 * twelve bytes of header, of which the size says how much payload follows.
 *
 * The device answers what it can, keeps some elements, and maps and unmaps shared
 * memory when asked to.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vhost-user/backend.h>

#include "fuzz.h"
#include "util/fd.h"
#include "util/loop.h"
#include "vhost-user/wire.h"

#define MEMORY_SIZE	0x10000u
#define QUEUES		2
#define KEPT_MAX	4

/* The low two bits of a step's first byte. */
enum action {
	ACTION_REQUEST,
	ACTION_SCRIBBLE,	/* payload to memory, at header.request */
	ACTION_KICK,
	ACTION_ANSWER,		/* payload as it is, on the backend channel */
};

/* What goes along with a request: a kind, and how many of it. */
#define ALONG_KIND(byte)	(((byte) >> 2) & 0x3)
#define ALONG_COUNT(byte)	((byte) >> 4)

struct fuzz_device {
	struct loop *loop;
	struct vub_session *session;
	struct vub_element *kept[QUEUES][KEPT_MAX];
	size_t kept_count[QUEUES];
	unsigned maps_owed;
	bool closed;

	int front;		/* our end of the main socket */
	int backend;		/* our end of the backend channel, or -1 */
	int kick;
	int memory_fd;
	uint8_t *memory;
};

static void
handle_features_set(void *data, uint64_t features)
{
	(void)data;
	(void)features;
}

static void
handle_mapped(void *data, int r)
{
	struct fuzz_device *device = data;
	(void)r;
	if (device->maps_owed-- == 0) {
		abort();
	}
}

static void
ask_for_memory(struct fuzz_device *device, uint8_t wish)
{
	uint64_t offset = (uint64_t)(wish & 0x3c) << 10;
	int r = (wish & 0x1) != 0
		? vub_session_shmem_map(device->session, 0, offset,
			device->memory_fd, 0, 4096, handle_mapped, device)
		: vub_session_shmem_unmap(device->session, 0, offset, 4096,
			handle_mapped, device);
	device->maps_owed += r == 0;
}

static void
handle_queue_ready(void *data, unsigned index)
{
	struct fuzz_device *device = data;
	struct vub_queue *queue = vub_session_queue(device->session, index);
	struct vub_element *element;
	for (int i = 0; i < 8 && vub_queue_pop(queue, &element) == 1; i++) {
		struct vub_reader reader = vub_element_reader(element);
		struct vub_writer writer = vub_element_writer(element);
		uint8_t wish = 0;
		size_t len = writer.left < 16 ? writer.left : 16;
		vub_reader_copy(&reader, &wish, 1);
		vub_writer_copy(&writer, "0123456789abcdef", len);
		if ((wish & 0x80) != 0) {
			ask_for_memory(device, wish);
		}
		if ((wish & 0x40) != 0
				&& device->kept_count[index] < KEPT_MAX) {
			device->kept[index][device->kept_count[index]++] =
				element;
		} else {
			vub_queue_push(queue, element,
				(uint32_t)writer.written);
		}
	}
	if (device->kept_count[index] == KEPT_MAX) {
		vub_queue_push(queue, device->kept[index][0], 0);
		device->kept[index][0] = device->kept[index][KEPT_MAX - 1];
		device->kept_count[index]--;
	}
}

static void
handle_queue_stopped(void *data, unsigned index)
{
	struct fuzz_device *device = data;
	device->kept_count[index] = 0;
}

static void
handle_reset(void *data)
{
	struct fuzz_device *device = data;
	for (unsigned i = 0; i < QUEUES; i++) {
		if (device->kept_count[i] != 0) {
			abort();
		}
	}
}

static void
handle_get_config(void *data, uint32_t offset, void *dst, uint32_t len)
{
	static const uint8_t config[16] = "configuration..";
	(void)data;
	if (offset > sizeof(config) || len > sizeof(config) - offset) {
		abort();
	}
	memcpy(dst, config + offset, len);
}

static void
handle_closed(void *data, int reason)
{
	struct fuzz_device *device = data;
	if (reason >= 0 || device->closed || device->maps_owed != 0) {
		abort();
	}
	device->closed = true;
	vub_session_destroy(device->session);
	device->session = NULL;
}

static const struct vub_device offer = {
	.features = 0x6,
	.num_queues = QUEUES,
	.config_size = 16,
	.shmem_sizes = { MEMORY_SIZE },
	.features_set = handle_features_set,
	.queue_ready = handle_queue_ready,
	.queue_stopped = handle_queue_stopped,
	.reset = handle_reset,
	.get_config = handle_get_config,
	.closed = handle_closed,
};

static void
drain(int fd)
{
	uint8_t bytes[4096];
	int fds[FD_PASS_MAX];
	size_t count = 0;
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	while (fd >= 0 && fd_recvmsg(fd, &iov, 1, fds, FD_PASS_MAX, &count)
			> 0) {
		fd_close_all(fds, count);
		count = 0;
	}
}

/* Another descriptor of the kind that was asked for. */
static int
make_fd(struct fuzz_device *device, unsigned kind)
{
	int pair[2];
	switch (kind) {
	case 0:
		return fd_dup(device->memory_fd);
	case 1:
		return eventfd(0, EFD_CLOEXEC);
	case 2:
		return fd_dup(device->kick);
	default:
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)
				< 0) {
			abort();
		}
		fd_close(&device->backend);
		device->backend = pair[0];
		return pair[1];
	}
}

static void
send_request(struct fuzz_device *device, uint8_t along,
	const struct vub_wire_header *header, const uint8_t *payload)
{
	int fds[16];
	size_t count = ALONG_COUNT(along);
	for (size_t i = 0; i < count; i++) {
		fds[i] = make_fd(device, ALONG_KIND(along));
	}
	const struct iovec iov[] = {
		{ .iov_base = (void *)header, .iov_len = sizeof(*header) },
		{ .iov_base = (void *)payload, .iov_len = header->size },
	};
	fd_sendmsg(device->front, iov, 2, fds, count);
	fd_close_all(fds, count);
}

static void
scribble(struct fuzz_device *device, uint32_t offset, const uint8_t *payload,
	size_t len)
{
	offset %= MEMORY_SIZE;
	size_t room = MEMORY_SIZE - offset;
	memcpy(device->memory + offset, payload, len < room ? len : room);
}

/* One step; returns how many bytes it took, 0 at the end. */
static size_t
step(struct fuzz_device *device, const uint8_t *data, size_t size)
{
	struct vub_wire_header header;
	if (size < 1 + sizeof(header)) {
		return 0;
	}
	uint8_t first = data[0];
	memcpy(&header, data + 1, sizeof(header));
	const uint8_t *payload = data + 1 + sizeof(header);
	size -= 1 + sizeof(header);
	if (header.size > size) {
		header.size = (uint32_t)size;
	}
	const uint64_t one = 1;
	ssize_t n;
	switch ((enum action)(first & 0x3)) {
	case ACTION_REQUEST:
		send_request(device, first, &header, payload);
		break;
	case ACTION_SCRIBBLE:
		scribble(device, header.request, payload, header.size);
		break;
	case ACTION_KICK:
		n = write(device->kick, &one, sizeof(one));
		(void)n;
		break;
	case ACTION_ANSWER:
		if (device->backend >= 0) {
			n = send(device->backend, payload, header.size,
				MSG_NOSIGNAL | MSG_DONTWAIT);
			(void)n;
		}
		break;
	}
	return 1 + sizeof(header) + header.size;
}

static void
run(struct fuzz_device *device, const uint8_t *data, size_t size)
{
	size_t taken;
	while (!device->closed && (taken = step(device, data, size)) > 0) {
		data += taken;
		size -= taken;
		loop_dispatch(device->loop, 0);
		drain(device->front);
		drain(device->backend);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_device device = { .backend = -1 };
	int pair[2];
	device.memory_fd = fd_memfd("guest", MEMORY_SIZE, 0);
	device.kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	device.memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE,
		MAP_SHARED, device.memory_fd, 0);
	if (device.memory == MAP_FAILED || device.kick < 0
			|| socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				pair) < 0
			|| loop_create(&device.loop) < 0
			|| vub_session_create(device.loop, pair[1], &offer,
				&device, &device.session) < 0) {
		abort();
	}
	device.front = pair[0];
	run(&device, data, size);
	/* Either the front-end goes, or we do. */
	if (size % 2 == 0) {
		fd_close(&device.front);
		for (int i = 0; i < 8 && !device.closed; i++) {
			loop_dispatch(device.loop, 0);
		}
		if (!device.closed) {
			abort();
		}
	}
	vub_session_destroy(device.session);
	if (device.maps_owed != 0) {
		abort();
	}
	loop_destroy(device.loop);
	fd_close(&device.front);
	fd_close(&device.backend);
	fd_close(&device.kick);
	fd_close(&device.memory_fd);
	munmap(device.memory, MEMORY_SIZE);
	return 0;
}
