/* SPDX-License-Identifier: MIT */
/* The virtio-wl personality: features, and who is called for what. */
#include "personality.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <vhost-user/backend.h>

#include "../device.h"
#include "../endpoint/stream.h"
#include "util/loop.h"
#include "wl.h"

#define BASE_FEATURES (VWL_WL_BIT(VIRTIO_WL_F_TRANS_FLAGS) \
	| VWL_WL_BIT(VIRTIO_WL_F_USE_SHMEM))
#define OWN_FEATURES (VWL_WL_BIT(VIRTIO_WL_F_TRUE_FLAGS) \
	| VWL_WL_BIT(VIRTIO_WL_F_SOCKETS) \
	| VWL_WL_BIT(VIRTIO_WL_F_WINDOWS) \
	| VWL_WL_BIT(VIRTIO_WL_F_HALF_CLOSE) \
	| VWL_WL_BIT(VIRTIO_WL_F_LISTEN) \
	| VWL_WL_BIT(VIRTIO_WL_F_PEER) \
	| VWL_WL_BIT(VIRTIO_WL_F_MEMORY))

/* What each of our features cannot do without, dependencies first. */
static const struct {
	unsigned feature;
	uint64_t needs;
} needs[] = {
	{ VIRTIO_WL_F_SOCKETS, VWL_WL_BIT(VIRTIO_WL_F_TRUE_FLAGS) },
	{ VIRTIO_WL_F_WINDOWS, VWL_WL_BIT(VIRTIO_WL_F_TRUE_FLAGS) },
	{ VIRTIO_WL_F_HALF_CLOSE, VWL_WL_BIT(VIRTIO_WL_F_TRUE_FLAGS) },
	{ VIRTIO_WL_F_PEER, VWL_WL_BIT(VIRTIO_WL_F_TRUE_FLAGS) },
	{ VIRTIO_WL_F_MEMORY, VWL_WL_BIT(VIRTIO_WL_F_TRUE_FLAGS) },
	{ VIRTIO_WL_F_LISTEN, VWL_WL_BIT(VIRTIO_WL_F_SOCKETS)
		| VWL_WL_BIT(VIRTIO_WL_F_WINDOWS) },
};

/* Of @features, those that are known and have what they need. */
static uint64_t
effective_features(uint64_t features)
{
	features &= BASE_FEATURES | OWN_FEATURES;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if ((features & needs[i].needs) != needs[i].needs) {
			features &= ~VWL_WL_BIT(needs[i].feature);
		}
	}
	return features;
}

static void
handle_turn(void *data)
{
	struct vwl_wl *wl = data;
	if (wl->out_runs && vwl_wl_serve_out(wl)) {
		loop_defer(wl->turn);
	}
	vwl_wl_serve_in(wl);
}

static void
wl_destroy(void *state)
{
	struct vwl_wl *wl = state;
	if (wl == NULL) {
		return;
	}
	loop_remove(wl->turn);
	vwl_vfd_table_finish(&wl->table);
	free(wl);
}

static int
wl_create(struct vwl_device *device, void **ret_state)
{
	struct vwl_wl *wl = calloc(1, sizeof(*wl));
	if (wl == NULL) {
		return -ENOMEM;
	}
	wl->device = device;
	wl->next_id = VIRTIO_WL_HOST_ID_MIN;
	list_init(&wl->urgent);
	list_init(&wl->ready);
	list_init(&wl->listeners);
	int r = vwl_vfd_table_init(&wl->table);
	if (r == 0) {
		r = loop_add_deferred(device->loop, handle_turn, wl, &wl->turn);
	}
	if (r < 0) {
		wl_destroy(wl);
		return r;
	}
	*ret_state = wl;
	return 0;
}

static void
wl_attach(void *state, struct vub_session *session)
{
	struct vwl_wl *wl = state;
	wl->in = vub_session_queue(session, VIRTIO_WL_QUEUE_IN);
	wl->out = vub_session_queue(session, VIRTIO_WL_QUEUE_OUT);
}

static void
wl_features_set(void *state, uint64_t features)
{
	struct vwl_wl *wl = state;
	wl->features = effective_features(features);
	wl->usable = vwl_wl_has(wl, VIRTIO_WL_F_USE_SHMEM);
	wl->device->status->features = wl->features;
	if (!wl->usable) {
		log_warn("the driver did not accept USE_SHMEM; it gets errors");
	}
}

static void
wl_queue_ready(void *state, unsigned index)
{
	struct vwl_wl *wl = state;
	if (index == VIRTIO_WL_QUEUE_IN) {
		wl->in_runs = true;
	} else {
		wl->out_runs = true;
		if (vwl_wl_serve_out(wl)) {
			loop_defer(wl->turn);
		}
	}
	vwl_wl_serve_in(wl);
}

/*
 * Elements do not outlive a stop, but the driver may go on afterwards: it gets
 * an answer to each. A map may take longer than that, so its VFD has to be asked
 * for again.
 */
static void
settle_elements(struct vwl_wl *wl)
{
	for (unsigned i = 0; i < wl->table.bucket_count; i++) {
		struct vwl_vfd *vfd, *tmp;
		list_for_each_safe(vfd, tmp, &wl->table.buckets[i], link) {
			struct vwl_wl_vfd *each = vwl_wl_vfd_from(vfd);
			vwl_wl_settle_held(each);
			if (each->element != NULL) {
				vwl_wl_refuse(wl, each->element, -EAGAIN);
				each->element = NULL;
				vwl_wl_vfd_destroy(each);
			}
		}
	}
}

static void
wl_queue_stopped(void *state, unsigned index)
{
	struct vwl_wl *wl = state;
	if (index == VIRTIO_WL_QUEUE_IN) {
		wl->in_runs = false;
	} else {
		wl->out_runs = false;
		settle_elements(wl);
	}
}

static void
wl_reset(void *state)
{
	struct vwl_wl *wl = state;
	for (unsigned i = 0; i < wl->table.bucket_count; i++) {
		struct list *bucket = &wl->table.buckets[i];
		while (!list_empty(bucket)) {
			vwl_wl_vfd_destroy(vwl_wl_vfd_from(
				list_first(bucket, struct vwl_vfd, link)));
		}
	}
	wl->next_id = VIRTIO_WL_HOST_ID_MIN;
}

const struct vwl_personality vwl_personality_wl = {
	.features = BASE_FEATURES | OWN_FEATURES,
	.base_features = BASE_FEATURES,
	.num_queues = VIRTIO_WL_QUEUE_COUNT,
	.shmid = VIRTIO_WL_SHMEM_ID,
	.create = wl_create,
	.attach = wl_attach,
	.features_set = wl_features_set,
	.queue_ready = wl_queue_ready,
	.queue_stopped = wl_queue_stopped,
	.reset = wl_reset,
	.destroy = wl_destroy,
};
