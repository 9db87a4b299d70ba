/* SPDX-License-Identifier: MIT */
/* Memory: the same pages at both ends, whatever is in between. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance.h"

#define SIZE ((size_t)256 << 10)

static uint8_t *
map(int fd, size_t size)
{
	uint8_t *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		fd, 0);
	assert_true(bytes != MAP_FAILED);
	return bytes;
}

static void
both_ends_see_the_same_memory(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ours = provider->memory(SIZE);
	assert_true(ours >= 0);
	uint8_t *here = map(ours, SIZE);
	here[0] = 1;
	assert_int_equal(send_fds(pair.a, "m", &ours, 1, 0), 1);
	int theirs = expect_fd(pair.b, "m");
	uint8_t *there = map(theirs, SIZE);
	assert_int_equal(there[0], 1);
	there[SIZE - 1] = 2;
	assert_int_equal(here[SIZE - 1], 2);
	here[4096] = 3;
	assert_int_equal(there[4096], 3);
	munmap(here, SIZE);
	end(&ours);
	there[4097] = 4;
	assert_int_equal(there[4096], 3);
	munmap(there, SIZE);
	end(&theirs);
	pair_close(&pair);
}

static void
memory_sent_back_is_still_the_same(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ours = provider->memory(SIZE);
	assert_true(ours >= 0);
	uint8_t *here = map(ours, SIZE);
	assert_int_equal(send_fds(pair.a, "there", &ours, 1, 0), 5);
	int theirs = expect_fd(pair.b, "there");
	assert_int_equal(send_fds(pair.b, "back", &theirs, 1, 0), 4);
	int back = expect_fd(pair.a, "back");
	uint8_t *again = map(back, SIZE);
	again[77] = 78;
	assert_int_equal(here[77], 78);
	munmap(again, SIZE);
	munmap(here, SIZE);
	end(&back);
	end(&theirs);
	end(&ours);
	pair_close(&pair);
}

static void
a_duplicate_stands_for_the_same_memory(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int ours = provider->memory(SIZE);
	assert_true(ours >= 0);
	int copy = fcntl(ours, F_DUPFD_CLOEXEC, 0);
	assert_true(copy >= 0);
	uint8_t *here = map(ours, SIZE);
	assert_int_equal(send_fds(pair.a, "m", &copy, 1, 0), 1);
	end(&copy);
	int theirs = expect_fd(pair.b, "m");
	uint8_t *there = map(theirs, SIZE);
	here[5] = 6;
	assert_int_equal(there[5], 6);
	munmap(here, SIZE);
	munmap(there, SIZE);
	end(&theirs);
	end(&ours);
	pair_close(&pair);
}

static void
a_snapshot_arrives_whole_and_of_any_size(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 4095, 4096, 4097, 300001 };
	static uint8_t bytes[300001];
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = pattern(i);
	}
	struct pair pair = pair_open();
	for (size_t i = 0; i < COUNT(sizes); i++) {
		int fd = provider->snapshot(bytes, sizes[i]);
		assert_true(fd >= 0);
		assert_int_equal(send_fds(pair.a, "s", &fd, 1, 0), 1);
		end(&fd);
		int in = expect_fd(pair.b, "s");
		uint8_t *got = mmap(NULL, sizes[i], PROT_READ, MAP_PRIVATE,
			in, 0);
		assert_true(got != MAP_FAILED);
		assert_memory_equal(got, bytes, sizes[i]);
		munmap(got, sizes[i]);
		end(&in);
	}
	pair_close(&pair);
}

static void
many_pieces_come_and_go(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	for (int i = 0; i < 20; i++) {
		int ours = provider->memory(4096);
		assert_true(ours >= 0);
		uint8_t *here = map(ours, 4096);
		assert_int_equal(here[0], 0);
		here[0] = (uint8_t)(i + 1);
		assert_int_equal(send_fds(pair.a, "m", &ours, 1, 0), 1);
		munmap(here, 4096);
		end(&ours);
		int theirs = expect_fd(pair.b, "m");
		uint8_t *there = map(theirs, 4096);
		assert_int_equal(there[0], i + 1);
		munmap(there, 4096);
		end(&theirs);
	}
	pair_close(&pair);
}

const struct CMUnitTest memory_cases[] = {
	CASE(both_ends_see_the_same_memory),
	CASE(memory_sent_back_is_still_the_same),
	CASE(a_duplicate_stands_for_the_same_memory),
	CASE(a_snapshot_arrives_whole_and_of_any_size),
	CASE(many_pieces_come_and_go),
};
const size_t memory_case_count = COUNT(memory_cases);
