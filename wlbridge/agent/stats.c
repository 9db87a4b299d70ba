/* SPDX-License-Identifier: MIT */
#include "stats.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static json_t *
number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

int
wlb_stats_write(const struct wlb_stats *stats, int fd)
{
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o}",
		"clients", number(stats->clients),
		"buffers", number(stats->buffers),
		"frames", number(stats->frames),
		"copied_bytes", number(stats->copied_bytes),
		"protocol_errors", number(stats->protocol_errors));
	if (object == NULL) {
		return -ENOMEM;
	}
	char *text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (text == NULL) {
		return -ENOMEM;
	}
	int r = dprintf(fd, "%s\n", text) < 0 ? -errno : 0;
	free(text);
	return r;
}
