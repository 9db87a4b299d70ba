/* SPDX-License-Identifier: MIT */
/* The pool over a carrier whose memory is plain memfds. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "carrier.h"
#include "util/fd.h"

#define MIB ((size_t)1 << 20)

static size_t budget;
static unsigned pieces;

static int
fake_memory(struct vwl_device *device, uint32_t size)
{
	(void)device;
	if (size > budget) {
		return -EDQUOT;
	}
	budget -= size;
	pieces++;
	return fd_memfd("piece", size, F_SEAL_SHRINK | F_SEAL_GROW);
}

static const struct vwl_carrier fake_carrier = { .memory = fake_memory };
static struct vwl_device fake_device = { &fake_carrier };

static struct vwl_pool *
pool_with(size_t budget_bytes)
{
	budget = budget_bytes;
	pieces = 0;
	struct vwl_pool *pool = vwl_pool_create(&fake_device);
	assert_non_null(pool);
	return pool;
}

static size_t
resident_bytes(int fd)
{
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	return (size_t)st.st_blocks * 512;
}

static void
buffers_are_page_aligned_and_do_not_overlap(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(1024 * MIB);
	struct vwl_buffer buffers[20];
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(vwl_pool_alloc(pool, 5000 + i, &buffers[i]),
			0);
		assert_int_equal(buffers[i].offset % 4096, 0);
		assert_int_equal(buffers[i].size, 5000 + i);
		assert_int_equal(buffers[i].piece_size, 64 * MIB);
		memset(buffers[i].data, (int)i + 1, buffers[i].size);
	}
	for (size_t i = 0; i < 20; i++) {
		const uint8_t *bytes = buffers[i].data;
		assert_int_equal(bytes[0], i + 1);
		assert_int_equal(bytes[buffers[i].size - 1], i + 1);
		uint8_t through_file;
		assert_int_equal(pread(buffers[i].fd, &through_file, 1,
			(off_t)buffers[i].offset), 1);
		assert_int_equal(through_file, i + 1);
	}
	assert_int_equal(pieces, 1);
	vwl_pool_destroy(pool);
}

static void
a_freed_buffer_comes_back_warm(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(1024 * MIB);
	struct vwl_buffer first;
	struct vwl_buffer second;
	assert_int_equal(vwl_pool_alloc(pool, 8 * MIB, &first), 0);
	memset(first.data, 1, first.size);
	size_t before = resident_bytes(first.fd);
	vwl_pool_free(pool, &first);
	assert_int_equal(resident_bytes(first.fd), before);
	assert_int_equal(vwl_pool_alloc(pool, 8 * MIB, &second), 0);
	assert_int_equal(second.offset, first.offset);
	vwl_pool_destroy(pool);
}

static void
what_the_cache_lets_go_returns_to_the_host(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(1024 * MIB);
	struct vwl_buffer big;
	struct vwl_buffer small[8];
	assert_int_equal(vwl_pool_alloc(pool, 4 * MIB, &big), 0);
	memset(big.data, 1, big.size);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(vwl_pool_alloc(pool, 4096, &small[i]), 0);
	}
	vwl_pool_free(pool, &big);
	size_t before = resident_bytes(big.fd);
	for (size_t i = 0; i < 8; i++) {
		vwl_pool_free(pool, &small[i]);
	}
	assert_true(resident_bytes(big.fd) <= before - 4 * MIB);
	vwl_pool_destroy(pool);
}

static void
pieces_double_and_a_large_buffer_gets_its_own(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(4096 * MIB);
	struct vwl_buffer buffer;
	assert_int_equal(vwl_pool_alloc(pool, 60 * MIB, &buffer), 0);
	assert_int_equal(buffer.piece_size, 64 * MIB);
	assert_int_equal(vwl_pool_alloc(pool, 60 * MIB, &buffer), 0);
	assert_int_equal(buffer.piece_size, 64 * MIB);
	assert_int_equal(vwl_pool_alloc(pool, 60 * MIB, &buffer), 0);
	assert_int_equal(buffer.piece_size, 128 * MIB);
	assert_int_equal(vwl_pool_alloc(pool, 700 * MIB, &buffer), 0);
	assert_int_equal(buffer.piece_size, 700 * MIB);
	vwl_pool_destroy(pool);
}

static void
a_small_budget_gives_a_smaller_piece(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(20 * MIB);
	struct vwl_buffer buffer;
	assert_int_equal(vwl_pool_alloc(pool, MIB, &buffer), 0);
	assert_int_equal(buffer.piece_size, 16 * MIB);
	assert_int_equal(vwl_pool_alloc(pool, 18 * MIB, &buffer), -1);
	assert_int_equal(errno, EDQUOT);
	vwl_pool_destroy(pool);
}

static void
what_rests_in_the_cache_serves_other_sizes_too(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(64 * MIB);
	struct vwl_buffer buffer;
	assert_int_equal(vwl_pool_alloc(pool, 40 * MIB, &buffer), 0);
	vwl_pool_free(pool, &buffer);
	assert_int_equal(vwl_pool_alloc(pool, 50 * MIB, &buffer), 0);
	assert_int_equal(buffer.offset, 0);
	assert_int_equal(pieces, 1);
	vwl_pool_destroy(pool);
}

static void
nothing_and_too_much_are_refused(void **state)
{
	(void)state;
	struct vwl_pool *pool = pool_with(64 * MIB);
	struct vwl_buffer buffer;
	assert_int_equal(vwl_pool_alloc(pool, 0, &buffer), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(vwl_pool_alloc(pool, SIZE_MAX, &buffer), -1);
	assert_int_equal(errno, EINVAL);
	vwl_pool_destroy(pool);
	vwl_pool_destroy(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_are_page_aligned_and_do_not_overlap),
		cmocka_unit_test(a_freed_buffer_comes_back_warm),
		cmocka_unit_test(what_the_cache_lets_go_returns_to_the_host),
		cmocka_unit_test(pieces_double_and_a_large_buffer_gets_its_own),
		cmocka_unit_test(a_small_budget_gives_a_smaller_piece),
		cmocka_unit_test(what_rests_in_the_cache_serves_other_sizes_too),
		cmocka_unit_test(nothing_and_too_much_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
