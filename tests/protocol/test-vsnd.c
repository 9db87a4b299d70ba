/* SPDX-License-Identifier: MIT */
/* The whole device but its audio server, with a driver that keeps to the rules
 * and one that does not: what it says of itself, and what it plays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>

#include "snd-play.h"
#include "util/now.h"

/* So long that no thread of ours is kept waiting for it on a busy machine. */
#define STALL_MS 300

static int
impatient(void **state)
{
	(void)state;
	session_begin(&layout, STALL_MS, 0);
	return 0;
}

static void
configuration_and_information_agree(void **state)
{
	(void)state;
	uint32_t config[3];
	assert_int_equal(vub_frontend_get_config(guest.frontend, 0, config,
		sizeof(config)), 0);
	assert_int_equal(le32toh(config[0]), 2);
	assert_int_equal(le32toh(config[1]), 2);
	assert_int_equal(le32toh(config[2]), 4);

	struct virtio_snd_pcm_info pcms[2];
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_PCM_INFO, 0, 2,
		sizeof(pcms[0]), pcms));
	assert_int_equal(pcms[0].direction, VIRTIO_SND_D_OUTPUT);
	assert_int_equal(pcms[1].direction, VIRTIO_SND_D_INPUT);
	assert_int_equal(le64toh(pcms[0].formats), layout.offer.formats);
	assert_int_equal(le64toh(pcms[0].rates), layout.offer.rates);
	assert_int_equal(pcms[0].channels_max, 2);

	struct virtio_snd_jack_info jacks[2];
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_JACK_INFO, 0, 2,
		sizeof(jacks[0]), jacks));
	assert_int_equal(jacks[0].connected, 1);
	struct virtio_snd_chmap_info maps[4];
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_CHMAP_INFO, 0, 4,
		sizeof(maps[0]), maps));
	assert_int_equal(maps[0].channels, 2);
	assert_int_equal(maps[1].channels, 1);
	assert_int_equal(maps[3].direction, VIRTIO_SND_D_INPUT);
}

static void
items_are_as_large_as_the_driver_says(void **state)
{
	(void)state;
	uint8_t small[2][8], large[2][40];
	struct virtio_snd_pcm_info exact[2];
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_PCM_INFO, 0, 2, 32,
		exact));
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_PCM_INFO, 0, 2, 8,
		small));
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_PCM_INFO, 0, 2, 40,
		large));
	assert_memory_equal(small[1], &exact[1], 8);
	assert_memory_equal(large[1], &exact[1], 32);
	assert_true(is_silent(large[1] + 32, 8));
}

static void
questions_about_what_is_not_there_are_refused(void **state)
{
	(void)state;
	uint8_t items[4 * 32];
	uint32_t code = VIRTIO_SND_R_PCM_INFO;
	check_bad(snd_guest_query(&guest, code, 0, 3, 32, items));
	check_bad(snd_guest_query(&guest, code, 3, 1, 32, items));
	check_bad(snd_guest_query(&guest, code, UINT32_MAX, 2, 32, items));
	check_ok(snd_guest_query(&guest, code, 2, 0, 32, items));
	struct virtio_snd_query_info wire = {
		.hdr.code = htole32(code),
		.count = htole32(2),
		.size = htole32(0x80000000),
	};
	check_bad(snd_guest_request(&guest, &wire, sizeof(wire), items, 64));
	check_bad(snd_guest_request(&guest, &wire, 12, items, 64));
	check_bad(snd_guest_request(&guest, &wire, 3, items, 64));
	wire.hdr.code = htole32(VIRTIO_SND_R_CTL_INFO);
	assert_int_equal(snd_guest_request(&guest, &wire, sizeof(wire), items,
		64), VIRTIO_SND_S_NOT_SUPP);
	wire.hdr.code = htole32(0x7777);
	assert_int_equal(snd_guest_request(&guest, &wire, sizeof(wire), items,
		64), VIRTIO_SND_S_NOT_SUPP);
}

static void
commands_out_of_order_are_refused_and_change_nothing(void **state)
{
	(void)state;
	check_bad(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK));
	check_bad(command(VIRTIO_SND_R_PCM_START, PLAYBACK));
	prepare(PLAYBACK);
	check_bad(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
	check_ok(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK));
	start(PLAYBACK);
	check_bad(command(VIRTIO_SND_R_PCM_START, PLAYBACK));
	check_bad(command(VIRTIO_SND_R_PCM_RELEASE, PLAYBACK));
	assert_true(vsnd_record_await(thread.record, false, 0, true));
	check_ok(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
	check_ok(command(VIRTIO_SND_R_PCM_RELEASE, PLAYBACK));
	check_bad(command(VIRTIO_SND_R_PCM_START, 2));
	check_bad(command(VIRTIO_SND_R_PCM_START, UINT32_MAX));
	assert_int_equal(snd_guest_set_params(&guest, PLAYBACK,
		VIRTIO_SND_PCM_FMT_S32, VIRTIO_SND_PCM_RATE_48000, 2, PERIOD,
		PERIOD), VIRTIO_SND_S_NOT_SUPP);
}

static void
what_the_guest_plays_is_heard_to_the_byte(void **state)
{
	(void)state;
	prepare(PLAYBACK);
	for (unsigned i = 0; i < 4; i++) {
		play(i);
	}
	assert_false(vsnd_record_is_open(thread.record, false, 0));
	start(PLAYBACK);
	for (unsigned i = 0; i < 20; i++) {
		settle();
		hear_period(i);
		expect_done(i);
		play(i + 4);
	}
}

static void
a_buffer_is_done_when_its_last_frame_was_taken(void **state)
{
	(void)state;
	prepare(PLAYBACK);
	unsigned number = play(0);
	start(PLAYBACK);
	hear_third(0, 0);
	hear_third(0, 1);
	expect_nothing();
	hear_third(0, 2);
	struct snd_done done = snd_guest_await(&guest);
	assert_int_equal(done.number, number);
	assert_int_equal(done.recorded, 0);
	/* What lies beyond us, not what lies in our ring. */
	assert_int_equal(done.latency_bytes, 100 * FRAME);
}

static void
a_guest_that_is_late_is_heard_as_silence_and_then_goes_on(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	prepare(PLAYBACK);
	unsigned number = play(0);
	start(PLAYBACK);
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	expect_done(number);
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	assert_true(is_silent(heard, sizeof(heard)));
	/* It may have been the end. */
	check_missed(0, 0, 0);
	number = play(1);
	check_missed(1, PERIOD_FRAMES, 0);
	hear_period(1);
	expect_done(number);
}

/* Linux takes a whole buffer for none, unless half of its time has passed. */
static void
a_whole_buffer_at_once_comes_back_in_time_to_be_noticed(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	struct snd_done done;
	check_ok(snd_guest_set_params(&guest, PLAYBACK, VIRTIO_SND_PCM_FMT_S16,
		VIRTIO_SND_PCM_RATE_48000, 2, PERIOD, 2 * PERIOD));
	check_ok(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK));
	unsigned first = play(0);
	int64_t added_ms = now_ms();
	unsigned last = play(1);
	start(PLAYBACK);
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	expect_done(first);
	do {
		assert_true(cycle(false, heard, PERIOD_FRAMES));
	} while (!snd_guest_take(&guest, 1, &done));
	assert_int_equal(done.number, last);
	assert_true(now_ms() - added_ms >= 10);
	/* But a guest that has noticed need not wait. */
	first = play(2);
	last = play(3);
	settle();
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	expect_done(first);
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	play(4);
	expect_done(last);
}

static void
a_stream_prepared_anew_waits_for_nothing_that_was_played_before(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	for (unsigned round = 0; round < 3; round++) {
		/* The second comes after a release, the third is another's. */
		if (round == 1) {
			check_ok(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
			check_ok(command(VIRTIO_SND_R_PCM_RELEASE, PLAYBACK));
		} else if (round == 2) {
			snd_guest_disconnect(&guest);
			snd_guest_connect(&guest, thread.path);
		}
		check_ok(snd_guest_set_params(&guest, PLAYBACK,
			VIRTIO_SND_PCM_FMT_S16, VIRTIO_SND_PCM_RATE_48000, 2,
			PERIOD, 2 * PERIOD));
		check_ok(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK));
		unsigned number = play(round);
		start(PLAYBACK);
		/* The only cycle: none comes that could give it back later. */
		assert_true(cycle(false, heard, PERIOD_FRAMES));
		expect_done(number);
	}
}

static void
the_end_of_the_sound_is_no_xrun(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	for (unsigned round = 0; round < 3; round++) {
		prepare(PLAYBACK);
		unsigned number = play(round);
		start(PLAYBACK);
		assert_true(cycle(false, heard, PERIOD_FRAMES));
		expect_done(number);
		assert_true(cycle(false, heard, PERIOD_FRAMES));
		settle();
		check_ok(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
		check_ok(command(VIRTIO_SND_R_PCM_RELEASE, PLAYBACK));
	}
	check_missed(0, 0, 0);
}

static void
sound_that_waited_for_the_device_counts_as_late(void **state)
{
	(void)state;
	/* One cycle takes more than was put into the ring, and the guest had
	 * given it. */
	static uint8_t heard[40 * PERIOD];
	prepare(PLAYBACK);
	for (unsigned i = 0; i < 40; i++) {
		play(i);
	}
	start(PLAYBACK);
	uint32_t ring_frames = 64 * 1024 / FRAME;
	assert_true(cycle(false, heard, 38 * PERIOD_FRAMES));
	uint32_t late = 38 * PERIOD_FRAMES - ring_frames;
	assert_false(is_silent(heard, ring_frames * FRAME));
	assert_true(is_silent(heard + ring_frames * FRAME, late * FRAME));
	check_missed(1, late, late);
}

static void
what_was_silence_for_want_of_sound_is_counted_and_stays_so(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	struct vsnd_status_page status;
	prepare(PLAYBACK);
	play(0);
	start(PLAYBACK);
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	snd_guest_await(&guest);
	assert_true(cycle(false, heard, 100));
	play(1);
	settle();
	status = take_status();
	assert_int_equal(status.frames_played, PERIOD_FRAMES);
	assert_int_equal(status.frames_missed, 100);
	/* Of a stream that is gone, too. */
	snd_guest_disconnect(&guest);
	assert_true(vsnd_record_await(thread.record, false, 0, false));
	snd_guest_connect(&guest, thread.path);
	settle();
	status = take_status();
	assert_int_equal(status.frames_missed, 100);
}

static void
a_pause_keeps_every_buffer(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	prepare(PLAYBACK);
	unsigned first = play(0), second = play(1);
	start(PLAYBACK);
	hear_third(0, 0);
	check_ok(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
	assert_false(cycle(false, heard, PERIOD_FRAMES));
	expect_nothing();
	start(PLAYBACK);
	hear_third(0, 1);
	hear_third(0, 2);
	expect_done(first);
	hear_period(1);
	expect_done(second);
}

static void
a_release_gives_back_all_buffers_before_it_is_answered(void **state)
{
	(void)state;
	prepare(PLAYBACK);
	for (unsigned i = 0; i < 6; i++) {
		play(i);
	}
	start(PLAYBACK);
	hear_third(0, 0);
	check_ok(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
	check_ok(command(VIRTIO_SND_R_PCM_RELEASE, PLAYBACK));
	for (unsigned i = 0; i < 6; i++) {
		struct snd_done done;
		assert_true(snd_guest_take(&guest, 0, &done));
		assert_int_equal(done.number, i);
		check_ok(done.status);
	}
	/* What was not heard then is not heard later. */
	check_ok(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK));
	unsigned number = play(9);
	start(PLAYBACK);
	hear_period(9);
	expect_done(number);
}

static void
buffers_that_no_stream_wants_come_back_at_once(void **state)
{
	(void)state;
	uint8_t sound[2 * PERIOD] = { 0 };
	/* Nothing is prepared. */
	play(0);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	prepare(PLAYBACK);
	/* Not a whole frame; none at all; more than the buffer. */
	snd_guest_play(&guest, PLAYBACK, sound, PERIOD - 1);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	snd_guest_play(&guest, PLAYBACK, sound, 0);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	snd_guest_play(&guest, 77, sound, PERIOD);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	/* The wrong way. */
	snd_guest_play(&guest, CAPTURE, sound, PERIOD);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	snd_guest_record(&guest, PLAYBACK, PERIOD);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	/* And it still plays. */
	unsigned number = play(3);
	start(PLAYBACK);
	hear_period(3);
	expect_done(number);
}

static void
another_format_is_another_stream(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	prepare(PLAYBACK);
	start(PLAYBACK);
	check_ok(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
	check_ok(command(VIRTIO_SND_R_PCM_RELEASE, PLAYBACK));
	assert_true(vsnd_record_is_open(thread.record, false, 0));
	check_ok(snd_guest_set_params(&guest, PLAYBACK,
		VIRTIO_SND_PCM_FMT_U8, VIRTIO_SND_PCM_RATE_44100, 1, 441,
		4 * 441));
	assert_false(vsnd_record_is_open(thread.record, false, 0));
	check_ok(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK));
	start(PLAYBACK);
	/* Unsigned samples are silent in the middle. */
	assert_true(cycle(false, heard, 441));
	assert_int_equal(heard[0], 0x80);
	assert_int_equal(heard[440], 0x80);
}

static void
a_graph_that_stalls_costs_sound_and_no_time(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	prepare(PLAYBACK);
	unsigned played = 0;
	for (; played < 8; played++) {
		play(played);
	}
	start(PLAYBACK);
	int64_t began = now_ms();
	/* No cycle ever comes: 40 periods of 10 ms all the same. */
	for (unsigned done = 0; done < 40; done++) {
		expect_done(done);
		play(played++);
	}
	/* Not before its time; nor is the graph waited for again and again. */
	int64_t took = now_ms() - began;
	assert_in_range(took, STALL_MS + 390 - 5, 10 * STALL_MS);

	/* As much as STALL_MS, so that some is left when the graph comes. */
	while (played < 40 + STALL_MS / 10) {
		play(played++);
	}
	/* The graph is back, and hears what is due now: the oldest buffer
	 * that is still the guest's. */
	assert_true(vsnd_record_await(thread.record, false, 0, true));
	assert_true(cycle(false, heard, 1));
	settle();
	struct snd_done buffer;
	unsigned next = 40;
	while (snd_guest_take(&guest, 0, &buffer)) {
		next = buffer.number + 1;
	}
	hear_third(next, 0);
	/* What it missed at once, when it came back, was nobody's. */
	uint8_t owed[10 * PERIOD];
	assert_true(cycle(false, owed, 10 * PERIOD_FRAMES));
	check_missed(0, 0, 0);
}

static void
cycles_owed_for_a_stall_do_not_take_the_sound_that_comes_after(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	unsigned played = 0, done = 0;
	prepare(PLAYBACK);
	for (; played < 8; played++) {
		play(played);
	}
	int64_t began = now_ms();
	start(PLAYBACK);
	assert_true(cycle(false, heard, 1));
	/* No other cycle for a second of buffers. */
	for (; done < 100; done++) {
		expect_done(done);
		play(played++);
	}
	/* Then all of them, while the guest gives as much as it may. */
	assert_true(vsnd_record_await(thread.record, false, 0, true));
	vsnd_record_stand(thread.record, false, 0, 1000);
	unsigned loud = 0;
	for (unsigned i = 0; i < 100; i++) {
		struct snd_done buffer;
		assert_true(cycle(false, heard, PERIOD_FRAMES));
		loud += !is_silent(heard, PERIOD);
		settle();
		while (snd_guest_take(&guest, 0, &buffer)) {
			done++;
			play(played++);
		}
	}
	/* Of all the time, whoever was kept waiting in it, none counts twice. */
	int64_t took = now_ms() - began;
	assert_in_range(loud, 1, 6);
	assert_in_range(done, 100, 10 + (took - STALL_MS) / 10);

	/* What waits was not lost, and goes on. */
	for (unsigned i = 0; i < 20; i++) {
		assert_true(cycle(false, heard, PERIOD_FRAMES));
		assert_false(is_silent(heard, PERIOD));
		settle();
		play(played++);
	}
	check_missed(0, 0, 0);
}

static void
a_driver_that_goes_leaves_nothing_behind(void **state)
{
	(void)state;
	prepare(PLAYBACK);
	play(0);
	play(1);
	start(PLAYBACK);
	hear_third(0, 0);
	snd_guest_disconnect(&guest);
	assert_true(vsnd_record_await(thread.record, false, 0, false));
	snd_guest_connect(&guest, thread.path);
	assert_false(vsnd_record_is_open(thread.record, false, 0));
	check_bad(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK));
	prepare(PLAYBACK);
	unsigned number = play(7);
	start(PLAYBACK);
	hear_period(7);
	expect_done(number);
}

static void
many_small_buffers_are_all_played(void **state)
{
	(void)state;
	/* One cycle passes a whole ring of them. */
	uint8_t sound[FRAME] = { 0 };
	prepare(PLAYBACK);
	for (unsigned i = 0; i < 60; i++) {
		snd_guest_play(&guest, PLAYBACK, sound, FRAME);
	}
	expect_nothing();
	start(PLAYBACK);
	uint8_t heard[PERIOD];
	assert_true(cycle(false, heard, PERIOD_FRAMES));
	for (unsigned i = 0; i < 60; i++) {
		expect_done(i);
	}
}

#define TEST_STALL(name) \
	cmocka_unit_test_setup_teardown(name, impatient, session_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(configuration_and_information_agree),
		TEST(items_are_as_large_as_the_driver_says),
		TEST(questions_about_what_is_not_there_are_refused),
		TEST(commands_out_of_order_are_refused_and_change_nothing),
		TEST(what_the_guest_plays_is_heard_to_the_byte),
		TEST(a_buffer_is_done_when_its_last_frame_was_taken),
		TEST(a_guest_that_is_late_is_heard_as_silence_and_then_goes_on),
		TEST(a_whole_buffer_at_once_comes_back_in_time_to_be_noticed),
		TEST(a_stream_prepared_anew_waits_for_nothing_that_was_played_before),
		TEST(the_end_of_the_sound_is_no_xrun),
		TEST(sound_that_waited_for_the_device_counts_as_late),
		TEST(what_was_silence_for_want_of_sound_is_counted_and_stays_so),
		TEST(a_pause_keeps_every_buffer),
		TEST(a_release_gives_back_all_buffers_before_it_is_answered),
		TEST(buffers_that_no_stream_wants_come_back_at_once),
		TEST(another_format_is_another_stream),
		TEST_STALL(a_graph_that_stalls_costs_sound_and_no_time),
		TEST_STALL(
			cycles_owed_for_a_stall_do_not_take_the_sound_that_comes_after),
		TEST(a_driver_that_goes_leaves_nothing_behind),
		TEST(many_small_buffers_are_all_played),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
