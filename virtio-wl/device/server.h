/* SPDX-License-Identifier: MIT */
/* Front-ends come and go on a listening socket; one at a time is served. */
#ifndef VWL_SERVER_H
#define VWL_SERVER_H

#include <stdint.h>

struct vwl_device;
struct vwl_personality;
struct vwl_server;

/**
 * vwl_server_create() - Serve @device to whoever connects
 * @take_fd: a listening socket; consumed, on failure too
 * @region_size: of the shared memory, bytes, a power of two
 */
int
vwl_server_create(struct vwl_device *device,
	const struct vwl_personality *personality, uint64_t features,
	uint64_t region_size, int take_fd, struct vwl_server **ret);

/* Ends the session too. NULL is fine. */
void
vwl_server_destroy(struct vwl_server *server);

#endif
