/* SPDX-License-Identifier: MIT */
/* Bytes and descriptors of a request, made into one typed, checked message. */
#ifndef VUB_MESSAGE_H
#define VUB_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* A piece of guest memory as the front-end described it; nothing wraps. */
struct vub_mem_region {
	uint64_t guest_addr;
	uint64_t user_addr;
	uint64_t size;		/* bytes, at least 1 */
	uint64_t mmap_offset;
};

/* Where a ring lies, in the front-end's addresses, each part aligned. */
struct vub_ring_addr {
	uint64_t desc;
	uint64_t avail;
	uint64_t used;
};

struct vub_message {
	uint32_t request;	/* enum vub_request, or one we do not know */
	bool known;
	bool need_reply;
	unsigned index;		/* of the queue, in vring messages; unchecked */
	union {
		uint64_t features;
		uint32_t num;	/* _NUM: a valid size; _BASE: 16 bits */
		bool enable;
		struct vub_ring_addr addr;
		struct {
			uint32_t offset;
			uint32_t len;	/* bytes, at most VUB_CONFIG_SIZE_MAX */
		} config;
		struct {
			size_t count;
			struct vub_mem_region regions[VUB_MEM_REGIONS_MAX];
		} memory;
	};
	int *fds;		/* as many as the request must have */
	size_t fd_count;
};

/**
 * vub_message_check_header() - Whether a header may begin a request
 *
 * Return: 0, or -EPROTO: the stream cannot be followed any further.
 */
int
vub_message_check_header(const struct vub_wire_header *wire);

/**
 * vub_message_decode() - Make a typed message of a whole request
 * @wire: a header that was checked
 * @payload: wire->size bytes
 * @fds: what came along, borrowed; @ret points to them
 *
 * Pure: touches no descriptor. A request with an unknown id is decoded too,
 * with @known false.
 * Return: 0; -EPROTO when size or number of descriptors are not the request's;
 * -EINVAL when a value can never be right.
 */
int
vub_message_decode(const struct vub_wire_header *wire, const void *payload,
	int *fds, size_t fd_count, struct vub_message *ret);

#endif
