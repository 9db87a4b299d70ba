/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/log.h"

int
wlb_options_fd(const char *text)
{
	char *end;
	errno = 0;
	long fd = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || fd < 0
			|| fd > INT_MAX
			|| fcntl((int)fd, F_SETFD, FD_CLOEXEC) < 0) {
		log_error("'%s' is not an open descriptor", text);
		return -1;
	}
	return (int)fd;
}

int
wlb_options_log_level(const char *text)
{
	int level = log_level_parse(text);
	if (level < 0) {
		log_error("no such log level: %s", text);
		return -1;
	}
	log_init("wlbridge-agent", (enum log_level)level);
	return 0;
}

void
wlb_options_ready(int fd)
{
	if (fd < 0) {
		return;
	}
	if (write(fd, "\n", 1) < 0) {
		log_warn("cannot say that we are ready: %s", strerror(errno));
	}
	fd_close(&fd);
}
