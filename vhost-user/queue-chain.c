/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A chain is a linked list in memory that the driver can rewrite while we walk
 * it. So each descriptor is copied once and judged in the copy, and the number
 * of steps is bounded by the size of the table, which makes loops end.
 *
 * Readable descriptors come before writable ones, so one array holds both. Short
 * chains fit into the element; a longer one takes memory that stays with the
 * element up to VUB_ELEMENT_IOV_KEPT ranges, so that a queue of long chains does
 * not allocate each time.
 */
#include "queue-chain.h"

#include <endian.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct descriptor {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

/* Where descriptors are taken from: the ring's table, or an indirect one. */
struct table {
	const struct vub_wire_desc *ring;	/* NULL: indirect */
	uint64_t addr;		/* of an indirect one, guest-physical */
	uint32_t count;		/* descriptors in it */
};

static int
table_read(const struct vub_queue *queue, const struct table *table,
	uint32_t index, struct descriptor *ret)
{
	if (index >= table->count) {
		return -EPROTO;
	}
	struct vub_wire_desc wire;
	if (table->ring != NULL) {
		memcpy(&wire, &table->ring[index], sizeof(wire));
		atomic_signal_fence(memory_order_seq_cst);
	} else if (vub_memory_read(queue->memory, table->addr
			+ index * sizeof(wire), &wire, sizeof(wire)) < 0) {
		return -EPROTO;
	}
	*ret = (struct descriptor) {
		.addr = le64toh(wire.addr),
		.len = le32toh(wire.len),
		.flags = le16toh(wire.flags),
		.next = le16toh(wire.next),
	};
	return 0;
}

/* @desc names a table that takes over from the ring's. */
static int
table_enter(const struct vub_queue *queue, const struct descriptor *desc,
	struct table *table)
{
	if (!queue->indirect || table->ring == NULL
			|| (desc->flags & VUB_DESC_F_NEXT) != 0
			|| desc->len == 0
			|| desc->len % sizeof(struct vub_wire_desc) != 0
			|| desc->len / sizeof(struct vub_wire_desc)
				> VUB_CHAIN_MAX
			|| desc->len - 1 > UINT64_MAX - desc->addr) {
		return -EPROTO;
	}
	*table = (struct table) {
		.addr = desc->addr,
		.count = desc->len / sizeof(struct vub_wire_desc),
	};
	return 0;
}

static int
make_room(struct vub_element *element)
{
	size_t room = element->iov_room * 4;
	struct iovec *iov = malloc(room * sizeof(*iov));
	if (iov == NULL) {
		return -ENOMEM;
	}
	memcpy(iov, element->iov, (element->readable_count
		+ element->writable_count) * sizeof(*iov));
	vub_element_shrink(element, 0);
	element->iov = iov;
	element->iov_room = room;
	return 0;
}

void
vub_element_shrink(struct vub_element *element, size_t keep)
{
	if (element->iov != element->iov_inline && element->iov_room > keep) {
		free(element->iov);
		element->iov = element->iov_inline;
		element->iov_room = VUB_ELEMENT_IOV_INLINE;
	}
}

static int
append(const struct vub_queue *queue, const struct descriptor *desc,
	struct vub_element *element)
{
	bool writable = (desc->flags & VUB_DESC_F_WRITE) != 0;
	if (desc->len == 0 || (!writable && element->writable_count > 0)) {
		return -EPROTO;
	}
	/* The used ring counts bytes in 32 bits. */
	if (desc->len > UINT32_MAX
			- element->readable_bytes - element->writable_bytes) {
		return -EPROTO;
	}
	int r;
	for (;;) {
		size_t used = element->readable_count + element->writable_count;
		r = vub_memory_translate(queue->memory, desc->addr, desc->len,
			element->iov + used, element->iov_room - used);
		if (r != -ENOBUFS) {
			break;
		}
		r = make_room(element);
		if (r < 0) {
			return r;
		}
	}
	if (r < 0) {
		return -EPROTO;
	}
	if (writable) {
		element->writable_count += (size_t)r;
		element->writable_bytes += desc->len;
	} else {
		element->readable_count += (size_t)r;
		element->readable_bytes += desc->len;
	}
	return 0;
}

int
vub_queue_fetch_chain(const struct vub_queue *queue, uint16_t head,
	struct vub_element *element)
{
	struct table table = { .ring = queue->desc, .count = queue->num };
	uint32_t index = head;
	uint32_t steps = 0;

	element->readable_count = 0;
	element->writable_count = 0;
	element->readable_bytes = 0;
	element->writable_bytes = 0;
	while (steps++ < table.count) {
		struct descriptor desc;
		int r = table_read(queue, &table, index, &desc);
		if (r < 0) {
			return r;
		}
		if ((desc.flags & VUB_DESC_F_INDIRECT) != 0) {
			r = table_enter(queue, &desc, &table);
			index = 0;
			steps = 0;
		} else {
			r = append(queue, &desc, element);
			index = desc.next;
		}
		if (r < 0) {
			return r;
		}
		if ((desc.flags & (VUB_DESC_F_INDIRECT | VUB_DESC_F_NEXT))
				== 0) {
			return 0;
		}
	}
	return -EPROTO;
}
