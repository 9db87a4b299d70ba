/* SPDX-License-Identifier: MIT */
/* What is copied of a file that is sent, and of which not even a byte is read.
 * fstatfs() is ours, so that a file can be of any file system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "carrier.h"
#include "util/fd.h"

static long file_system = TMPFS_MAGIC;

int
fstatfs(int fd, struct statfs *ret)
{
	(void)fd;
	*ret = (struct statfs){ .f_type = file_system };
	return 0;
}

static int
file_with(const char *text)
{
	int fd = fd_memfd("file", strlen(text), 0);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), 0), strlen(text));
	return fd;
}

static void
a_file_is_copied_as_it_is(void **state)
{
	(void)state;
	int fd = file_with("keymap");
	struct vwl_file_view view;
	assert_int_equal(vwl_file_view(fd, &view), 0);
	assert_int_equal(pwrite(fd, "KEYMAP", 6, 0), 6);
	assert_int_equal(view.size, 6);
	assert_memory_equal(view.data, "keymap", 6);
	vwl_file_view_close(&view);
	fd_close(&fd);
}

static void
what_is_no_file_or_empty_or_too_large_is_not(void **state)
{
	(void)state;
	struct vwl_file_view view;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(vwl_file_view(ends[0], &view), -EINVAL);
	fd_close_all(ends, 2);
	int fd = fd_memfd("empty", 0, 0);
	assert_int_equal(vwl_file_view(fd, &view), -EINVAL);
	fd_close(&fd);
	fd = fd_memfd("large", VWL_SNAPSHOT_MAX + 1, 0);
	assert_int_equal(vwl_file_view(fd, &view), -EFBIG);
	fd_close(&fd);
}

static void
a_file_whose_file_system_may_stall_is_not(void **state)
{
	(void)state;
	static const long stalling[] = {
		FUSE_SUPER_MAGIC, NFS_SUPER_MAGIC, V9FS_MAGIC,
		PROC_SUPER_MAGIC,
	};
	int fd = file_with("keymap");
	for (size_t i = 0; i < sizeof(stalling) / sizeof(stalling[0]); i++) {
		struct vwl_file_view view;
		file_system = stalling[i];
		assert_int_equal(vwl_file_view(fd, &view), -EINVAL);
	}
	file_system = TMPFS_MAGIC;
	fd_close(&fd);
}

/* A program's own way to the same: the carrier has no say in it. */
static void
nor_is_it_relayed(void **state)
{
	(void)state;
	struct vwl_relay *relay = vwl_relay_create(NULL);
	assert_non_null(relay);
	file_system = FUSE_SUPER_MAGIC;
	assert_int_equal(vwl_relay_import(relay, file_with("keymap")), -1);
	assert_int_equal(errno, EINVAL);
	int fd = open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(vwl_relay_import(relay, fd), -1);
	assert_int_equal(errno, EINVAL);
	file_system = TMPFS_MAGIC;
	vwl_relay_destroy(relay);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_copied_as_it_is),
		cmocka_unit_test(what_is_no_file_or_empty_or_too_large_is_not),
		cmocka_unit_test(a_file_whose_file_system_may_stall_is_not),
		cmocka_unit_test(nor_is_it_relayed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
