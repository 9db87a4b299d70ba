/* SPDX-License-Identifier: MIT */
/*
 * A factor that leaps is a click, so it walks: RAMP_MS from silence to all. What
 * is scaled is rounded to the format it has, and no factor is above 1, so
 * nothing can overflow.
 */
#include "gain.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <linux/virtio_snd.h>

#define RAMP_MS 10

void
vsnd_gain_init(struct vsnd_gain *gain)
{
	*gain = (struct vsnd_gain){ .now = 1, .target = 1 };
}

void
vsnd_gain_set(struct vsnd_gain *gain, double factor)
{
	assert(factor >= 0 && factor <= 1);
	gain->target = factor;
}

void
vsnd_gain_jump(struct vsnd_gain *gain)
{
	gain->now = gain->target;
}

static int32_t
scale(int32_t sample, double factor)
{
	return (int32_t)lrint(sample * factor);
}

static void
scale_s8(uint8_t *sample, double factor)
{
	*sample = (uint8_t)scale((int8_t)*sample, factor);
}

static void
scale_u8(uint8_t *sample, double factor)
{
	*sample = (uint8_t)(scale(*sample - 0x80, factor) + 0x80);
}

static void
scale_s16(uint8_t *sample, double factor)
{
	uint16_t wire;
	memcpy(&wire, sample, sizeof(wire));
	int32_t value = scale((int16_t)le16toh(wire), factor);
	wire = htole16((uint16_t)value);
	memcpy(sample, &wire, sizeof(wire));
}

/* The upper byte of four bytes that hold three is not looked at. */
static int32_t
load_s24(const uint8_t *sample)
{
	uint32_t value = (uint32_t)sample[0] | (uint32_t)sample[1] << 8
		| (uint32_t)sample[2] << 16;
	return (int32_t)(value ^ 0x800000) - 0x800000;
}

static void
scale_s24_3(uint8_t *sample, double factor)
{
	uint32_t wire = htole32((uint32_t)scale(load_s24(sample), factor));
	memcpy(sample, &wire, 3);
}

static void
scale_s24(uint8_t *sample, double factor)
{
	uint32_t wire = htole32((uint32_t)scale(load_s24(sample), factor));
	memcpy(sample, &wire, sizeof(wire));
}

static void
scale_s32(uint8_t *sample, double factor)
{
	uint32_t wire;
	memcpy(&wire, sample, sizeof(wire));
	wire = htole32((uint32_t)scale((int32_t)le32toh(wire), factor));
	memcpy(sample, &wire, sizeof(wire));
}

static void
scale_float(uint8_t *sample, double factor)
{
	uint32_t wire;
	float value;
	memcpy(&wire, sample, sizeof(wire));
	wire = le32toh(wire);
	memcpy(&value, &wire, sizeof(value));
	value = (float)(value * factor);
	memcpy(&wire, &value, sizeof(wire));
	wire = htole32(wire);
	memcpy(sample, &wire, sizeof(wire));
}

static void
scale_float64(uint8_t *sample, double factor)
{
	uint64_t wire;
	double value;
	memcpy(&wire, sample, sizeof(wire));
	wire = le64toh(wire);
	memcpy(&value, &wire, sizeof(value));
	value *= factor;
	memcpy(&wire, &value, sizeof(wire));
	wire = htole64(wire);
	memcpy(sample, &wire, sizeof(wire));
}

typedef void scale_fn(uint8_t *sample, double factor);

static scale_fn *
scale_of(const struct vsnd_format *format)
{
	switch (format->id) {
	case VIRTIO_SND_PCM_FMT_S8:
		return scale_s8;
	case VIRTIO_SND_PCM_FMT_U8:
		return scale_u8;
	case VIRTIO_SND_PCM_FMT_S16:
		return scale_s16;
	case VIRTIO_SND_PCM_FMT_S24_3:
		return scale_s24_3;
	case VIRTIO_SND_PCM_FMT_S24:
		return scale_s24;
	case VIRTIO_SND_PCM_FMT_S32:
		return scale_s32;
	case VIRTIO_SND_PCM_FMT_FLOAT:
		return scale_float;
	case VIRTIO_SND_PCM_FMT_FLOAT64:
		return scale_float64;
	default:
		abort();	/* the table of formats has grown */
	}
}

/* The factor of the frame after one that had @now. */
static double
walk(double now, double target, double step)
{
	return now < target ? fmin(now + step, target)
		: fmax(now - step, target);
}

void
vsnd_gain_apply(struct vsnd_gain *gain, const struct vsnd_params *params,
	void *sound, size_t len)
{
	if (gain->now == 1 && gain->target == 1) {
		return;
	}
	scale_fn *scale_sample = scale_of(params->format);
	double step = 1000.0 / (RAMP_MS * (double)params->rate->hz);
	uint8_t *sample = sound;
	assert(len % vsnd_params_frame_bytes(params) == 0);
	for (const uint8_t *end = sample + len; sample < end;) {
		gain->now = walk(gain->now, gain->target, step);
		for (unsigned i = 0; i < params->channels; i++) {
			scale_sample(sample, gain->now);
			sample += params->format->sample_bytes;
		}
	}
}
