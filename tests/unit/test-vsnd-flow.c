/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/virtio_snd.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "audio/flow.h"

#define CYCLE 480u		/* frames: 10 ms */
#define CYCLE_NS UINT64_C(10000000)
#define FRAME 4u
#define CYCLE_BYTES (CYCLE * FRAME)

static struct vsnd_flow flow;
static uint64_t now_ns;

static int
fresh(void **state)
{
	(void)state;
	const struct vsnd_params params = {
		.channels = 2,
		.format = vsnd_format_by_id(VIRTIO_SND_PCM_FMT_S16),
		.rate = vsnd_rate_by_id(VIRTIO_SND_PCM_RATE_48000),
	};
	int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	now_ns = UINT64_C(1) << 60;
	int r = vsnd_flow_init(&flow, &params, wake_fd);
	vsnd_flow_hold(&flow, false);
	return wake_fd < 0 ? -1 : r;
}

static int
gone(void **state)
{
	(void)state;
	close(flow.wake_fd);
	vsnd_flow_finish(&flow);
	return 0;
}

/* Whether a cycle of @frames takes sound, of which there is enough. */
static bool
takes(uint32_t frames)
{
	static uint8_t sound[100 * CYCLE_BYTES], heard[100 * CYCLE_BYTES];
	size_t bytes = (size_t)frames * FRAME;
	memset(sound, 1, sizeof(sound));
	if (vsnd_ring_fill(&flow.ring) < bytes) {
		vsnd_ring_write(&flow.ring, sound, bytes);
	}
	uint64_t passed = vsnd_ring_passed(&flow.ring);
	vsnd_flow_play(&flow, now_ns, heard, frames, 0);
	uint64_t taken = vsnd_ring_passed(&flow.ring) - passed;
	assert_true(taken == 0 || taken == bytes);
	assert_int_equal(heard[0], taken == 0 ? 0 : 1);
	assert_int_equal(heard[bytes - 1], heard[0]);
	assert_int_equal(flow.missed_frames, 0);
	return taken != 0;
}

/* How many of @cycles that come all at once take sound. */
static unsigned
taken_at_once(unsigned cycles)
{
	unsigned taken = 0;
	while (cycles-- > 0) {
		now_ns += 10000;
		taken += takes(CYCLE);
	}
	return taken;
}

static void
regular_cycles_take_all_whatever_their_length(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		/* Short ones, and the longest that there are. */
		uint32_t frames = i % 10 < 7 ? 64 : 8192;
		assert_true(takes(frames));
		now_ns += frames * UINT64_C(1000000000) / 48000;
	}
}

static void
a_graph_that_is_a_little_fast_for_an_hour_loses_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 360000; i++) {
		now_ns += CYCLE_NS - CYCLE_NS / 200;
		assert_true(takes(CYCLE));
	}
}

static void
cycles_that_come_unevenly_take_all(void **state)
{
	(void)state;
	uint64_t began_ns = now_ns;
	for (unsigned i = 0; i < 1000; i++) {
		now_ns = began_ns + i * CYCLE_NS + i * 7919 % 35 * 1000000;
		assert_true(takes(CYCLE));
	}
}

static void
a_graph_that_was_late_makes_up_for_it(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		now_ns += CYCLE_NS;
		assert_true(takes(CYCLE));
	}
	now_ns += 30 * CYCLE_NS;
	assert_int_equal(taken_at_once(30), 30);
}

static void
it_does_not_for_time_that_another_clock_has_counted(void **state)
{
	(void)state;
	assert_true(takes(CYCLE));
	now_ns += 30 * CYCLE_NS;
	vsnd_flow_rebase(&flow);
	/* A little is always granted; then as much as time goes by. */
	assert_in_range(taken_at_once(200), 1, 5);
	for (unsigned i = 0; i < 100; i++) {
		now_ns += CYCLE_NS;
		assert_true(takes(CYCLE));
	}
}

static void
nor_for_more_than_the_ring_can_hold(void **state)
{
	(void)state;
	assert_true(takes(CYCLE));
	now_ns += 1000 * CYCLE_NS;
	assert_in_range(taken_at_once(1000), 40, 45);
}

static void
a_microphone_that_comes_early_is_not_kept(void **state)
{
	(void)state;
	static const uint8_t spoken[CYCLE_BYTES] = { 1 };
	for (unsigned i = 0; i < 20; i++) {
		vsnd_flow_capture(&flow, now_ns, spoken, CYCLE, 0);
	}
	assert_in_range(vsnd_ring_fill(&flow.ring), CYCLE_BYTES,
		5 * CYCLE_BYTES);
	assert_int_equal(flow.missed_frames, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, gone)
	const struct CMUnitTest tests[] = {
		TEST(regular_cycles_take_all_whatever_their_length),
		TEST(a_graph_that_is_a_little_fast_for_an_hour_loses_nothing),
		TEST(cycles_that_come_unevenly_take_all),
		TEST(a_graph_that_was_late_makes_up_for_it),
		TEST(it_does_not_for_time_that_another_clock_has_counted),
		TEST(nor_for_more_than_the_ring_can_hold),
		TEST(a_microphone_that_comes_early_is_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
