/* SPDX-License-Identifier: MIT */
/* The clipboard: the stand-in that a seat is given; see selection.c. */
#include <stdlib.h>
#include <unistd.h>
#include <wlr/types/wlr_data_device.h>

#include "selection.h"

struct stand_in {
	struct wlr_data_source base;
	struct wlr_data_source *source;	/* NULL once it is gone */
	struct selection_mirror *shown_by;	/* its seat is this one's, or NULL */
	struct selection_mirror *from;		/* the source is this one's, or NULL */
	struct wl_listener source_destroy;
};

static void
stand_in_send(struct wlr_data_source *base, const char *type, int fd)
{
	struct stand_in *stand_in = wl_container_of(base, stand_in, base);
	if (stand_in->source == NULL || (stand_in->shown_by != NULL
			&& !wlbl_mirror_lend(stand_in->shown_by, fd))) {
		close(fd);
		return;
	}
	if (stand_in->from != NULL) {
		fd = wlbl_mirror_relay(stand_in->from, fd);
		if (fd < 0) {
			return;
		}
	}
	wlr_data_source_send(stand_in->source, type, fd);
}

static void
stand_in_destroy(struct wlr_data_source *base)
{
	struct stand_in *stand_in = wl_container_of(base, stand_in, base);
	wl_list_remove(&stand_in->source_destroy.link);
	free(stand_in);
}

static const struct wlr_data_source_impl stand_in_impl = {
	.send = stand_in_send,
	.destroy = stand_in_destroy,
};

static void
handle_source_destroy(struct wl_listener *listener, void *data)
{
	struct stand_in *stand_in =
		wl_container_of(listener, stand_in, source_destroy);
	(void)data;
	stand_in->source = NULL;
	wlr_data_source_destroy(&stand_in->base);
}

static void
set(struct wlr_seat *seat, struct selection_mirror *mirror,
	struct kept_selection *kept)
{
	struct stand_in *stand_in = NULL;
	struct wlr_data_source *shown = NULL;
	if (kept != NULL) {
		stand_in = calloc(1, sizeof(*stand_in));
	}
	if (stand_in != NULL) {
		shown = &stand_in->base;
		wlr_data_source_init(shown, &stand_in_impl);
		stand_in->source = kept->source;
		stand_in->shown_by = mirror;
		stand_in->from = kept->from;
		stand_in->source_destroy.notify = handle_source_destroy;
		wl_signal_add(&stand_in->source->events.destroy,
			&stand_in->source_destroy);
		if (wlbl_selection_copy_types(&shown->mime_types,
				&stand_in->source->mime_types) < 0) {
			wlr_data_source_destroy(shown);
			shown = NULL;
		}
	}
	/* Older than what any client may set: see serial.c. */
	wlr_seat_set_selection(seat, shown, 0);
}

static void
cancel(void *source)
{
	wlr_data_source_destroy(source);
}

static struct wl_signal *
destroy_signal(void *source)
{
	struct wlr_data_source *typed = source;
	return &typed->events.destroy;
}

static const struct wl_array *
types(void *source)
{
	struct wlr_data_source *typed = source;
	return &typed->mime_types;
}

const struct selection_kind wlbl_clipboard_kind = {
	.set = set,
	.cancel = cancel,
	.destroy_signal = destroy_signal,
	.types = types,
};
