/* SPDX-License-Identifier: MIT */
/* The guest's own volume and mute, of a driver that keeps to the rules and of
 * one that does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <string.h>

#include "snd-session.h"

#define CTLS BIT(VIRTIO_SND_F_CTLS)
#define PLAYBACK 0u
#define CAPTURE 2u
#define CONTROLS 6u		/* two of each stream */
#define PERIOD_FRAMES 480u
#define PERIOD (PERIOD_FRAMES * 4)
#define LOUD 16000

static const struct vsnd_layout layout = {
	.playback_count = 2,
	.capture_count = 1,
	.offer = {
		.formats = BIT(VIRTIO_SND_PCM_FMT_S16),
		.rates = BIT(VIRTIO_SND_PCM_RATE_48000),
		.channels_max = 2,
	},
	.controls = true,
};

static int
with_controls(void **state)
{
	(void)state;
	session_begin(&layout, 0, CTLS);
	return 0;
}

static int
without_controls(void **state)
{
	(void)state;
	session_begin(&layout, 0, 0);
	return 0;
}

#define check_unknown(status) \
	assert_int_equal(status, VIRTIO_SND_S_NOT_SUPP)

static uint32_t
volume_of(uint32_t stream)
{
	return stream * 2;
}

static uint32_t
switch_of(uint32_t stream)
{
	return stream * 2 + 1;
}

static void
set(uint32_t id, uint32_t value)
{
	check_ok(snd_guest_set_control(&guest, id, value));
}

static uint32_t
get(uint32_t id)
{
	uint32_t value;
	check_ok(snd_guest_get_control(&guest, id, &value));
	return value;
}

static void
start(uint32_t stream)
{
	check_ok(snd_guest_set_params(&guest, stream, VIRTIO_SND_PCM_FMT_S16,
		VIRTIO_SND_PCM_RATE_48000, 2, PERIOD, 8 * PERIOD));
	check_ok(snd_guest_command(&guest, VIRTIO_SND_R_PCM_PREPARE, stream));
	check_ok(snd_guest_command(&guest, VIRTIO_SND_R_PCM_START, stream));
}

static void
fill(int16_t *sound)
{
	for (unsigned i = 0; i < PERIOD_FRAMES * 2; i++) {
		sound[i] = (int16_t)htole16(LOUD);
	}
}

/* The level at the end of a period that stream @index of playback plays. */
static int
hear(uint32_t index)
{
	int16_t sound[PERIOD_FRAMES * 2];
	fill(sound);
	snd_guest_play(&guest, PLAYBACK + index, sound, PERIOD);
	/* A round trip, by which it is copied. */
	get(volume_of(PLAYBACK));
	assert_true(vsnd_record_cycle(thread.record, false, index, sound,
		PERIOD_FRAMES));
	check_ok(snd_guest_await(&guest).status);
	return (int16_t)le16toh((uint16_t)sound[PERIOD_FRAMES * 2 - 1]);
}

static void
every_stream_has_a_volume_and_a_switch_of_its_own(void **state)
{
	(void)state;
	uint32_t config[4];
	assert_int_equal(vub_frontend_get_config(guest.frontend, 0, config,
		sizeof(config)), 0);
	assert_int_equal(le32toh(config[3]), CONTROLS);
	struct virtio_snd_ctl_info infos[CONTROLS];
	check_ok(snd_guest_query(&guest, VIRTIO_SND_R_CTL_INFO, 0, CONTROLS,
		sizeof(infos[0]), infos));
	static const struct {
		const char *name;
		uint32_t index;
		uint32_t role;
		uint32_t type;
		uint32_t max;
	} expected[CONTROLS] = {
		{ "PCM Playback Volume", 0, 2, VIRTIO_SND_CTL_TYPE_INTEGER, 100 },
		{ "PCM Playback Switch", 0, 4, VIRTIO_SND_CTL_TYPE_BOOLEAN, 1 },
		{ "PCM Playback Volume", 1, 2, VIRTIO_SND_CTL_TYPE_INTEGER, 100 },
		{ "PCM Playback Switch", 1, 4, VIRTIO_SND_CTL_TYPE_BOOLEAN, 1 },
		{ "Capture Volume", 0, 3, VIRTIO_SND_CTL_TYPE_INTEGER, 100 },
		{ "Capture Switch", 0, 5, VIRTIO_SND_CTL_TYPE_BOOLEAN, 1 },
	};
	for (unsigned i = 0; i < CONTROLS; i++) {
		assert_string_equal((const char *)infos[i].name,
			expected[i].name);
		assert_int_equal(le32toh(infos[i].index), expected[i].index);
		assert_int_equal(le32toh(infos[i].role), expected[i].role);
		assert_int_equal(le32toh(infos[i].type), expected[i].type);
		assert_int_equal(le32toh(infos[i].count), 1);
		assert_int_equal(le32toh(infos[i].access), 3);
		assert_int_equal(infos[i].value.integer.min, 0);
		assert_int_equal(le32toh(infos[i].value.integer.max),
			expected[i].max);
	}
}

static void
what_was_written_is_read(void **state)
{
	(void)state;
	for (uint32_t id = 0; id < CONTROLS; id++) {
		assert_int_equal(get(id), id % 2 == 0 ? 100 : 1);
	}
	set(volume_of(1), 33);
	set(switch_of(CAPTURE), 0);
	for (uint32_t id = 0; id < CONTROLS; id++) {
		assert_int_equal(get(id), id == volume_of(1) ? 33
			: id == switch_of(CAPTURE) ? 0
			: id % 2 == 0 ? 100 : 1);
	}
}

static void
what_is_no_value_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	uint32_t value;
	check_bad(snd_guest_set_control(&guest, volume_of(PLAYBACK), 101));
	check_bad(snd_guest_set_control(&guest, volume_of(PLAYBACK),
		UINT32_MAX));
	check_bad(snd_guest_set_control(&guest, switch_of(PLAYBACK), 2));
	check_bad(snd_guest_set_control(&guest, CONTROLS, 1));
	check_bad(snd_guest_set_control(&guest, UINT32_MAX, 1));
	check_bad(snd_guest_get_control(&guest, CONTROLS, &value));
	check_bad(snd_guest_get_control(&guest, UINT32_MAX, &value));
	assert_int_equal(get(volume_of(PLAYBACK)), 100);
	assert_int_equal(get(switch_of(PLAYBACK)), 1);
}

static void
what_has_another_length_is_refused(void **state)
{
	(void)state;
	struct {
		struct virtio_snd_ctl_hdr hdr;
		struct virtio_snd_ctl_value value;
		uint32_t more;
	} wire = {
		.hdr.hdr.code = htole32(VIRTIO_SND_R_CTL_WRITE),
		.value.value.integer[0] = htole32(50),
	};
	uint8_t answer[sizeof(wire.value)];
	static const size_t lengths[] = { 4, 7, 8, 12, 519, 521, 524 };
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		check_bad(snd_guest_request(&guest, &wire, lengths[i], NULL,
			0));
	}
	assert_int_equal(get(0), 100);
	wire.hdr.hdr.code = htole32(VIRTIO_SND_R_CTL_READ);
	check_bad(snd_guest_request(&guest, &wire, 7, answer, sizeof(answer)));
	check_bad(snd_guest_request(&guest, &wire, 9, answer, sizeof(answer)));
	/* No room for all of the answer. */
	check_bad(snd_guest_request(&guest, &wire, 8, answer,
		sizeof(answer) - 1));
	check_bad(snd_guest_request(&guest, &wire, 8, NULL, 0));
}

static void
questions_about_controls_that_are_not_there_are_refused(void **state)
{
	(void)state;
	struct virtio_snd_ctl_info infos[CONTROLS + 1];
	uint32_t code = VIRTIO_SND_R_CTL_INFO;
	size_t size = sizeof(infos[0]);
	check_bad(snd_guest_query(&guest, code, 0, CONTROLS + 1, size, infos));
	check_bad(snd_guest_query(&guest, code, CONTROLS, 1, size, infos));
	check_bad(snd_guest_query(&guest, code, UINT32_MAX, 2, size, infos));
	check_ok(snd_guest_query(&guest, code, CONTROLS, 0, size, infos));
	check_ok(snd_guest_query(&guest, code, CONTROLS - 1, 1, size, infos));
	/* Ours have neither items nor metadata. */
	static const uint32_t others[] = {
		VIRTIO_SND_R_CTL_ENUM_ITEMS, VIRTIO_SND_R_CTL_TLV_READ,
		VIRTIO_SND_R_CTL_TLV_WRITE, VIRTIO_SND_R_CTL_TLV_COMMAND,
	};
	for (unsigned i = 0; i < 4; i++) {
		check_unknown(snd_guest_command(&guest, others[i], 0));
	}
}

static void
a_driver_that_did_not_ask_for_controls_has_none(void **state)
{
	(void)state;
	struct virtio_snd_ctl_info infos[CONTROLS];
	uint32_t value;
	check_unknown(snd_guest_query(&guest, VIRTIO_SND_R_CTL_INFO, 0,
		CONTROLS, sizeof(infos[0]), infos));
	check_unknown(snd_guest_get_control(&guest, 0, &value));
	check_unknown(snd_guest_set_control(&guest, 0, 50));
}

static void
a_volume_is_cubic_and_of_one_stream(void **state)
{
	(void)state;
	set(volume_of(0), 50);
	start(0);
	start(1);
	assert_int_equal(hear(0), LOUD / 8);
	assert_int_equal(hear(1), LOUD);
	set(volume_of(0), 100);
	hear(0);
	assert_int_equal(hear(0), LOUD);
}

static void
a_stream_that_is_off_is_silent_and_takes_its_time(void **state)
{
	(void)state;
	start(PLAYBACK);
	assert_int_equal(hear(PLAYBACK), LOUD);
	set(switch_of(PLAYBACK), 0);
	hear(PLAYBACK);
	assert_int_equal(hear(PLAYBACK), 0);
	/* The volume is kept meanwhile. */
	set(volume_of(PLAYBACK), 50);
	assert_int_equal(hear(PLAYBACK), 0);
	set(switch_of(PLAYBACK), 1);
	hear(PLAYBACK);
	assert_int_equal(hear(PLAYBACK), LOUD / 8);
}

static void
allow_mic(struct vsnd_device *device, void *data)
{
	(void)data;
	vsnd_device_allow_mic(device, true);
}

static void
the_microphone_has_them_too(void **state)
{
	(void)state;
	int16_t spoken[PERIOD_FRAMES * 2];
	fill(spoken);
	snd_thread_call(&thread, allow_mic, NULL);
	set(volume_of(CAPTURE), 50);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	/* Refused: nothing is prepared. */
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_IO_ERR);
	start(CAPTURE);
	snd_guest_record(&guest, CAPTURE, PERIOD);
	get(0);
	assert_true(vsnd_record_cycle(thread.record, true, 0, spoken,
		PERIOD_FRAMES));
	struct snd_done done = snd_guest_await(&guest);
	uint16_t heard;
	memcpy(&heard, done.sound, sizeof(heard));
	assert_int_equal((int16_t)le16toh(heard), LOUD / 8);
}

static void
the_next_driver_finds_everything_at_its_loudest(void **state)
{
	(void)state;
	set(volume_of(PLAYBACK), 10);
	set(switch_of(CAPTURE), 0);
	snd_guest_disconnect(&guest);
	snd_guest_connect_with(&guest, thread.path, CTLS);
	assert_int_equal(get(volume_of(PLAYBACK)), 100);
	assert_int_equal(get(switch_of(CAPTURE)), 1);
	start(PLAYBACK);
	assert_int_equal(hear(PLAYBACK), LOUD);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, with_controls, session_end)
#define TEST_WITHOUT(name) \
	cmocka_unit_test_setup_teardown(name, without_controls, session_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_stream_has_a_volume_and_a_switch_of_its_own),
		TEST(what_was_written_is_read),
		TEST(what_is_no_value_is_refused_and_changes_nothing),
		TEST(what_has_another_length_is_refused),
		TEST(questions_about_controls_that_are_not_there_are_refused),
		TEST_WITHOUT(a_driver_that_did_not_ask_for_controls_has_none),
		TEST(a_volume_is_cubic_and_of_one_stream),
		TEST(a_stream_that_is_off_is_silent_and_takes_its_time),
		TEST(the_microphone_has_them_too),
		TEST(the_next_driver_finds_everything_at_its_loudest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
