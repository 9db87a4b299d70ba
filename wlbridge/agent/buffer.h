/* SPDX-License-Identifier: MIT */
/* A client's wl_buffer in shared memory, and its shadow that can cross. */
#ifndef WLB_AGENT_BUFFER_H
#define WLB_AGENT_BUFFER_H

#include <pixman.h>
#include <stdbool.h>
#include <stdint.h>
#include <virtio_wl.h>

#include "objects.h"
#include "source.h"
#include "util/list.h"

struct wlb_surface;
struct wlb_walk_env;

struct wlb_buffer {
	int refs;		/* the object's, and the surfaces' */
	struct wlb_object *object;	/* NULL when that has ended */
	struct wlb_source *source;
	size_t offset;		/* in the source, bytes */
	uint32_t width;
	uint32_t height;
	uint32_t stride;
	uint32_t format;
	uint32_t pixel_bytes;
	bool has_shadow;
	bool busy;		/* committed and not yet released */
	bool destroyed;		/* by the client */
	bool closing;		/* the server has been told */
	struct vwl_buffer shadow;
	const struct wlb_walk_env *env;	/* that the shadow came from */
	pixman_region32_t stale;	/* where the shadow is behind */
	struct wlb_surface *surface;	/* the last that showed it, or NULL */
	struct list link;	/* wlb_surface.buffers */
};

/**
 * wlb_buffer_create() - Describe a buffer; its shadow comes with its first use
 * @geometry: offset, width, height and stride, as the client said them
 *
 * Return: 0; -EINVAL where that is no buffer inside the pool; -ENOMEM.
 */
int
wlb_buffer_create(struct wlb_source *source, const int32_t geometry[4],
	uint32_t format, struct wlb_buffer **ret);

struct wlb_buffer *
wlb_buffer_ref(struct wlb_buffer *buffer);

/* The shadow must be gone with the object. NULL is fine. */
void
wlb_buffer_unref(struct wlb_buffer *buffer);

/* Bytes of the whole. */
size_t
wlb_buffer_size(const struct wlb_buffer *buffer);

/* What of it changed since it was last copied. */
void
wlb_buffer_add_stale(struct wlb_buffer *buffer,
	const pixman_region32_t *damage);

void
wlb_buffer_add_all_stale(struct wlb_buffer *buffer);

/* The last surface that showed it; another one makes everything stale. */
void
wlb_buffer_set_surface(struct wlb_buffer *buffer,
	struct wlb_surface *surface);

/**
 * wlb_buffer_update() - Copy what is stale from the client into the shadow
 * @ret_copied: bytes that were
 *
 * Return: 0, or -EFAULT when the client's file is shorter than it said.
 */
int
wlb_buffer_update(struct wlb_buffer *buffer, uint64_t *ret_copied);

#endif
