/* SPDX-License-Identifier: MIT */
/* virtio-wl, as the rest of the device sees it. */
#ifndef VWL_WL_PERSONALITY_H
#define VWL_WL_PERSONALITY_H

struct vwl_personality;

extern const struct vwl_personality vwl_personality_wl;

#endif
