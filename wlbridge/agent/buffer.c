/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A buffer's shadow is a range of shared memory of the same layout. It is true
 * except where it is stale: a new shadow everywhere, and after each commit of
 * another buffer of the same surface in the damage of that commit, because a
 * client tells damage against what the surface showed before, not against what
 * it last drew into this buffer. Copying happens on commit only, when the
 * client has promised not to draw.
 */
#include "buffer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "damage.h"
#include "format.h"
#include "surface.h"

int
wlb_buffer_create(struct wlb_source *source, const int32_t geometry[4],
	uint32_t format, struct wlb_buffer **ret)
{
	const int32_t offset = geometry[0], width = geometry[1];
	const int32_t height = geometry[2], stride = geometry[3];
	const size_t size = wlb_source_size(source);
	const unsigned pixel_bytes = wlb_format_bytes(format);

	if (pixel_bytes == 0 || offset < 0 || width <= 0 || height <= 0
			|| stride <= 0
			|| (int64_t)width * pixel_bytes > stride
			|| (size_t)offset > size
			|| (uint64_t)stride * (uint64_t)height
				> size - (size_t)offset) {
		return -EINVAL;
	}
	struct wlb_buffer *buffer = calloc(1, sizeof(*buffer));
	if (buffer == NULL) {
		return -ENOMEM;
	}
	buffer->refs = 1;
	buffer->source = wlb_source_ref(source);
	buffer->offset = (size_t)offset;
	buffer->width = (uint32_t)width;
	buffer->height = (uint32_t)height;
	buffer->stride = (uint32_t)stride;
	buffer->format = format;
	buffer->pixel_bytes = pixel_bytes;
	list_init(&buffer->link);
	pixman_region32_init(&buffer->stale);
	wlb_damage_add_all(&buffer->stale);
	*ret = buffer;
	return 0;
}

struct wlb_buffer *
wlb_buffer_ref(struct wlb_buffer *buffer)
{
	buffer->refs++;
	return buffer;
}

void
wlb_buffer_unref(struct wlb_buffer *buffer)
{
	if (buffer == NULL || --buffer->refs > 0) {
		return;
	}
	assert(!buffer->has_shadow);
	list_remove(&buffer->link);
	pixman_region32_fini(&buffer->stale);
	wlb_source_unref(buffer->source);
	free(buffer);
}

size_t
wlb_buffer_size(const struct wlb_buffer *buffer)
{
	return (size_t)buffer->stride * buffer->height;
}

void
wlb_buffer_add_stale(struct wlb_buffer *buffer,
	const pixman_region32_t *damage)
{
	wlb_damage_add_region(&buffer->stale, damage, 1);
}

void
wlb_buffer_add_all_stale(struct wlb_buffer *buffer)
{
	wlb_damage_add_all(&buffer->stale);
}

void
wlb_buffer_set_surface(struct wlb_buffer *buffer,
	struct wlb_surface *surface)
{
	if (buffer->surface == surface) {
		return;
	}
	list_remove(&buffer->link);
	buffer->surface = surface;
	if (surface != NULL) {
		list_append(&surface->buffers, &buffer->link);
	}
	wlb_buffer_add_all_stale(buffer);
}

static int
copy_bytes(struct wlb_buffer *buffer, size_t offset, size_t len,
	uint64_t *copied)
{
	*copied += len;
	return wlb_source_read(buffer->source, buffer->offset + offset,
		(uint8_t *)buffer->shadow.data + offset, len);
}

static int
copy_box(struct wlb_buffer *buffer, const pixman_box32_t *box,
	uint64_t *copied)
{
	const size_t stride = buffer->stride;
	const size_t row_bytes =
		(size_t)(box->x2 - box->x1) * buffer->pixel_bytes;
	const size_t rows = (size_t)(box->y2 - box->y1);
	size_t offset = (size_t)box->y1 * stride;

	/* A call for each row costs more than the rest of a wide row. */
	bool whole = wlb_source_is_mapped(buffer->source)
		? row_bytes == stride : row_bytes >= stride / 4;
	if (whole) {
		return copy_bytes(buffer, offset, rows * stride, copied);
	}
	offset += (size_t)box->x1 * buffer->pixel_bytes;
	for (size_t row = 0; row < rows; row++) {
		int r = copy_bytes(buffer, offset, row_bytes, copied);
		if (r < 0) {
			return r;
		}
		offset += stride;
	}
	return 0;
}

int
wlb_buffer_update(struct wlb_buffer *buffer, uint64_t *ret_copied)
{
	assert(buffer->has_shadow);
	uint64_t copied = 0;
	pixman_region32_intersect_rect(&buffer->stale, &buffer->stale, 0, 0,
		buffer->width, buffer->height);
	int count;
	const pixman_box32_t *boxes =
		pixman_region32_rectangles(&buffer->stale, &count);
	for (int i = 0; i < count; i++) {
		int r = copy_box(buffer, &boxes[i], &copied);
		if (r < 0) {
			return r;
		}
	}
	pixman_region32_clear(&buffer->stale);
	*ret_copied = copied;
	return 0;
}
