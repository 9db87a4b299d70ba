/* SPDX-License-Identifier: MIT */
/* Sample formats, rates and channel layouts, as virtio names them. */
#ifndef VSND_FORMAT_TABLE_H
#define VSND_FORMAT_TABLE_H

#include <stdint.h>

#define VSND_CHANNELS_MAX 8

/*
 * A format that PipeWire takes as it is; what it would have to guess at, or
 * could not mix without loss, is not offered.
 */
struct vsnd_format {
	const char *name;	/* as on the command line */
	uint8_t id;		/* VIRTIO_SND_PCM_FMT_* */
	uint8_t sample_bytes;
	uint8_t silence;	/* every byte of a silent sample */
	uint32_t spa_format;	/* enum spa_audio_format; 0 without PipeWire */
};

struct vsnd_rate {
	uint8_t id;		/* VIRTIO_SND_PCM_RATE_* */
	uint32_t hz;
};

/* What is looked up is NULL where it is not in the table. */
const struct vsnd_format *
vsnd_format_by_id(uint8_t id);

const struct vsnd_format *
vsnd_format_by_name(const char *name);

const struct vsnd_rate *
vsnd_rate_by_id(uint8_t id);

const struct vsnd_rate *
vsnd_rate_by_hz(uint32_t hz);

/* Each format, or rate, by number; NULL ends them. */
const struct vsnd_format *
vsnd_format_at(unsigned index);

const struct vsnd_rate *
vsnd_rate_at(unsigned index);

/* VIRTIO_SND_CHMAP_* of each of @channels (1 .. VSND_CHANNELS_MAX). */
const uint8_t *
vsnd_positions(unsigned channels);

/* enum spa_audio_channel of a VIRTIO_SND_CHMAP_*; 0 without PipeWire. */
uint32_t
vsnd_spa_position(uint8_t position);

#endif
