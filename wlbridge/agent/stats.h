/* SPDX-License-Identifier: MIT */
/* What the app side did since it began; one JSON object in one line. */
#ifndef WLB_AGENT_STATS_H
#define WLB_AGENT_STATS_H

#include <stdint.h>

struct wlb_stats {
	uint64_t clients;	/* accepted */
	uint64_t buffers;	/* that got a shadow */
	uint64_t frames;	/* commits that copied pixels */
	uint64_t copied_bytes;	/* pixels: the one copy on the whole way */
	uint64_t protocol_errors;	/* clients disconnected for what they sent */
};

/* Return: 0 or -errno. */
int
wlb_stats_write(const struct wlb_stats *stats, int fd);

#endif
