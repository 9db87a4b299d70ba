/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Every request has one payload size and one number of descriptors; a table
 * says which, and what the payload is. All that can be judged without knowing
 * the session is judged here, so that the session sees values, not claims.
 */
#include "message.h"

#include <vhost-user/backend.h>

#include <errno.h>
#include <string.h>

enum payload {
	PAYLOAD_UNKNOWN,	/* not a request of ours */
	PAYLOAD_NONE,
	PAYLOAD_FEATURES,
	PAYLOAD_VRING_NUM,
	PAYLOAD_VRING_BASE,
	PAYLOAD_VRING_ENABLE,
	PAYLOAD_VRING_ADDR,
	PAYLOAD_VRING_FD,
	PAYLOAD_MEM_TABLE,
	PAYLOAD_CONFIG,
};

static const struct request {
	uint8_t payload;	/* enum payload */
	uint8_t fd_count;	/* where the payload does not tell */
} requests[] = {
	[VUB_GET_FEATURES] = { PAYLOAD_NONE, 0 },
	[VUB_SET_FEATURES] = { PAYLOAD_FEATURES, 0 },
	[VUB_SET_OWNER] = { PAYLOAD_NONE, 0 },
	[VUB_RESET_OWNER] = { PAYLOAD_NONE, 0 },
	[VUB_SET_MEM_TABLE] = { PAYLOAD_MEM_TABLE, 0 },
	[VUB_SET_VRING_NUM] = { PAYLOAD_VRING_NUM, 0 },
	[VUB_SET_VRING_ADDR] = { PAYLOAD_VRING_ADDR, 0 },
	[VUB_SET_VRING_BASE] = { PAYLOAD_VRING_BASE, 0 },
	[VUB_GET_VRING_BASE] = { PAYLOAD_VRING_BASE, 0 },
	[VUB_SET_VRING_KICK] = { PAYLOAD_VRING_FD, 0 },
	[VUB_SET_VRING_CALL] = { PAYLOAD_VRING_FD, 0 },
	[VUB_SET_VRING_ERR] = { PAYLOAD_VRING_FD, 0 },
	[VUB_GET_PROTOCOL_FEATURES] = { PAYLOAD_NONE, 0 },
	[VUB_SET_PROTOCOL_FEATURES] = { PAYLOAD_FEATURES, 0 },
	[VUB_GET_QUEUE_NUM] = { PAYLOAD_NONE, 0 },
	[VUB_SET_VRING_ENABLE] = { PAYLOAD_VRING_ENABLE, 0 },
	[VUB_SET_BACKEND_REQ_FD] = { PAYLOAD_NONE, 1 },
	[VUB_GET_CONFIG] = { PAYLOAD_CONFIG, 0 },
	[VUB_SET_CONFIG] = { PAYLOAD_CONFIG, 0 },
	[VUB_RESET_DEVICE] = { PAYLOAD_NONE, 0 },
	[VUB_GET_SHMEM_CONFIG] = { PAYLOAD_NONE, 0 },
};

int
vub_message_check_header(const struct vub_wire_header *wire)
{
	if ((wire->flags & ~VUB_WIRE_F_NEED_REPLY) != VUB_WIRE_VERSION
			|| wire->size > VUB_WIRE_PAYLOAD_MAX) {
		return -EPROTO;
	}
	return 0;
}

static int
decode_vring_state(uint8_t payload, const void *bytes,
	struct vub_message *message)
{
	struct vub_wire_vring_state wire;
	memcpy(&wire, bytes, sizeof(wire));
	message->index = wire.index;
	switch (payload) {
	case PAYLOAD_VRING_NUM:
		if (wire.num == 0 || wire.num > VUB_QUEUE_SIZE_MAX
				|| (wire.num & (wire.num - 1)) != 0) {
			return -EINVAL;
		}
		message->num = wire.num;
		return 0;
	case PAYLOAD_VRING_BASE:
		/* The upper half is for packed rings, which we do not offer. */
		message->num = wire.num & 0xffff;
		return 0;
	default:
		if (wire.num > 1) {
			return -EINVAL;
		}
		message->enable = wire.num == 1;
		return 0;
	}
}

static int
decode_vring_addr(const void *bytes, struct vub_message *message)
{
	struct vub_wire_vring_addr wire;
	memcpy(&wire, bytes, sizeof(wire));
	if (wire.flags != 0 || wire.desc % VUB_DESC_ALIGN != 0
			|| wire.avail % VUB_AVAIL_ALIGN != 0
			|| wire.used % VUB_USED_ALIGN != 0) {
		return -EINVAL;
	}
	message->index = wire.index;
	message->addr = (struct vub_ring_addr) {
		.desc = wire.desc,
		.avail = wire.avail,
		.used = wire.used,
	};
	return 0;
}

static int
decode_region(const struct vub_wire_mem_region *wire,
	struct vub_mem_region *ret)
{
	/* The last byte must have an address in each of the three spaces. */
	if (wire->size == 0 || wire->size - 1 > UINT64_MAX - wire->guest_addr
			|| wire->size - 1 > UINT64_MAX - wire->user_addr
			|| wire->size > INT64_MAX
			|| wire->mmap_offset > INT64_MAX - wire->size) {
		return -EINVAL;
	}
	*ret = (struct vub_mem_region) {
		.guest_addr = wire->guest_addr,
		.user_addr = wire->user_addr,
		.size = wire->size,
		.mmap_offset = wire->mmap_offset,
	};
	return 0;
}

static int
decode_mem_table(const void *bytes, size_t size, size_t fd_count,
	struct vub_message *message)
{
	struct vub_wire_mem_table wire;
	if (size < sizeof(wire)) {
		return -EPROTO;
	}
	memcpy(&wire, bytes, sizeof(wire));
	if (wire.num_regions > VUB_MEM_REGIONS_MAX
			|| fd_count != wire.num_regions
			|| size - sizeof(wire) != wire.num_regions
				* sizeof(struct vub_wire_mem_region)) {
		return -EPROTO;
	}
	const uint8_t *at = (const uint8_t *)bytes + sizeof(wire);
	for (uint32_t i = 0; i < wire.num_regions; i++) {
		struct vub_wire_mem_region region;
		memcpy(&region, at + i * sizeof(region), sizeof(region));
		int r = decode_region(&region, &message->memory.regions[i]);
		if (r < 0) {
			return r;
		}
	}
	message->memory.count = wire.num_regions;
	return 0;
}

static int
decode_config(const void *bytes, size_t size, struct vub_message *message)
{
	struct vub_wire_config wire;
	if (size < sizeof(wire)) {
		return -EPROTO;
	}
	memcpy(&wire, bytes, sizeof(wire));
	if (size - sizeof(wire) != wire.size) {
		return -EPROTO;
	}
	message->config.offset = wire.offset;
	message->config.len = wire.size;
	return 0;
}

static int
decode_vring_fd(const void *bytes, size_t fd_count,
	struct vub_message *message)
{
	uint64_t wire;
	memcpy(&wire, bytes, sizeof(wire));
	if ((wire & ~(VUB_WIRE_VRING_INDEX_MASK | VUB_WIRE_VRING_NO_FD)) != 0) {
		return -EINVAL;
	}
	message->index = (unsigned)(wire & VUB_WIRE_VRING_INDEX_MASK);
	return fd_count == ((wire & VUB_WIRE_VRING_NO_FD) ? 0 : 1)
		? 0 : -EPROTO;
}

/* Bytes of a payload of fixed size; 0 where the payload itself tells. */
static size_t
payload_size(uint8_t payload)
{
	switch (payload) {
	case PAYLOAD_FEATURES:
	case PAYLOAD_VRING_FD:
		return sizeof(uint64_t);
	case PAYLOAD_VRING_NUM:
	case PAYLOAD_VRING_BASE:
	case PAYLOAD_VRING_ENABLE:
		return sizeof(struct vub_wire_vring_state);
	case PAYLOAD_VRING_ADDR:
		return sizeof(struct vub_wire_vring_addr);
	default:
		return 0;
	}
}

static int
decode_payload(uint8_t payload, const void *bytes, size_t size,
	struct vub_message *message)
{
	switch (payload) {
	case PAYLOAD_NONE:
		return size == 0 ? 0 : -EPROTO;
	case PAYLOAD_FEATURES:
		memcpy(&message->features, bytes, sizeof(message->features));
		return 0;
	case PAYLOAD_VRING_ADDR:
		return decode_vring_addr(bytes, message);
	case PAYLOAD_VRING_FD:
		return decode_vring_fd(bytes, message->fd_count, message);
	case PAYLOAD_MEM_TABLE:
		return decode_mem_table(bytes, size, message->fd_count,
			message);
	case PAYLOAD_CONFIG:
		return decode_config(bytes, size, message);
	default:
		return decode_vring_state(payload, bytes, message);
	}
}

int
vub_message_decode(const struct vub_wire_header *wire, const void *payload,
	int *fds, size_t fd_count, struct vub_message *ret)
{
	struct vub_message message = {
		.request = wire->request,
		.need_reply = (wire->flags & VUB_WIRE_F_NEED_REPLY) != 0,
		.fds = fds,
		.fd_count = fd_count,
	};
	struct request request = { PAYLOAD_UNKNOWN, 0 };
	if (wire->request < sizeof(requests) / sizeof(requests[0])) {
		request = requests[wire->request];
	}
	if (request.payload == PAYLOAD_UNKNOWN) {
		*ret = message;
		return 0;
	}
	message.known = true;
	size_t size = payload_size(request.payload);
	if (size != 0 && wire->size != size) {
		return -EPROTO;
	}
	if (request.payload != PAYLOAD_VRING_FD
			&& request.payload != PAYLOAD_MEM_TABLE
			&& fd_count != request.fd_count) {
		return -EPROTO;
	}
	int r = decode_payload(request.payload, payload, wire->size, &message);
	if (r < 0) {
		return r;
	}
	*ret = message;
	return 0;
}
