/* SPDX-License-Identifier: MIT */
/*
 * lying-frontend.h - an opponent for vhost-user back-ends
 *
 * Speaks the protocol without any manners of its own: messages are built honest
 * and then may be bent, rings are raw memory, a thread may rewrite a descriptor
 * while the device reads it. Everything waits at most LIAR_PATIENCE_MS, so that
 * a device that hangs fails the test instead of the machine.
 */
#ifndef TESTS_LYING_FRONTEND_H
#define TESTS_LYING_FRONTEND_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/fd.h"
#include "vhost-user/wire.h"

#define LIAR_PATIENCE_MS	10000
#define LIAR_QUEUES		2	/* unless told otherwise */
#define LIAR_QUEUES_MAX		4
#define LIAR_QUEUE_SIZE		64	/* likewise */
#define LIAR_QUEUE_SIZE_MAX	256

/*
 * Guest memory: two regions, neighbours for the guest, strangers in our
 * addresses and in the file. Rings lie at the start of the first.
 */
#define LIAR_REGION_BYTES	UINT64_C(0x20000)
#define LIAR_GPA		UINT64_C(0x10000000)
#define LIAR_GPA_END		(LIAR_GPA + 2 * LIAR_REGION_BYTES)
#define LIAR_USER_1		UINT64_C(0x700000000000)
#define LIAR_USER_2		UINT64_C(0x710000000000)
/* From here on guest memory is free for buffers (offset from LIAR_GPA). */
#define LIAR_BUFFERS		UINT64_C(0x10000)

struct liar_message {
	uint32_t request;
	uint32_t flags;
	uint32_t size;		/* bytes of payload */
	uint8_t payload[4096];
	int fds[FD_PASS_MAX];	/* borrowed */
	size_t fd_count;
};

struct liar {
	int sock;
	int backend_sock;
	int memory_fd;
	uint8_t *memory;	/* both regions, as the guest sees them */
	int call_fd[LIAR_QUEUES_MAX];
	int kick_fd[LIAR_QUEUES_MAX];
	int err_fd[LIAR_QUEUES_MAX];
	uint16_t used_seen[LIAR_QUEUES_MAX];
	/* These may be changed before liar_start(). */
	uint64_t features;	/* what SET_FEATURES will say */
	uint64_t protocol_features;
	unsigned queues;
	uint16_t queue_size;
};

/* @take_sock: connected to the device. Asserts on failure, as all here. */
struct liar *
liar_create(int take_sock);

void
liar_destroy(struct liar *liar);

/* The honest form of a front-end's @request, about queue @index. */
void
liar_build(struct liar *liar, uint32_t request, unsigned index,
	struct liar_message *ret);

/* Send it as it stands. 0, or -EPIPE and the like when the device has gone. */
int
liar_send(struct liar *liar, const struct liar_message *message);

/* Bytes and descriptors as they are, to the main socket. */
int
liar_send_raw(struct liar *liar, const void *bytes, size_t size,
	const int *fds, size_t fd_count);

/* The next message on @sock. 0; -ECONNRESET at its end. A descriptor that came
 * is put into *@ret_fd where that is not NULL, else closed. */
int
liar_receive(int sock, struct liar_message *ret, int *ret_fd);

/* Build and send @request, and take its answer if it has one. 0 or -errno. */
int
liar_do(struct liar *liar, uint32_t request, unsigned index);

/* liar_do() that also hands out the u64 that was answered. */
int
liar_ask(struct liar *liar, uint32_t request, unsigned index, uint64_t *ret);

/*
 * The first @steps requests of an honest start, without those that belong to
 * protocol features which are not spoken. Return: how many were done; fewer than
 * @steps means that this is the whole start.
 */
unsigned
liar_start(struct liar *liar, unsigned steps);

#define LIAR_ALL_STEPS UINT32_MAX

/* ENABLE(0), then GET_VRING_BASE, for each queue. 0 or -errno. */
int
liar_stop(struct liar *liar);

/* The same, and where each queue stopped: as many as there are. */
int
liar_pause(struct liar *liar, uint32_t *ret_bases);

/*
 * Tell every queue anew: from @bases of liar_pause(), as for a VM that goes on,
 * or, where that is NULL, from zero with empty rings, as for a driver that is
 * bound again.
 */
void
liar_restart(struct liar *liar, const uint32_t *bases);

/* Whether the device still answers; what else it said before is dropped. */
bool
liar_is_alive(struct liar *liar);

/* Wait until the device has closed the main socket. */
void
liar_await_end(struct liar *liar);

/* Take the next request of the backend channel, and answer it. */
void
liar_await_backend_request(struct liar *liar, struct liar_message *ret,
	int *ret_fd);

void
liar_answer_backend(struct liar *liar, uint32_t request, uint64_t result);

/*
 * Rings: raw memory.
 */

struct vub_wire_desc *
liar_desc(struct liar *liar, unsigned queue, unsigned i);

struct vub_wire_avail *
liar_avail(struct liar *liar, unsigned queue);

struct vub_wire_used *
liar_used(struct liar *liar, unsigned queue);

/* A descriptor, anywhere in guest memory. */
void
liar_put_desc(struct vub_wire_desc *desc, uint64_t addr, uint32_t len,
	uint16_t flags, uint16_t next);

/* Guest-physical address of byte @offset, and where it is for us. */
uint64_t
liar_gpa(uint64_t offset);

void *
liar_at(struct liar *liar, uint64_t offset);

/* Put @head into the avail ring and move its index by one. */
void
liar_offer(struct liar *liar, unsigned queue, uint16_t head);

void
liar_kick(struct liar *liar, unsigned queue);

/* Wait until the used index has moved by @count since the last wait. */
void
liar_await_used(struct liar *liar, unsigned queue, uint16_t count);

/* Wait until either that happened (true), or the session ended (false). */
bool
liar_used_or_end(struct liar *liar, unsigned queue, uint16_t count);

/*
 * A thread that writes a descriptor's one and other value in turn, as fast as
 * memory allows.
 */
struct liar_flipper {
	pthread_t thread;
	atomic_bool stop;
	struct vub_wire_desc *where;
	struct vub_wire_desc values[2];
};

void
liar_flip_begin(struct liar_flipper *flipper, struct vub_wire_desc *where,
	const struct vub_wire_desc *other);

void
liar_flip_end(struct liar_flipper *flipper);

#endif
