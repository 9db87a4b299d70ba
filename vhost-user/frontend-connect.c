/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * What a VMM says to a device, in the order in which QEMU 11 says it, so that a
 * device that works here has seen nothing new when it meets a real VM:
 *
 *   realize   GET_FEATURES, GET/SET_PROTOCOL_FEATURES, [GET_QUEUE_NUM],
 *             SET_BACKEND_REQ_FD, SET_OWNER, GET_FEATURES,
 *             for each queue SET_VRING_CALL, SET_VRING_ERR,
 *             GET_SHMEM_CONFIG
 *   driver ok SET_FEATURES, SET_MEM_TABLE,
 *             for each queue NUM, BASE, ADDR, KICK, CALL,
 *             ENABLE for each, CALL for each (the interrupt is unmasked)
 *   stop      ENABLE(0) for each, GET_VRING_BASE for each
 *
 * Only what QEMU awaits is awaited: a device learns here that the rest of a
 * batch may be in its socket already.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "frontend-impl.h"
#include "util/fd.h"

static int
negotiate_protocol(struct vub_frontend *frontend)
{
	uint64_t offered;
	int r = vub_frontend_ask(frontend, VUB_GET_PROTOCOL_FEATURES, NULL, 0,
		&offered, sizeof(offered));
	if (r < 0) {
		return r;
	}
	uint64_t wanted = VUB_BIT(VUB_PROTOCOL_F_MQ)
		| VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK)
		| VUB_BIT(VUB_PROTOCOL_F_BACKEND_REQ)
		| VUB_BIT(VUB_PROTOCOL_F_CONFIG)
		| VUB_BIT(VUB_PROTOCOL_F_BACKEND_SEND_FD);
	if (frontend->options.shmem_map != NULL) {
		wanted |= VUB_BIT(VUB_PROTOCOL_F_SHMEM);
	}
	uint64_t accepted = offered & wanted;
	r = vub_frontend_send(frontend, VUB_SET_PROTOCOL_FEATURES, &accepted,
		sizeof(accepted), -1);
	frontend->protocol_features = accepted;
	return r;
}

static int
check_queue_num(struct vub_frontend *frontend)
{
	if (!frontend_has(frontend, VUB_PROTOCOL_F_MQ)) {
		return 0;
	}
	uint64_t most;
	int r = vub_frontend_ask(frontend, VUB_GET_QUEUE_NUM, NULL, 0, &most,
		sizeof(most));
	if (r < 0) {
		return r;
	}
	return frontend->options.num_queues <= most ? 0 : -ENOTSUP;
}

static int
open_backend_channel(struct vub_frontend *frontend)
{
	if (!frontend_has(frontend, VUB_PROTOCOL_F_BACKEND_REQ)) {
		return 0;
	}
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
			pair) < 0) {
		return -errno;
	}
	frontend->backend_sock = pair[0];
	int r = vub_frontend_order(frontend, VUB_SET_BACKEND_REQ_FD, NULL, 0,
		pair[1]);
	fd_close(&pair[1]);
	return r;
}

static int
set_vring_fd(struct vub_frontend *frontend, uint32_t request, unsigned index,
	int fd)
{
	uint64_t payload = index;
	return vub_frontend_send(frontend, request, &payload, sizeof(payload),
		fd);
}

static int
learn_shmem(struct vub_frontend *frontend)
{
	if (!frontend_has(frontend, VUB_PROTOCOL_F_SHMEM)) {
		return 0;
	}
	struct vub_wire_shmem_config wire;
	int r = vub_frontend_ask(frontend, VUB_GET_SHMEM_CONFIG, NULL, 0, &wire,
		sizeof(wire));
	if (r < 0) {
		return r;
	}
	uint32_t regions = 0;
	for (size_t i = 0; i < 256; i++) {
		uint64_t size = wire.sizes[i];
		if (size == 0) {
			continue;
		}
		regions++;
		/* It becomes part of a PCI bar: QEMU aborts on any other. */
		if ((size & (size - 1)) != 0 || size < FRONTEND_PAGE) {
			return -EPROTO;
		}
	}
	if (regions != wire.num_regions) {
		return -EPROTO;
	}
	memcpy(frontend->shmem_sizes, wire.sizes, sizeof(wire.sizes));
	return 0;
}

int
vub_frontend_negotiate(struct vub_frontend *frontend)
{
	uint64_t offered;
	int r = vub_frontend_ask(frontend, VUB_GET_FEATURES, NULL, 0, &offered,
		sizeof(offered));
	if (r < 0) {
		return r;
	}
	uint64_t needed = VUB_BIT(VUB_F_PROTOCOL_FEATURES)
		| VUB_BIT(VUB_F_VERSION_1);
	if ((offered & needed) != needed) {
		return -ENOTSUP;
	}
	frontend->features = offered & (needed | frontend->options.features
		| VUB_BIT(VUB_F_INDIRECT_DESC) | VUB_BIT(VUB_F_EVENT_IDX));

	if ((r = negotiate_protocol(frontend)) < 0
			|| (r = check_queue_num(frontend)) < 0
			|| (r = open_backend_channel(frontend)) < 0
			|| (r = vub_frontend_send(frontend, VUB_SET_OWNER, NULL,
				0, -1)) < 0
			|| (r = vub_frontend_ask(frontend, VUB_GET_FEATURES,
				NULL, 0, &offered, sizeof(offered))) < 0) {
		return r;
	}
	for (unsigned i = 0; i < frontend->options.num_queues; i++) {
		if ((r = set_vring_fd(frontend, VUB_SET_VRING_CALL, i,
					frontend->call_fd)) < 0
				|| (r = set_vring_fd(frontend,
					VUB_SET_VRING_ERR, i,
					frontend->err_fd)) < 0) {
			return r;
		}
	}
	return learn_shmem(frontend);
}

static int
set_vring_state(struct vub_frontend *frontend, uint32_t request,
	unsigned index, uint32_t num)
{
	struct vub_wire_vring_state wire = { .index = index, .num = num };
	return vub_frontend_send(frontend, request, &wire, sizeof(wire), -1);
}

static uint64_t
user_addr(const void *ptr)
{
	return (uint64_t)(uintptr_t)ptr;
}

static int
set_mem_table(struct vub_frontend *frontend)
{
	struct vub_wire_mem_table table = { .num_regions = 1 };
	struct vub_wire_mem_region region = {
		.guest_addr = FRONTEND_GUEST_BASE,
		.size = frontend->memory_bytes,
		.user_addr = user_addr(frontend->memory),
	};
	uint8_t wire[sizeof(table) + sizeof(region)];
	memcpy(wire, &table, sizeof(table));
	memcpy(wire + sizeof(table), &region, sizeof(region));
	return vub_frontend_order(frontend, VUB_SET_MEM_TABLE, wire,
		sizeof(wire), frontend->memory_fd);
}

static int
start_queue(struct vub_frontend *frontend, unsigned index)
{
	const struct vub_driver_queue *queue = &frontend->queues[index];
	struct vub_wire_vring_addr wire = {
		.index = index,
		.desc = user_addr(queue->desc),
		.used = user_addr(queue->used),
		.avail = user_addr(queue->avail),
	};
	int r;
	if ((r = set_vring_state(frontend, VUB_SET_VRING_NUM, index,
				queue->size)) < 0
			|| (r = set_vring_state(frontend, VUB_SET_VRING_BASE,
				index, 0)) < 0
			|| (r = vub_frontend_send(frontend, VUB_SET_VRING_ADDR,
				&wire, sizeof(wire), -1)) < 0
			|| (r = set_vring_fd(frontend, VUB_SET_VRING_KICK,
				index, queue->kick_fd)) < 0) {
		return r;
	}
	return set_vring_fd(frontend, VUB_SET_VRING_CALL, index,
		frontend->call_fd);
}

static int
enable_queue(struct vub_frontend *frontend, unsigned index, uint32_t enable)
{
	struct vub_wire_vring_state wire = { .index = index, .num = enable };
	int r = vub_frontend_order(frontend, VUB_SET_VRING_ENABLE, &wire,
		sizeof(wire), -1);
	if (r < 0 || frontend_has(frontend, VUB_PROTOCOL_F_REPLY_ACK)) {
		return r;
	}
	/* Any answer proves that what lies before it was taken in. */
	uint64_t ignored;
	return vub_frontend_ask(frontend, VUB_GET_FEATURES, NULL, 0, &ignored,
		sizeof(ignored));
}

int
vub_frontend_start(struct vub_frontend *frontend)
{
	int r = vub_frontend_send(frontend, VUB_SET_FEATURES,
		&frontend->features, sizeof(frontend->features), -1);
	if (r < 0 || (r = set_mem_table(frontend)) < 0) {
		return r;
	}
	for (unsigned i = 0; i < frontend->options.num_queues; i++) {
		if ((r = start_queue(frontend, i)) < 0) {
			return r;
		}
		frontend->started++;
	}
	for (unsigned i = 0; i < frontend->options.num_queues; i++) {
		if ((r = enable_queue(frontend, i, 1)) < 0) {
			return r;
		}
	}
	for (unsigned i = 0; i < frontend->options.num_queues; i++) {
		if ((r = set_vring_fd(frontend, VUB_SET_VRING_CALL, i,
				frontend->call_fd)) < 0) {
			return r;
		}
	}
	return 0;
}

void
vub_frontend_stop(struct vub_frontend *frontend)
{
	for (unsigned i = 0; i < frontend->started; i++) {
		if (enable_queue(frontend, i, 0) < 0) {
			return;
		}
	}
	for (unsigned i = 0; i < frontend->started; i++) {
		struct vub_wire_vring_state wire = { .index = i };
		if (vub_frontend_ask(frontend, VUB_GET_VRING_BASE, &wire,
				sizeof(wire), &wire, sizeof(wire)) < 0) {
			return;
		}
	}
}
