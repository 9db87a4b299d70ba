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
 *
 * A mirror is another seat that always has one label's selection. It may also be
 * where that was set: then the source is on that seat already, and the others get
 * stand-ins for it.
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
	wl_list_init(&selection->mirrors);
}

void
wlbl_selection_finish(struct wlbl_selection *selection)
{
	selection->kind->set(selection->seat, NULL, NULL);
	struct kept_selection *kept, *tmp;
	wl_list_for_each_safe(kept, tmp, &selection->kept, link) {
		forget(kept);
	}
}

static void
update(struct wlbl_selection *selection)
{
	selection->kind->set(selection->seat, NULL,
		find(selection, selection->current));
}

static void
update_mirror(struct selection_mirror *mirror)
{
	struct kept_selection *kept = find(mirror->selection, mirror->label);
	if (kept == NULL || kept->from != mirror) {
		mirror->changing = true;
		mirror->selection->kind->set(mirror->seat, mirror, kept);
		mirror->changing = false;
	}
}

static void
keep(struct wlbl_selection *selection, const struct wlbl_label *label,
	void *source, struct selection_mirror *from)
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
		kept->from = from;
		kept->destroy.notify = handle_source_destroy;
		wl_signal_add(selection->kind->destroy_signal(source),
			&kept->destroy);
		wl_list_insert(&selection->kept, &kept->link);
	}
	if (label == selection->current) {
		update(selection);
	}
	struct selection_mirror *mirror;
	wl_list_for_each(mirror, &selection->mirrors, link) {
		if (mirror->label == label) {
			update_mirror(mirror);
		}
	}
}

void
wlbl_selection_keep(struct wlbl_selection *selection,
	const struct wlbl_label *label, void *source)
{
	keep(selection, label, source, NULL);
}

void
wlbl_selection_mirror(struct wlbl_selection *selection,
	const struct wlbl_label *label, struct wlr_seat *seat,
	struct selection_mirror *mirror)
{
	mirror->selection = selection;
	mirror->label = label;
	mirror->seat = seat;
	wl_list_init(&mirror->relays);
	wl_list_insert(&selection->mirrors, &mirror->link);
	update_mirror(mirror);
}

void
wlbl_selection_unmirror(struct selection_mirror *mirror)
{
	wl_list_remove(&mirror->link);
	mirror->changing = true;
	mirror->selection->kind->set(mirror->seat, mirror, NULL);
	wlbl_mirror_finish(mirror);
}

void
wlbl_selection_keep_mirrored(struct selection_mirror *mirror, void *source)
{
	if (!mirror->changing && source != NULL) {
		keep(mirror->selection, mirror->label, source, mirror);
	}
}

void
wlbl_selection_drop_mirrored(struct selection_mirror *mirror)
{
	struct kept_selection *kept = find(mirror->selection, mirror->label);
	if (kept != NULL && kept->from == mirror) {
		keep(mirror->selection, mirror->label, NULL, NULL);
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
