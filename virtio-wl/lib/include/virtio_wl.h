/* SPDX-License-Identifier: MIT */
/*
 * virtio_wl.h - sockets that pass file descriptors between VMs
 *
 * libvirtio_wl gives a program in a guest connections to programs outside it:
 * a stream of bytes with file descriptors beside them, as AF_UNIX has, and the
 * memory, pipes and sockets that those descriptors stand for. Everything it
 * hands out is a VFD: a descriptor for poll(2), close-on-exec.
 *
 * Functions return -1 and set errno, as the calls they imitate. A device may be
 * used from several threads; a carrier's limits are said where it matters.
 *
 * Two kinds of carrier exist. With the kernel's (/dev/wl0) a VFD is a kernel
 * object: it can be read, written, mapped, closed and passed on like any other
 * descriptor. With the vhost-user carrier (no VM at all) the library itself
 * plays the guest: connections and pipes then belong to this process, must be
 * closed with vwl_close(), and vwl_device_dispatch() has to run whenever
 * vwl_device_get_fd() is readable; memory is a real memfd all the same.
 */
#ifndef VIRTIO_WL_LIB_H
#define VIRTIO_WL_LIB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vwl_device;

/* Descriptors beside one message; vwl_sendmsg() of more is EINVAL. */
#define VWL_FDS_MAX 28

/**
 * vwl_device_open() - Reach the host
 * @address: "/dev/wl0" (any path that begins with '/'): the kernel's device;
 *           "vhost-user:PATH": a device process's socket;
 *           NULL: $VIRTIO_WL_DEVICE, and /dev/wl0 where that is unset
 *
 * Return: the device, or NULL and errno.
 */
struct vwl_device *
vwl_device_open(const char *address);

/* Closes the device; VFDs of the vhost-user carrier die with it. */
void
vwl_device_close(struct vwl_device *device);

/* For poll(2): readable when dispatch has work. -1: never any (kernel). */
int
vwl_device_get_fd(struct vwl_device *device);

/* Do what waits, without waiting. 0, or -1 when the device is gone. */
int
vwl_device_dispatch(struct vwl_device *device);

/*
 * Connections
 */

/**
 * vwl_connect() - Connect to what the host calls @name
 * @name: at most 31 bytes; "" or NULL is the default
 * @flags: SOCK_NONBLOCK or 0
 *
 * Return: a VFD; -1 with ENOENT (no such name), ECONNREFUSED, EAGAIN (its
 * backlog is full), EDQUOT (the VM's budget is spent).
 */
int
vwl_connect(struct vwl_device *device, const char *name, int flags);

/**
 * vwl_listen() - Receive the connections of other VMs
 * @name: of one peer; "" or NULL is every peer the host lets in
 * @flags: SOCK_NONBLOCK or 0
 *
 * Return: a VFD, readable when a connection waits; -1 with ENOENT, EADDRINUSE
 * (somebody listens there already), EOPNOTSUPP (the device cannot).
 */
int
vwl_listen(struct vwl_device *device, const char *name, int flags);

/* Who is at the other end: the host's word, never the peer's. */
struct vwl_peer {
	char name[64];		/* the VM's, printable ASCII; "" unknown */
	char instance[40];	/* of one run of that VM */
	int has_colour;
	uint32_t colour;	/* 0x00RRGGBB */
	int is_host;		/* a program of the host itself */
	uint64_t serial;	/* of this connection */
};

/**
 * vwl_accept() - Take a waiting connection
 * @listener: from vwl_listen()
 * @peer: filled if not NULL
 * @flags: SOCK_NONBLOCK or 0
 *
 * Return: a VFD; -1 with EAGAIN, EINTR, …
 */
int
vwl_accept(int listener, struct vwl_peer *peer, int flags);

/* The peer of a connection, SO_PEERCRED's cousin. 0 or -1. */
int
vwl_getpeer(int vfd, struct vwl_peer *peer);

/**
 * vwl_sendmsg() - sendmsg(2) on a VFD
 * @vfd: a connection or the writing side of a pipe
 * @msg: control data may be one SCM_RIGHTS; the descriptors must be VFDs, or
 *       regular files and memfds (their content is copied, so not of a file
 *       system in user space or on a network, nor of /proc), else EINVAL
 * @flags: MSG_DONTWAIT, MSG_NOSIGNAL; else EOPNOTSUPP
 *
 * On any other descriptor: sendmsg(2) itself.
 * Return: bytes taken, maybe fewer than asked where it may not wait; -1 with
 * EAGAIN, EPIPE (and SIGPIPE), EINTR, …
 */
ssize_t
vwl_sendmsg(int vfd, const struct msghdr *msg, int flags);

/**
 * vwl_recvmsg() - recvmsg(2) on a VFD
 * @flags: MSG_DONTWAIT, MSG_CMSG_CLOEXEC, MSG_PEEK (data only)
 *
 * What belongs together arrives together: no byte before the descriptors that
 * were sent beside it. Descriptors without room are closed, with MSG_CTRUNC.
 * On any other descriptor: recvmsg(2) itself.
 * Return: bytes, 0 at the end of the stream, or -1.
 */
ssize_t
vwl_recvmsg(int vfd, struct msghdr *msg, int flags);

/* read(2) and write(2) on a VFD of any carrier. */
ssize_t
vwl_read(int vfd, void *buf, size_t size);

ssize_t
vwl_write(int vfd, const void *buf, size_t size);

/* shutdown(2): SHUT_RD, SHUT_WR, SHUT_RDWR. What was sent still arrives. */
int
vwl_shutdown(int vfd, int how);

/* close(2), and what this library knows of the descriptor with it. */
int
vwl_close(int vfd);

/* Whether @fd is a VFD of this library, and what kind. */
enum vwl_kind {
	VWL_KIND_NONE,		/* not a VFD */
	VWL_KIND_CONNECTION,
	VWL_KIND_LISTENER,
	VWL_KIND_MEMORY,
	VWL_KIND_PIPE,
	VWL_KIND_SNAPSHOT,	/* to be sent; cannot be mapped here */
	VWL_KIND_VOID,		/* something the carrier could not carry */
};

enum vwl_kind
vwl_kind(int fd);

/*
 * Pipes and sockets to send to somebody
 */

enum vwl_direction {
	VWL_READ,	/* we read; the receiver gets the writing end */
	VWL_WRITE,	/* we write; the receiver gets the reading end */
	VWL_READ_WRITE,	/* a socket pair */
};

/* Return: our end. Sending that VFD gives the receiver the other one, once. */
int
vwl_pipe(struct vwl_device *device, enum vwl_direction direction);

/*
 * Memory
 */

/**
 * vwl_memory() - Memory that can be sent: one mapping of its own
 * @size: bytes, rounded up to pages; sealed, so it never changes its size
 *
 * Each is costly (the VMM maps it); most programs want a pool instead.
 */
int
vwl_memory(struct vwl_device *device, size_t size);

/**
 * vwl_snapshot() - A sealed copy of bytes, to be sent and mapped elsewhere
 *
 * For what is written once and read by others: a keymap, a format table.
 */
int
vwl_snapshot(struct vwl_device *device, const void *data, size_t size);

/* The exact size in bytes of a memory VFD, or -1. */
off_t
vwl_memory_size(int vfd);

/* A range of a large piece. The fd is the piece's and stays the pool's. */
struct vwl_buffer {
	int fd;			/* send this; the same for a whole piece */
	size_t offset;		/* bytes into it, page-aligned */
	size_t size;		/* bytes */
	size_t piece_size;	/* bytes of the whole piece */
	void *data;		/* mapped here, read and write */
};

struct vwl_pool;

/* Return: a pool with no piece yet, or NULL. One thread at a time. */
struct vwl_pool *
vwl_pool_create(struct vwl_device *device);

/* Frees the pieces; buffers must be gone. NULL is fine. */
void
vwl_pool_destroy(struct vwl_pool *pool);

/* Cut @size bytes (zeros or an older buffer's) out of a piece. 0 or -1. */
int
vwl_pool_alloc(struct vwl_pool *pool, size_t size, struct vwl_buffer *ret);

/* Give it back; whole free pages go back to the host. */
void
vwl_pool_free(struct vwl_pool *pool, const struct vwl_buffer *buffer);

/*
 * Relay: descriptors of this machine, for the other side, and back
 */

struct vwl_relay;

/* Return: a relay, or NULL. */
struct vwl_relay *
vwl_relay_create(struct vwl_device *device);

void
vwl_relay_destroy(struct vwl_relay *relay);

/* For poll(2), and what to do then: bytes are moved, nothing waits. */
int
vwl_relay_get_fd(struct vwl_relay *relay);

void
vwl_relay_dispatch(struct vwl_relay *relay);

/**
 * vwl_relay_import() - A VFD to send in place of a descriptor of this machine
 * @take_fd: consumed, on failure too. A VFD comes back as it is; a regular
 *           file or memfd becomes a snapshot; a pipe or stream socket becomes
 *           a pipe or socket whose bytes the relay moves; /dev/null a pipe that
 *           is at its end
 *
 * Return: a VFD the caller owns (send it, then vwl_close() it; a relayed one
 * lives on in the relay), or -1 with EINVAL for any other kind, and for files
 * that a server in user space or on a network could make the relay wait for.
 */
int
vwl_relay_import(struct vwl_relay *relay, int take_fd);

/*
 * The VFD that vwl_relay_import() just returned was not sent: it is closed, and
 * nothing is relayed. As if the descriptor had been closed right away.
 */
void
vwl_relay_cancel(struct vwl_relay *relay, int take_vfd);

/**
 * vwl_relay_export() - A descriptor any program may use in place of a VFD
 * @take_vfd: consumed, on failure too
 *
 * Where VFDs are kernel objects this is the VFD itself, but for connections,
 * which become a socket.
 */
int
vwl_relay_export(struct vwl_relay *relay, int take_vfd);

#ifdef __cplusplus
}
#endif

#endif
