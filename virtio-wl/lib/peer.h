/* SPDX-License-Identifier: MIT */
#ifndef VWL_PEER_H
#define VWL_PEER_H

#include "carrier.h"
#include "virtio-wl.h"

/* The host's record of a peer; strings come out terminated. */
void
vwl_peer_decode(const struct virtio_wl_wire_peer *wire, struct vwl_peer *ret);

#endif
