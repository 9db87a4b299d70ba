/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "util/fd.h"
#include "vhost-user/memory.h"

#define PAGE 4096u

static int
make_file(void)
{
	int fd = fd_memfd("memory", 4 * PAGE, 0);
	assert_true(fd >= 0);
	return fd;
}

static struct vub_memory *
table_over(int fd, const struct vub_mem_region *regions, size_t count,
	struct vub_memory *old)
{
	int fds[VUB_MEM_REGIONS_MAX] = { -1 };
	for (size_t i = 0; i < count; i++) {
		fds[i] = fd;
	}
	struct vub_memory *memory = NULL;
	assert_int_equal(vub_memory_create(regions, count, fds, old, &memory),
		0);
	return memory;
}

static void
a_range_over_neighbours_comes_in_pieces(void **state)
{
	(void)state;
	int fd = make_file();
	/* Out of order on purpose. */
	const struct vub_mem_region regions[] = {
		{ .guest_addr = 2 * PAGE, .size = PAGE, .mmap_offset = 0 },
		{ .guest_addr = PAGE, .size = PAGE, .mmap_offset = 2 * PAGE },
	};
	struct vub_memory *memory = table_over(fd, regions, 2, NULL);
	struct iovec iov[2];
	assert_int_equal(vub_memory_translate(memory, PAGE + 10, PAGE, iov, 2),
		2);
	assert_int_equal(iov[0].iov_len, PAGE - 10);
	assert_int_equal(iov[1].iov_len, 10);
	assert_int_equal(vub_memory_translate(memory, PAGE + 10, PAGE, iov, 1),
		-ENOBUFS);

	uint8_t *bytes = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	assert_true(bytes != MAP_FAILED);
	memcpy(bytes + 3 * PAGE - 2, "ab", 2);
	memcpy(bytes, "cd", 2);
	char out[4];
	assert_int_equal(vub_memory_read(memory, 2 * PAGE - 2, out, 4), 0);
	assert_memory_equal(out, "abcd", 4);
	munmap(bytes, 4 * PAGE);
	vub_memory_unref(memory);
	fd_close(&fd);
}

static void
what_is_not_all_guest_memory_is_refused(void **state)
{
	(void)state;
	int fd = make_file();
	const struct vub_mem_region regions[] = {
		{ .guest_addr = PAGE, .size = PAGE },
		{ .guest_addr = 3 * PAGE, .size = PAGE },
		{ .guest_addr = UINT64_MAX - PAGE + 1, .size = PAGE },
	};
	struct vub_memory *memory = table_over(fd, regions, 3, NULL);
	struct iovec iov[4];
	const struct {
		uint64_t addr;
		uint64_t len;
		int expected;
	} cases[] = {
		{ PAGE, PAGE, 1 },
		{ 2 * PAGE - 1, 1, 1 },
		{ 0, 1, -EFAULT },
		{ PAGE - 1, 2, -EFAULT },
		{ PAGE, PAGE + 1, -EFAULT },
		{ PAGE, UINT64_MAX, -EFAULT },
		{ 2 * PAGE, 1, -EFAULT },
		{ 4 * PAGE, 1, -EFAULT },
		{ UINT64_MAX, 1, 1 },
		{ UINT64_MAX, 2, -EFAULT },
		{ UINT64_MAX - 1, UINT64_MAX, -EFAULT },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(vub_memory_translate(memory, cases[i].addr,
			cases[i].len, iov, 4), cases[i].expected);
	}
	vub_memory_unref(memory);
	fd_close(&fd);
}

static void
an_empty_table_has_no_memory(void **state)
{
	(void)state;
	struct vub_memory *memory = table_over(-1, NULL, 0, NULL);
	struct iovec iov;
	assert_int_equal(vub_memory_translate(memory, 0, 1, &iov, 1), -EFAULT);
	assert_null(vub_memory_at_user(memory, 0, 1));
	vub_memory_unref(memory);
}

static void
regions_may_not_overlap_nor_reach_past_their_file(void **state)
{
	(void)state;
	int fd = make_file();
	struct vub_memory *memory = NULL;
	const struct vub_mem_region overlap[] = {
		{ .guest_addr = 0, .size = 2 * PAGE },
		{ .guest_addr = PAGE, .size = PAGE },
	};
	assert_int_equal(vub_memory_create(overlap, 2, (int[]){ fd, fd }, NULL,
		&memory), -EINVAL);
	const struct vub_mem_region beyond[] = {
		{ .size = PAGE, .mmap_offset = 3 * PAGE + 1 },
	};
	assert_int_equal(vub_memory_create(beyond, 1, &fd, NULL, &memory),
		-EINVAL);
	const struct vub_mem_region huge[] = {
		{ .size = INT64_MAX },
	};
	assert_int_equal(vub_memory_create(huge, 1, &fd, NULL, &memory),
		-EINVAL);
	assert_null(memory);
	fd_close(&fd);
}

static void
memory_that_stays_keeps_its_address(void **state)
{
	(void)state;
	int fd = make_file();
	struct vub_mem_region regions[] = {
		{ .guest_addr = PAGE, .user_addr = 0x10000, .size = PAGE },
		{ .guest_addr = 9 * PAGE, .user_addr = 0x20000, .size = PAGE,
			.mmap_offset = PAGE },
	};
	struct vub_memory *one = table_over(fd, regions, 1, NULL);
	void *before = vub_memory_at_user(one, 0x10000, PAGE);
	assert_non_null(before);

	/* It moves in the guest, and a second region comes along. */
	regions[0].guest_addr = 5 * PAGE;
	struct vub_memory *two = table_over(fd, regions, 2, one);
	vub_memory_unref(one);
	assert_ptr_equal(vub_memory_at_user(two, 0x10000, PAGE), before);
	struct iovec iov;
	assert_int_equal(vub_memory_translate(two, 5 * PAGE, 1, &iov, 1), 1);
	assert_ptr_equal(iov.iov_base, before);
	*(volatile char *)before = 1;
	vub_memory_unref(two);
	fd_close(&fd);
}

static void
a_ring_must_lie_in_one_region(void **state)
{
	(void)state;
	int fd = make_file();
	const struct vub_mem_region regions[] = {
		{ .guest_addr = 0, .user_addr = 0x10000, .size = PAGE },
		{ .guest_addr = PAGE, .user_addr = 0x10000 + PAGE,
			.size = PAGE, .mmap_offset = 2 * PAGE },
	};
	struct vub_memory *memory = table_over(fd, regions, 2, NULL);
	assert_non_null(vub_memory_at_user(memory, 0x10000 + PAGE, PAGE));
	assert_null(vub_memory_at_user(memory, 0x10000 + PAGE - 1, 2));
	assert_null(vub_memory_at_user(memory, 0x10000 - 1, 2));
	assert_null(vub_memory_at_user(memory, 0x10000, SIZE_MAX));
	vub_memory_unref(memory);
	fd_close(&fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_over_neighbours_comes_in_pieces),
		cmocka_unit_test(what_is_not_all_guest_memory_is_refused),
		cmocka_unit_test(an_empty_table_has_no_memory),
		cmocka_unit_test(regions_may_not_overlap_nor_reach_past_their_file),
		cmocka_unit_test(memory_that_stays_keeps_its_address),
		cmocka_unit_test(a_ring_must_lie_in_one_region),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
