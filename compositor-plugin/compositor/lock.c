/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A local program asks for a lock (ext-session-lock; VMs do not see it), and from
 * that moment on the screen is locked: not once the program has something to show,
 * and no longer than until it says that the person may come in. If it dies, the
 * screen stays locked, until another program locks it again and then lets him in.
 *
 * While it is locked
 *	- the layers that windows are in, with their popups, what is dragged and
 *	  clients' cursors, are not drawn at all. So it does not matter what they do,
 *	  and there is nothing to be covered on a screen that is plugged in. Where
 *	  the lock shows nothing there is the background;
 *	- the strip is above the lock, as it is above all: it says that the screen is
 *	  locked and to whom one types. So the lock is told the size of what is left
 *	  of the screen, and its surfaces begin below the strip;
 *	- what is looked up below the pointer and below fingers is the lock's, and
 *	  only that gets the keyboard; no chord is the compositor's but that for
 *	  another terminal, and nothing is handed to an input method.
 *
 * It is told "locked" when each screen that was on has shown a frame without
 * windows: what suspends the machine waits for that.
 */
#include <errno.h>
#include <stdlib.h>
#include <wlr/interfaces/wlr_output.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_session_lock_v1.h>

#include "server.h"

struct lock_surface {
	struct wl_list link;		/* lock.surfaces */
	struct server *server;
	struct wlr_session_lock_surface_v1 *wlr;
	struct wlr_scene_tree *tree;
	int told_width;
	int told_height;
	struct wl_listener map;
	struct wl_listener destroy;
};

/* An output that may still show what it did before. */
struct unshown {
	struct wl_list link;		/* lock.unshown */
	struct lock *lock;
	uint32_t commit_seq;		/* of what it showed */
	struct wl_listener commit;
	struct wl_listener present;
	struct wl_listener destroy;
};

static void
unshown_destroy(struct unshown *unshown)
{
	wl_list_remove(&unshown->commit.link);
	wl_list_remove(&unshown->present.link);
	wl_list_remove(&unshown->destroy.link);
	wl_list_remove(&unshown->link);
	free(unshown);
}

static void
unshown_clear(struct lock *lock)
{
	struct unshown *unshown, *tmp;
	wl_list_for_each_safe(unshown, tmp, &lock->unshown, link) {
		unshown_destroy(unshown);
	}
}

static void
say_when_shown(struct lock *lock)
{
	if (wl_list_empty(&lock->unshown)) {
		wlr_session_lock_v1_send_locked(lock->wlr);
	}
}

static void
is_shown(struct unshown *unshown)
{
	struct lock *lock = unshown->lock;
	unshown_destroy(unshown);
	say_when_shown(lock);
}

static void
handle_present(struct wl_listener *listener, void *data)
{
	struct unshown *unshown = wl_container_of(listener, unshown, present);
	const struct wlr_output_event_present *event = data;
	if ((int32_t)(event->commit_seq - unshown->commit_seq) > 0) {
		is_shown(unshown);
	}
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct unshown *unshown = wl_container_of(listener, unshown, commit);
	const struct wlr_output_event_commit *event = data;
	/* It was turned off, and shows nothing. */
	if (!event->output->enabled) {
		is_shown(unshown);
	}
}

static void
handle_output_destroy(struct wl_listener *listener, void *data)
{
	struct unshown *unshown = wl_container_of(listener, unshown, destroy);
	(void)data;
	is_shown(unshown);
}

static bool
watch(struct lock *lock, struct wlr_output *output)
{
	struct unshown *unshown = calloc(1, sizeof(*unshown));
	if (unshown == NULL) {
		return false;
	}
	unshown->lock = lock;
	unshown->commit_seq = output->commit_seq;
	unshown->commit.notify = handle_commit;
	wl_signal_add(&output->events.commit, &unshown->commit);
	unshown->present.notify = handle_present;
	wl_signal_add(&output->events.present, &unshown->present);
	unshown->destroy.notify = handle_output_destroy;
	wl_signal_add(&output->events.destroy, &unshown->destroy);
	wl_list_insert(&lock->unshown, &unshown->link);
	return true;
}

/* Each output draws a frame, whether or not anything on it changes. */
static bool
watch_outputs(struct server *server)
{
	struct wlr_output_layout_output *place;
	wl_list_for_each(place, &server->layout->outputs, link) {
		if (!place->output->enabled) {
			continue;
		}
		if (!watch(&server->lock, place->output)) {
			unshown_clear(&server->lock);
			return false;
		}
		wlr_output_update_needs_frame(place->output);
	}
	return true;
}

static void
show_windows(struct server *server, bool shown)
{
	static const enum layer layers[] = {
		LAYER_WINDOWS, LAYER_ICON, LAYER_CURSOR,
	};
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		wlr_scene_node_set_enabled(&server->layers[layers[i]]->node,
			shown);
	}
}

static void
begin(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	log_info("locked");
	/* Alt-Tab is over, wherever it was. */
	cycle_end(server);
	server->lock.on = true;
	wlbl_set_locked(server->labels, true);
	show_windows(server, false);
	touch_let_go(server);
	if (pointer->window != NULL) {
		pointer_forget(server, pointer->window);
	}
	pointer_let_go(pointer);
	/* Grabs end with it, and what is dragged. */
	wlbl_seat_focus(server->label_seat, NULL);
	pointer_update(server);
	pointer_image_default(server, "default");
}

static void
end(struct server *server)
{
	log_info("unlocked");
	server->lock.on = false;
	wlbl_set_locked(server->labels, false);
	show_windows(server, true);
	touch_let_go(server);
	focus_last(server);
	pointer_update(server);
}

/* The keyboard to the first that shows something, or to nobody. */
static void
focus_lock(struct server *server)
{
	struct wlr_surface *focus = NULL;
	struct lock_surface *surface;
	wl_list_for_each_reverse(surface, &server->lock.surfaces, link) {
		if (surface->wlr->surface->mapped) {
			focus = surface->wlr->surface;
		}
	}
	wlbl_seat_focus(server->label_seat, focus);
	pointer_update(server);
}

static void
surface_place(struct lock_surface *surface)
{
	struct wlr_box box;
	wlr_output_layout_get_box(surface->server->layout,
		surface->wlr->output, &box);
	wlr_scene_node_set_enabled(&surface->tree->node, !wlr_box_empty(&box));
	if (wlr_box_empty(&box)) {
		/* That output is off, or going. */
		return;
	}
	wlr_scene_node_set_position(&surface->tree->node, box.x,
		box.y + WLBL_STRIP_HEIGHT);
	const int height = box.height - WLBL_STRIP_HEIGHT;
	box.height = height > 1 ? height : 1;
	if (box.width != surface->told_width
			|| box.height != surface->told_height) {
		surface->told_width = box.width;
		surface->told_height = box.height;
		wlr_session_lock_surface_v1_configure(surface->wlr,
			(uint32_t)box.width, (uint32_t)box.height);
	}
}

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct lock_surface *surface = wl_container_of(listener, surface, map);
	(void)data;
	focus_lock(surface->server);
}

static void
handle_surface_destroy(struct wl_listener *listener, void *data)
{
	struct lock_surface *surface =
		wl_container_of(listener, surface, destroy);
	struct server *server = surface->server;
	(void)data;
	wl_list_remove(&surface->map.link);
	wl_list_remove(&surface->destroy.link);
	wl_list_remove(&surface->link);
	wlr_scene_node_destroy(&surface->tree->node);
	free(surface);
	if (server->lock.on) {
		focus_lock(server);
	}
}

static void
handle_new_surface(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, lock.new_surface);
	struct wlr_session_lock_surface_v1 *wlr = data;
	struct lock_surface *surface = calloc(1, sizeof(*surface));
	struct wlr_scene_tree *tree = surface == NULL ? NULL
		: wlr_scene_tree_create(server->layers[LAYER_LOCK]);
	if (tree == NULL || wlr_scene_subsurface_tree_create(tree,
			wlr->surface) == NULL) {
		if (tree != NULL) {
			wlr_scene_node_destroy(&tree->node);
		}
		free(surface);
		wl_resource_post_no_memory(wlr->resource);
		return;
	}
	surface->server = server;
	surface->wlr = wlr;
	surface->tree = tree;
	surface->map.notify = handle_map;
	wl_signal_add(&wlr->surface->events.map, &surface->map);
	surface->destroy.notify = handle_surface_destroy;
	wl_signal_add(&wlr->events.destroy, &surface->destroy);
	wl_list_insert(server->lock.surfaces.prev, &surface->link);
	surface_place(surface);
}

static void
handle_unlock(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, lock.unlock);
	(void)data;
	end(server);
}

static void
handle_lock_destroy(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, lock.destroy);
	struct lock *lock = &server->lock;
	(void)data;
	wl_list_remove(&lock->new_surface.link);
	wl_list_remove(&lock->unlock.link);
	wl_list_remove(&lock->destroy.link);
	unshown_clear(lock);
	lock->wlr = NULL;
	if (lock->on) {
		log_warn("what locked the screen is gone: it stays locked, and "
			"can be locked anew");
	}
}

static void
handle_new_lock(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, lock.new_lock);
	struct wlr_session_lock_v1 *wlr = data;
	struct lock *lock = &server->lock;
	/* Who is refused is told so. */
	if (lock->wlr != NULL || !watch_outputs(server)) {
		wlr_session_lock_v1_destroy(wlr);
		return;
	}
	lock->wlr = wlr;
	lock->new_surface.notify = handle_new_surface;
	wl_signal_add(&wlr->events.new_surface, &lock->new_surface);
	lock->unlock.notify = handle_unlock;
	wl_signal_add(&wlr->events.unlock, &lock->unlock);
	lock->destroy.notify = handle_lock_destroy;
	wl_signal_add(&wlr->events.destroy, &lock->destroy);
	if (!lock->on) {
		begin(server);
	}
	say_when_shown(lock);
}

static void
handle_layout_change(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, lock.layout_change);
	struct lock_surface *surface;
	(void)data;
	wl_list_for_each(surface, &server->lock.surfaces, link) {
		surface_place(surface);
	}
}

void
look_at(struct server *server, double x, double y, struct wlbl_hit *ret)
{
	if (!server->lock.on) {
		wlbl_at(server->labels, server->layers[LAYER_WINDOWS], x, y,
			ret);
		return;
	}
	*ret = (struct wlbl_hit){ .part = WLBL_PART_NONE };
	struct wlr_scene_node *node = wlr_scene_node_at(
		&server->layers[LAYER_LOCK]->node, x, y, &ret->sx, &ret->sy);
	struct wlr_scene_surface *surface = node == NULL
		|| node->type != WLR_SCENE_NODE_BUFFER ? NULL
		: wlr_scene_surface_try_from_buffer(
			wlr_scene_buffer_from_node(node));
	if (surface != NULL) {
		ret->part = WLBL_PART_CONTENT;
		ret->surface = surface->surface;
	}
}

int
lock_init(struct server *server)
{
	struct lock *lock = &server->lock;
	struct wlr_session_lock_manager_v1 *manager =
		wlr_session_lock_manager_v1_create(server->display);
	if (manager == NULL) {
		return -ENOMEM;
	}
	wl_list_init(&lock->surfaces);
	wl_list_init(&lock->unshown);
	lock->new_lock.notify = handle_new_lock;
	wl_signal_add(&manager->events.new_lock, &lock->new_lock);
	lock->layout_change.notify = handle_layout_change;
	wl_signal_add(&server->layout->events.change, &lock->layout_change);
	return 0;
}

void
lock_finish(struct server *server)
{
	wl_list_remove(&server->lock.new_lock.link);
	wl_list_remove(&server->lock.layout_change.link);
}
