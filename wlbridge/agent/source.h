/* SPDX-License-Identifier: MIT */
/* A client's pool of pixels: a file that the client may do anything with. */
#ifndef WLB_AGENT_SOURCE_H
#define WLB_AGENT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wlb_source;

/**
 * wlb_source_create() - Accept a file as the memory of a wl_shm_pool
 * @take_fd: consumed, on failure too
 * @size: bytes that the client says the pool has
 *
 * Return: 0; -EINVAL when this is no file to read pixels from; -ENOMEM.
 */
int
wlb_source_create(int take_fd, size_t size, struct wlb_source **ret);

struct wlb_source *
wlb_source_ref(struct wlb_source *source);

/* Closed with the last reference; NULL is fine. */
void
wlb_source_unref(struct wlb_source *source);

size_t
wlb_source_size(const struct wlb_source *source);

/* Make it @size bytes. Return: 0, or -EINVAL when that is less than before. */
int
wlb_source_resize(struct wlb_source *source, size_t size);

/* Whether reading many small parts costs little (no call for each). */
bool
wlb_source_is_mapped(struct wlb_source *source);

/**
 * wlb_source_read() - Copy bytes out
 * @offset: with @len inside the size
 *
 * Return: 0, or -EFAULT when the file ends before.
 */
int
wlb_source_read(struct wlb_source *source, size_t offset, void *dst,
	size_t len);

#endif
