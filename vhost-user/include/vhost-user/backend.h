/* SPDX-License-Identifier: MIT */
/*
 * backend.h - being a vhost-user back-end
 *
 * A session is one front-end's connection: its socket, its features, its
 * memory table, its queues. A device gives a session what it offers (struct
 * vub_device) and is called back when there is something to do. The session
 * runs in the device's event loop and never waits for the front-end.
 *
 * Spec: QEMU's "Vhost-user Protocol"; virtio 1.2, "Split Virtqueues".
 */
#ifndef VHOST_USER_BACKEND_H
#define VHOST_USER_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct loop;
struct vub_session;
struct vub_queue;
struct vub_element;

#define VUB_QUEUES_MAX		16
#define VUB_QUEUE_SIZE_MAX	1024	/* QEMU 11 aborts at 2048 */
#define VUB_SHMEM_REGIONS_MAX	256
#define VUB_CONFIG_SIZE_MAX	256	/* bytes; QEMU's limit */

/* What a device offers, and whom to call. Constant while the session lives. */
struct vub_device {
	uint64_t features;	/* the device type's own virtio feature bits;
				 * the library adds VERSION_1, INDIRECT_DESC,
				 * EVENT_IDX and PROTOCOL_FEATURES */
	unsigned num_queues;	/* 1 .. VUB_QUEUES_MAX */
	uint32_t config_size;	/* bytes; 0: no configuration space */
	uint64_t shmem_sizes[VUB_SHMEM_REGIONS_MAX]; /* bytes, by id, a power
				 * of two; all 0: no shared memory */

	/* The driver's choice of @features; called before any queue starts. */
	void (*features_set)(void *data, uint64_t features);
	/* Queue @index may be popped: it started, or was kicked. */
	void (*queue_ready)(void *data, unsigned index);
	/*
	 * Queue @index stops. Elements popped from it are void when this
	 * returns: do not push them.
	 */
	void (*queue_stopped)(void *data, unsigned index);
	/*
	 * The driver has gone, and a new one may be here: the front-end has
	 * dropped all shared-memory maps, so forget them. Queues that stop and
	 * go on where they were (a VM that was paused) are no reset, and until
	 * they start nobody can tell; so this comes before the first queue
	 * starts anew, or as the session ends.
	 */
	void (*reset)(void *data);
	/* NULL where config_size is 0. @offset + @len is within config_size. */
	void (*get_config)(void *data, uint32_t offset, void *dst, uint32_t len);
	/*
	 * The session has ended: the front-end went (-ECONNRESET), or broke
	 * the protocol (-EPROTO and others). Last call; the device destroys the
	 * session, now or later.
	 */
	void (*closed)(void *data, int reason);
};

/**
 * vub_session_create() - Serve one front-end
 * @loop: where the session's descriptors are watched
 * @take_fd: the connected socket; consumed, on failure too
 * @device: borrowed until destroy
 * @data: handed to every callback
 *
 * Return: 0 or -errno.
 */
int
vub_session_create(struct loop *loop, int take_fd,
	const struct vub_device *device, void *data, struct vub_session **ret);

/* Stops every queue (with callbacks), then frees. NULL is fine. */
void
vub_session_destroy(struct vub_session *session);

/*
 * Shared memory (protocol feature SHMEM).
 */

/* @r: 0 when the guest can use the map (or it is gone), else -errno. */
typedef void (*vub_shmem_fn)(void *data, int r);

/**
 * vub_session_shmem_map() - Put a file into a shared-memory region
 * @shmid: region
 * @shm_offset: where in the region, bytes, a multiple of the page size
 * @fd: the file, borrowed for the call
 * @fd_offset: from where in the file, bytes, a multiple of the page size
 * @len: bytes, a multiple of the page size
 * @fn: called exactly once, from the loop, never from inside this call, unless
 *      this call failed; on reset or session end with -ECANCELED
 *
 * "Live" means: the front-end has answered, and its memory transaction has
 * ended (a barrier request proves that), so the guest may be told.
 * The main socket is served all the while.
 *
 * Return: 0 or -errno (-ENOTSUP: the front-end has no shared memory; -ENOTCONN:
 * no queue runs; -EINVAL: not aligned, or outside the region).
 */
int
vub_session_shmem_map(struct vub_session *session, uint8_t shmid,
	uint64_t shm_offset, int fd, uint64_t fd_offset, uint64_t len,
	vub_shmem_fn fn, void *data);

/* Undo one map exactly. @fn as above; NULL where nobody cares. */
int
vub_session_shmem_unmap(struct vub_session *session, uint8_t shmid,
	uint64_t shm_offset, uint64_t len, vub_shmem_fn fn, void *data);

/*
 * Queues. All of this in the loop's thread.
 */

/* Queue @index; borrowed, valid as long as the session. */
struct vub_queue *
vub_session_queue(struct vub_session *session, unsigned index);

/**
 * vub_queue_pop() - Take the next available element
 * @ret: on 1, the element; the device's until vub_queue_push() or queue_stopped
 *
 * The chain is fetched once: descriptors are copied, checked and translated.
 *
 * Return: 1 with an element; 0 when there is none (the driver will be asked to
 * kick); -errno when the ring is broken: the session then ends by itself, with
 * closed() called from the loop.
 */
int
vub_queue_pop(struct vub_queue *queue, struct vub_element **ret);

/* Whether an element could be popped, without asking for a kick if not. */
bool
vub_queue_has_element(struct vub_queue *queue);

/**
 * vub_queue_push() - Give an element back, with @written bytes in its writable
 * part, and notify the driver at the end of this turn of the loop if it wants
 * that. The element is the queue's again.
 */
void
vub_queue_push(struct vub_queue *queue, struct vub_element *element,
	uint32_t written);

/* Give the last-popped element back unused; the next pop returns it again. */
void
vub_queue_unpop(struct vub_queue *queue, struct vub_element *element);

/*
 * Cursors over one element. Guest memory is read once, by copying.
 */

struct vub_reader {
	const struct iovec *iov;
	size_t iov_left;
	size_t offset;		/* bytes into iov[0] */
	size_t left;		/* bytes in all */
};

struct vub_writer {
	const struct iovec *iov;
	size_t iov_left;
	size_t offset;
	size_t left;
	size_t written;		/* bytes so far: what to push with */
};

/* Over the readable, and the writable, part of @element. */
struct vub_reader
vub_element_reader(const struct vub_element *element);

struct vub_writer
vub_element_writer(const struct vub_element *element);

/**
 * vub_reader_copy() - Take the next bytes of an element out of guest memory
 * @dst: at least @len bytes, never guest memory
 * @len: bytes; 0 takes nothing
 *
 * Each guest byte is read exactly once: what the caller checks is what it uses.
 *
 * Return: 0 and the cursor moved on, or -EPROTO when fewer than @len bytes are
 * left, the cursor untouched.
 */
int
vub_reader_copy(struct vub_reader *reader, void *dst, size_t len);

/* Append @len bytes. Return: 0, or -ENOSPC with nothing written. */
int
vub_writer_copy(struct vub_writer *writer, const void *src, size_t len);

/**
 * vub_writer_iov() - The next part of guest memory, for readv(2) and friends
 * @skip: bytes past the cursor to begin at
 * @iov: filled with at most @iov_max entries
 * @len: at most so many bytes in all
 *
 * The cursor stays; vub_writer_advance() moves it when the bytes are there.
 * Return: how many entries were filled.
 */
size_t
vub_writer_iov(const struct vub_writer *writer, size_t skip, size_t len,
	struct iovec *iov, size_t iov_max);

/* Count @len bytes, put there by other means, as written. */
void
vub_writer_advance(struct vub_writer *writer, size_t len);

#endif
