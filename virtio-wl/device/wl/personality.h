/* SPDX-License-Identifier: MIT */
/* virtio-wl, as the rest of the device sees it. */
#ifndef VWL_WL_PERSONALITY_H
#define VWL_WL_PERSONALITY_H

#include <stdint.h>

struct vwl_personality;

extern const struct vwl_personality vwl_personality_wl;

/* Of @features, those that are known and have what they need. */
uint64_t
vwl_wl_effective_features(uint64_t features);

#endif
