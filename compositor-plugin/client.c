/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Whose a client is, for as long as anything of it is there. Some it was said of
 * (wlbl_client_assign()), before their first request; of those that came through a
 * security context it is kept here with the first object that they make.
 *
 * A security context is forgotten when libwayland says that its client goes, and
 * the client's windows go after that, one by one: those must not be anybody else's
 * by then, nor their selections the next one's. So a client keeps its label until
 * the last of its resources is gone; hence libwayland's late signal.
 */
#include <errno.h>
#include <stdlib.h>

#include "private.h"

struct known_client {
	struct wl_list link;		/* wlbl.clients */
	struct wlbl_label *label;	/* NULL: a VM's without one */
	bool assigned;			/* and counts as one of its label's */
	struct wl_listener destroy;	/* how a client finds it, too */
};

static void
client_forget(struct known_client *known)
{
	if (known->assigned) {
		known->label->clients--;
	}
	wl_list_remove(&known->destroy.link);
	wl_list_remove(&known->link);
	free(known);
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct known_client *known =
		wl_container_of(listener, known, destroy);
	(void)data;
	client_forget(known);
}

static struct known_client *
client_know(struct wlbl *labels, struct wl_client *client,
	const struct wlbl_label *label)
{
	struct known_client *known = calloc(1, sizeof(*known));
	if (known == NULL) {
		return NULL;
	}
	/* The list's own: the public one is const. */
	known->label = (struct wlbl_label *)label;
	known->destroy.notify = handle_destroy;
	wl_client_add_destroy_late_listener(client, &known->destroy);
	wl_list_insert(&labels->clients, &known->link);
	return known;
}

int
wlbl_client_remember(struct wlbl *labels, struct wl_client *client)
{
	const struct wlbl_label *label;
	if (wlbl_client_known(client, &label)
			|| !wlbl_is_confined(labels, client)) {
		return 0;
	}
	label = wlbl_label_of(labels, client);
	return client_know(labels, client, label) == NULL ? -ENOMEM : 0;
}

WLBL_PUBLIC int
wlbl_client_assign(struct wlbl *labels, struct wl_client *client,
	const struct wlbl_label *label)
{
	if (wlbl_is_confined(labels, client)) {
		return -EEXIST;
	}
	if (label->clients >= labels->clients_max) {
		return -EDQUOT;
	}
	struct known_client *known = client_know(labels, client, label);
	if (known == NULL) {
		return -ENOMEM;
	}
	known->assigned = true;
	known->label->clients++;
	return 0;
}

bool
wlbl_client_known(const struct wl_client *client,
	const struct wlbl_label **ret)
{
	struct wl_listener *listener =
		wl_client_get_destroy_late_listener(
			(struct wl_client *)client, handle_destroy);
	if (listener == NULL) {
		return false;
	}
	struct known_client *known =
		wl_container_of(listener, known, destroy);
	*ret = known->label;
	return true;
}

void
wlbl_clients_finish(struct wlbl *labels)
{
	struct known_client *known, *tmp;
	wl_list_for_each_safe(known, tmp, &labels->clients, link) {
		client_forget(known);
	}
}
