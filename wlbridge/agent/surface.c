/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Damage comes in two coordinate systems. wl_surface.damage_buffer is exact.
 * wl_surface.damage is in surface coordinates; with a plain scale that is a
 * multiplication, while a buffer transform or a viewport make it a guess, and
 * then everything is copied. Everything is copied, too, when what the damage
 * is relative to has changed: another size, scale or transform, an offset, or
 * something shown in between that was no buffer of ours.
 *
 * The damage of a commit makes all other buffers of the surface stale there.
 */
#include "surface.h"

#include <stdlib.h>

#include "damage.h"

struct wlb_surface *
wlb_surface_create(void)
{
	struct wlb_surface *surface = calloc(1, sizeof(*surface));
	if (surface == NULL) {
		return NULL;
	}
	list_init(&surface->buffers);
	surface->scale = surface->pending.scale = 1;
	pixman_region32_init(&surface->pending.damage);
	pixman_region32_init(&surface->pending.buffer_damage);
	return surface;
}

void
wlb_surface_destroy(struct wlb_surface *surface)
{
	if (surface == NULL) {
		return;
	}
	struct wlb_buffer *buffer, *tmp;
	list_for_each_safe(buffer, tmp, &surface->buffers, link) {
		wlb_buffer_set_surface(buffer, NULL);
	}
	wlb_buffer_unref(surface->current);
	wlb_buffer_unref(surface->pending.buffer);
	pixman_region32_fini(&surface->pending.damage);
	pixman_region32_fini(&surface->pending.buffer_damage);
	free(surface);
}

static void
replace(struct wlb_buffer **slot, struct wlb_buffer *buffer)
{
	if (buffer != NULL) {
		wlb_buffer_ref(buffer);
	}
	wlb_buffer_unref(*slot);
	*slot = buffer;
}

void
wlb_surface_attach(struct wlb_surface *surface, struct wlb_buffer *buffer,
	bool moved)
{
	replace(&surface->pending.buffer, buffer);
	surface->pending.attached = true;
	surface->pending.moved |= moved;
}

/* Move the damage of this commit into @ret, in buffer coordinates. */
static void
take_damage(struct wlb_surface *surface, pixman_region32_t *ret)
{
	const struct wlb_buffer *next = surface->pending.buffer;
	bool all = surface->pending.moved
		|| surface->pending.scale != surface->scale
		|| surface->pending.transform != surface->transform;
	if (surface->pending.attached && (next == NULL
			|| next->width != surface->width
			|| next->height != surface->height)) {
		all = true;
	}
	if (pixman_region32_not_empty(&surface->pending.damage)
			&& (surface->has_viewport
				|| surface->pending.transform != 0)) {
		all = true;
	}

	if (all) {
		wlb_damage_add_all(ret);
	} else {
		wlb_damage_add_region(ret, &surface->pending.buffer_damage, 1);
		wlb_damage_add_region(ret, &surface->pending.damage,
			surface->pending.scale);
	}
	pixman_region32_clear(&surface->pending.buffer_damage);
	pixman_region32_clear(&surface->pending.damage);
	surface->pending.moved = false;
	surface->scale = surface->pending.scale;
	surface->transform = surface->pending.transform;
}

void
wlb_surface_commit(struct wlb_surface *surface,
	struct wlb_buffer **ret_buffer)
{
	if (surface->pending.buffer != NULL
			&& surface->pending.buffer->destroyed) {
		replace(&surface->pending.buffer, NULL);
	}
	if (surface->current != NULL && surface->current->destroyed) {
		replace(&surface->current, NULL);
	}
	pixman_region32_t damage;
	pixman_region32_init(&damage);
	take_damage(surface, &damage);

	if (surface->pending.attached) {
		struct wlb_buffer *next = surface->pending.buffer;
		replace(&surface->current, next);
		replace(&surface->pending.buffer, NULL);
		surface->pending.attached = false;
		surface->width = surface->height = 0;
		if (surface->current != NULL) {
			next = surface->current;
			next->busy = true;
			surface->width = next->width;
			surface->height = next->height;
			wlb_buffer_set_surface(next, surface);
		}
	}
	struct wlb_buffer *buffer;
	list_for_each(buffer, &surface->buffers, link) {
		wlb_buffer_add_stale(buffer, &damage);
	}
	pixman_region32_fini(&damage);
	*ret_buffer = surface->current;
}
