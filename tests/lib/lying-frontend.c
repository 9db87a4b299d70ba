/* SPDX-License-Identifier: MIT */
#include "lying-frontend.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.h"

static_assert(LIAR_QUEUES_MAX * 0x4000 <= LIAR_BUFFERS, "rings fit");
static_assert(LIAR_QUEUE_SIZE_MAX * 16 <= 0x1000, "a table fits");

#define RING_STRIDE	UINT64_C(0x4000)
#define RING_AVAIL	UINT64_C(0x1000)
#define RING_USED	UINT64_C(0x2000)

struct liar *
liar_create(int take_sock)
{
	struct liar *liar = calloc(1, sizeof(*liar));
	must(liar != NULL && take_sock >= 0);
	liar->sock = take_sock;
	must(fd_set_nonblock(liar->sock) == 0);
	liar->backend_sock = -1;
	liar->memory_fd = fd_memfd("guest", 2 * LIAR_REGION_BYTES, 0);
	must(liar->memory_fd >= 0);
	liar->memory = mmap(NULL, 2 * LIAR_REGION_BYTES,
		PROT_READ | PROT_WRITE, MAP_SHARED, liar->memory_fd, 0);
	must(liar->memory != MAP_FAILED);
	for (unsigned i = 0; i < LIAR_QUEUES_MAX; i++) {
		liar->call_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		liar->kick_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		liar->err_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	}
	liar->features = VUB_BIT(VUB_F_VERSION_1)
		| VUB_BIT(VUB_F_PROTOCOL_FEATURES)
		| VUB_BIT(VUB_F_INDIRECT_DESC);
	liar->protocol_features = 0x400428;
	liar->queues = LIAR_QUEUES;
	liar->queue_size = LIAR_QUEUE_SIZE;
	return liar;
}

void
liar_destroy(struct liar *liar)
{
	munmap(liar->memory, 2 * LIAR_REGION_BYTES);
	fd_close(&liar->memory_fd);
	fd_close_all(liar->call_fd, LIAR_QUEUES_MAX);
	fd_close_all(liar->kick_fd, LIAR_QUEUES_MAX);
	fd_close_all(liar->err_fd, LIAR_QUEUES_MAX);
	fd_close(&liar->backend_sock);
	fd_close(&liar->sock);
	free(liar);
}

/*
 * Messages
 */

static uint64_t
ring_user_addr(unsigned queue, uint64_t part)
{
	return LIAR_USER_1 + queue * RING_STRIDE + part;
}

static void
put_payload(struct liar_message *message, const void *bytes, size_t size)
{
	memcpy(message->payload, bytes, size);
	message->size = (uint32_t)size;
}

static void
put_u64(struct liar_message *message, uint64_t value)
{
	put_payload(message, &value, sizeof(value));
}

static void
put_vring(struct liar_message *message, unsigned index, uint32_t num)
{
	struct vub_wire_vring_state wire = { .index = index, .num = num };
	put_payload(message, &wire, sizeof(wire));
}

static void
put_fd(struct liar_message *message, int fd)
{
	message->fds[message->fd_count++] = fd;
}

static void
put_mem_table(struct liar *liar, struct liar_message *message)
{
	struct vub_wire_mem_table table = { .num_regions = 2 };
	struct vub_wire_mem_region regions[2] = {
		{ LIAR_GPA, LIAR_REGION_BYTES, LIAR_USER_1, 0 },
		{ LIAR_GPA + LIAR_REGION_BYTES, LIAR_REGION_BYTES, LIAR_USER_2,
			LIAR_REGION_BYTES },
	};
	put_payload(message, &table, sizeof(table));
	memcpy(message->payload + sizeof(table), regions, sizeof(regions));
	message->size += sizeof(regions);
	put_fd(message, liar->memory_fd);
	put_fd(message, liar->memory_fd);
}

void
liar_build(struct liar *liar, uint32_t request, unsigned index,
	struct liar_message *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->request = request;
	ret->flags = VUB_WIRE_VERSION;
	switch (request) {
	case VUB_SET_FEATURES:
		put_u64(ret, liar->features);
		break;
	case VUB_SET_PROTOCOL_FEATURES:
		put_u64(ret, liar->protocol_features);
		break;
	case VUB_SET_MEM_TABLE:
		ret->flags |= VUB_WIRE_F_NEED_REPLY;
		put_mem_table(liar, ret);
		break;
	case VUB_SET_VRING_NUM:
		put_vring(ret, index, liar->queue_size);
		break;
	case VUB_SET_VRING_BASE:
	case VUB_GET_VRING_BASE:
		put_vring(ret, index, 0);
		break;
	case VUB_SET_VRING_ENABLE:
		ret->flags |= VUB_WIRE_F_NEED_REPLY;
		put_vring(ret, index, 1);
		break;
	case VUB_SET_VRING_ADDR: {
		struct vub_wire_vring_addr wire = {
			.index = index,
			.desc = ring_user_addr(index, 0),
			.avail = ring_user_addr(index, RING_AVAIL),
			.used = ring_user_addr(index, RING_USED),
		};
		put_payload(ret, &wire, sizeof(wire));
		break;
	}
	case VUB_SET_VRING_KICK:
		put_u64(ret, index);
		put_fd(ret, liar->kick_fd[index]);
		break;
	case VUB_SET_VRING_CALL:
		put_u64(ret, index);
		put_fd(ret, liar->call_fd[index]);
		break;
	case VUB_SET_VRING_ERR:
		put_u64(ret, index);
		put_fd(ret, liar->err_fd[index]);
		break;
	case VUB_GET_CONFIG: {
		struct vub_wire_config wire = { .size = 4 };
		put_payload(ret, &wire, sizeof(wire));
		ret->size += 4;
		break;
	}
	default:
		break;	/* no payload */
	}
}

static bool
wait_readable(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	int n;
	do {
		n = poll(&pollfd, 1, LIAR_PATIENCE_MS);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

int
liar_send_raw(struct liar *liar, const void *bytes, size_t size,
	const int *fds, size_t fd_count)
{
	const char *next = bytes;
	while (size > 0) {
		struct iovec iov = { (void *)next, size };
		ssize_t n = fd_sendmsg(liar->sock, &iov, 1, fds, fd_count);
		if (n == -EAGAIN) {
			struct pollfd pollfd = {
				.fd = liar->sock,
				.events = POLLOUT,
			};
			must(poll(&pollfd, 1, LIAR_PATIENCE_MS) > 0);
			continue;
		}
		if (n < 0) {
			return (int)n;
		}
		fd_count = 0;
		next += n;
		size -= (size_t)n;
	}
	return 0;
}

int
liar_send(struct liar *liar, const struct liar_message *message)
{
	struct vub_wire_header header = {
		.request = message->request,
		.flags = message->flags,
		.size = message->size,
	};
	uint8_t bytes[sizeof(header) + sizeof(message->payload)];
	size_t size = message->size < sizeof(message->payload)
		? message->size : sizeof(message->payload);
	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), message->payload, size);
	return liar_send_raw(liar, bytes, sizeof(header) + size, message->fds,
		message->fd_count);
}

static int
receive_bytes(int sock, void *dst, size_t size, int *fd)
{
	uint8_t *next = dst;
	while (size > 0) {
		struct iovec iov = { next, size };
		int fds[FD_PASS_MAX];
		size_t count = 0;
		ssize_t n = fd_recvmsg(sock, &iov, 1, fds, FD_PASS_MAX, &count);
		if (n == -EAGAIN) {
			must(wait_readable(sock));
			continue;
		}
		if (n <= 0) {
			return -ECONNRESET;
		}
		must(count <= 1);	/* a back-end never sends more */
		if (count == 1) {
			fd_close(fd);
			*fd = fds[0];
		}
		next += n;
		size -= (size_t)n;
	}
	return 0;
}

int
liar_receive(int sock, struct liar_message *ret, int *ret_fd)
{
	struct vub_wire_header header;
	int fd = -1;
	int r = receive_bytes(sock, &header, sizeof(header), &fd);
	if (r == 0) {
		ret->request = header.request;
		ret->flags = header.flags;
		ret->size = header.size;
		must(header.size <= sizeof(ret->payload));
		r = receive_bytes(sock, ret->payload, header.size, &fd);
	}
	if (ret_fd != NULL && r == 0) {
		*ret_fd = fd;
	} else {
		fd_close(&fd);
	}
	return r;
}

static bool
has_answer(const struct liar_message *message)
{
	switch (message->request) {
	case VUB_GET_FEATURES:
	case VUB_GET_PROTOCOL_FEATURES:
	case VUB_GET_QUEUE_NUM:
	case VUB_GET_VRING_BASE:
	case VUB_GET_CONFIG:
	case VUB_GET_SHMEM_CONFIG:
		return true;
	default:
		return (message->flags & VUB_WIRE_F_NEED_REPLY) != 0;
	}
}

static int
converse(struct liar *liar, struct liar_message *message)
{
	uint32_t request = message->request;
	int r = liar_send(liar, message);
	if (r < 0 || !has_answer(message)) {
		return r;
	}
	r = liar_receive(liar->sock, message, NULL);
	if (r < 0) {
		return r;
	}
	must(message->request == request);
	must(message->flags == (VUB_WIRE_VERSION | VUB_WIRE_F_REPLY));
	return 0;
}

int
liar_ask(struct liar *liar, uint32_t request, unsigned index, uint64_t *ret)
{
	struct liar_message message;
	liar_build(liar, request, index, &message);

	int pair[2] = { -1, -1 };
	if (request == VUB_SET_BACKEND_REQ_FD) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC
			| SOCK_NONBLOCK, 0, pair) == 0);
		fd_close(&liar->backend_sock);
		liar->backend_sock = pair[0];
		put_fd(&message, pair[1]);
		message.flags |= VUB_WIRE_F_NEED_REPLY;
	}
	int r = converse(liar, &message);
	fd_close(&pair[1]);
	if (r == 0) {
		memcpy(ret, message.payload, sizeof(*ret));
	}
	return r;
}

int
liar_do(struct liar *liar, uint32_t request, unsigned index)
{
	uint64_t ignored;
	return liar_ask(liar, request, index, &ignored);
}

static const struct {
	uint32_t request;
	bool each_queue;
	uint64_t feature;	/* of the protocol; 0: always */
} start_steps[] = {
	{ VUB_GET_FEATURES, false, 0 },
	{ VUB_GET_PROTOCOL_FEATURES, false, 0 },
	{ VUB_SET_PROTOCOL_FEATURES, false, 0 },
	{ VUB_SET_BACKEND_REQ_FD, false,
		VUB_BIT(VUB_PROTOCOL_F_BACKEND_REQ) },
	{ VUB_SET_OWNER, false, 0 },
	{ VUB_GET_FEATURES, false, 0 },
	{ VUB_SET_VRING_CALL, true, 0 },
	{ VUB_SET_VRING_ERR, true, 0 },
	{ VUB_GET_SHMEM_CONFIG, false, VUB_BIT(VUB_PROTOCOL_F_SHMEM) },
	{ VUB_SET_FEATURES, false, 0 },
	{ VUB_SET_MEM_TABLE, false, 0 },
	{ VUB_SET_VRING_NUM, true, 0 },
	{ VUB_SET_VRING_BASE, true, 0 },
	{ VUB_SET_VRING_ADDR, true, 0 },
	{ VUB_SET_VRING_KICK, true, 0 },
	{ VUB_SET_VRING_CALL, true, 0 },
	{ VUB_SET_VRING_ENABLE, true, 0 },
	{ VUB_SET_VRING_CALL, true, 0 },
};

unsigned
liar_start(struct liar *liar, unsigned steps)
{
	unsigned done = 0;
	size_t count = sizeof(start_steps) / sizeof(start_steps[0]);
	for (size_t i = 0; i < count; i++) {
		unsigned queues = start_steps[i].each_queue ? liar->queues : 1;
		if ((start_steps[i].feature & ~liar->protocol_features) != 0) {
			continue;
		}
		for (unsigned q = 0; q < queues; q++) {
			if (done == steps) {
				return done;
			}
			must(liar_do(liar, start_steps[i].request, q) == 0);
			done++;
		}
	}
	return done;
}

int
liar_pause(struct liar *liar, uint32_t *ret_bases)
{
	for (unsigned q = 0; q < liar->queues; q++) {
		struct liar_message message;
		liar_build(liar, VUB_SET_VRING_ENABLE, q, &message);
		put_vring(&message, q, 0);
		int r = converse(liar, &message);
		if (r < 0) {
			return r;
		}
	}
	for (unsigned q = 0; q < liar->queues; q++) {
		uint64_t answer = 0;
		int r = liar_ask(liar, VUB_GET_VRING_BASE, q, &answer);
		if (r < 0) {
			return r;
		}
		ret_bases[q] = (uint32_t)(answer >> 32);
	}
	return 0;
}

int
liar_stop(struct liar *liar)
{
	uint32_t ignored[LIAR_QUEUES_MAX];
	return liar_pause(liar, ignored);
}

static const uint32_t restart_steps[] = {
	VUB_SET_VRING_NUM, VUB_SET_VRING_BASE, VUB_SET_VRING_ADDR,
	VUB_SET_VRING_KICK, VUB_SET_VRING_CALL,
};

void
liar_restart(struct liar *liar, const uint32_t *bases)
{
	size_t count = sizeof(restart_steps) / sizeof(restart_steps[0]);
	if (bases == NULL) {
		memset(liar->memory, 0, liar->queues * RING_STRIDE);
		memset(liar->used_seen, 0, sizeof(liar->used_seen));
		must(liar_do(liar, VUB_SET_FEATURES, 0) == 0);
	}
	for (unsigned q = 0; q < liar->queues; q++) {
		for (size_t i = 0; i < count; i++) {
			struct liar_message message;
			liar_build(liar, restart_steps[i], q, &message);
			if (restart_steps[i] == VUB_SET_VRING_BASE
					&& bases != NULL) {
				put_vring(&message, q, bases[q]);
			}
			must(liar_send(liar, &message) == 0);
		}
	}
	for (unsigned q = 0; q < liar->queues; q++) {
		must(liar_do(liar, VUB_SET_VRING_ENABLE, q) == 0);
	}
}

bool
liar_is_alive(struct liar *liar)
{
	struct liar_message message;
	liar_build(liar, VUB_GET_FEATURES, 0, &message);
	if (liar_send(liar, &message) < 0) {
		return false;
	}
	do {
		if (liar_receive(liar->sock, &message, NULL) < 0) {
			return false;
		}
	} while (message.request != VUB_GET_FEATURES);
	return true;
}

void
liar_await_end(struct liar *liar)
{
	struct liar_message message;
	while (liar_receive(liar->sock, &message, NULL) == 0) {
	}
}

void
liar_await_backend_request(struct liar *liar, struct liar_message *ret,
	int *ret_fd)
{
	must(liar_receive(liar->backend_sock, ret, ret_fd) == 0);
}

void
liar_answer_backend(struct liar *liar, uint32_t request, uint64_t result)
{
	struct vub_wire_header header = {
		.request = request,
		.flags = VUB_WIRE_VERSION | VUB_WIRE_F_REPLY,
		.size = sizeof(result),
	};
	struct iovec iov[2] = {
		{ &header, sizeof(header) },
		{ &result, sizeof(result) },
	};
	must(fd_sendmsg(liar->backend_sock, iov, 2, NULL, 0)
		== (ssize_t)(sizeof(header) + sizeof(result)));
}

/*
 * Rings
 */

void *
liar_at(struct liar *liar, uint64_t offset)
{
	must(offset < 2 * LIAR_REGION_BYTES);
	return liar->memory + offset;
}

uint64_t
liar_gpa(uint64_t offset)
{
	return LIAR_GPA + offset;
}

struct vub_wire_desc *
liar_desc(struct liar *liar, unsigned queue, unsigned i)
{
	struct vub_wire_desc *table = liar_at(liar, queue * RING_STRIDE);
	return &table[i];
}

struct vub_wire_avail *
liar_avail(struct liar *liar, unsigned queue)
{
	return liar_at(liar, queue * RING_STRIDE + RING_AVAIL);
}

struct vub_wire_used *
liar_used(struct liar *liar, unsigned queue)
{
	return liar_at(liar, queue * RING_STRIDE + RING_USED);
}

void
liar_put_desc(struct vub_wire_desc *desc, uint64_t addr, uint32_t len,
	uint16_t flags, uint16_t next)
{
	*desc = (struct vub_wire_desc){ addr, len, flags, next };
}

void
liar_offer(struct liar *liar, unsigned queue, uint16_t head)
{
	struct vub_wire_avail *avail = liar_avail(liar, queue);
	avail->ring[avail->idx % liar->queue_size] = head;
	__atomic_store_n(&avail->idx, (uint16_t)(avail->idx + 1),
		__ATOMIC_RELEASE);
}

void
liar_kick(struct liar *liar, unsigned queue)
{
	uint64_t one = 1;
	must(write(liar->kick_fd[queue], &one, sizeof(one)) == sizeof(one));
}

bool
liar_used_or_end(struct liar *liar, unsigned queue, uint16_t count)
{
	uint16_t target = (uint16_t)(liar->used_seen[queue] + count);
	for (;;) {
		uint16_t idx = __atomic_load_n(&liar_used(liar, queue)->idx,
			__ATOMIC_ACQUIRE);
		if (idx == target) {
			liar->used_seen[queue] = target;
			return true;
		}
		struct pollfd pollfds[2] = {
			{ .fd = liar->call_fd[queue], .events = POLLIN },
			{ .fd = liar->sock, .events = POLLIN },
		};
		must(poll(pollfds, 2, LIAR_PATIENCE_MS) > 0);
		if (pollfds[1].revents != 0) {
			return false;
		}
		uint64_t ignored;
		ssize_t n = read(liar->call_fd[queue], &ignored,
			sizeof(ignored));
		(void)n;
	}
}

void
liar_await_used(struct liar *liar, unsigned queue, uint16_t count)
{
	must(liar_used_or_end(liar, queue, count));
}

static void *
flip(void *data)
{
	struct liar_flipper *flipper = data;
	uint64_t *where = (uint64_t *)flipper->where;
	for (unsigned i = 0; !atomic_load_explicit(&flipper->stop,
			memory_order_relaxed); i++) {
		uint64_t value[2];
		memcpy(value, &flipper->values[i & 1], sizeof(value));
		__atomic_store_n(&where[0], value[0], __ATOMIC_RELAXED);
		__atomic_store_n(&where[1], value[1], __ATOMIC_RELAXED);
	}
	return NULL;
}

void
liar_flip_begin(struct liar_flipper *flipper, struct vub_wire_desc *where,
	const struct vub_wire_desc *other)
{
	flipper->where = where;
	flipper->values[0] = *where;
	flipper->values[1] = *other;
	atomic_init(&flipper->stop, false);
	must(pthread_create(&flipper->thread, NULL, flip, flipper) == 0);
}

void
liar_flip_end(struct liar_flipper *flipper)
{
	atomic_store(&flipper->stop, true);
	must(pthread_join(flipper->thread, NULL) == 0);
}
