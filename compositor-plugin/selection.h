/* SPDX-License-Identifier: MIT */
/* Selections of one kind, one for each label; for seat.c. */
#ifndef WLBL_SELECTION_H
#define WLBL_SELECTION_H

#include "private.h"

struct wlr_data_source;
struct wlr_primary_selection_source;

/* A VM's selection: the source that its client made. */
struct kept_selection {
	struct wl_list link;		/* wlbl_selection.kept */
	const struct wlbl_label *label;
	void *source;			/* as the two types below know it */
	struct wl_listener destroy;
};

/* What differs between the clipboard and the primary selection. */
struct selection_kind {
	/* Show a stand-in for @kept to the seat, or nothing for NULL. */
	void (*set)(struct wlr_seat *seat, struct kept_selection *kept);
	/* Tell the client of a source that it is over, and free it. */
	void (*cancel)(void *source);
	struct wl_signal *(*destroy_signal)(void *source);
	const struct wl_array *(*types)(void *source);	/* of char * */
};

struct wlbl_selection {
	const struct selection_kind *kind;
	struct wlr_seat *seat;
	struct wl_list kept;		/* kept_selection.link */
	const struct wlbl_label *current;
};

extern const struct selection_kind wlbl_clipboard_kind;
extern const struct selection_kind wlbl_primary_kind;

void
wlbl_selection_init(struct wlbl_selection *selection,
	const struct selection_kind *kind, struct wlr_seat *seat);

/* Forget all; the sources stay their clients'. */
void
wlbl_selection_finish(struct wlbl_selection *selection);

/*
 * A client of @label made @source its selection; NULL clears it. One with more
 * types than anybody needs is cancelled.
 */
void
wlbl_selection_keep(struct wlbl_selection *selection,
	const struct wlbl_label *label, void *source);

/* What a client of @label made its selection, or NULL. */
void *
wlbl_selection_source(struct wlbl_selection *selection,
	const struct wlbl_label *label);

/* The seat now shows the selection of @label, or none. */
void
wlbl_selection_show(struct wlbl_selection *selection,
	const struct wlbl_label *label);

/* Copy an array of MIME types. Return: 0 or -ENOMEM. */
int
wlbl_selection_copy_types(struct wl_array *dst, const struct wl_array *src);

#endif
