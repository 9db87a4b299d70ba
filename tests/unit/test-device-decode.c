/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <vhost-user/backend.h>

#include "virtio-wl/device/wl/decode.h"

/* Decode @size bytes that lie in two pieces, cut at @cut. */
static int
decode_cut(const void *bytes, size_t size, size_t cut,
	struct vwl_wl_command *ret, size_t *ret_left)
{
	struct iovec iov[2] = {
		{ .iov_base = (void *)bytes, .iov_len = cut },
		{ .iov_base = (char *)bytes + cut, .iov_len = size - cut },
	};
	struct vub_reader reader = {
		.iov = cut == 0 ? iov + 1 : iov,
		.iov_left = cut == 0 ? 1 : 2,
		.left = size,
	};
	int r = vwl_wl_decode(&reader, ret);
	*ret_left = reader.left;
	return r;
}

static int
decode(const void *bytes, size_t size, struct vwl_wl_command *ret)
{
	size_t left;
	return decode_cut(bytes, size, 0, ret, &left);
}

static void
a_new_may_be_as_short_as_drivers_of_old_send_it(void **state)
{
	(void)state;
	struct virtio_wl_wire_new wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_NEW),
		.vfd_id = htole32(7),
		.size = htole32(8192),
	};
	struct vwl_wl_command command;
	for (size_t size = VIRTIO_WL_NEW_SIZE_MIN; size <= sizeof(wire);
			size++) {
		assert_int_equal(decode(&wire, size, &command), 0);
		assert_int_equal(command.op, VWL_WL_NEW);
		assert_int_equal(command.id, 7);
		assert_int_equal(command.new.size, 8192);
	}
	assert_int_equal(decode(&wire, VIRTIO_WL_NEW_SIZE_MIN - 1, &command),
		-EPROTO);
}

static void
a_name_of_all_its_bytes_ends_and_others_have_none(void **state)
{
	(void)state;
	struct virtio_wl_wire_new wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED),
		.vfd_id = htole32(1),
	};
	memset(wire.name, 'n', sizeof(wire.unused));
	struct vwl_wl_command command;
	assert_int_equal(decode(&wire, sizeof(wire), &command), 0);
	assert_int_equal(command.op, VWL_WL_NEW_CTX);
	assert_int_equal(strlen(command.new.name), VIRTIO_WL_NAME_MAX);
	wire.hdr.type = htole32(VIRTIO_WL_CMD_VFD_NEW_CTX);
	assert_int_equal(decode(&wire, sizeof(wire), &command), 0);
	assert_string_equal(command.new.name, "");
}

static void
the_data_of_a_send_is_what_is_left_wherever_it_is_cut(void **state)
{
	(void)state;
	struct {
		struct virtio_wl_wire_msg msg;
		__le32 ids[2];
		char data[5];
	} wire = {
		.msg.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SEND),
		.msg.vfd_id = htole32(3),
		.msg.vfd_count = htole32(2),
		.ids = { htole32(9), htole32(0x40000001) },
		.data = "data",
	};
	const size_t size = offsetof(__typeof__(wire), data) + 5;
	for (size_t cut = 0; cut < size; cut++) {
		struct vwl_wl_command command;
		size_t left;
		assert_int_equal(decode_cut(&wire, size, cut, &command, &left),
			0);
		assert_int_equal(command.send.vfd_count, 2);
		assert_int_equal(command.send.vfds[0], 9);
		assert_int_equal(command.send.vfds[1], 0x40000001);
		assert_int_equal(command.send.data_len, 5);
		assert_int_equal(left, 5);
	}
}

static void
a_send_holds_no_more_than_it_may(void **state)
{
	(void)state;
	static struct {
		struct virtio_wl_wire_msg msg;
		char rest[VIRTIO_WL_SEND_MAX + 512];
	} wire;
	struct vwl_wl_command command;
	const size_t head = sizeof(wire.msg);
	wire.msg.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SEND);
	assert_int_equal(decode(&wire, head + VIRTIO_WL_SEND_MAX, &command),
		0);
	assert_int_equal(decode(&wire, head + VIRTIO_WL_SEND_MAX + 1,
		&command), -ENOTTY);
	wire.msg.vfd_count = htole32(VIRTIO_WL_VFDS_MAX);
	assert_int_equal(decode(&wire, head + 28 * 4 + 1, &command), 0);
	assert_int_equal(decode(&wire, head + 28 * 4, &command), -ENOTTY);
	assert_int_equal(decode(&wire, head + 28 * 4 - 1, &command), -EPROTO);
	wire.msg.vfd_count = htole32(VIRTIO_WL_VFDS_MAX + 1);
	assert_int_equal(decode(&wire, sizeof(wire), &command), -ENOTTY);
	wire.msg.vfd_count = UINT32_MAX;
	assert_int_equal(decode(&wire, sizeof(wire), &command), -ENOTTY);
}

static void
a_trim_is_of_whole_pages_and_not_of_none(void **state)
{
	(void)state;
	static const struct {
		uint64_t offset, length;
		uint32_t reserved;
		int r;
	} trims[] = {
		{ 0, 4096, 0, 0 }, { 1u << 31, 1u << 30, 0, 0 },
		{ 0, 0, 0, -EPROTO }, { 1, 4096, 0, -EPROTO },
		{ 4096, 4095, 0, -EPROTO }, { 0, 4096, 1, -EPROTO },
	};
	for (size_t i = 0; i < sizeof(trims) / sizeof(trims[0]); i++) {
		struct virtio_wl_wire_trim wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_TRIM),
			.vfd_id = htole32(1),
			.reserved = htole32(trims[i].reserved),
			.offset = htole64(trims[i].offset),
			.length = htole64(trims[i].length),
		};
		struct vwl_wl_command command;
		assert_int_equal(decode(&wire, sizeof(wire), &command),
			trims[i].r);
		if (trims[i].r == 0) {
			assert_int_equal(command.trim.offset, trims[i].offset);
			assert_int_equal(command.trim.length, trims[i].length);
		}
	}
}

static void
nothing_is_written_on_failure(void **state)
{
	(void)state;
	uint32_t wire[16] = { htole32(VIRTIO_WL_CMD_VFD_SHUTDOWN), 0, 1 };
	struct vwl_wl_command command, before;
	memset(&command, 0xa5, sizeof(command));
	before = command;
	assert_int_equal(decode(wire, sizeof(wire), &command), -EPROTO);
	wire[0] = htole32(VIRTIO_WL_CMD_VFD_NEW_DMABUF);
	assert_int_equal(decode(wire, sizeof(wire), &command), -ENOTTY);
	assert_memory_equal(&command, &before, sizeof(command));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_new_may_be_as_short_as_drivers_of_old_send_it),
		cmocka_unit_test(
			a_name_of_all_its_bytes_ends_and_others_have_none),
		cmocka_unit_test(
			the_data_of_a_send_is_what_is_left_wherever_it_is_cut),
		cmocka_unit_test(a_send_holds_no_more_than_it_may),
		cmocka_unit_test(a_trim_is_of_whole_pages_and_not_of_none),
		cmocka_unit_test(nothing_is_written_on_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
