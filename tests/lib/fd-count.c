/* SPDX-License-Identifier: MIT */
#include "fd-count.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

int
fd_count_of(pid_t pid)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);
	if (dir == NULL) {
		return -1;
	}
	int count = 0;
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		count += e->d_name[0] != '.';
	}
	closedir(dir);
	return count;
}

int
fd_count_self(void)
{
	return fd_count_of(getpid()) - 1;	/* readdir's own */
}
