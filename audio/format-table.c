/* SPDX-License-Identifier: MIT */
#include "format-table.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include <linux/virtio_snd.h>

#ifdef VSND_HAVE_PIPEWIRE
#include <spa/param/audio/raw.h>
#define SPA(name) SPA_AUDIO_ ## name
#else
#define SPA(name) 0
#endif

#define FORMAT(title, bytes, quiet, spa) \
	{ #title, VIRTIO_SND_PCM_FMT_ ## title, bytes, quiet, SPA(spa) }

/* virtio's samples are little-endian and interleaved. */
static const struct vsnd_format formats[] = {
	FORMAT(S16, 2, 0, FORMAT_S16_LE),
	FORMAT(S32, 4, 0, FORMAT_S32_LE),
	FORMAT(FLOAT, 4, 0, FORMAT_F32_LE),
	FORMAT(FLOAT64, 8, 0, FORMAT_F64_LE),
	FORMAT(S24, 4, 0, FORMAT_S24_32_LE),
	FORMAT(S24_3, 3, 0, FORMAT_S24_LE),
	FORMAT(S8, 1, 0, FORMAT_S8),
	FORMAT(U8, 1, 0x80, FORMAT_U8),
};

#define RATE(hz) { VIRTIO_SND_PCM_RATE_ ## hz, hz }

static const struct vsnd_rate rates[] = {
	RATE(8000), RATE(11025), RATE(16000), RATE(22050), RATE(32000),
	RATE(44100), RATE(48000), RATE(64000), RATE(88200), RATE(96000),
	RATE(176400), RATE(192000),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct vsnd_format *
vsnd_format_at(unsigned index)
{
	return index < COUNT(formats) ? &formats[index] : NULL;
}

const struct vsnd_rate *
vsnd_rate_at(unsigned index)
{
	return index < COUNT(rates) ? &rates[index] : NULL;
}

const struct vsnd_format *
vsnd_format_by_id(uint8_t id)
{
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (formats[i].id == id) {
			return &formats[i];
		}
	}
	return NULL;
}

const struct vsnd_format *
vsnd_format_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (strcmp(formats[i].name, name) == 0) {
			return &formats[i];
		}
	}
	return NULL;
}

const struct vsnd_rate *
vsnd_rate_by_id(uint8_t id)
{
	for (size_t i = 0; i < COUNT(rates); i++) {
		if (rates[i].id == id) {
			return &rates[i];
		}
	}
	return NULL;
}

const struct vsnd_rate *
vsnd_rate_by_hz(uint32_t hz)
{
	for (size_t i = 0; i < COUNT(rates); i++) {
		if (rates[i].hz == hz) {
			return &rates[i];
		}
	}
	return NULL;
}

#define FL VIRTIO_SND_CHMAP_FL
#define FR VIRTIO_SND_CHMAP_FR
#define RL VIRTIO_SND_CHMAP_RL
#define RR VIRTIO_SND_CHMAP_RR
#define FC VIRTIO_SND_CHMAP_FC
#define LFE VIRTIO_SND_CHMAP_LFE
#define SL VIRTIO_SND_CHMAP_SL
#define SR VIRTIO_SND_CHMAP_SR
#define RC VIRTIO_SND_CHMAP_RC

/* ALSA's standard layouts, which is what programs in a guest expect. */
static const uint8_t layouts[VSND_CHANNELS_MAX][VSND_CHANNELS_MAX] = {
	{ VIRTIO_SND_CHMAP_MONO },
	{ FL, FR },
	{ FL, FR, LFE },
	{ FL, FR, RL, RR },
	{ FL, FR, RL, RR, FC },
	{ FL, FR, RL, RR, FC, LFE },
	{ FL, FR, RL, RR, FC, LFE, RC },
	{ FL, FR, RL, RR, FC, LFE, SL, SR },
};

const uint8_t *
vsnd_positions(unsigned channels)
{
	assert(channels >= 1 && channels <= VSND_CHANNELS_MAX);
	return layouts[channels - 1];
}

uint32_t
vsnd_spa_position(uint8_t position)
{
	switch (position) {
	case VIRTIO_SND_CHMAP_MONO:
		return SPA(CHANNEL_MONO);
	case FL:
		return SPA(CHANNEL_FL);
	case FR:
		return SPA(CHANNEL_FR);
	case RL:
		return SPA(CHANNEL_RL);
	case RR:
		return SPA(CHANNEL_RR);
	case FC:
		return SPA(CHANNEL_FC);
	case LFE:
		return SPA(CHANNEL_LFE);
	case SL:
		return SPA(CHANNEL_SL);
	case SR:
		return SPA(CHANNEL_SR);
	case RC:
		return SPA(CHANNEL_RC);
	default:
		return SPA(CHANNEL_UNKNOWN);
	}
}
