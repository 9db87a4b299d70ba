/* SPDX-License-Identifier: MIT */
/*
 * status.h - the page of counters that a device keeps for wlbridged
 *
 * One page of shared memory, written by the device, read by whoever wants to
 * know. Plain stores of native-endian words: each is true by itself, and no
 * two need be of the same moment.
 */
#ifndef VWL_STATUS_H
#define VWL_STATUS_H

#include <assert.h>
#include <stdint.h>

#define VWL_STATUS_MAGIC 0x53574c56	/* "VLWS" */
#define VWL_STATUS_VERSION 1
#define VWL_STATUS_SIZE 4096		/* bytes of the page */
#define VWL_STATUS_RESOURCES 16

/* Why the guest is or is not served. */
enum vwl_status_state {
	VWL_STATUS_WAITING = 1,	/* no front-end */
	VWL_STATUS_CONNECTED = 2, /* a front-end, no driver */
	VWL_STATUS_RUNNING = 3,	/* a driver serves its queues */
};

struct vwl_status_resource {
	char name[16];		/* as on the command line, NUL-padded */
	uint64_t used;
	uint64_t limit;
};

struct vwl_status_page {
	uint32_t magic;
	uint32_t version;
	uint32_t state;		/* enum vwl_status_state */
	uint32_t resource_count;
	uint64_t sessions;	/* front-ends served so far */
	uint64_t resets;	/* drivers that went */
	uint64_t features;	/* what the driver negotiated */
	uint64_t connections_made;	/* by the guest */
	uint64_t connections_accepted;	/* for the guest */
	uint64_t bytes_to_host;
	uint64_t bytes_to_guest;
	uint64_t messages_to_host;
	uint64_t messages_to_guest;
	uint64_t commands_refused;	/* answered with an error */
	uint64_t over_budget;	/* of those, for want of budget */
	uint64_t reserved[4];
	struct vwl_status_resource resources[VWL_STATUS_RESOURCES];
};

static_assert(sizeof(struct vwl_status_resource) == 32, "status layout");
static_assert(sizeof(struct vwl_status_page) == 136
	+ VWL_STATUS_RESOURCES * 32, "status layout");
static_assert(sizeof(struct vwl_status_page) <= VWL_STATUS_SIZE,
	"status layout");

#endif
