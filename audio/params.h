/* SPDX-License-Identifier: MIT */
/* What a guest asks of a stream, decoded and checked. */
#ifndef VSND_PARAMS_H
#define VSND_PARAMS_H

#include <stdint.h>

#include "format-table.h"

struct vub_reader;

/* What one kind of stream offers. */
struct vsnd_offer {
	uint64_t formats;	/* 1 << VIRTIO_SND_PCM_FMT_* */
	uint64_t rates;		/* 1 << VIRTIO_SND_PCM_RATE_* */
	uint8_t channels_max;	/* 1 .. VSND_CHANNELS_MAX */
};

struct vsnd_params {
	const struct vsnd_format *format;
	const struct vsnd_rate *rate;
	uint8_t channels;
	uint32_t buffer_bytes;
	uint32_t period_bytes;
};

/* A period below this would cost more than it plays; Linux asks for 10 ms. */
#define VSND_PERIOD_MIN_US 1000
/* The most that a guest may call its buffer. None of it is ours. */
#define VSND_BUFFER_BYTES_MAX (16u << 20)

/**
 * vsnd_params_decode() - Read what follows the header of a SET_PARAMS request
 * @in: behind the struct virtio_snd_pcm_hdr
 * @offer: what the stream can do
 *
 * Return: 0; -EPROTO: cut short; -EINVAL: makes no sense; -ENOTSUP: not offered.
 */
int
vsnd_params_decode(struct vub_reader *in, const struct vsnd_offer *offer,
	struct vsnd_params *ret);

static inline uint32_t
vsnd_params_frame_bytes(const struct vsnd_params *params)
{
	return (uint32_t)params->format->sample_bytes * params->channels;
}

#endif
