/* SPDX-License-Identifier: MIT */
/*
 * virtwl.h - the ioctls of /dev/wl0 and of the VFDs it hands out
 *
 * The first four are the historic ABI, kept bit for bit (the directions look
 * reversed; they are what programs compiled long ago use). The rest, from 0x40
 * on, are this project's. Integers are native-endian; pointers are __u64, so
 * 32-bit programs use the same layouts. virtio-wl.md says what each means.
 */
#ifndef VIRTWL_H
#define VIRTWL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VIRTWL_SEND_MAX_VFDS	28

/* Kinds of VFD that VIRTWL_IOCTL_NEW makes. */
#define VIRTWL_IOCTL_NEW_CTX		0	/* the connection named "" */
#define VIRTWL_IOCTL_NEW_ALLOC		1	/* shared memory */
#define VIRTWL_IOCTL_NEW_PIPE_READ	2	/* we read, the receiver writes */
#define VIRTWL_IOCTL_NEW_PIPE_WRITE	3	/* we write, the receiver reads */
#define VIRTWL_IOCTL_NEW_DMABUF		4	/* ENOTTY here */
#define VIRTWL_IOCTL_NEW_CTX_NAMED	5
#define VIRTWL_IOCTL_NEW_LISTENER	0x40	/* by name; "" is every peer */
#define VIRTWL_IOCTL_NEW_SNAPSHOT	0x41	/* size bytes, filled by write(2) */
#define VIRTWL_IOCTL_NEW_SOCKETPAIR	0x42	/* the receiver gets the other end */

struct virtwl_ioctl_new {
	__u32 type;		/* VIRTWL_IOCTL_NEW_* */
	__s32 fd;		/* out: close-on-exec; callers preset -1 */
	__u32 flags;		/* zero */
	union {
		__u32 size;	/* ALLOC, SNAPSHOT; bytes */
		struct {
			__u32 width, height, format;
			__u32 stride0, stride1, stride2;
			__u32 offset0, offset1, offset2;
		} dmabuf;
		char name[32];	/* CTX_NAMED, LISTENER; ends at NUL or 32 */
	};
};

struct virtwl_ioctl_txn {
	__s32 fds[VIRTWL_SEND_MAX_VFDS];	/* ends at the first negative */
	__u32 len;
	__u8 data[];
};

struct virtwl_ioctl_dmabuf_sync {
	__u32 flags;
};

#define VIRTWL_IOCTL_BASE		'w'
#define VIRTWL_IOCTL_NEW	_IOWR(VIRTWL_IOCTL_BASE, 0x00, struct virtwl_ioctl_new)
#define VIRTWL_IOCTL_SEND	_IOR(VIRTWL_IOCTL_BASE, 0x01, struct virtwl_ioctl_txn)
#define VIRTWL_IOCTL_RECV	_IOW(VIRTWL_IOCTL_BASE, 0x02, struct virtwl_ioctl_txn)
#define VIRTWL_IOCTL_DMABUF_SYNC \
	_IOR(VIRTWL_IOCTL_BASE, 0x03, struct virtwl_ioctl_dmabuf_sync)

/*
 * VIRTWL_IOCTL_SENDMSG, _RECVMSG: sendmsg(2) and recvmsg(2) with the control
 * message already taken apart. The ioctl returns the number of bytes moved.
 * A call on a VFD that is not READ (or not WRITE) fails with EBADF.
 */
#define VIRTWL_MSG_DONTWAIT	0x1	/* this call alone does not wait */
#define VIRTWL_MSG_CTRUNC	0x2	/* out: more fds came than fitted; closed */
#define VIRTWL_MSG_PEEK		0x4	/* RECVMSG: data only, nothing is taken */

struct virtwl_ioctl_msg {
	__u64 iov;		/* struct iovec array of the caller's ABI */
	__u32 iov_count;	/* 0 .. 1024 */
	__u32 flags;		/* VIRTWL_MSG_*, in and out */
	__u64 fds;		/* __s32 array */
	__u32 fd_count;		/* SENDMSG: 0 .. 28; RECVMSG: room, then what came */
	__u32 reserved;		/* zero */
};

struct virtwl_ioctl_shutdown {
	__u32 how;		/* VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND */
};

/* The layout of struct virtio_wl_wire_peer, in native endianness. */
struct virtwl_ioctl_peer {
	char name[64];
	char instance[40];
	__u32 flags;
	__u32 colour;
	__u64 serial;
	__u64 reserved;
};

/* On the node: what the device can do. On a VFD: what it is. */
struct virtwl_ioctl_info {
	__u64 features;		/* negotiated virtio feature bits */
	__u32 vfd_flags;	/* VIRTIO_WL_VFD_*; 0 on the node */
	__u32 vfd_id;		/* 0 on the node */
	__u64 size;		/* bytes of memory, exact; 0 where there is none */
	__u64 reserved;
};

#define VIRTWL_IOCTL_SENDMSG \
	_IOWR(VIRTWL_IOCTL_BASE, 0x40, struct virtwl_ioctl_msg)
#define VIRTWL_IOCTL_RECVMSG \
	_IOWR(VIRTWL_IOCTL_BASE, 0x41, struct virtwl_ioctl_msg)
#define VIRTWL_IOCTL_SHUTDOWN \
	_IOW(VIRTWL_IOCTL_BASE, 0x42, struct virtwl_ioctl_shutdown)
#define VIRTWL_IOCTL_PEER \
	_IOR(VIRTWL_IOCTL_BASE, 0x43, struct virtwl_ioctl_peer)
#define VIRTWL_IOCTL_INFO \
	_IOR(VIRTWL_IOCTL_BASE, 0x44, struct virtwl_ioctl_info)

#endif
