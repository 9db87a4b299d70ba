/* SPDX-License-Identifier: MIT */
/* From one label's clipboard to another's; for seat.c and the tests. */
#ifndef WLBL_TRANSFER_H
#define WLBL_TRANSFER_H

#include "private.h"

struct wl_array;
struct wlr_data_source;

/* Something copied, shared by whoever still shows or writes it. */
struct copied_data {
	unsigned users;
	bool text;		/* UTF-8, to be offered under each of its names */
	char type[WLBL_COPY_TYPE_MAX];	/* as its client called it */
	size_t size;
	char *bytes;
};

struct copied_data *
wlbl_copied_ref(struct copied_data *data);

/* The last one wipes it. NULL is fine. */
void
wlbl_copied_unref(struct copied_data *data);

/*
 * copied-type.c: what may be copied
 */

/* Whether @type is one of the names of UTF-8 text. */
bool
wlbl_type_is_text(const char *type);

/*
 * The first of @allowed (words between spaces) that is in @offered (of char *);
 * NULL if none is. It points into @offered.
 */
const char *
wlbl_type_choose(const char *allowed, const struct wl_array *offered);

/* Under which names @data is offered: into an array of owned char *. */
int
wlbl_type_names(const struct copied_data *data, struct wl_array *ret);

/*
 * Why these bytes are not to be copied as text: they are not UTF-8, have control
 * characters or such that turn text around. NULL: they may be.
 */
const char *
wlbl_text_fault(const char *bytes, size_t size);

/*
 * transfer.c: the two steps
 */
struct wlbl_transfer;

struct wlbl_transfer *
wlbl_transfer_create(struct wlbl *labels);

void
wlbl_transfer_destroy(struct wlbl_transfer *transfer);

/* Step one: read what @source (NULL: there is none) of @label has. */
void
wlbl_transfer_take(struct wlbl_transfer *transfer,
	const struct wlbl_label *label, struct wlr_data_source *source);

/*
 * Step two: hand it over to @label.
 * Return: a source, the caller's; NULL if there is nothing, which was said.
 */
struct wlr_data_source *
wlbl_transfer_give(struct wlbl_transfer *transfer,
	const struct wlbl_label *label);

/*
 * given-source.c: a selection that is the compositor's own
 */

/* Takes its own share of @data. NULL: no memory. */
struct wlr_data_source *
wlbl_given_source_create(struct wlbl *labels, struct copied_data *data);

/* All that there are: their seat goes. */
void
wlbl_given_sources_destroy(struct wlbl *labels);

#endif
