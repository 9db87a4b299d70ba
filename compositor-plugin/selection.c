/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A seat has one selection and destroys the old one when it gets another, which
 * would end a VM's selection whenever the keyboard goes elsewhere. So the sources
 * that clients make are kept here, one for each label, and the seat is given a
 * stand-in for that of the label with the keyboard: it has the same MIME types
 * and passes requests on. When a stand-in goes, the seat's offers of it go too,
 * and whoever still holds one holds nothing.
 */
#include "selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Each is copied for every stand-in and sent with every offer. */
#define TYPES_MAX 256

static struct kept_selection *
find(struct wlbl_selection *selection, const struct wlbl_label *label)
{
	struct kept_selection *kept;
	wl_list_for_each(kept, &selection->kept, link) {
		if (kept->label == label) {
			return kept;
		}
	}
	return NULL;
}

static void
forget(struct kept_selection *kept)
{
	wl_list_remove(&kept->destroy.link);
	wl_list_remove(&kept->link);
	free(kept);
}

static void
handle_source_destroy(struct wl_listener *listener, void *data)
{
	struct kept_selection *kept = wl_container_of(listener, kept, destroy);
	(void)data;
	/* Its stand-in listens too and takes itself from the seat. */
	forget(kept);
}

void
wlbl_selection_init(struct wlbl_selection *selection,
	const struct selection_kind *kind, struct wlr_seat *seat)
{
	selection->kind = kind;
	selection->seat = seat;
	selection->current = NULL;
	wl_list_init(&selection->kept);
}

void
wlbl_selection_finish(struct wlbl_selection *selection)
{
	selection->kind->set(selection->seat, NULL);
	struct kept_selection *kept, *tmp;
	wl_list_for_each_safe(kept, tmp, &selection->kept, link) {
		forget(kept);
	}
}

static void
update(struct wlbl_selection *selection)
{
	selection->kind->set(selection->seat,
		find(selection, selection->current));
}

void
wlbl_selection_keep(struct wlbl_selection *selection,
	const struct wlbl_label *label, void *source)
{
	struct kept_selection *old = find(selection, label);
	if (old != NULL && old->source == source) {
		return;
	}
	if (old != NULL) {
		void *old_source = old->source;
		forget(old);
		selection->kind->cancel(old_source);
	}
	if (source != NULL && selection->kind->types(source)->size
			> TYPES_MAX * sizeof(char *)) {
		selection->kind->cancel(source);
		source = NULL;
	}
	if (source != NULL) {
		struct kept_selection *kept = calloc(1, sizeof(*kept));
		if (kept == NULL) {
			selection->kind->cancel(source);
			return;
		}
		kept->label = label;
		kept->source = source;
		kept->destroy.notify = handle_source_destroy;
		wl_signal_add(selection->kind->destroy_signal(source),
			&kept->destroy);
		wl_list_insert(&selection->kept, &kept->link);
	}
	if (label == selection->current) {
		update(selection);
	}
}

void *
wlbl_selection_source(struct wlbl_selection *selection,
	const struct wlbl_label *label)
{
	struct kept_selection *kept = find(selection, label);
	return kept == NULL ? NULL : kept->source;
}

void
wlbl_selection_show(struct wlbl_selection *selection,
	const struct wlbl_label *label)
{
	if (label != selection->current) {
		selection->current = label;
		update(selection);
	}
}

int
wlbl_selection_copy_types(struct wl_array *dst, const struct wl_array *src)
{
	char **type;
	wl_array_for_each(type, src) {
		char **copy = wl_array_add(dst, sizeof(*copy));
		if (copy == NULL) {
			return -ENOMEM;
		}
		*copy = strdup(*type);
		if (*copy == NULL) {
			dst->size -= sizeof(*copy);
			return -ENOMEM;
		}
	}
	return 0;
}
