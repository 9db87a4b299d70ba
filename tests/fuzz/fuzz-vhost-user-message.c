/* SPDX-License-Identifier: MIT */
/*
 * A front-end's request. Input: one byte for how many descriptors came along,
 * the header, the payload.
 */
#include <stdlib.h>
#include <string.h>

#include <vhost-user/backend.h>

#include "fuzz.h"
#include "vhost-user/message.h"

static void
check_memory(const struct vub_message *message)
{
	if (message->memory.count > VUB_MEM_REGIONS_MAX
			|| message->memory.count != message->fd_count) {
		abort();
	}
	for (size_t i = 0; i < message->memory.count; i++) {
		const struct vub_mem_region *region =
			&message->memory.regions[i];
		if (region->size == 0
				|| region->guest_addr + (region->size - 1)
					< region->guest_addr
				|| region->user_addr + (region->size - 1)
					< region->user_addr
				|| region->mmap_offset + region->size
					> INT64_MAX) {
			abort();
		}
	}
}

static void
check(const struct vub_message *message)
{
	switch (message->request) {
	case VUB_SET_MEM_TABLE:
		check_memory(message);
		break;
	case VUB_SET_VRING_NUM:
		if (message->num == 0 || message->num > VUB_QUEUE_SIZE_MAX) {
			abort();
		}
		break;
	case VUB_SET_VRING_BASE:
		if (message->num > UINT16_MAX) {
			abort();
		}
		break;
	case VUB_SET_BACKEND_REQ_FD:
		if (message->fd_count != 1) {
			abort();
		}
		break;
	case VUB_SET_VRING_KICK:
	case VUB_SET_VRING_CALL:
	case VUB_SET_VRING_ERR:
		if (message->fd_count > 1) {
			abort();
		}
		break;
	default:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vub_wire_header wire;
	int fds[VUB_MEM_REGIONS_MAX];
	if (size < 1 + sizeof(wire)) {
		return 0;
	}
	size_t fd_count = data[0] % (VUB_MEM_REGIONS_MAX + 1);
	for (size_t i = 0; i < fd_count; i++) {
		fds[i] = -1;
	}
	memcpy(&wire, data + 1, sizeof(wire));
	data += 1 + sizeof(wire);
	size -= 1 + sizeof(wire);
	if (vub_message_check_header(&wire) < 0 || wire.size > size) {
		return 0;
	}
	/* On the heap, exactly as long as it says: reading on is seen. */
	uint8_t *payload = malloc(wire.size > 0 ? wire.size : 1);
	if (payload == NULL) {
		return 0;
	}
	memcpy(payload, data, wire.size);
	struct vub_message message;
	if (vub_message_decode(&wire, payload, fds, fd_count, &message) == 0
			&& message.known) {
		check(&message);
	}
	free(payload);
	return 0;
}
