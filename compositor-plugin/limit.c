/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each surface of a VM is counted from its creation to its end, whatever becomes
 * of it. The client that takes its VM past the limit is disconnected: a protocol
 * has no other way to say no to a wl_surface. Windows and popups are counted
 * where frames are made, and merely not shown.
 */
#include <stdlib.h>
#include <wlr/types/wlr_compositor.h>

#include "private.h"

struct counted_surface {
	struct wl_list link;		/* wlbl.surfaces */
	struct wlbl_label *label;
	struct wl_listener destroy;
};

static void
surface_forget(struct counted_surface *counted)
{
	counted->label->surfaces--;
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
handle_new_surface(struct wl_listener *listener, void *data)
{
	struct wlbl *labels = wl_container_of(listener, labels, new_surface);
	struct wlr_surface *surface = data;
	struct wl_client *client = wl_resource_get_client(surface->resource);
	/* The list's own: the public one is const. */
	struct wlbl_label *label =
		(struct wlbl_label *)wlbl_label_of(labels, client);
	if (label == NULL || label == labels->local) {
		return;
	}
	struct counted_surface *counted = NULL;
	if (label->surfaces < labels->surfaces_max) {
		counted = calloc(1, sizeof(*counted));
	} else {
		wlbl_log(labels, "VM '%s' has %u surfaces and may not have "
			"more: a client of it is disconnected", label->name,
			label->surfaces);
	}
	if (counted == NULL) {
		wl_client_post_no_memory(client);
		return;
	}
	label->surfaces++;
	counted->label = label;
	counted->destroy.notify = handle_surface_destroy;
	wl_signal_add(&surface->events.destroy, &counted->destroy);
	wl_list_insert(&labels->surfaces, &counted->link);
}

WLBL_PUBLIC int
wlbl_limit_surfaces(struct wlbl *labels, struct wlr_compositor *compositor)
{
	labels->new_surface.notify = handle_new_surface;
	wl_signal_add(&compositor->events.new_surface, &labels->new_surface);
	return 0;
}

WLBL_PUBLIC unsigned
wlbl_limit_windows(const struct wlbl *labels)
{
	return labels->windows_max;
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
