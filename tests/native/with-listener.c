/* SPDX-License-Identifier: MIT */
/*
 * with-listener FD=PATH... -- COMMAND...: run COMMAND with sockets that listen
 *
 * By the time it writes a newline to descriptor 3 anybody may connect to them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/fd.h"

#define BACKLOG 16

static int
place(const char *argument)
{
	char *path;
	int number = (int)strtol(argument, &path, 10);
	if (*path != '=') {
		fprintf(stderr, "with-listener: not FD=PATH: %s\n", argument);
		return -1;
	}
	int fd = fd_listen(path + 1, BACKLOG);
	if (fd < 0) {
		fprintf(stderr, "with-listener: %s: %s\n", path + 1,
			strerror(-fd));
		return -1;
	}
	/* dup2() of a descriptor to itself would keep close-on-exec. */
	if (fd == number) {
		return fcntl(fd, F_SETFD, 0);
	}
	int r = dup2(fd, number);
	close(fd);
	return r;
}

int
main(int argc, char *argv[])
{
	int i = 1;
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (place(argv[i]) < 0) {
			return EXIT_FAILURE;
		}
	}
	if (i + 1 >= argc || write(3, "\n", 1) != 1) {
		return EXIT_FAILURE;
	}
	close(3);
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return EXIT_FAILURE;
}
