/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "audio/ring.h"

static struct vsnd_ring ring;

static int
fresh(void **state)
{
	(void)state;
	return vsnd_ring_init(&ring, 5000);
}

static int
gone(void **state)
{
	(void)state;
	vsnd_ring_finish(&ring);
	return 0;
}

static void
what_is_written_is_read_in_whole_units(void **state)
{
	char out[16];
	(void)state;
	vsnd_ring_write(&ring, "abcdefghij", 10);
	assert_int_equal(vsnd_ring_read(&ring, out, 16, 4), 8);
	assert_memory_equal(out, "abcdefgh", 8);
	assert_int_equal(vsnd_ring_fill(&ring), 2);
	assert_int_equal(vsnd_ring_read(&ring, out, 16, 4), 0);
}

static void
it_goes_around_its_end(void **state)
{
	char in[3000], out[3000];
	(void)state;
	assert_int_equal(ring.size, 8192);
	for (int i = 0; i < 20; i++) {
		memset(in, i, sizeof(in));
		vsnd_ring_write(&ring, in, sizeof(in));
		assert_int_equal(vsnd_ring_read(&ring, out, sizeof(out), 1),
			sizeof(out));
		assert_memory_equal(in, out, sizeof(in));
	}
	assert_int_equal(vsnd_ring_passed(&ring), 60000);
}

static void
dropped_bytes_are_passed_but_keep_their_room(void **state)
{
	char out[16];
	(void)state;
	vsnd_ring_write(&ring, "abcdefgh", 8);
	vsnd_ring_drop(&ring, 4);
	assert_int_equal(vsnd_ring_passed(&ring), 4);
	assert_int_equal(vsnd_ring_fill(&ring), 4);
	assert_int_equal(vsnd_ring_room(&ring), ring.size - 8);
	assert_int_equal(vsnd_ring_read(&ring, out, 16, 1), 4);
	assert_memory_equal(out, "efgh", 4);
	assert_int_equal(vsnd_ring_room(&ring), ring.size);
}

static void
a_mark_is_never_moved_back_nor_beyond_what_is_there(void **state)
{
	(void)state;
	vsnd_ring_write(&ring, "abcdefgh", 8);
	vsnd_ring_drop(&ring, UINT64_MAX);
	assert_int_equal(vsnd_ring_passed(&ring), 8);
	vsnd_ring_drop(&ring, 4);
	assert_int_equal(vsnd_ring_passed(&ring), 8);
}

#define STREAMED (UINT64_C(1) << 22)	/* bytes */

static void *
write_all(void *data)
{
	uint8_t bytes[777];
	uint64_t done = 0;
	(void)data;
	while (done < STREAMED) {
		size_t n = vsnd_ring_room(&ring);
		n = n < sizeof(bytes) ? n : sizeof(bytes);
		for (size_t i = 0; i < n; i++) {
			bytes[i] = (uint8_t)((done + i) * 31 >> 3);
		}
		vsnd_ring_write(&ring, bytes, n);
		done += n;
		if (n == 0) {
			sched_yield();
		}
	}
	return NULL;
}

static void
two_threads_see_every_byte_in_order(void **state)
{
	uint8_t bytes[1000];
	uint64_t done = 0;
	pthread_t writer;
	(void)state;
	assert_int_equal(pthread_create(&writer, NULL, write_all, NULL), 0);
	while (done < STREAMED) {
		size_t n = vsnd_ring_read(&ring, bytes, sizeof(bytes), 1);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(bytes[i],
				(uint8_t)((done + i) * 31 >> 3));
		}
		done += n;
		if (n == 0) {
			sched_yield();
		}
	}
	pthread_join(writer, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_in_whole_units),
		TEST(it_goes_around_its_end),
		TEST(dropped_bytes_are_passed_but_keep_their_room),
		TEST(a_mark_is_never_moved_back_nor_beyond_what_is_there),
		TEST(two_threads_see_every_byte_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
