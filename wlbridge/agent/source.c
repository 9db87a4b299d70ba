/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Reading a mapping of a file that its owner can shrink raises SIGBUS. Instead
 * of catching that, never map such a file: only a memfd sealed against
 * shrinking that is at least as long as it is said to be is mapped, and all
 * others are read with pread(2), where a missing page is an error return.
 * Huge-page memfds carry the same seal but can fail a fault for want of a
 * page, hence the look at the file system.
 *
 * A pread() that waits would have all clients of the agent wait with it: files
 * that may stall (util/fd-stall.h) are refused.
 */
#include "source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "util/fd-stall.h"
#include "util/fd.h"

struct wlb_source {
	int refs;
	int fd;
	size_t size;
	bool mappable;		/* sealed, and longer than size */
	uint8_t *map;		/* made when first read */
	size_t map_size;
};

static int
examine(struct wlb_source *source)
{
	struct stat st;
	struct statfs fs;
	if (fstat(source->fd, &st) < 0 || fstatfs(source->fd, &fs) < 0
			|| !S_ISREG(st.st_mode) || fd_may_stall(source->fd)) {
		return -EINVAL;
	}
	int seals = fcntl(source->fd, F_GET_SEALS);
	source->mappable = seals >= 0 && (seals & F_SEAL_SHRINK) != 0
		&& fs.f_type == TMPFS_MAGIC && st.st_size >= 0
		&& (uint64_t)st.st_size >= source->size;
	return 0;
}

static void
unmap(struct wlb_source *source)
{
	if (source->map != NULL) {
		munmap(source->map, source->map_size);
		source->map = NULL;
	}
}

int
wlb_source_create(int take_fd, size_t size, struct wlb_source **ret)
{
	struct wlb_source *source = calloc(1, sizeof(*source));
	if (source == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	source->refs = 1;
	source->fd = fd_take(&take_fd);
	source->size = size;
	int r = examine(source);
	if (r < 0) {
		wlb_source_unref(source);
		return r;
	}
	*ret = source;
	return 0;
}

struct wlb_source *
wlb_source_ref(struct wlb_source *source)
{
	source->refs++;
	return source;
}

void
wlb_source_unref(struct wlb_source *source)
{
	if (source == NULL || --source->refs > 0) {
		return;
	}
	unmap(source);
	fd_close(&source->fd);
	free(source);
}

size_t
wlb_source_size(const struct wlb_source *source)
{
	return source->size;
}

int
wlb_source_resize(struct wlb_source *source, size_t size)
{
	if (size < source->size) {
		return -EINVAL;
	}
	if (size > source->size) {
		unmap(source);
		source->size = size;
	}
	return examine(source);
}

bool
wlb_source_is_mapped(struct wlb_source *source)
{
	if (source->map != NULL) {
		return true;
	}
	if (!source->mappable) {
		return false;
	}
	void *map = mmap(NULL, source->size, PROT_READ, MAP_SHARED, source->fd,
		0);
	if (map == MAP_FAILED) {
		source->mappable = false;
		return false;
	}
	source->map = map;
	source->map_size = source->size;
	return true;
}

int
wlb_source_read(struct wlb_source *source, size_t offset, void *dst,
	size_t len)
{
	assert(offset <= source->size && len <= source->size - offset);
	if (wlb_source_is_mapped(source)) {
		memcpy(dst, source->map + offset, len);
		return 0;
	}
	uint8_t *out = dst;
	while (len > 0) {
		ssize_t n = pread(source->fd, out, len, (off_t)offset);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return -EFAULT;
		}
		out += n;
		offset += (size_t)n;
		len -= (size_t)n;
	}
	return 0;
}
