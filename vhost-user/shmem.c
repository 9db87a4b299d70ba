/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * One operation is out at a time: the request, and right behind it a barrier. A
 * VMM answers a map before its memory transaction has ended. It handles its
 * requests in order, so when it answers the barrier, a CONFIG_CHANGE that says
 * nothing new, the transaction is over and the guest can see the memory. In
 * between it sends a new memory table on the main socket and waits for us, so
 * nothing here waits for it.
 *
 * Requests go out only while queues run, and none of them is disabled: QEMU 11
 * forgets its device when it stops, and a map or unmap that it handles then makes
 * it crash. The first sign of a stop is a queue that is disabled.
 *
 * When the last queue stops the front-end drops all maps, so everything is
 * cancelled. The operation that is out stays until both answers are here, without
 * anybody to tell.
 */
#include "shmem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session.h"
#include "util/fd.h"
#include "util/loop.h"

/* Operations that may wait; each map holds a descriptor. */
#define OPERATIONS_MAX 256

enum stage {
	STAGE_WAITING,
	STAGE_SENT,		/* two answers are owed */
	STAGE_ANSWERED,		/* the barrier's is */
};

struct vub_shmem_operation {
	struct list link;
	enum stage stage;
	uint32_t request;	/* enum vub_backend_request */
	struct vub_wire_shmem_map wire;
	int fd;			/* for a map that was not sent */
	int result;
	vub_shmem_fn fn;	/* NULL: nobody cares */
	void *data;
};

void
vub_shmem_init(struct vub_shmem *shmem, struct loop *loop)
{
	shmem->loop = loop;
	shmem->held = true;
	shmem->channel.fd = -1;
	shmem->channel.out_fd = -1;
	list_init(&shmem->operations);
}

/* Unlink, tell, free. The list may change in the callback. */
static void
operation_finish(struct vub_shmem *shmem, struct vub_shmem_operation *operation,
	int r)
{
	vub_shmem_fn fn = operation->fn;
	void *data = operation->data;
	list_remove(&operation->link);
	shmem->count--;
	fd_close(&operation->fd);
	free(operation);
	if (fn != NULL) {
		fn(data, r);
	}
}

static void
finish_all(struct vub_shmem *shmem, int r)
{
	while (!list_empty(&shmem->operations)) {
		operation_finish(shmem, list_first(&shmem->operations,
			struct vub_shmem_operation, link), r);
	}
}

/* The socket is of no use any more. */
static void
disconnect(struct vub_shmem *shmem, int reason)
{
	if (shmem->channel.fd >= 0) {
		loop_clear(&shmem->source);
		vub_channel_finish(&shmem->channel);
	}
	finish_all(shmem, reason);
}

void
vub_shmem_finish(struct vub_shmem *shmem)
{
	disconnect(shmem, -ECANCELED);
}

static int
send_operation(struct vub_shmem *shmem, struct vub_shmem_operation *operation)
{
	struct vub_wire_header wire = {
		.request = operation->request,
		.flags = VUB_WIRE_VERSION | VUB_WIRE_F_NEED_REPLY,
		.size = sizeof(operation->wire),
	};
	int r = vub_channel_put(&shmem->channel, &wire, &operation->wire,
		fd_take(&operation->fd));
	if (r < 0) {
		return r;
	}
	wire.request = VUB_BACKEND_CONFIG_CHANGE;
	wire.size = 0;
	r = vub_channel_put(&shmem->channel, &wire, NULL, -1);
	if (r < 0) {
		return r;
	}
	operation->stage = STAGE_SENT;
	return vub_channel_flush(&shmem->channel);
}

/* Send the first operation, unless it is out. 0 or -errno. */
static int
advance(struct vub_shmem *shmem)
{
	if (shmem->channel.fd < 0) {
		return 0;
	}
	int r = vub_channel_flush(&shmem->channel);
	if (r == 0 && !list_empty(&shmem->operations)) {
		struct vub_shmem_operation *operation = list_first(
			&shmem->operations, struct vub_shmem_operation, link);
		if (operation->stage == STAGE_WAITING && !shmem->held) {
			r = send_operation(shmem, operation);
		}
	}
	if (r == 0) {
		loop_set_events(shmem->source, EPOLLIN
			| (vub_channel_is_sending(&shmem->channel)
				? EPOLLOUT : 0));
	}
	return r;
}

static int
check_answer(const struct vub_wire_header *wire)
{
	if (wire->flags != (VUB_WIRE_VERSION | VUB_WIRE_F_REPLY)
			|| wire->size != sizeof(uint64_t)) {
		return -EPROTO;
	}
	return 0;
}

static int
handle_answer(struct vub_shmem *shmem)
{
	struct vub_shmem_operation *operation = list_first(&shmem->operations,
		struct vub_shmem_operation, link);
	if (list_empty(&shmem->operations)
			|| operation->stage == STAGE_WAITING) {
		return -EPROTO;
	}
	bool barrier = operation->stage == STAGE_ANSWERED;
	if (shmem->channel.header.request != (barrier
			? (uint32_t)VUB_BACKEND_CONFIG_CHANGE
			: operation->request)) {
		return -EPROTO;
	}
	uint64_t wire;
	memcpy(&wire, shmem->channel.payload, sizeof(wire));
	vub_channel_consume(&shmem->channel);
	if (barrier) {
		/* That it came is the answer, whatever it says. */
		operation_finish(shmem, operation, operation->result);
	} else {
		operation->result = wire == 0 ? 0 : -EIO;
		operation->stage = STAGE_ANSWERED;
	}
	return 0;
}

static int
serve(struct vub_shmem *shmem)
{
	int r = 1;
	while (r > 0) {
		r = vub_channel_receive(&shmem->channel, check_answer);
		if (r > 0) {
			int answered = handle_answer(shmem);
			r = answered < 0 ? answered : 1;
		}
	}
	return r < 0 ? r : advance(shmem);
}

static void
handle_socket(void *data, uint32_t revents)
{
	struct vub_shmem *shmem = data;
	(void)revents;
	int r = serve(shmem);
	if (r < 0) {
		disconnect(shmem, r);
	}
}

int
vub_shmem_set_socket(struct vub_shmem *shmem, int take_fd)
{
	disconnect(shmem, -ECANCELED);
	int r = vub_channel_init(&shmem->channel, take_fd);
	if (r == 0) {
		r = loop_add_fd(shmem->loop, shmem->channel.fd, EPOLLIN,
			handle_socket, shmem, &shmem->source);
		if (r < 0) {
			vub_channel_finish(&shmem->channel);
		}
	}
	return r;
}

void
vub_shmem_hold(struct vub_shmem *shmem, bool held)
{
	shmem->held = held;
	if (advance(shmem) < 0) {
		/* Told from the loop, where callbacks are due. */
		shutdown(shmem->channel.fd, SHUT_RDWR);
	}
}

void
vub_shmem_cancel(struct vub_shmem *shmem)
{
	/* What the callbacks ask for anew is not to be cancelled with it. */
	struct list cancelled;
	list_init(&cancelled);
	struct vub_shmem_operation *operation, *tmp;
	vub_shmem_fn out_fn = NULL;
	void *out_data = NULL;
	list_for_each_safe(operation, tmp, &shmem->operations, link) {
		if (operation->stage == STAGE_WAITING) {
			list_remove(&operation->link);
			list_append(&cancelled, &operation->link);
		} else {
			out_fn = operation->fn;
			out_data = operation->data;
			operation->fn = NULL;
		}
	}
	if (out_fn != NULL) {
		out_fn(out_data, -ECANCELED);
	}
	while (!list_empty(&cancelled)) {
		operation_finish(shmem, list_first(&cancelled,
			struct vub_shmem_operation, link), -ECANCELED);
	}
}

/* Whether the front-end negotiated shared memory at all. */
static bool
has_shmem(const struct vub_session *session)
{
	const uint64_t needed = VUB_BIT(VUB_PROTOCOL_F_SHMEM)
		| VUB_BIT(VUB_PROTOCOL_F_BACKEND_REQ)
		| VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK);
	return session->end_reason == 0 && session->shmem.channel.fd >= 0
		&& (session->protocol_features & needed) == needed;
}

static int
request(struct vub_session *session, uint32_t number,
	const struct vub_wire_shmem_map *wire, int fd, vub_shmem_fn fn,
	void *data)
{
	struct vub_shmem *shmem = &session->shmem;
	if (!has_shmem(session)) {
		return -ENOTSUP;
	}
	if (session->running == 0) {
		return -ENOTCONN;
	}
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t size = session->device->shmem_sizes[wire->shmid];
	if (wire->len == 0 || wire->len > size
			|| wire->shm_offset > size - wire->len
			|| ((wire->len | wire->shm_offset | wire->fd_offset)
				& (page - 1)) != 0) {
		return -EINVAL;
	}
	if (shmem->count >= OPERATIONS_MAX) {
		return -EAGAIN;
	}
	int copy = fd < 0 ? -1 : fd_dup(fd);
	if (fd >= 0 && copy < 0) {
		return copy;
	}
	struct vub_shmem_operation *operation = calloc(1, sizeof(*operation));
	if (operation == NULL) {
		fd_close(&copy);
		return -ENOMEM;
	}
	operation->request = number;
	operation->wire = *wire;
	operation->fd = copy;
	operation->fn = fn;
	operation->data = data;
	list_append(&shmem->operations, &operation->link);
	shmem->count++;
	vub_shmem_hold(shmem, shmem->held);
	return 0;
}

int
vub_session_shmem_map(struct vub_session *session, uint8_t shmid,
	uint64_t shm_offset, int fd, uint64_t fd_offset, uint64_t len,
	vub_shmem_fn fn, void *data)
{
	const struct vub_wire_shmem_map wire = {
		.shmid = shmid,
		.fd_offset = fd_offset,
		.shm_offset = shm_offset,
		.len = len,
		/* QEMU maps writable in any case, and so does the guest. */
		.flags = VUB_WIRE_SHMEM_WRITABLE,
	};
	return fd < 0 ? -EBADF : request(session, VUB_BACKEND_SHMEM_MAP, &wire,
		fd, fn, data);
}

int
vub_session_shmem_unmap(struct vub_session *session, uint8_t shmid,
	uint64_t shm_offset, uint64_t len, vub_shmem_fn fn, void *data)
{
	const struct vub_wire_shmem_map wire = {
		.shmid = shmid,
		.shm_offset = shm_offset,
		.len = len,
	};
	return request(session, VUB_BACKEND_SHMEM_UNMAP, &wire, -1, fn, data);
}
