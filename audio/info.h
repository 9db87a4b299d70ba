/* SPDX-License-Identifier: MIT */
/*
 * info.h - what a guest is told of the device
 *
 * Streams are numbered with playback first; the Nth of each direction form one
 * PCM device in the guest. Each has one jack, plugged in for good, and a
 * channel map for every number of channels.
 */
#ifndef VSND_INFO_H
#define VSND_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/virtio_snd.h>

#include "params.h"

#define VSND_STREAMS_MAX 8	/* of one direction */

struct vsnd_layout {
	unsigned playback_count;
	unsigned capture_count;
	struct vsnd_offer offer;
};

/* The configuration space. */
struct virtio_snd_config
vsnd_info_config(const struct vsnd_layout *layout);

/* An item of JACK_INFO, PCM_INFO, CHMAP_INFO; @id below the count above. */
struct virtio_snd_jack_info
vsnd_info_jack(const struct vsnd_layout *layout, uint32_t id);

struct virtio_snd_pcm_info
vsnd_info_pcm(const struct vsnd_layout *layout, uint32_t id);

struct virtio_snd_chmap_info
vsnd_info_chmap(const struct vsnd_layout *layout, uint32_t id);

#endif
