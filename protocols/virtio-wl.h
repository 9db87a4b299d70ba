/* SPDX-License-Identifier: MIT */
/*
 * virtio-wl.h - the wire format between a guest's driver and the device
 *
 * Every integer is little-endian, every field naturally aligned, padding is
 * spelled out and zero. virtio-wl.md is the prose: who may say what, when, and
 * what it costs. The kernel module, the device and the library all include
 * this one file.
 */
#ifndef VIRTIO_WL_H
#define VIRTIO_WL_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#else
#include <assert.h>
#include <stddef.h>
#endif

#define VIRTIO_ID_WL			63
/*
 * What virtio-wl was before that number became another's (video encoder, which
 * no driver of Linux claims). QEMU 11 refuses to make devices beyond 45, so
 * there it is still 30; F_USE_SHMEM tells such a device from a video encoder.
 */
#define VIRTIO_ID_WL_OLD		30

/* Queues (virtio-wl.md, "Queues"). */
#define VIRTIO_WL_QUEUE_IN		0	/* device to driver */
#define VIRTIO_WL_QUEUE_OUT		1	/* driver to device, and answers */
#define VIRTIO_WL_QUEUE_COUNT		2

/* The shared-memory region every mapped VFD lives in. */
#define VIRTIO_WL_SHMEM_ID		0
#define VIRTIO_WL_PFN_SHIFT		12	/* whatever the guest's page size */

/* Feature bit numbers. The first three are the historic device's. */
#define VIRTIO_WL_F_TRANS_FLAGS		1
#define VIRTIO_WL_F_SEND_FENCES		2	/* never offered by this device */
#define VIRTIO_WL_F_USE_SHMEM		3	/* pfn counts from the region's start */
/* The rest are this project's (virtio-wl.md, "Features"). */
#define VIRTIO_WL_F_TRUE_FLAGS		16
#define VIRTIO_WL_F_SOCKETS		17	/* needs TRUE_FLAGS */
#define VIRTIO_WL_F_WINDOWS		18	/* needs TRUE_FLAGS */
#define VIRTIO_WL_F_HALF_CLOSE		19	/* needs TRUE_FLAGS */
#define VIRTIO_WL_F_LISTEN		20	/* needs SOCKETS and WINDOWS */
#define VIRTIO_WL_F_PEER		21	/* needs TRUE_FLAGS */
#define VIRTIO_WL_F_MEMORY		22	/* needs TRUE_FLAGS */

/* Commands. */
#define VIRTIO_WL_CMD_VFD_NEW		0x100	/* both ways */
#define VIRTIO_WL_CMD_VFD_CLOSE		0x101
#define VIRTIO_WL_CMD_VFD_SEND		0x102
#define VIRTIO_WL_CMD_VFD_RECV		0x103	/* device to driver */
#define VIRTIO_WL_CMD_VFD_NEW_CTX	0x104
#define VIRTIO_WL_CMD_VFD_NEW_PIPE	0x105
#define VIRTIO_WL_CMD_VFD_HUP		0x106	/* device to driver */
#define VIRTIO_WL_CMD_VFD_NEW_DMABUF	0x107
#define VIRTIO_WL_CMD_VFD_DMABUF_SYNC	0x108
#define VIRTIO_WL_CMD_VFD_SEND_FOREIGN_ID 0x109
#define VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED	0x10a
#define VIRTIO_WL_CMD_VFD_NEW_LISTENER	0x180	/* F_LISTEN */
#define VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT	0x181	/* F_MEMORY */
#define VIRTIO_WL_CMD_VFD_SHUTDOWN	0x182	/* F_HALF_CLOSE, both ways */
#define VIRTIO_WL_CMD_VFD_CREDIT	0x183	/* F_WINDOWS, both ways */
#define VIRTIO_WL_CMD_VFD_GET_PEER	0x184	/* F_PEER */
#define VIRTIO_WL_CMD_VFD_TRIM		0x185	/* F_MEMORY */

/* Answers, and the errno our driver makes of each. */
#define VIRTIO_WL_RESP_OK		0x1000
#define VIRTIO_WL_RESP_VFD_NEW		0x1001
#define VIRTIO_WL_RESP_VFD_NEW_DMABUF	0x1002
#define VIRTIO_WL_RESP_PEER		0x1080
#define VIRTIO_WL_RESP_ERR		0x1100	/* ENODEV */
#define VIRTIO_WL_RESP_OUT_OF_MEMORY	0x1101	/* ENOMEM */
#define VIRTIO_WL_RESP_INVALID_ID	0x1102	/* ENOENT */
#define VIRTIO_WL_RESP_INVALID_TYPE	0x1103	/* EINVAL */
#define VIRTIO_WL_RESP_INVALID_FLAGS	0x1104	/* EPERM */
#define VIRTIO_WL_RESP_INVALID_CMD	0x1105	/* ENOTTY */
/* Only where one of our feature bits was negotiated (F_TRUE_FLAGS). */
#define VIRTIO_WL_RESP_REFUSED		0x1180	/* ECONNREFUSED */
#define VIRTIO_WL_RESP_AGAIN		0x1181	/* EAGAIN */
#define VIRTIO_WL_RESP_IN_USE		0x1182	/* EADDRINUSE */
#define VIRTIO_WL_RESP_BROKEN_PIPE	0x1183	/* EPIPE */
#define VIRTIO_WL_RESP_BUDGET		0x1184	/* EDQUOT */

/* VFD flags. Historic without F_TRUE_FLAGS: WRITE and READ alone. */
#define VIRTIO_WL_VFD_WRITE		0x001	/* the guest may send */
#define VIRTIO_WL_VFD_READ		0x002	/* the guest may receive */
#define VIRTIO_WL_VFD_FENCE		0x008	/* historic, unused here */
#define VIRTIO_WL_VFD_SOCKET		0x010	/* VFDs travel beside the data */
#define VIRTIO_WL_VFD_MAP		0x020	/* pfn and size are memory */
#define VIRTIO_WL_VFD_COPY		0x040	/* with MAP: a private copy */
#define VIRTIO_WL_VFD_LISTEN		0x080	/* receives connections */
#define VIRTIO_WL_VFD_VOID		0x100	/* an fd kind that cannot cross */

/* Limits. */
#define VIRTIO_WL_IN_BUFFER_MIN		4096	/* bytes, one in-queue element */
#define VIRTIO_WL_VFDS_MAX		28	/* VFDs beside one message */
#define VIRTIO_WL_SEND_MAX		65536	/* data bytes of one VFD_SEND */
#define VIRTIO_WL_NAME_MAX		32	/* bytes, NUL-padded */
#define VIRTIO_WL_GUEST_ID_MAX		0x7ff	/* VFDs a guest makes: 1..2047 */
#define VIRTIO_WL_HOST_ID_MIN		0x40000000
#define VIRTIO_WL_HOST_ID_MAX		0x7fffffff

/*
 * Windows (virtio-wl.md, "Windows"): what a message takes from its sender's
 * credit is its data bytes plus VIRTIO_WL_VFD_COST for each VFD beside them.
 */
#define VIRTIO_WL_WINDOW		131072
#define VIRTIO_WL_VFD_COST		256

/* VFD_SHUTDOWN, seen from the guest. */
#define VIRTIO_WL_SHUT_RECV		0x1	/* the guest receives no more */
#define VIRTIO_WL_SHUT_SEND		0x2	/* the guest sends no more */

struct virtio_wl_wire_hdr {
	__le32 type;
	__le32 flags;		/* zero */
};

/* VFD_CLOSE, VFD_HUP, VFD_GET_PEER. */
struct virtio_wl_wire_vfd {
	struct virtio_wl_wire_hdr hdr;
	__le32 vfd_id;
};

/*
 * VFD_NEW and every other VFD_NEW_*, and RESP_VFD_NEW. Drivers of old send 32
 * bytes where the union is unused; the device reads what is there.
 */
struct virtio_wl_wire_new {
	struct virtio_wl_wire_hdr hdr;
	__le32 vfd_id;
	__le32 flags;		/* VIRTIO_WL_VFD_* */
	__le64 pfn;		/* of VIRTIO_WL_PFN_SHIFT, from the region's start */
	__le32 size;		/* bytes */
	union {
		__u8 name[VIRTIO_WL_NAME_MAX];	/* CTX_NAMED, LISTENER */
		__u8 unused[36];
	};
};

#define VIRTIO_WL_NEW_SIZE_MIN		28	/* up to and with size */

/* VFD_SEND and VFD_RECV: then vfd_count __le32 ids, then data to the end. */
struct virtio_wl_wire_msg {
	struct virtio_wl_wire_hdr hdr;
	__le32 vfd_id;
	__le32 vfd_count;	/* 0 .. VIRTIO_WL_VFDS_MAX */
};

struct virtio_wl_wire_shutdown {
	struct virtio_wl_wire_hdr hdr;
	__le32 vfd_id;
	__le32 how;		/* VIRTIO_WL_SHUT_*, at least one */
};

struct virtio_wl_wire_credit {
	struct virtio_wl_wire_hdr hdr;
	__le32 vfd_id;
	__le32 credit;		/* bytes given back, at least 1 */
};

struct virtio_wl_wire_trim {
	struct virtio_wl_wire_hdr hdr;
	__le32 vfd_id;
	__le32 reserved;	/* zero */
	__le64 offset;		/* bytes, a multiple of 4096 */
	__le64 length;		/* bytes, a multiple of 4096, not 0 */
};

#define VIRTIO_WL_PEER_NAME_MAX		64
#define VIRTIO_WL_PEER_INSTANCE_MAX	40
#define VIRTIO_WL_PEER_HAS_COLOUR	0x1
#define VIRTIO_WL_PEER_HOST		0x2	/* a program of the host itself */

/* Who is at the other end, as the host says (virtio-wl.md, "Identity"). */
struct virtio_wl_wire_peer {
	__u8 name[VIRTIO_WL_PEER_NAME_MAX];	/* printable ASCII, NUL-padded */
	__u8 instance[VIRTIO_WL_PEER_INSTANCE_MAX]; /* one run of that VM */
	__le32 flags;		/* VIRTIO_WL_PEER_* */
	__le32 colour;		/* 0x00RRGGBB */
	__le64 serial;		/* of this connection, never reused by a device */
	__le64 reserved;	/* zero */
};

struct virtio_wl_wire_peer_resp {
	struct virtio_wl_wire_hdr hdr;	/* RESP_PEER */
	struct virtio_wl_wire_peer peer;
};

static_assert(sizeof(struct virtio_wl_wire_hdr) == 8, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_vfd) == 12, "wire layout");
static_assert(offsetof(struct virtio_wl_wire_new, pfn) == 16, "wire layout");
static_assert(offsetof(struct virtio_wl_wire_new, size) == 24, "wire layout");
static_assert(offsetof(struct virtio_wl_wire_new, name) == 28, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_new) == 64, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_msg) == 16, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_shutdown) == 16, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_credit) == 16, "wire layout");
static_assert(offsetof(struct virtio_wl_wire_trim, offset) == 16, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_trim) == 32, "wire layout");
static_assert(offsetof(struct virtio_wl_wire_peer, flags) == 104, "wire layout");
static_assert(offsetof(struct virtio_wl_wire_peer, serial) == 112, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_peer) == 128, "wire layout");
static_assert(sizeof(struct virtio_wl_wire_peer_resp) == 136, "wire layout");

#endif
