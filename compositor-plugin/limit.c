/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each surface of a VM is counted from its creation to its end, whatever becomes
 * of it. The client that takes its VM past the limit is disconnected: a protocol
 * has no other way to say no to a wl_surface. Windows and popups are counted
 * where frames are made, and merely not shown.
 *
 * With a surface are counted its pixels, of which a renderer has a copy of its
 * own; its regions, of which there are several; and its commits that wait for one
 * of a parent: wlroots keeps each of them, with its buffer and regions, until that
 * comes, which need not be ever.
 *
 * All surfaces are watched, local ones too: what was committed on is looked at
 * before the next frame (frame-guard.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <wlr/types/wlr_compositor.h>

#include "hold.h"
#include "wlbridge-labels-draw.h"

#define WAITING_MAX 20000	/* of each VM */
#define PIXEL_BYTES 4
#define REGION_COPIES 3		/* its state's, its own and the scene's */

struct counted_surface {
	struct wl_list link;		/* wlbl.surfaces */
	struct wlbl *labels;
	struct wlbl_label *label;	/* NULL: local, and only watched */
	struct wlr_surface *surface;
	uint64_t bytes;			/* of all below */
	uint64_t pixel_bytes;
	uint64_t region_bytes;
	uint64_t waiting_bytes;		/* of regions */
	unsigned waiting;
	struct wl_listener client_commit;
	struct wl_listener commit;
	struct wl_listener destroy;
};

static void
surface_forget(struct counted_surface *counted)
{
	if (counted->label != NULL) {
		counted->label->surfaces--;
		counted->label->waiting -= counted->waiting;
		wlbl_hold_change(counted->labels, counted->label,
			counted->bytes, 0);
	}
	wl_list_remove(&counted->client_commit.link);
	wl_list_remove(&counted->commit.link);
	wl_list_remove(&counted->destroy.link);
	wl_list_remove(&counted->link);
	free(counted);
}

static void
handle_surface_destroy(struct wl_listener *listener, void *data)
{
	struct counted_surface *counted =
		wl_container_of(listener, counted, destroy);
	(void)data;
	surface_forget(counted);
}

static void
count_bytes(struct counted_surface *counted)
{
	const uint64_t before = counted->bytes;
	counted->bytes = counted->pixel_bytes + counted->region_bytes
		+ counted->waiting_bytes;
	if (!wlbl_hold_change(counted->labels, counted->label, before,
			counted->bytes)) {
		wlbl_refuse(counted->labels, counted->label,
			wl_resource_get_client(counted->surface->resource),
			"buffer memory");
	}
}

static uint64_t
regions_of(const struct wlr_surface_state *state)
{
	return wlbl_region_bytes(&state->opaque)
		+ wlbl_region_bytes(&state->input);
}

void
wlbl_surface_region(struct wlr_surface *surface,
	const pixman_region32_t *region)
{
	struct wl_listener *listener = wl_signal_get(&surface->events.destroy,
		handle_surface_destroy);
	struct counted_surface *counted;
	if (listener == NULL || region == NULL) {
		return;
	}
	counted = wl_container_of(listener, counted, destroy);
	if (counted->label != NULL) {
		/* Until the next commit says what there really is. */
		counted->region_bytes += wlbl_region_bytes(region);
		count_bytes(counted);
	}
}

/* Sent, and perhaps not to be carried out yet. */
static void
handle_client_commit(struct wl_listener *listener, void *data)
{
	struct counted_surface *counted =
		wl_container_of(listener, counted, client_commit);
	const struct wlr_surface *surface = counted->surface;
	(void)data;
	if (counted->label == NULL
			|| (surface->pending.cached_state_locks == 0
				&& wl_list_empty(&surface->cached))) {
		return;
	}
	counted->waiting++;
	counted->label->waiting++;
	counted->waiting_bytes += regions_of(&surface->pending);
	count_bytes(counted);
	if (counted->label->waiting > WAITING_MAX) {
		wlbl_refuse(counted->labels, counted->label,
			wl_resource_get_client(surface->resource),
			"commits that wait for a parent's");
	}
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct counted_surface *counted =
		wl_container_of(listener, counted, commit);
	struct wlr_surface *surface = counted->surface;
	(void)data;
	wlbl_frames_touch(counted->labels, surface);
	if (counted->label == NULL) {
		return;
	}
	if (counted->waiting > 0) {
		counted->waiting--;
		counted->label->waiting--;
	}
	if (counted->waiting == 0) {
		counted->waiting_bytes = 0;
	}
	counted->pixel_bytes = (uint64_t)surface->current.buffer_width
		* (uint64_t)surface->current.buffer_height * PIXEL_BYTES;
	counted->region_bytes = regions_of(&surface->pending)
		+ REGION_COPIES * regions_of(&surface->current);
	count_bytes(counted);
}

static void
handle_new_surface(struct wl_listener *listener, void *data)
{
	struct wlbl *labels = wl_container_of(listener, labels, new_surface);
	struct wlr_surface *surface = data;
	struct wl_client *client = wl_resource_get_client(surface->resource);
	struct wlbl_label *label = wlbl_account_of(labels, client);
	if (label != NULL && label->surfaces >= labels->surfaces_max) {
		wlbl_refuse(labels, label, client, "surfaces");
		return;
	}
	struct counted_surface *counted = calloc(1, sizeof(*counted));
	if (counted == NULL) {
		wl_client_post_no_memory(client);
		return;
	}
	if (label != NULL) {
		label->surfaces++;
	}
	counted->labels = labels;
	counted->label = label;
	counted->surface = surface;
	counted->client_commit.notify = handle_client_commit;
	wl_signal_add(&surface->events.client_commit, &counted->client_commit);
	counted->commit.notify = handle_commit;
	wl_signal_add(&surface->events.commit, &counted->commit);
	counted->destroy.notify = handle_surface_destroy;
	wl_signal_add(&surface->events.destroy, &counted->destroy);
	wl_list_insert(&labels->surfaces, &counted->link);
}

WLBL_PUBLIC int
wlbl_limit_surfaces(struct wlbl *labels, struct wlr_compositor *compositor)
{
	labels->new_surface.notify = handle_new_surface;
	wl_signal_add(&compositor->events.new_surface, &labels->new_surface);
	labels->sees_commits = true;
	return 0;
}

WLBL_PUBLIC unsigned
wlbl_limit_windows(const struct wlbl *labels)
{
	return labels->windows_max;
}

static unsigned *
count_of(enum wlbl_frame_kind kind, const struct wlbl_label *label)
{
	/* The list's own: the public one is const. */
	struct wlbl_label *counted = (struct wlbl_label *)label;
	switch (kind) {
	case WLBL_FRAME_WINDOW:
		return &counted->frames[0];
	case WLBL_FRAME_POPUP:
		return &counted->frames[1];
	case WLBL_FRAME_ICON:
	case WLBL_FRAME_CURSOR:
		break;
	}
	return NULL;	/* a seat has one of each */
}

WLBL_PUBLIC int
wlbl_admit(struct wlbl *labels, enum wlbl_frame_kind kind,
	const struct wl_client *client, const struct wlbl_label **ret)
{
	const struct wlbl_label *label = wlbl_label_of(labels, client);
	if (label == NULL) {
		wlbl_log(labels, "a window of a VM that has no label is not "
			"shown");
		return -EACCES;
	}
	unsigned *count = count_of(kind, label);
	if (count != NULL && label != labels->local
			&& *count >= labels->windows_max) {
		/* Once, or its lines would be all that is in the log. */
		if (!label->is_full) {
			wlbl_log(labels, "VM '%s' has %u windows or popups and "
				"may not have more", label->name, *count);
		}
		((struct wlbl_label *)label)->is_full = true;
		return -EDQUOT;
	}
	if (count != NULL) {
		*count += 1;
	}
	*ret = label;
	return 0;
}

WLBL_PUBLIC void
wlbl_release(enum wlbl_frame_kind kind, const struct wlbl_label *label)
{
	unsigned *count = count_of(kind, label);
	if (count != NULL) {
		*count -= 1;
		((struct wlbl_label *)label)->is_full = false;
	}
}

void
wlbl_limit_finish(struct wlbl *labels)
{
	wl_list_remove(&labels->new_surface.link);
	wl_list_init(&labels->new_surface.link);
	struct counted_surface *counted, *tmp;
	wl_list_for_each_safe(counted, tmp, &labels->surfaces, link) {
		surface_forget(counted);
	}
}
