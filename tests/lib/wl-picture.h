/* SPDX-License-Identifier: MIT */
/* A wl_buffer whose pixels a client writes. */
#ifndef TESTS_WL_PICTURE_H
#define TESTS_WL_PICTURE_H

#include <stdint.h>
#include <wayland-client.h>

/*
 * One of 32-bit pixels in @format, without a gap between its rows. The pixels
 * are the caller's to munmap(). Aborts on failure.
 */
struct wl_buffer *
wl_picture_create(struct wl_shm *shm, int width, int height,
	enum wl_shm_format format, uint32_t **ret_pixels);

#endif
