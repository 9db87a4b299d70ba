/* SPDX-License-Identifier: MIT */
#include "wl-picture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "must.h"
#include "util/fd.h"

struct wl_buffer *
wl_picture_create(struct wl_shm *shm, int width, int height,
	enum wl_shm_format format, uint32_t **ret_pixels)
{
	const int stride = width * 4;
	const size_t bytes = (size_t)stride * (size_t)height;
	int fd = fd_memfd("picture", bytes, F_SEAL_SHRINK);
	must(fd >= 0);
	*ret_pixels = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		fd, 0);
	must(*ret_pixels != MAP_FAILED);
	struct wl_shm_pool *pool = wl_shm_create_pool(shm, fd, (int32_t)bytes);
	struct wl_buffer *buffer = wl_shm_pool_create_buffer(pool, 0, width,
		height, stride, format);
	wl_shm_pool_destroy(pool);
	close(fd);
	return buffer;
}
