/* SPDX-License-Identifier: MIT */
/* Selections of one kind, one for each label; for seat.c. */
#ifndef WLBL_SELECTION_H
#define WLBL_SELECTION_H

#include <sys/types.h>

#include "private.h"

struct wlr_data_source;
struct wlr_primary_selection_source;

struct selection_mirror;

/* A VM's selection: the source that its client made. */
struct kept_selection {
	struct wl_list link;		/* wlbl_selection.kept */
	const struct wlbl_label *label;
	void *source;			/* as the two types below know it */
	struct selection_mirror *from;	/* whose seat it is on, or NULL */
	struct wl_listener destroy;
};

/* What differs between the clipboard and the primary selection. */
struct selection_kind {
	/*
	 * Show a stand-in for @kept to the seat, which is that of @mirror if
	 * that is not NULL; or nothing for NULL.
	 */
	void (*set)(struct wlr_seat *seat, struct selection_mirror *mirror,
		struct kept_selection *kept);
	/* Tell the client of a source that it is over, and free it. */
	void (*cancel)(void *source);
	struct wl_signal *(*destroy_signal)(void *source);
	const struct wl_array *(*types)(void *source);	/* of char * */
};

struct wlbl_selection {
	const struct selection_kind *kind;
	struct wlr_seat *seat;
	struct wl_list kept;		/* kept_selection.link */
	struct wl_list mirrors;		/* selection_mirror.link */
	const struct wlbl_label *current;
};

#define MIRROR_TRANSFERS_MAX 8		/* in each direction */

/* Of a pipe that a client writes into; see mirror.c. */
struct mirror_end {
	bool is_used;
	int fd;				/* the one that is read from */
	dev_t dev;
	ino_t ino;
};

/* Another seat, whose selection is always that of one label. */
struct selection_mirror {
	struct wl_list link;		/* wlbl_selection.mirrors */
	struct wlbl_selection *selection;
	const struct wlbl_label *label;
	struct wlr_seat *seat;
	bool changing;			/* by us, and not by who uses the seat */
	struct wl_list relays;		/* relay.link; see mirror.c */
	struct mirror_end ends[MIRROR_TRANSFERS_MAX];
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

/* Show the selection of @label to @seat from now on. */
void
wlbl_selection_mirror(struct wlbl_selection *selection,
	const struct wlbl_label *label, struct wlr_seat *seat,
	struct selection_mirror *mirror);

/* No longer; what came from there is forgotten. */
void
wlbl_selection_unmirror(struct selection_mirror *mirror);

/*
 * The seat of a mirror has this source now, or none. One that somebody else set
 * there is the label's selection, and stays on that seat.
 */
void
wlbl_selection_keep_mirrored(struct selection_mirror *mirror, void *source);

/* Whoever uses the seat of a mirror has no selection any longer. */
void
wlbl_selection_drop_mirrored(struct selection_mirror *mirror);

/*
 * What a client asked for comes from who uses the seat of @mirror.
 * Return: what to write into instead, the caller's; -1: nothing.
 */
int
wlbl_mirror_relay(struct selection_mirror *mirror, int take_fd);

/*
 * Who uses that seat asks a client to write into @fd, and has the other end.
 * Return: whether it may.
 */
bool
wlbl_mirror_lend(struct selection_mirror *mirror, int fd);

/* End what is relayed. */
void
wlbl_mirror_finish(struct selection_mirror *mirror);

/* Both kinds of a seat's selections; see above. */
void
wlbl_seat_mirror(struct wlbl_seat *seat, const struct wlbl_label *label,
	struct wlr_seat *other, struct selection_mirror *clipboard,
	struct selection_mirror *primary);

/* Copy an array of MIME types. Return: 0 or -ENOMEM. */
int
wlbl_selection_copy_types(struct wl_array *dst, const struct wl_array *src);

#endif
