/* SPDX-License-Identifier: MIT */
#include "label.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "util/fd.h"

int
wlb_instance_new(char ret[WLB_INSTANCE_SIZE])
{
	uint8_t b[16];
	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b)) {
		return -errno;
	}
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);	/* version 4: random */
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);	/* RFC 9562's variant */
	snprintf(ret, WLB_INSTANCE_SIZE,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		"%02x%02x%02x%02x%02x%02x",
		b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9],
		b[10], b[11], b[12], b[13], b[14], b[15]);
	return 0;
}

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
