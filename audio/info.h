/* SPDX-License-Identifier: MIT */
/*
 * info.h - what a guest is told of the device
 *
 * Streams are numbered with playback first; the Nth of each direction form one
 * PCM device in the guest. Each has one jack, plugged in for good, and a
 * channel map for every number of channels. Where the guest may have controls
 * there are two for each stream: its volume and its switch.
 */
#ifndef VSND_INFO_H
#define VSND_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/virtio_snd.h>

#include "offer.h"
#include "params.h"

struct vsnd_layout {
	uint8_t playback_count;
	uint8_t capture_count;
	struct vsnd_offer offer;
	bool controls;		/* VIRTIO_SND_F_CTLS */
};

/* Control elements: the stream's id times VSND_CONTROLS, plus one of these. */
enum vsnd_control {
	VSND_CONTROL_VOLUME,	/* 0 .. VSND_CONTROL_VOLUME_MAX */
	VSND_CONTROL_SWITCH,	/* 1: on; 0: muted */
	VSND_CONTROLS,
};

#define VSND_CONTROL_VOLUME_MAX 100

/* The configuration space. */
struct virtio_snd_config
vsnd_info_config(const struct vsnd_layout *layout);

/* An item of JACK_INFO, PCM_INFO, CHMAP_INFO, CTL_INFO; @id below the count
 * above. */
struct virtio_snd_jack_info
vsnd_info_jack(const struct vsnd_layout *layout, uint32_t id);

struct virtio_snd_pcm_info
vsnd_info_pcm(const struct vsnd_layout *layout, uint32_t id);

struct virtio_snd_chmap_info
vsnd_info_chmap(const struct vsnd_layout *layout, uint32_t id);

struct virtio_snd_ctl_info
vsnd_info_control(const struct vsnd_layout *layout, uint32_t id);

#endif
