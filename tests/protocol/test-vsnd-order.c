/* SPDX-License-Identifier: MIT */
/* A graph that takes sound while the device's thread gives it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "../lib/must.h"
#include "../lib/snd-guest.h"
#include "../lib/snd-thread.h"

#define BIT(n) (UINT64_C(1) << (n))
#define FRAME 4u
#define PERIOD_FRAMES 480u
#define PERIOD (PERIOD_FRAMES * FRAME)
#define PERIODS 16u
#define FRAMES (2000u * PERIOD_FRAMES)

static const struct vsnd_layout layout = {
	.playback_count = 1,
	.offer = {
		.formats = BIT(VIRTIO_SND_PCM_FMT_S16),
		.rates = BIT(VIRTIO_SND_PCM_RATE_48000),
		.channels_max = 2,
	},
};

struct listener {
	struct vsnd_record *record;
	uint32_t heard;		/* frames, those for want of one aside */
	uint32_t disorder;	/* frames that were not the next one */
	atomic_bool end;
};

/* Frames are numbered from 1, so none is silence. */
static void *
listen_always(void *data)
{
	struct listener *listener = data;
	while (!atomic_load(&listener->end)) {
		uint32_t frames[3];
		if (!vsnd_record_cycle(listener->record, false, 0, frames,
				3)) {
			sched_yield();
			continue;
		}
		for (unsigned i = 0; i < 3; i++) {
			uint32_t number = le32toh(frames[i]);
			if (number == 0) {
				continue;
			}
			listener->disorder += number != listener->heard + 1;
			listener->heard = number;
		}
	}
	return NULL;
}

static void
play(struct snd_guest *guest, uint32_t *number)
{
	uint32_t sound[PERIOD_FRAMES];
	for (unsigned i = 0; i < PERIOD_FRAMES; i++) {
		sound[i] = htole32(++*number);
	}
	snd_guest_play(guest, 0, sound, PERIOD);
}

static void
sound_keeps_its_order_whatever_the_graph_takes_meanwhile(void **state)
{
	(void)state;
	struct snd_thread thread;
	struct snd_guest guest;
	struct listener listener = { 0 };
	pthread_t ear;
	uint32_t number = 0;
	log_init("test", LOG_ERROR);
	snd_thread_start(&thread, &layout, 0);
	snd_guest_connect(&guest, thread.path);
	must(snd_guest_set_params(&guest, 0, VIRTIO_SND_PCM_FMT_S16,
		VIRTIO_SND_PCM_RATE_48000, 2, PERIOD, PERIODS * PERIOD)
		== VIRTIO_SND_S_OK);
	must(snd_guest_command(&guest, VIRTIO_SND_R_PCM_PREPARE, 0)
		== VIRTIO_SND_S_OK);
	for (unsigned i = 0; i < PERIODS; i++) {
		play(&guest, &number);
	}
	must(snd_guest_command(&guest, VIRTIO_SND_R_PCM_START, 0)
		== VIRTIO_SND_S_OK);
	listener.record = thread.record;
	must(pthread_create(&ear, NULL, listen_always, &listener) == 0);
	while (number < FRAMES) {
		assert_int_equal(snd_guest_await(&guest).status,
			VIRTIO_SND_S_OK);
		play(&guest, &number);
	}
	for (unsigned i = 0; i < PERIODS; i++) {
		snd_guest_await(&guest);
	}
	atomic_store(&listener.end, true);
	must(pthread_join(ear, NULL) == 0);
	assert_int_equal(listener.disorder, 0);
	assert_int_equal(listener.heard, number);
	snd_guest_disconnect(&guest);
	snd_thread_stop(&thread);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			sound_keeps_its_order_whatever_the_graph_takes_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
