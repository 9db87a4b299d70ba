/* SPDX-License-Identifier: MIT */
/* What the parts of the virtio-wl personality share. */
#ifndef VWL_WL_H
#define VWL_WL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <virtio-wl.h>

#include "../pause.h"
#include "../vfd.h"
#include "decode.h"
#include "util/list.h"

struct loop_source;
struct vub_element;
struct vub_reader;
struct iovec;
struct vub_queue;
struct vub_session;
struct vwl_device;

#define VWL_WL_BIT(n) (UINT64_C(1) << (n))

/* One driver's session. */
struct vwl_wl {
	struct vwl_device *device;
	struct vub_queue *in;
	struct vub_queue *out;
	struct loop_source *turn;	/* deferred: more work is left */
	bool in_runs;
	bool out_runs;
	bool usable;		/* the driver agreed to what we cannot do without */
	uint64_t features;	/* negotiated, and with what each needs */
	struct vwl_vfd_table table;
	uint32_t next_id;	/* for VFDs that we announce */
	struct list urgent;	/* vwl_wl_vfd.urgent_link: news to tell */
	struct list ready;	/* vwl_wl_vfd.ready_link: data to pull */
	struct list listeners;	/* vwl_wl_vfd.listener_link */
};

/* A message that came with descriptors, on its way into the guest. */
struct vwl_wl_message;

struct vwl_wl_vfd {
	struct vwl_vfd vfd;
	struct vwl_wl *wl;

	/* VFD_NEW waits for its map, an announcement for its turn. */
	struct vub_element *element;	/* to be answered, or NULL */
	struct vwl_waiter waiter;
	struct vwl_wl_message *beside;	/* the message that brings it, or NULL */

	/* Towards the guest. */
	struct list urgent_link;
	struct list ready_link;
	struct list listener_link;
	struct vwl_wl_message *message;	/* not delivered yet, or NULL */
	uint32_t recv_credit;	/* what the guest still takes, in cost */
	uint32_t end_due;	/* VIRTIO_WL_SHUT_* to tell the guest */
	uint32_t end_told;
	bool credit_due;
	bool starved;		/* a listener whose peer's budget is spent */
	struct vwl_pause pause;	/* its payer made too many VFDs just now */

	/* From the guest. */
	uint32_t send_taken;	/* of its window, not given back yet */
	struct list held;	/* base mode: answers that wait, held.link */
};

static inline bool
vwl_wl_has(const struct vwl_wl *wl, unsigned feature)
{
	return (wl->features & VWL_WL_BIT(feature)) != 0;
}

static inline struct vwl_wl_vfd *
vwl_wl_vfd_from(struct vwl_vfd *vfd)
{
	return vfd == NULL ? NULL : list_entry(vfd, struct vwl_wl_vfd, vfd);
}

/* What data and VFDs cost of a window. */
static inline uint32_t
vwl_wl_cost(size_t bytes, size_t vfds)
{
	return (uint32_t)(bytes + vfds * VIRTIO_WL_VFD_COST);
}

/* wl-vfd.c: from nothing to the table and back */

/* A VFD that nobody knows yet, paid for by @budget. */
int
vwl_wl_vfd_create(struct vwl_wl *wl, struct vwl_budget *budget,
	struct vwl_wl_vfd **ret);

/* NULL is fine. Answers and messages that wait for it are gone with it. */
void
vwl_wl_vfd_destroy(struct vwl_wl_vfd *vfd);

/* Who pays for what comes over it. */
struct vwl_budget *
vwl_wl_vfd_payer(const struct vwl_wl_vfd *vfd);

/* Whether VFDs may be made at the cost of @budget now. If not, @vfd, which would
 * bring some, is ready again when they may. */
bool
vwl_wl_vfd_may_bring(struct vwl_wl_vfd *vfd, struct vwl_budget *budget);

/* Give it the next id of ours. -ENOSPC when there is none left. */
int
vwl_wl_vfd_assign_id(struct vwl_wl_vfd *vfd);

/* It is known to the guest: its stream, if any, may run. */
int
vwl_wl_vfd_start(struct vwl_wl_vfd *vfd);

/* The message that tells the guest of it, as answer or announcement. */
struct virtio_wl_wire_new
vwl_wl_vfd_wire(const struct vwl_wl_vfd *vfd, uint32_t type);

/* commands.c */

/* Serve the out queue. Whether something is left for the next turn. */
bool
vwl_wl_serve_out(struct vwl_wl *wl);

/* The VFD that the guest knows as @id, or NULL. */
struct vwl_wl_vfd *
vwl_wl_find(const struct vwl_wl *wl, uint32_t id);

/* send.c */

/* Serve a SEND; @reader is at its data. 0: answered or held, or -errno. */
int
vwl_wl_send(struct vwl_wl *wl, struct vub_element *element,
	const struct vwl_wl_command *command, const struct vub_reader *reader);

/* Base mode: answer SENDs that there is room for now, or @all: it is over. */
void
vwl_wl_release_held(struct vwl_wl_vfd *vfd, bool all);

/* The out queue stops: take and answer what waits, full or not. */
void
vwl_wl_settle_held(struct vwl_wl_vfd *vfd);

/* answer.c */

/* Answer with @type alone. */
void
vwl_wl_answer(struct vwl_wl *wl, struct vub_element *element, uint32_t type);

/* Answer with the error that @r (-errno) is in this driver's terms. */
void
vwl_wl_refuse(struct vwl_wl *wl, struct vub_element *element, int r);

/* Answer with @size bytes, or as many as there is room for. */
void
vwl_wl_answer_wire(struct vwl_wl *wl, struct vub_element *element,
	const void *wire, size_t size);

/* events.c */

/* Fill the in queue with what there is to tell and to deliver. */
void
vwl_wl_serve_in(struct vwl_wl *wl);

/* @vfd may have data that the guest can take: serve it soon. */
void
vwl_wl_ready(struct vwl_wl_vfd *vfd);

/* One or both directions have ended; the guest is told if it was not. */
void
vwl_wl_ended(struct vwl_wl_vfd *vfd, uint32_t how);

/* The peer's side took something: the guest may get credit back. */
void
vwl_wl_window_drained(struct vwl_wl_vfd *vfd);

/* accept.c */

/* Become the listener of @name, or with "" of every peer. 0 or -errno. */
int
vwl_wl_listen(struct vwl_wl_vfd *vfd, const char *name);

/* Take a connection if there is one: 1 it was, 0 none for now. */
int
vwl_wl_accept(struct vwl_wl_vfd *vfd);

/* Let connections wait without telling us. */
void
vwl_wl_accept_pause(struct vwl_wl_vfd *vfd);

/* The record of whom a connection goes to; it has a peer. */
struct virtio_wl_wire_peer
vwl_wl_peer_wire(const struct vwl_vfd *vfd);

/* message.c */

/**
 * vwl_wl_message_create() - Keep a received message until it can be told
 * @fds: consumed, on failure too
 *
 * Return: 0; -EDQUOT or -ENOMEM: not even VOIDs can be made of them.
 */
int
vwl_wl_message_create(struct vwl_wl_vfd *target, const struct iovec *iov,
	size_t len, int *fds, size_t fd_count, struct vwl_wl_message **ret);

/* The same for one VFD that exists already; it is consumed, on failure too. */
int
vwl_wl_message_connection(struct vwl_wl_vfd *target, struct vwl_wl_vfd *take_vfd,
	const void *data, size_t len, struct vwl_wl_message **ret);

/* With the VFDs beside it. NULL is fine. */
void
vwl_wl_message_destroy(struct vwl_wl_message *message);

/* One of the VFDs beside it is going. */
void
vwl_wl_message_forget(struct vwl_wl_message *message, struct vwl_wl_vfd *vfd);

/**
 * vwl_wl_message_deliver() - Tell as much as there is room for
 *
 * Return: 1: all told, the message is gone; 0: a map is awaited; -EAGAIN: no
 * in-buffer; other -errno: it cannot be told.
 */
int
vwl_wl_message_deliver(struct vwl_wl_message *message);

#endif
