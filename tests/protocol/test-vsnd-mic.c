/* SPDX-License-Identifier: MIT */
/* The microphone: when the guest hears it, and what it hears otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snd-play.h"
#include "util/now.h"

static void
what_a_guest_had_no_room_for_is_an_xrun(void **state)
{
	(void)state;
	static uint8_t spoken[128 * 1024 + FRAME];
	allow_mic(true);
	prepare(CAPTURE);
	start(CAPTURE);
	assert_true(cycle(true, spoken, sizeof(spoken) / FRAME));
	check_missed(0, 0, 0);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	check_missed(1, 1, 0);
}

static void
frames_of_a_silent_microphone_are_counted_while_they_are_recorded(
	void **state)
{
	(void)state;
	struct vsnd_status_page status;
	prepare(CAPTURE);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	start(CAPTURE);
	snd_guest_await(&guest);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	snd_guest_await(&guest);
	status = take_status();
	assert_in_range(status.frames_recorded, PERIOD_FRAMES,
		2 * PERIOD_FRAMES);
}

static void
a_silent_microphone_records_silence_at_the_right_rate(void **state)
{
	(void)state;
	prepare(CAPTURE);
	for (unsigned i = 0; i < 8; i++) {
		snd_guest_record(&guest, CAPTURE, PERIOD);
	}
	start(CAPTURE);
	int64_t began = now_ms();
	for (unsigned i = 0; i < 30; i++) {
		struct snd_done done = snd_guest_await(&guest);
		check_ok(done.status);
		assert_int_equal(done.recorded, PERIOD);
		assert_true(is_silent(done.sound, PERIOD));
		snd_guest_record(&guest, CAPTURE, PERIOD);
	}
	assert_in_range(now_ms() - began, 295, 450);
	/* Not muted: not there. */
	assert_false(vsnd_record_is_open(thread.record, true, 0));
}

static void
the_microphone_comes_and_goes_while_the_guest_records(void **state)
{
	(void)state;
	uint8_t spoken[PERIOD];
	fill(spoken, 5);
	prepare(CAPTURE);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	start(CAPTURE);
	assert_true(is_silent(snd_guest_await(&guest).sound, PERIOD));

	allow_mic(true);
	assert_true(vsnd_record_await(thread.record, true, 0, true));
	snd_guest_record(&guest, CAPTURE, PERIOD);
	settle();
	assert_true(cycle(true, spoken, PERIOD_FRAMES / 2));
	expect_nothing();
	assert_true(cycle(true, spoken + PERIOD / 2, PERIOD_FRAMES / 2));
	struct snd_done done = snd_guest_await(&guest);
	assert_int_equal(done.recorded, PERIOD);
	assert_memory_equal(done.sound, spoken, PERIOD);

	allow_mic(false);
	assert_false(vsnd_record_is_open(thread.record, true, 0));
	snd_guest_record(&guest, CAPTURE, PERIOD);
	assert_true(is_silent(snd_guest_await(&guest).sound, PERIOD));
}

static void
suspend_pcms(struct vsnd_device *device, void *data)
{
	const bool *suspended = data;
	for (unsigned i = 0; i < device->pcm_count; i++) {
		if (*suspended) {
			vsnd_pcm_suspend(&device->pcms[i]);
		} else {
			vsnd_pcm_resume(&device->pcms[i]);
		}
	}
}

static void
a_vm_that_is_paused_neither_plays_nor_listens(void **state)
{
	(void)state;
	bool yes = true, no = false;
	struct vsnd_status_page status;
	allow_mic(true);
	prepare(PLAYBACK);
	prepare(CAPTURE);
	start(PLAYBACK);
	start(CAPTURE);
	snd_thread_call(&thread, suspend_pcms, &yes);
	assert_true(vsnd_record_await(thread.record, false, 0, false));
	assert_true(vsnd_record_await(thread.record, true, 0, false));
	/* Allowed or not, in between. */
	allow_mic(false);
	assert_false(vsnd_record_is_open(thread.record, true, 0));
	allow_mic(true);
	assert_false(vsnd_record_is_open(thread.record, true, 0));

	snd_thread_call(&thread, suspend_pcms, &no);
	assert_true(vsnd_record_await(thread.record, false, 0, true));
	assert_true(vsnd_record_await(thread.record, true, 0, true));
	unsigned number = play(4);
	settle();
	hear_period(4);
	expect_done(number);
	status = take_status();
	assert_int_equal(status.playing, 1);
	assert_int_equal(status.recording, 1);
}

static void
what_was_recorded_before_a_release_is_kept(void **state)
{
	(void)state;
	uint8_t spoken[PERIOD];
	fill(spoken, 5);
	allow_mic(true);
	prepare(CAPTURE);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	start(CAPTURE);
	assert_true(cycle(true, spoken, PERIOD_FRAMES / 2));
	expect_nothing();
	check_ok(command(VIRTIO_SND_R_PCM_STOP, CAPTURE));
	check_ok(command(VIRTIO_SND_R_PCM_RELEASE, CAPTURE));
	struct snd_done done = snd_guest_await(&guest);
	check_ok(done.status);
	assert_int_equal(done.recorded, PERIOD / 2);
	assert_memory_equal(done.sound, spoken, PERIOD / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_guest_had_no_room_for_is_an_xrun),
		TEST(
		frames_of_a_silent_microphone_are_counted_while_they_are_recorded),
		TEST(a_silent_microphone_records_silence_at_the_right_rate),
		TEST(the_microphone_comes_and_goes_while_the_guest_records),
		TEST(a_vm_that_is_paused_neither_plays_nor_listens),
		TEST(what_was_recorded_before_a_release_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
