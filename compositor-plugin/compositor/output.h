/* SPDX-License-Identifier: MIT */
/* An output, for the files that light, arrange and draw it. */
#ifndef WLBC_OUTPUT_H
#define WLBC_OUTPUT_H

#include "server.h"

struct output {
	struct wl_list link;		/* server.outputs */
	struct server *server;
	struct wlr_output *wlr_output;	/* its data is this */
	struct wlr_scene_output *scene_output;
	struct wlr_scene_rect *background;
	struct wlbl_strip *strip;

	struct output_config config;	/* what there is about it */
	bool wanted;			/* the person would have it be used */
	bool fixed;			/* at x, y; not beside the others */
	int x;
	int y;
	struct wlr_box box;		/* in the layout; empty: it is not */

	struct wl_listener frame;
	struct wl_listener request_state;
	struct wl_listener destroy;
};

/* In the layout, lit or dark. */
bool
output_is_used(const struct output *output);

/* Into the layout, once it is on, at its place; or out of it. */
bool
output_use(struct output *output);

void
output_drop(struct output *output);

/*
 * Put everything where it should be, after any change: strips, windows, the scale of
 * labels, what local programs are told. Not while outputs_busy.
 */
void
outputs_arrange(struct server *server);

/* output-manager.c; it lives as long as the display. Return: 0 or -ENOMEM. */
int
output_manager_init(struct server *server);

void
output_manager_finish(struct server *server);

/* Tell local programs what outputs are like now. */
void
output_manager_tell(struct server *server);

#endif
