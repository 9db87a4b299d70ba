/* SPDX-License-Identifier: MIT */
/* What of a wl_surface's state decides which pixels have to be copied. */
#ifndef WLB_AGENT_SURFACE_H
#define WLB_AGENT_SURFACE_H

#include <pixman.h>
#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "util/list.h"

struct wlb_surface {
	struct list buffers;	/* wlb_buffer.link: last shown here */
	struct wlb_buffer *current;	/* the client's last commit, or NULL */
	uint32_t width;		/* of the last buffer that was committed */
	uint32_t height;
	int32_t scale;
	int32_t transform;
	bool has_viewport;	/* or had one: damage says nothing exact */
	struct {
		bool attached;
		bool moved;	/* the damage is relative to somewhere else */
		struct wlb_buffer *buffer;	/* NULL: none, or not ours */
		int32_t scale;
		int32_t transform;
		pixman_region32_t damage;	/* in surface coordinates */
		pixman_region32_t buffer_damage;
	} pending;
};

/* Return: a surface, or NULL. */
struct wlb_surface *
wlb_surface_create(void);

void
wlb_surface_destroy(struct wlb_surface *surface);

/* @buffer: NULL for none, or for one that needs no shadow. */
void
wlb_surface_attach(struct wlb_surface *surface, struct wlb_buffer *buffer,
	bool moved);

/**
 * wlb_surface_commit() - Make the shadows as true as this commit asks for
 * @ret_buffer: to be updated before the commit is passed on, or NULL
 */
void
wlb_surface_commit(struct wlb_surface *surface,
	struct wlb_buffer **ret_buffer);

#endif
