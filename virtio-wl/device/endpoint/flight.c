/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A descriptor that was sent belongs to nobody until the peer reads the message
 * that it is beside: the kernel keeps it, and whatever it stands for, also when
 * the sender has closed its own. So a message that carries some is a parcel
 * here, which keeps the bills of their memory unpaid back, and pays for each
 * descriptor: the kernel lets one user have only so many under way, in all VMs'
 * devices together.
 *
 * Nobody says which messages were read, but SIOCOUTQ tells how much lies in the
 * socket: each message with a kernel's buffer around it, of which we know the
 * least that it can be. A parcel has landed when no more is left than what was
 * sent behind it must come to, so a peer that is always a little behind
 * holds up only what it has not read. A peer that closes has read everything.
 *
 * The kernel wakes a writer whenever a message is gone, but only one that waits
 * for an edge: there is room to write all the time. The stream itself wants
 * levels, hence a second descriptor of its socket, which is there as
 * long as parcels are.
 */
#include "flight.h"

#include <assert.h>
#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "util/fd.h"
#include "util/loop.h"

/* Less than the kernel's own part of any message, and more than what it still
 * counts of one while it says that this is gone. */
#define MESSAGE_MIN 256

#define UNSENT UINT64_MAX

struct vwl_parcel {
	struct list link;
	struct vwl_charge charge;
	uint64_t mark;		/* vwl_flight.sent behind it, or UNSENT */
	size_t bill_count;
	struct vwl_bill *bills[];
};

void
vwl_flight_init(struct vwl_flight *flight, struct loop *loop,
	void (*landed)(void *data), void *data)
{
	*flight = (struct vwl_flight) {
		.loop = loop,
		.fd = -1,
		.landed = landed,
		.data = data,
	};
	list_init(&flight->parcels);
}

static void
parcel_destroy(struct vwl_parcel *parcel)
{
	list_remove(&parcel->link);
	for (size_t i = 0; i < parcel->bill_count; i++) {
		vwl_bill_unref(parcel->bills[i]);
	}
	vwl_charge_drop(&parcel->charge);
	free(parcel);
}

static void
stop_watching(struct vwl_flight *flight)
{
	loop_clear(&flight->source);
	fd_close(&flight->fd);
	vwl_charge_drop(&flight->charge);
}

void
vwl_flight_finish(struct vwl_flight *flight)
{
	struct vwl_parcel *parcel, *tmp;
	list_for_each_safe(parcel, tmp, &flight->parcels, link) {
		parcel_destroy(parcel);
	}
	stop_watching(flight);
}

/* Let go of what was taken. */
static void
look(struct vwl_flight *flight)
{
	int left = 0;
	int r = ioctl(flight->fd, SIOCOUTQ, &left);
	assert(r == 0);	/* any socket of this family knows */
	(void)r;
	struct vwl_parcel *parcel, *tmp;
	list_for_each_safe(parcel, tmp, &flight->parcels, link) {
		if (parcel->mark == UNSENT || (uint64_t)left
				>= flight->sent - parcel->mark + MESSAGE_MIN) {
			return;
		}
		parcel_destroy(parcel);
	}
	stop_watching(flight);
}

static void
handle_taken(void *data, uint32_t revents)
{
	struct vwl_flight *flight = data;
	(void)revents;
	look(flight);
	if (vwl_flight_is_empty(flight)) {
		flight->landed(flight->data);
	}
}

static int
start_watching(struct vwl_flight *flight, struct vwl_budget *budget, int sock)
{
	if (flight->fd >= 0) {
		return 0;
	}
	int r = vwl_charge_take(&flight->charge, budget,
		(struct vwl_amounts){ .of[VWL_RES_FDS] = 1 });
	if (r < 0) {
		return r;
	}
	flight->fd = fd_dup(sock);
	r = flight->fd < 0 ? flight->fd : loop_add_fd(flight->loop, flight->fd,
		EPOLLOUT | EPOLLET, handle_taken, flight, &flight->source);
	if (r < 0) {
		stop_watching(flight);
	}
	return r;
}

int
vwl_flight_add(struct vwl_flight *flight, struct vwl_budget *budget, int sock,
	const struct vwl_cargo *cargo, size_t count)
{
	struct vwl_parcel *parcel =
		malloc(sizeof(*parcel) + count * sizeof(parcel->bills[0]));
	if (parcel == NULL) {
		return -ENOMEM;
	}
	*parcel = (struct vwl_parcel){ .mark = UNSENT };
	list_init(&parcel->link);
	struct vwl_amounts amounts = { .of[VWL_RES_IN_FLIGHT] = count };
	for (size_t i = 0; i < count; i++) {
		amounts.of[VWL_RES_MEMORY] += cargo[i].unpaid;
		if (cargo[i].bill != NULL) {
			parcel->bills[parcel->bill_count++] =
				vwl_bill_ref(cargo[i].bill);
		}
	}
	int r = vwl_charge_take(&parcel->charge, budget, amounts);
	if (r == 0) {
		r = start_watching(flight, budget, sock);
	}
	if (r < 0) {
		parcel_destroy(parcel);
		return r;
	}
	list_append(&flight->parcels, &parcel->link);
	return 0;
}

static void
settle(struct vwl_flight *flight)
{
	if (vwl_flight_is_empty(flight)) {
		stop_watching(flight);
	}
}

void
vwl_flight_take_back(struct vwl_flight *flight)
{
	/* Where what had not gone was dropped already, only others are left. */
	if (!vwl_flight_is_empty(flight)) {
		struct vwl_parcel *last = list_entry(flight->parcels.prev,
			struct vwl_parcel, link);
		if (last->mark == UNSENT) {
			parcel_destroy(last);
		}
	}
	settle(flight);
}

void
vwl_flight_sent(struct vwl_flight *flight, size_t bytes, bool first)
{
	flight->sent += bytes > MESSAGE_MIN ? bytes : MESSAGE_MIN;
	if (!first) {
		return;
	}
	struct vwl_parcel *parcel;
	list_for_each(parcel, &flight->parcels, link) {
		if (parcel->mark == UNSENT) {
			parcel->mark = flight->sent;
			return;
		}
	}
}

void
vwl_flight_drop_unsent(struct vwl_flight *flight)
{
	struct vwl_parcel *parcel, *tmp;
	list_for_each_safe(parcel, tmp, &flight->parcels, link) {
		if (parcel->mark == UNSENT) {
			parcel_destroy(parcel);
		}
	}
	settle(flight);
}
