/* SPDX-License-Identifier: MIT */
/*
 * wire.h - what crosses the vhost-user socket, and the split ring's memory
 *
 * Messages are in the machine's own byte order, rings and descriptors are
 * little-endian. Everything here is naturally aligned and has no hidden
 * padding.
 *
 * Spec: QEMU's "Vhost-user Protocol", "Message Specification"; virtio 1.2,
 * "Split Virtqueues".
 */
#ifndef VUB_WIRE_H
#define VUB_WIRE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Messages.
 */

struct vub_wire_header {
	uint32_t request;
	uint32_t flags;		/* VUB_WIRE_VERSION, VUB_WIRE_F_* */
	uint32_t size;		/* bytes of payload behind the header */
};
static_assert(sizeof(struct vub_wire_header) == 12, "wire layout");

#define VUB_WIRE_VERSION	0x1u
#define VUB_WIRE_F_REPLY	0x4u
#define VUB_WIRE_F_NEED_REPLY	0x8u

/* Front-end to back-end. */
enum vub_request {
	VUB_GET_FEATURES = 1,
	VUB_SET_FEATURES = 2,
	VUB_SET_OWNER = 3,
	VUB_RESET_OWNER = 4,
	VUB_SET_MEM_TABLE = 5,
	VUB_SET_LOG_BASE = 6,
	VUB_SET_LOG_FD = 7,
	VUB_SET_VRING_NUM = 8,
	VUB_SET_VRING_ADDR = 9,
	VUB_SET_VRING_BASE = 10,
	VUB_GET_VRING_BASE = 11,
	VUB_SET_VRING_KICK = 12,
	VUB_SET_VRING_CALL = 13,
	VUB_SET_VRING_ERR = 14,
	VUB_GET_PROTOCOL_FEATURES = 15,
	VUB_SET_PROTOCOL_FEATURES = 16,
	VUB_GET_QUEUE_NUM = 17,
	VUB_SET_VRING_ENABLE = 18,
	VUB_SET_BACKEND_REQ_FD = 21,
	VUB_GET_CONFIG = 24,
	VUB_SET_CONFIG = 25,
	VUB_RESET_DEVICE = 34,
	VUB_GET_MAX_MEM_SLOTS = 36,
	VUB_ADD_MEM_REG = 37,
	VUB_REM_MEM_REG = 38,
	VUB_GET_SHMEM_CONFIG = 44,
};

/* Back-end to front-end, on the socket of VUB_SET_BACKEND_REQ_FD. */
enum vub_backend_request {
	VUB_BACKEND_CONFIG_CHANGE = 2,	/* no payload */
	VUB_BACKEND_SHMEM_MAP = 9,	/* struct vub_wire_shmem_map, one fd */
	VUB_BACKEND_SHMEM_UNMAP = 10,	/* the same, no fd */
};

/* Protocol feature bits, by number. */
#define VUB_PROTOCOL_F_MQ			0
#define VUB_PROTOCOL_F_REPLY_ACK		3
#define VUB_PROTOCOL_F_BACKEND_REQ		5
#define VUB_PROTOCOL_F_CONFIG			9
#define VUB_PROTOCOL_F_BACKEND_SEND_FD		10
#define VUB_PROTOCOL_F_CONFIGURE_MEM_SLOTS	15
#define VUB_PROTOCOL_F_SHMEM			22

/* Virtio feature bits, by number. */
#define VUB_F_INDIRECT_DESC			28
#define VUB_F_EVENT_IDX				29
#define VUB_F_PROTOCOL_FEATURES			30 /* vhost-user's own */
#define VUB_F_VERSION_1				32

#define VUB_BIT(number) (UINT64_C(1) << (number))

/* GET_VRING_BASE and its reply, SET_VRING_NUM, _BASE, _ENABLE. */
struct vub_wire_vring_state {
	uint32_t index;
	uint32_t num;
};
static_assert(sizeof(struct vub_wire_vring_state) == 8, "wire layout");

struct vub_wire_vring_addr {
	uint32_t index;
	uint32_t flags;		/* bit 0: log, which we never offer */
	uint64_t desc;		/* front-end's addresses, all four */
	uint64_t used;
	uint64_t avail;
	uint64_t log;
};
static_assert(offsetof(struct vub_wire_vring_addr, used) == 16, "wire layout");
static_assert(offsetof(struct vub_wire_vring_addr, avail) == 24, "wire layout");
static_assert(sizeof(struct vub_wire_vring_addr) == 40, "wire layout");

/* The u64 of SET_VRING_KICK, _CALL and _ERR. */
#define VUB_WIRE_VRING_INDEX_MASK	UINT64_C(0xff)
#define VUB_WIRE_VRING_NO_FD		UINT64_C(0x100)

struct vub_wire_mem_region {
	uint64_t guest_addr;
	uint64_t size;		/* bytes */
	uint64_t user_addr;	/* the front-end's own address */
	uint64_t mmap_offset;	/* bytes into the fd */
};
static_assert(sizeof(struct vub_wire_mem_region) == 32, "wire layout");

/* What crosvm may send; QEMU stays within 8. */
#define VUB_MEM_REGIONS_MAX	32

/* SET_MEM_TABLE: num_regions regions follow, and as many fds come along. */
struct vub_wire_mem_table {
	uint32_t num_regions;
	uint32_t padding;
	struct vub_wire_mem_region regions[];
};
static_assert(sizeof(struct vub_wire_mem_table) == 8, "wire layout");

/* GET_CONFIG and its reply, SET_CONFIG: size bytes follow. */
struct vub_wire_config {
	uint32_t offset;
	uint32_t size;
	uint32_t flags;
};
static_assert(sizeof(struct vub_wire_config) == 12, "wire layout");

/* The reply to GET_SHMEM_CONFIG. */
struct vub_wire_shmem_config {
	uint32_t num_regions;	/* how many sizes are not 0 */
	uint32_t padding;
	uint64_t sizes[256];	/* bytes, by shmid */
};
static_assert(sizeof(struct vub_wire_shmem_config) == 2056, "wire layout");

#define VUB_WIRE_SHMEM_WRITABLE	UINT64_C(0x1)

struct vub_wire_shmem_map {
	uint8_t shmid;
	uint8_t padding[7];
	uint64_t fd_offset;	/* bytes, as the next two */
	uint64_t shm_offset;
	uint64_t len;
	uint64_t flags;		/* VUB_WIRE_SHMEM_WRITABLE */
};
static_assert(offsetof(struct vub_wire_shmem_map, fd_offset) == 8,
	"wire layout");
static_assert(offsetof(struct vub_wire_shmem_map, len) == 24, "wire layout");
static_assert(sizeof(struct vub_wire_shmem_map) == 40, "wire layout");

/* The largest payload either side of ours has a use for, in bytes. */
#define VUB_WIRE_PAYLOAD_MAX	sizeof(struct vub_wire_shmem_config)

/*
 * The split ring. All little-endian.
 */

struct vub_wire_desc {
	uint64_t addr;		/* guest-physical */
	uint32_t len;		/* bytes */
	uint16_t flags;		/* VUB_DESC_F_* */
	uint16_t next;
};
static_assert(sizeof(struct vub_wire_desc) == 16, "wire layout");

#define VUB_DESC_F_NEXT		0x1
#define VUB_DESC_F_WRITE	0x2
#define VUB_DESC_F_INDIRECT	0x4

#define VUB_AVAIL_F_NO_INTERRUPT	0x1
#define VUB_USED_F_NO_NOTIFY		0x1

/* Behind ring[] lies one more: used_event. */
struct vub_wire_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[];
};
static_assert(sizeof(struct vub_wire_avail) == 4, "wire layout");

struct vub_wire_used_elem {
	uint32_t id;
	uint32_t len;		/* bytes written */
};
static_assert(sizeof(struct vub_wire_used_elem) == 8, "wire layout");

/* Behind ring[] lies a u16: avail_event. */
struct vub_wire_used {
	uint16_t flags;
	uint16_t idx;
	struct vub_wire_used_elem ring[];
};
static_assert(sizeof(struct vub_wire_used) == 4, "wire layout");

#define VUB_DESC_ALIGN		16u
#define VUB_AVAIL_ALIGN		2u
#define VUB_USED_ALIGN		4u

/* Sizes of the three parts of a ring of @num entries, in bytes. */
#define VUB_DESC_BYTES(num)	((size_t)(num) * 16)
#define VUB_AVAIL_BYTES(num)	((size_t)(num) * 2 + 6)
#define VUB_USED_BYTES(num)	((size_t)(num) * 8 + 6)

/* Whether moving an index from @old to @now passes @event. */
static inline int
vub_event_passed(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

#endif
