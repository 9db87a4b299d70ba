/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/virtio_snd.h>
#include <math.h>
#include <string.h>

#include "audio/gain.h"

#define FRAMES 16

static struct vsnd_params
params_of(uint8_t format, uint8_t channels)
{
	return (struct vsnd_params) {
		.format = vsnd_format_by_id(format),
		.rate = vsnd_rate_by_hz(48000),
		.channels = channels,
	};
}

static struct vsnd_gain
gain_at(double factor)
{
	struct vsnd_gain gain;
	vsnd_gain_init(&gain);
	vsnd_gain_set(&gain, factor);
	vsnd_gain_jump(&gain);
	return gain;
}

/* One sample of @format, given and taken as its bytes. */
static void
apply_one(uint8_t format, double factor, void *sample)
{
	struct vsnd_params params = params_of(format, 1);
	struct vsnd_gain gain = gain_at(factor);
	vsnd_gain_apply(&gain, &params, sample, params.format->sample_bytes);
}

static void
all_of_it_changes_no_byte_of_any_format(void **state)
{
	(void)state;
	for (unsigned i = 0; vsnd_format_at(i) != NULL; i++) {
		struct vsnd_params params = params_of(vsnd_format_at(i)->id, 3);
		uint8_t sound[FRAMES * 3 * 8], before[sizeof(sound)];
		size_t len = FRAMES * vsnd_params_frame_bytes(&params);
		for (size_t n = 0; n < sizeof(sound); n++) {
			sound[n] = (uint8_t)(n * 37 + 11);
		}
		memcpy(before, sound, sizeof(sound));
		struct vsnd_gain gain = gain_at(1);
		vsnd_gain_apply(&gain, &params, sound, len);
		assert_memory_equal(sound, before, sizeof(sound));
	}
}

static void
nothing_of_it_is_the_silence_of_every_format(void **state)
{
	(void)state;
	for (unsigned i = 0; vsnd_format_at(i) != NULL; i++) {
		const struct vsnd_format *format = vsnd_format_at(i);
		struct vsnd_params params = params_of(format->id, 1);
		uint8_t sound[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
		struct vsnd_gain gain = gain_at(0);
		vsnd_gain_apply(&gain, &params, sound, format->sample_bytes);
		for (unsigned n = 0; n < format->sample_bytes; n++) {
			assert_int_equal(sound[n], format->silence);
		}
	}
}

static void
half_of_the_largest_is_half_in_every_format(void **state)
{
	(void)state;
	int8_t s8 = INT8_MIN;
	apply_one(VIRTIO_SND_PCM_FMT_S8, 0.5, &s8);
	assert_int_equal(s8, -64);
	uint8_t u8 = 0;
	apply_one(VIRTIO_SND_PCM_FMT_U8, 0.5, &u8);
	assert_int_equal(u8, 0x40);
	int16_t s16 = INT16_MIN;
	apply_one(VIRTIO_SND_PCM_FMT_S16, 0.5, &s16);
	assert_int_equal(s16, -16384);
	uint8_t s24_3[] = { 0, 0, 0x80 };
	apply_one(VIRTIO_SND_PCM_FMT_S24_3, 0.5, s24_3);
	assert_memory_equal(s24_3, ((uint8_t[]){ 0, 0, 0xc0 }), 3);
	/* What a program left in the byte that is not used does not count. */
	uint32_t s24 = 0x55800000;
	apply_one(VIRTIO_SND_PCM_FMT_S24, 0.5, &s24);
	assert_int_equal(s24, 0xffc00000);
	int32_t s32 = INT32_MIN;
	apply_one(VIRTIO_SND_PCM_FMT_S32, 0.5, &s32);
	assert_int_equal(s32, INT32_MIN / 2);
	float f32 = -1;
	apply_one(VIRTIO_SND_PCM_FMT_FLOAT, 0.5, &f32);
	assert_true(f32 == -0.5f);
	double f64 = -1;
	apply_one(VIRTIO_SND_PCM_FMT_FLOAT64, 0.5, &f64);
	assert_true(f64 == -0.5);
}

static void
a_change_takes_ten_milliseconds_and_no_leap(void **state)
{
	(void)state;
	struct vsnd_params params = params_of(VIRTIO_SND_PCM_FMT_S16, 2);
	int16_t sound[600][2];
	for (unsigned i = 0; i < 600; i++) {
		sound[i][0] = sound[i][1] = 10000;
	}
	struct vsnd_gain gain = gain_at(1);
	vsnd_gain_set(&gain, 0);
	/* In two pieces, as buffers come. */
	vsnd_gain_apply(&gain, &params, sound, sizeof(sound) / 2);
	vsnd_gain_apply(&gain, &params, sound + 300, sizeof(sound) / 2);
	int before = 10000;
	for (unsigned i = 0; i < 600; i++) {
		assert_int_equal(sound[i][0], sound[i][1]);
		assert_in_range(before - sound[i][0], 0, 10000 / 480 + 1);
		before = sound[i][0];
	}
	assert_true(sound[470][0] > 0);
	assert_int_equal(sound[480][0], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_changes_no_byte_of_any_format),
		cmocka_unit_test(nothing_of_it_is_the_silence_of_every_format),
		cmocka_unit_test(half_of_the_largest_is_half_in_every_format),
		cmocka_unit_test(a_change_takes_ten_milliseconds_and_no_leap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
