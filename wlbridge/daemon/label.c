/* SPDX-License-Identifier: MIT */
#include "label.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/fd.h"

static int
write_file(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
		| O_CLOEXEC, 0600);
	if (fd < 0) {
		return -errno;
	}
	ssize_t n = write(fd, text, len);
	int r = n == (ssize_t)len ? 0 : n < 0 ? -errno : -ENOSPC;
	fd_close(&fd);
	return r;
}

int
wlb_label_write(const struct wlb_path *socket, const char *name,
	uint32_t colour, const char *instance)
{
	char text[256];
	int len = snprintf(text, sizeof(text),
		"name = %s\ncolour = #%06x\ninstance = %s\n",
		name, colour, instance);
	if (len < 0 || (size_t)len >= sizeof(text)) {
		return -EINVAL;
	}
	struct wlb_path label = wlb_path_label(socket);
	struct wlb_path fresh = wlb_path_label(&label);
	int r = write_file(fresh.text, text, (size_t)len);
	if (r == 0 && rename(fresh.text, label.text) < 0) {
		r = -errno;
	}
	if (r < 0) {
		unlink(fresh.text);
	}
	return r;
}
