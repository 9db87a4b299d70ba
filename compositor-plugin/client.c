/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Clients whose VM the compositor was told, and not by a security context. A
 * client keeps its label until the last of its resources is gone, since those
 * still ask for it; hence libwayland's late signal.
 */
#include <errno.h>
#include <stdlib.h>

#include "private.h"

struct assigned_client {
	struct wl_list link;		/* wlbl.clients */
	struct wlbl_label *label;
	struct wl_listener destroy;	/* how a client finds it, too */
};

static void
client_forget(struct assigned_client *assigned)
{
	assigned->label->clients--;
	wl_list_remove(&assigned->destroy.link);
	wl_list_remove(&assigned->link);
	free(assigned);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct assigned_client *assigned =
		wl_container_of(listener, assigned, destroy);
	(void)data;
	client_forget(assigned);
}

WLBL_PUBLIC int
wlbl_client_assign(struct wlbl *labels, struct wl_client *client,
	const struct wlbl_label *label)
{
	if (wlbl_is_confined(labels, client)) {
		return -EEXIST;
	}
	struct wlbl_label *own = (struct wlbl_label *)label;
	if (own->clients >= labels->clients_max) {
		return -EDQUOT;
	}
	struct assigned_client *assigned = calloc(1, sizeof(*assigned));
	if (assigned == NULL) {
		return -ENOMEM;
	}
	own->clients++;
	assigned->label = own;
	assigned->destroy.notify = handle_destroy;
	wl_client_add_destroy_late_listener(client, &assigned->destroy);
	wl_list_insert(&labels->clients, &assigned->link);
	return 0;
}

struct wlbl_label *
wlbl_client_label(struct wlbl *labels, const struct wl_client *client)
{
	struct wl_listener *listener =
		wl_client_get_destroy_late_listener(
			(struct wl_client *)client, handle_destroy);
	(void)labels;
	if (listener == NULL) {
		return NULL;
	}
	struct assigned_client *assigned =
		wl_container_of(listener, assigned, destroy);
	return assigned->label;
}

void
wlbl_clients_finish(struct wlbl *labels)
{
	struct assigned_client *assigned, *tmp;
	wl_list_for_each_safe(assigned, tmp, &labels->clients, link) {
		client_forget(assigned);
	}
}
