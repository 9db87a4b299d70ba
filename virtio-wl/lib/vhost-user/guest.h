/* SPDX-License-Identifier: MIT */
/*
 * guest.h - what the files of the vhost-user carrier share
 *
 * Theory of operation
 *
 * The library plays the guest of a device process: VMM and driver at once, in
 * the program's own threads. There is no thread of ours, so whoever needs
 * something works for everybody: it takes what is in the rings, queues each
 * message at its VFD, and only then looks for its own.
 *
 *  - One lock for the process (table.h) guards everything here. It is let go
 *    only to sleep.
 *  - Who must wait calls vwl_guest_wait(). The first to do so is the leader and
 *    sleeps on the front-end's descriptor; others sleep on a futex (wait.c)
 *    until the leader has worked. A thread that works while there is a leader
 *    wakes it, because it may have taken what the leader sleeps for.
 *  - A VFD's descriptor is one end of a socket pair, for poll(2) alone; no data
 *    goes through it. vwl_guest_settle() makes what poll(2) says true, once at
 *    the end of every call, so that a message which arrives and is read within
 *    one call costs no signal. A descriptor is readable while one byte from us
 *    lies in it, and writable unless we have filled its own send buffer.
 *  - The device's answers to VFD_SEND are not waited for: credit says before
 *    what the device will take. They are collected when slots run short, and
 *    an error shows in the next call, as it does with AF_UNIX.
 *  - Small duties (credit to give back, a VFD to close) are noted at the VFD and
 *    done by vwl_guest_settle(), or later when there is no slot just then, but
 *    before anything that is asked later (chores.c).
 */
#ifndef VWL_GUEST_H
#define VWL_GUEST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../carrier.h"
#include "../peer.h"
#include "../table.h"
#include "util/list.h"
#include "vhost-user/frontend.h"
#include "virtio-wl.h"

#define GUEST_QUEUE_SIZE	128
#define GUEST_IN_COUNT		GUEST_QUEUE_SIZE
#define GUEST_IN_BYTES		8192u
/* Half a ring: a chain is two descriptors where there are no indirect ones. */
#define GUEST_SLOT_COUNT	(GUEST_QUEUE_SIZE / 2)
#define GUEST_SLOT_BYTES	16384u
#define GUEST_ANSWER_BYTES	256u	/* at a slot's beginning */
#define GUEST_COMMAND_MAX	(GUEST_SLOT_BYTES - GUEST_ANSWER_BYTES)
#define GUEST_SEND_MAX \
	(GUEST_COMMAND_MAX - sizeof(struct virtio_wl_wire_msg) \
		- VIRTIO_WL_VFDS_MAX * sizeof(__le32))

/*
 * Writable for poll(2) from here on: enough for any message's descriptors, and
 * always reached, since the device may owe us less than half a window only.
 */
#define GUEST_POLLOUT_MIN	(VIRTIO_WL_WINDOW / 4)

#define GUEST_FEATURES \
	(1ull << VIRTIO_WL_F_TRANS_FLAGS | 1ull << VIRTIO_WL_F_USE_SHMEM \
	| 1ull << VIRTIO_WL_F_TRUE_FLAGS | 1ull << VIRTIO_WL_F_SOCKETS \
	| 1ull << VIRTIO_WL_F_WINDOWS | 1ull << VIRTIO_WL_F_HALF_CLOSE \
	| 1ull << VIRTIO_WL_F_LISTEN | 1ull << VIRTIO_WL_F_PEER \
	| 1ull << VIRTIO_WL_F_MEMORY)

#define GUEST_HASH_SIZE 64

/* One command on its way. */
struct vwl_slot {
	struct list link;	/* vwl_guest.free_slots */
	uint32_t vfd_id;	/* what it is about; 0: nothing */
	uint32_t cost;		/* VFD_SEND: credit it took */
	bool frees_id;		/* VFD_CLOSE */
	bool awaited;		/* somebody looks at the answer */
	bool answered;
	uint32_t answer_len;
};

/* A file of the device, somewhere in region 0. */
struct vwl_map {
	struct list link;	/* vwl_guest.maps */
	struct vub_shmem_map where;
	int fd;
	dev_t dev;
	ino_t ino;
	uint64_t file_size;
};

struct vwl_guest {
	struct vwl_device device;
	struct vub_frontend *frontend;
	struct vub_driver_queue *in;
	struct vub_driver_queue *out;
	uint8_t *memory;	/* in-buffers, then slots */
	int frontend_fd;
	int wake_fd;		/* for the leader */
	int epoll_fd;		/* the front-end, and our ends of VFDs */
	int error;		/* -errno once the device is gone */
	bool kick_in;
	bool kick_out;
	bool has_leader;
	unsigned followers;
	_Atomic uint32_t moves;	/* followers sleep on it */
	struct vwl_slot slots[GUEST_SLOT_COUNT];
	struct list free_slots;	/* vwl_slot.link */
	unsigned answers;	/* that came; wraps */
	unsigned answer_waiters;
	bool out_notify;
	uint8_t ids[VIRTIO_WL_GUEST_ID_MAX / 8 + 1];	/* in use */
	uint32_t next_id;
	struct list vfds[GUEST_HASH_SIZE];	/* vwl_guest_vfd.link */
	struct list dirty;	/* vwl_guest_vfd.dirty_link */
	struct list chores;	/* vwl_guest_vfd.chore_link */
	struct list maps;	/* vwl_map.link */
};

/* What a VFD still has to tell the device, in this order. */
#define CHORE_CREDIT	0x1
#define CHORE_SHUTDOWN	0x2
#define CHORE_CLOSE	0x4

struct vwl_guest_vfd {
	struct vwl_guest *guest;
	struct list link;
	struct list dirty_link;
	struct list chore_link;
	unsigned chores;
	uint32_t id;		/* 0: a copy, which the device knows no more */
	uint32_t flags;		/* VIRTIO_WL_VFD_* */
	enum vwl_kind kind;
	int lib_fd;		/* our end, or -1 */
	unsigned names;		/* descriptor numbers in the table */
	unsigned calls;		/* in progress; it stays allocated */
	bool closed;
	bool is_pair;		/* of our making, with an end to pass */
	bool passed;		/* that end has gone */

	struct list queue;	/* vwl_queued.link */
	uint32_t owed;		/* credit not given back yet */
	uint32_t credit;	/* ours to send with */
	uint32_t shutdown_how;	/* for CHORE_SHUTDOWN */
	bool recv_over;		/* no more will come */
	bool send_over;		/* no more can go */
	int error;		/* -errno of a VFD_SEND, for the next call */

	bool shown_in;		/* a byte lies in the program's end */
	bool shown_full;	/* the program's end is filled */
	bool shown_eof;
	bool shown_hup;

	uint64_t offset;	/* memory: in region 0, bytes */
	uint64_t size;		/* bytes, exact */
	dev_t dev;		/* memory, once somebody has it */
	ino_t ino;
};

/* A message from the device, as it was, waiting to be read. */
struct vwl_queued {
	struct list link;
	uint32_t data_len;
	uint32_t data_read;
	uint32_t vfd_count;	/* VFDs not handed over yet */
	const uint8_t *data;	/* in @bytes */
	uint32_t vfds[VIRTIO_WL_VFDS_MAX];
	uint8_t bytes[];
};

extern const struct vwl_vfd_ops vwl_guest_vfd_ops;

/* carrier.c */

/* A guest of no device yet; its device.carrier has destroy(). 0 or -errno. */
int
vwl_guest_create(struct vwl_guest **ret);

/*
 * Take everything out of the rings; asks the front-end too if @all. Return: 1
 * when there was something, 0, or the device's error.
 */
int
vwl_guest_work(struct vwl_guest *guest, bool all);

/* Tell the device and poll(2) what has changed. Before every unlock. */
void
vwl_guest_settle(struct vwl_guest *guest);

/* wait.c */

/* Something changed: whoever sleeps looks again. */
void
vwl_guest_moved(struct vwl_guest *guest);

/* Sleep until there was work. 0, -EINTR, or the device's error. */
int
vwl_guest_wait(struct vwl_guest *guest);

/* chores.c */

/* Tell the device what there are slots for; the rest stays noted. */
void
vwl_guest_do_chores(struct vwl_guest *guest);

/* command.c */

/* A slot if there is one; not while the device is gone. */
struct vwl_slot *
vwl_guest_take_slot(struct vwl_guest *guest);

/* The same, but chores come first: the order of calls is the device's order. */
struct vwl_slot *
vwl_guest_try_slot(struct vwl_guest *guest);

/* vwl_guest_wait() of one that waits for an answer, or for a slot. */
int
vwl_guest_wait_answer(struct vwl_guest *guest);

/* Where the command goes: GUEST_COMMAND_MAX bytes. */
uint8_t *
vwl_slot_command(struct vwl_guest *guest, struct vwl_slot *slot);

/* Hand it to the device, which may write @answer_len bytes. */
int
vwl_slot_submit(struct vwl_guest *guest, struct vwl_slot *slot,
	uint32_t command_len, uint32_t answer_len);

/* Collect answers. 1: some came, 0, or -EPROTO: the device broke the ring. */
int
vwl_guest_reap(struct vwl_guest *guest);

/* Command and answer, waiting. 0, or what the device said as -errno. */
int
vwl_guest_call(struct vwl_guest *guest, const void *command, size_t len,
	void *answer, size_t answer_size);

/* An id for a VFD of ours, or -ENOSPC. */
int
vwl_guest_take_id(struct vwl_guest *guest, uint32_t *ret);

void
vwl_guest_free_id(struct vwl_guest *guest, uint32_t id);

/* inbound.c */
int
vwl_guest_post(struct vwl_guest *guest, size_t index);

int
vwl_guest_take_in(struct vwl_guest *guest, bool *ret_any);

/* One message; @shared may change under us. 0 or -errno: the device is broken. */
int
vwl_guest_handle(struct vwl_guest *guest, const uint8_t *shared, uint32_t len);

/* vfd.c */
struct vwl_guest_vfd *
vwl_guest_vfd_create(struct vwl_guest *guest, uint32_t id);

struct vwl_guest_vfd *
vwl_guest_vfd_find(struct vwl_guest *guest, uint32_t id);

/* Learn what the device says of it: RESP_VFD_NEW, or an announcement. */
void
vwl_guest_vfd_describe(struct vwl_guest_vfd *vfd,
	const struct virtio_wl_wire_new *wire);

/* The VFD of a number in the table, or NULL. */
struct vwl_guest_vfd *
vwl_guest_vfd_of(int fd);

/* A new descriptor of the program's for @vfd, entered into the table. */
int
vwl_guest_vfd_open(struct vwl_guest_vfd *vfd);

/* Enter @take_fd as a number of @vfd; 0 or -errno, closed then. */
int
vwl_guest_vfd_enter(struct vwl_guest_vfd *vfd, int take_fd);

/* Nobody has it any more: close it here, and tell the device (@tell). */
void
vwl_guest_vfd_drop(struct vwl_guest_vfd *vfd, bool tell);

/* A call that may sleep holds on to the VFD. */
void
vwl_guest_vfd_hold(struct vwl_guest_vfd *vfd);

void
vwl_guest_vfd_release(struct vwl_guest_vfd *vfd);

/*
 * A whole such call on @fd, with the table's lock and what is left to do after
 * it. NULL, without the lock: that is no VFD.
 */
struct vwl_guest_vfd *
vwl_guest_vfd_begin(int fd);

void
vwl_guest_vfd_end(struct vwl_guest_vfd *vfd);

void
vwl_guest_vfd_add_chore(struct vwl_guest_vfd *vfd, unsigned chore);

/* signal.c: what poll(2) says. */
int
vwl_guest_signal_create(struct vwl_guest_vfd *vfd);

void
vwl_guest_vfd_touch(struct vwl_guest_vfd *vfd);

void
vwl_guest_signal_show(struct vwl_guest_vfd *vfd);

/* In a call on @fd: the queue became empty; credit ran low. */
void
vwl_guest_signal_unread(struct vwl_guest_vfd *vfd, int fd);

void
vwl_guest_signal_fill(struct vwl_guest_vfd *vfd, int fd);

/* send.c, recv.c */
ssize_t
vwl_guest_send(int fd, struct vwl_message *msg, int flags);

ssize_t
vwl_guest_recv(int fd, struct vwl_message *msg, int flags);

/* Whether a call on @fd with @flags may sleep. */
bool
vwl_guest_may_wait(int fd, int flags);

/* A VFD_SEND in @slot of @len bytes from @offset on; there is credit. */
int
vwl_guest_send_piece(struct vwl_guest_vfd *vfd, struct vwl_slot *slot,
	const struct vwl_message *msg, size_t offset, size_t len,
	const uint32_t *ids, size_t id_count);

/* memory.c */
int
vwl_guest_shmem_map(void *data, const struct vub_shmem_map *map, int fd);

void
vwl_guest_shmem_unmap(void *data, const struct vub_shmem_map *map);

void
vwl_guest_forget_maps(struct vwl_guest *guest);

/* A descriptor for memory the device announced or made; may drop @vfd. */
int
vwl_guest_memory_open(struct vwl_guest_vfd *vfd);

/* The VFD whose file @fd is, if it is one of this device. */
struct vwl_guest_vfd *
vwl_guest_memory_of(struct vwl_guest *guest, dev_t dev, ino_t ino);

/* make.c: the device's operations that make VFDs. */
int
vwl_guest_connect(struct vwl_device *device, const char *name);

int
vwl_guest_listen(struct vwl_device *device, const char *name);

int
vwl_guest_pipe(struct vwl_device *device, enum vwl_direction direction);

int
vwl_guest_memory(struct vwl_device *device, uint32_t size);

int
vwl_guest_snapshot(struct vwl_device *device, const void *data, uint32_t size);

/* With the lock: a snapshot without a descriptor; vwl_guest_vfd_drop() it. */
int
vwl_guest_snapshot_create(struct vwl_guest *guest, const void *data,
	uint32_t size, struct vwl_guest_vfd **ret);

#endif
