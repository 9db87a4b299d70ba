/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Local programs (swayidle) are told when nobody has done anything for a while. What
 * counts is what comes by keyboards, pointers and touch screens: a VM can make none of
 * that.
 *
 * A program may ask that the screen stays on while one of its surfaces is to be seen,
 * as players of films do. That keeps the screen from being locked, so VMs may only if
 * [globals] says so. It counts while the scene shows that surface on a screen that is
 * on: never while the screen is locked. What is shown can only change in a frame, or
 * with the layout; so that is when it is looked at, and when somebody asks or no longer
 * does. How many ask it for a surface is in that one's data, so that the scene need be
 * gone through only once.
 */
#include <errno.h>
#include <stdlib.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_idle_inhibit_v1.h>
#include <wlr/types/wlr_idle_notify_v1.h>
#include <wlr/types/wlr_output_layout.h>

#include "server.h"

struct inhibitor {
	struct server *server;
	struct wlr_surface *surface;
	struct wl_listener destroy;
};

void
idle_activity(struct server *server)
{
	wlr_idle_notifier_v1_notify_activity(server->idle.notifier,
		server->seat);
}

static void
handle_activity(struct wl_listener *listener, void *data)
{
	struct activity *activity =
		wl_container_of(listener, activity, listener);
	(void)data;
	idle_activity(activity->server);
}

static void
count(struct inhibitor *inhibitor, int change)
{
	uintptr_t asked = (uintptr_t)inhibitor->surface->data;
	asked += (uintptr_t)change;
	inhibitor->surface->data = (void *)asked;
	inhibitor->server->idle.inhibitors += change;
}

/* What a surface knows of its outputs is not so when it is hidden; its node knows. */
static void
look_for_inhibitor(struct wlr_scene_buffer *buffer, int x, int y, void *data)
{
	bool *inhibited = data;
	const struct wlr_scene_surface *surface =
		wlr_scene_surface_try_from_buffer(buffer);
	(void)x;
	(void)y;
	if (surface != NULL && surface->surface->data != NULL
			&& buffer->primary_output != NULL
			&& buffer->primary_output->output->enabled) {
		*inhibited = true;
	}
}

static bool
is_inhibited(struct server *server)
{
	bool inhibited = false;
	if (server->idle.inhibitors > 0) {
		wlr_scene_node_for_each_buffer(
			&server->layers[LAYER_WINDOWS]->node,
			look_for_inhibitor, &inhibited);
	}
	return inhibited;
}

void
idle_update(struct server *server)
{
	wlr_idle_notifier_v1_set_inhibited(server->idle.notifier,
		is_inhibited(server));
}

static void
handle_inhibitor_destroy(struct wl_listener *listener, void *data)
{
	struct inhibitor *inhibitor =
		wl_container_of(listener, inhibitor, destroy);
	struct server *server = inhibitor->server;
	(void)data;
	wl_list_remove(&inhibitor->destroy.link);
	count(inhibitor, -1);
	free(inhibitor);
	idle_update(server);
}

static void
handle_new_inhibitor(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, idle.new_inhibitor);
	struct wlr_idle_inhibitor_v1 *wlr = data;
	struct inhibitor *inhibitor = calloc(1, sizeof(*inhibitor));
	if (inhibitor == NULL) {
		wl_resource_post_no_memory(wlr->resource);
		return;
	}
	inhibitor->server = server;
	inhibitor->surface = wlr->surface;
	inhibitor->destroy.notify = handle_inhibitor_destroy;
	wl_signal_add(&wlr->events.destroy, &inhibitor->destroy);
	count(inhibitor, 1);
	idle_update(server);
}

static void
handle_layout_change(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, idle.layout_change);
	(void)data;
	idle_update(server);
}

int
idle_init(struct server *server)
{
	struct idle *idle = &server->idle;
	struct wlr_cursor *cursor = server->pointer.cursor;
	struct wl_signal *signals[ACTIVITIES] = {
		&cursor->events.motion,
		&cursor->events.motion_absolute,
		&cursor->events.button,
		&cursor->events.axis,
		&cursor->events.swipe_begin,
		&cursor->events.pinch_begin,
		&cursor->events.hold_begin,
		&cursor->events.touch_down,
		&cursor->events.touch_motion,
		&cursor->events.touch_up,
	};
	idle->notifier = wlr_idle_notifier_v1_create(server->display);
	struct wlr_idle_inhibit_manager_v1 *inhibit =
		wlr_idle_inhibit_v1_create(server->display);
	if (idle->notifier == NULL || inhibit == NULL) {
		return -ENOMEM;
	}
	idle->new_inhibitor.notify = handle_new_inhibitor;
	wl_signal_add(&inhibit->events.new_inhibitor, &idle->new_inhibitor);
	for (int i = 0; i < ACTIVITIES; i++) {
		idle->activities[i].server = server;
		idle->activities[i].listener.notify = handle_activity;
		wl_signal_add(signals[i], &idle->activities[i].listener);
	}
	idle->layout_change.notify = handle_layout_change;
	wl_signal_add(&server->layout->events.change, &idle->layout_change);
	return 0;
}

void
idle_finish(struct server *server)
{
	for (int i = 0; i < ACTIVITIES; i++) {
		wl_list_remove(&server->idle.activities[i].listener.link);
	}
	wl_list_remove(&server->idle.new_inhibitor.link);
	wl_list_remove(&server->idle.layout_change.link);
}
