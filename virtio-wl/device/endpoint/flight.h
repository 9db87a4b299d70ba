/* SPDX-License-Identifier: MIT */
/* What was sent beside bytes and lies in a socket until its peer takes it. */
#ifndef VWL_FLIGHT_H
#define VWL_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../budget.h"
#include "util/list.h"

struct loop;
struct loop_source;

/* A descriptor to send, and who pays for what is behind it. */
struct vwl_cargo {
	int fd;			/* borrowed */
	struct vwl_bill *bill;	/* borrowed; NULL: nobody here */
	uint64_t unpaid;	/* bytes of memory that are on no bill */
};

struct vwl_flight {
	struct list parcels;		/* vwl_parcel.link, as they were sent */
	struct loop *loop;
	struct loop_source *source;
	struct vwl_charge charge;	/* of @fd */
	int fd;				/* the socket again; -1: none fly */
	uint64_t sent;			/* at least so much went into it */
	void (*landed)(void *data);
	void *data;
};

/* @landed: called from the loop when the last of them was taken. */
void
vwl_flight_init(struct vwl_flight *flight, struct loop *loop,
	void (*landed)(void *data), void *data);

/* Forget what flies: nobody pays for it any more. */
void
vwl_flight_finish(struct vwl_flight *flight);

static inline bool
vwl_flight_is_empty(const struct vwl_flight *flight)
{
	return list_empty(&flight->parcels);
}

/**
 * vwl_flight_add() - Pay for a message that is about to be sent
 * @sock: what it is sent into, borrowed
 * @count: not 0
 *
 * Return: 0; -EDQUOT, -ENOMEM, -EMFILE with nothing paid.
 */
int
vwl_flight_add(struct vwl_flight *flight, struct vwl_budget *budget, int sock,
	const struct vwl_cargo *cargo, size_t count);

/* Sending the message that was added last has failed; it may have gone. */
void
vwl_flight_take_back(struct vwl_flight *flight);

/* @bytes, not 0, went into the socket; with them, or not, the @first message of
 * those that were added and had not gone. */
void
vwl_flight_sent(struct vwl_flight *flight, size_t bytes, bool first);

/* What has not gone by now never will. */
void
vwl_flight_drop_unsent(struct vwl_flight *flight);

#endif
