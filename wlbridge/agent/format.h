/* SPDX-License-Identifier: MIT */
/* Pixel formats of wl_shm that have one plane and whole bytes per pixel. */
#ifndef WLB_AGENT_FORMAT_H
#define WLB_AGENT_FORMAT_H

#include <stdint.h>

/* Bytes of one pixel, or 0 for a format that is not offered to clients. */
unsigned
wlb_format_bytes(uint32_t format);

#endif
