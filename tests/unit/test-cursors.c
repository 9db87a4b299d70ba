/* SPDX-License-Identifier: MIT */
/* reader.c and writer.c, over elements in plain memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <vhost-user/backend.h>

#include "vhost-user/element.h"

static struct iovec
piece(char *bytes, size_t len)
{
	return (struct iovec) { .iov_base = bytes, .iov_len = len };
}

static void
reading_crosses_segments_and_each_byte_comes_once(void **state)
{
	(void)state;
	char a[] = "abc", b[] = "de", c[] = "fgh";
	struct iovec iov[] = { piece(a, 3), piece(b, 2), piece(c, 3) };
	struct vub_element element = {
		.iov = iov, .readable_count = 3, .readable_bytes = 8,
	};
	struct vub_reader reader = vub_element_reader(&element);
	char out[9] = "";
	assert_int_equal(vub_reader_copy(&reader, out, 4), 0);
	assert_int_equal(vub_reader_copy(&reader, out + 4, 0), 0);
	assert_int_equal(vub_reader_copy(&reader, out + 4, 4), 0);
	assert_string_equal(out, "abcdefgh");
	assert_int_equal(reader.left, 0);
	assert_int_equal(vub_reader_copy(&reader, out, 0), 0);
}

static void
a_short_element_is_a_protocol_error_and_takes_nothing(void **state)
{
	(void)state;
	char a[] = "abc", b[] = "de";
	struct iovec iov[] = { piece(a, 3), piece(b, 2) };
	struct vub_element element = {
		.iov = iov, .readable_count = 2, .readable_bytes = 5,
	};
	struct vub_reader reader = vub_element_reader(&element);
	char out[6];
	assert_int_equal(vub_reader_copy(&reader, out, 6), -EPROTO);
	assert_int_equal(reader.left, 5);
	assert_int_equal(vub_reader_copy(&reader, out, 5), 0);
	assert_memory_equal(out, "abcde", 5);
}

static void
writing_begins_behind_the_readable_part(void **state)
{
	(void)state;
	char in[] = "in", a[3] = "", b[3] = "";
	struct iovec iov[] = { piece(in, 2), piece(a, 3), piece(b, 3) };
	struct vub_element element = {
		.iov = iov, .readable_count = 1, .readable_bytes = 2,
		.writable_count = 2, .writable_bytes = 6,
	};
	struct vub_writer writer = vub_element_writer(&element);
	assert_int_equal(vub_writer_copy(&writer, "12345", 5), 0);
	assert_int_equal(writer.written, 5);
	assert_memory_equal(in, "in", 2);
	assert_memory_equal(a, "123", 3);
	assert_memory_equal(b, "45", 3);
}

static void
what_does_not_fit_is_not_begun(void **state)
{
	(void)state;
	char a[2] = "", b[1] = "";
	struct iovec iov[] = { piece(a, 2), piece(b, 1) };
	struct vub_element element = {
		.iov = iov, .writable_count = 2, .writable_bytes = 3,
	};
	struct vub_writer writer = vub_element_writer(&element);
	assert_int_equal(vub_writer_copy(&writer, "1234", 4), -ENOSPC);
	assert_int_equal(writer.written, 0);
	assert_int_equal(a[0], 0);
	assert_int_equal(vub_writer_copy(&writer, "123", 3), 0);
	assert_int_equal(vub_writer_copy(&writer, "4", 1), -ENOSPC);
	assert_int_equal(vub_writer_copy(&writer, "", 0), 0);
}

static void
a_header_can_be_left_out_and_filled_in_later(void **state)
{
	(void)state;
	char a[3] = "", b[2] = "", c[4] = "";
	struct iovec iov[] = { piece(a, 3), piece(b, 2), piece(c, 4) };
	struct vub_element element = {
		.iov = iov, .writable_count = 3, .writable_bytes = 9,
	};
	struct vub_writer writer = vub_element_writer(&element);
	struct iovec out[4];

	assert_int_equal(vub_writer_iov(&writer, 4, 3, out, 4), 2);
	assert_ptr_equal(out[0].iov_base, b + 1);
	assert_int_equal(out[0].iov_len, 1);
	assert_ptr_equal(out[1].iov_base, c);
	assert_int_equal(out[1].iov_len, 2);
	assert_int_equal(vub_writer_iov(&writer, 4, 3, out, 1), 1);
	assert_int_equal(vub_writer_iov(&writer, 9, 1, out, 4), 0);

	memcpy(out[0].iov_base, "x", 1);
	assert_int_equal(vub_writer_copy(&writer, "head", 4), 0);
	vub_writer_advance(&writer, 3);
	assert_int_equal(writer.written, 7);
	assert_int_equal(vub_writer_iov(&writer, 0, SIZE_MAX, out, 4), 1);
	assert_ptr_equal(out[0].iov_base, c + 2);
	assert_int_equal(out[0].iov_len, 2);
	assert_memory_equal(b, "dx", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_crosses_segments_and_each_byte_comes_once),
		cmocka_unit_test(
			a_short_element_is_a_protocol_error_and_takes_nothing),
		cmocka_unit_test(writing_begins_behind_the_readable_part),
		cmocka_unit_test(what_does_not_fit_is_not_begun),
		cmocka_unit_test(a_header_can_be_left_out_and_filled_in_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
