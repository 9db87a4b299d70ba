/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snd-play.h"

const struct vsnd_layout layout = {
	.playback_count = 1,
	.capture_count = 1,
	.offer = {
		.formats = BIT(VIRTIO_SND_PCM_FMT_S16)
			| BIT(VIRTIO_SND_PCM_FMT_U8),
		.rates = BIT(VIRTIO_SND_PCM_RATE_44100)
			| BIT(VIRTIO_SND_PCM_RATE_48000),
		.channels_max = 2,
	},
};

int
fresh(void **state)
{
	(void)state;
	session_begin(&layout, 0, 0);
	return 0;
}

uint32_t
command(uint32_t code, uint32_t stream)
{
	return snd_guest_command(&guest, code, stream);
}

void
prepare(uint32_t stream)
{
	check_ok(snd_guest_set_params(&guest, stream, VIRTIO_SND_PCM_FMT_S16,
		VIRTIO_SND_PCM_RATE_48000, 2, PERIOD, 8 * PERIOD));
	check_ok(command(VIRTIO_SND_R_PCM_PREPARE, stream));
}

void
start(uint32_t stream)
{
	check_ok(command(VIRTIO_SND_R_PCM_START, stream));
}

void
fill(uint8_t *sound, unsigned period)
{
	for (uint32_t i = 0; i < PERIOD; i++) {
		sound[i] = (uint8_t)((period * PERIOD + i) * 7 >> 2 | 1);
	}
}

unsigned
play(unsigned period)
{
	uint8_t sound[PERIOD];
	fill(sound, period);
	return snd_guest_play(&guest, PLAYBACK, sound, PERIOD);
}

bool
cycle(bool capture, void *sound, uint32_t frames)
{
	return vsnd_record_cycle(thread.record, capture, 0, sound, frames);
}

void
hear_third(unsigned period, unsigned part)
{
	uint8_t expected[PERIOD], heard[PERIOD / 3];
	fill(expected, period);
	assert_true(cycle(false, heard, PERIOD_FRAMES / 3));
	assert_memory_equal(heard, expected + part * (PERIOD / 3), PERIOD / 3);
}

void
hear_period(unsigned period)
{
	for (unsigned part = 0; part < 3; part++) {
		hear_third(period, part);
	}
}

bool
is_silent(const uint8_t *sound, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (sound[i] != 0) {
			return false;
		}
	}
	return true;
}

void
settle(void)
{
	struct virtio_snd_pcm_info info;
	/* A round trip: whatever was to come has come by its answer. */
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_PCM_INFO, 0, 1,
		sizeof(info), &info));
}

void
expect_nothing(void)
{
	struct snd_done done;
	settle();
	assert_false(snd_guest_take(&guest, 0, &done));
}

void
expect_done(unsigned number)
{
	struct snd_done done = snd_guest_await(&guest);
	assert_int_equal(done.number, number);
	check_ok(done.status);
}

static void
copy_status(struct vsnd_device *device, void *data)
{
	struct vsnd_status_page *ret = data;
	*ret = *device->status;
}

struct vsnd_status_page
take_status(void)
{
	struct vsnd_status_page status;
	snd_thread_call(&thread, copy_status, &status);
	return status;
}

void
check_missed(uint64_t xruns, uint64_t frames, uint64_t late)
{
	settle();
	struct vsnd_status_page status = take_status();
	assert_int_equal(status.xruns, xruns);
	assert_int_equal(status.frames_missed, frames);
	assert_int_equal(status.frames_late, late);
}

static void
set_mic(struct vsnd_device *device, void *data)
{
	const bool *allowed = data;
	vsnd_device_allow_mic(device, *allowed);
}

void
allow_mic(bool allowed)
{
	snd_thread_call(&thread, set_mic, &allowed);
}
