/* SPDX-License-Identifier: MIT */
/*
 * device.h - one VM's device: what it may reach, and what it holds
 *
 * The core knows things of the host and who pays for them. How a guest names
 * them and asks for them is the personality's business.
 */
#ifndef VWL_DEVICE_H
#define VWL_DEVICE_H

#include <stdint.h>

#include "budget.h"
#include "copy-arena.h"
#include "endpoint/stream.h"
#include "names.h"
#include "pause.h"
#include "shm.h"
#include "status.h"
#include "util/list.h"
#include "util/log.h"

struct loop;
struct vub_session;
struct vwl_device;

/*
 * What the guest takes this device for. One state lives as long as a
 * front-end's session; vub_device says what the callbacks mean.
 */
struct vwl_personality {
	uint64_t features;	/* what it can offer */
	uint64_t base_features;	/* of those, what any driver knows */
	unsigned num_queues;
	uint8_t shmid;		/* of the region that memory is mapped in */
	int (*create)(struct vwl_device *device, void **ret_state);
	/* No queue runs yet. */
	void (*attach)(void *state, struct vub_session *session);
	void (*features_set)(void *state, uint64_t features);
	void (*queue_ready)(void *state, unsigned index);
	void (*queue_stopped)(void *state, unsigned index);
	/* Drop every VFD; the maps are gone already. */
	void (*reset)(void *state);
	void (*destroy)(void *state);
};

struct vwl_device {
	struct loop *loop;
	const char *vm_name;
	struct vwl_budget budget;
	struct vwl_pauses pauses;
	struct vwl_names names;
	struct list endpoints;		/* vwl_endpoint.link */
	struct vwl_shm shm;
	struct vwl_arena arena;
	struct vwl_lingering lingering;
	struct vwl_status_page *status;	/* never NULL */
	struct vwl_status_page own_status;
	struct log_limit log_limit;	/* for what the guest provokes */
	uint64_t next_serial;
};

/* Set up @device with default limits and nothing to reach. */
void
vwl_device_init(struct vwl_device *device, struct loop *loop,
	const char *vm_name, uint64_t region_size);

/* Keep the counters in @page (borrowed) from now on. */
void
vwl_device_show(struct vwl_device *device, struct vwl_status_page *page);

/* No session is served any more. */
void
vwl_device_finish(struct vwl_device *device);

#endif
