/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "vhost-user/message.h"

/* Decode with @fd_count descriptors that nobody may touch. */
static int
decode(uint32_t request, const void *payload, uint32_t size, size_t fd_count,
	struct vub_message *ret)
{
	static int fds[VUB_MEM_REGIONS_MAX];
	const struct vub_wire_header wire = {
		.request = request,
		.flags = VUB_WIRE_VERSION,
		.size = size,
	};
	return vub_message_decode(&wire, payload, fds, fd_count, ret);
}

static void
a_header_must_be_a_request_of_version_one(void **state)
{
	(void)state;
	const struct {
		uint32_t flags;
		uint32_t size;
		int expected;
	} cases[] = {
		{ 0x1, 0, 0 },
		{ 0x9, VUB_WIRE_PAYLOAD_MAX, 0 },
		{ 0x1, VUB_WIRE_PAYLOAD_MAX + 1, -EPROTO },
		{ 0x1, UINT32_MAX, -EPROTO },
		{ 0x0, 0, -EPROTO },
		{ 0x2, 0, -EPROTO },
		{ 0x5, 0, -EPROTO },
		{ 0x11, 0, -EPROTO },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vub_wire_header wire = {
			.request = VUB_GET_FEATURES,
			.flags = cases[i].flags,
			.size = cases[i].size,
		};
		assert_int_equal(vub_message_check_header(&wire),
			cases[i].expected);
	}
}

static void
a_payload_of_another_size_is_refused(void **state)
{
	(void)state;
	const uint8_t bytes[64] = { 0 };
	struct vub_message message;
	assert_int_equal(decode(VUB_GET_FEATURES, bytes, 0, 0, &message), 0);
	assert_int_equal(decode(VUB_GET_FEATURES, bytes, 8, 0, &message),
		-EPROTO);
	assert_int_equal(decode(VUB_SET_FEATURES, bytes, 8, 0, &message), 0);
	assert_int_equal(decode(VUB_SET_FEATURES, bytes, 0, 0, &message),
		-EPROTO);
	assert_int_equal(decode(VUB_SET_VRING_BASE, bytes, 7, 0, &message),
		-EPROTO);
	assert_int_equal(decode(VUB_SET_VRING_ADDR, bytes, 41, 0, &message),
		-EPROTO);
	assert_int_equal(decode(VUB_SET_MEM_TABLE, bytes, 4, 0, &message),
		-EPROTO);
}

static void
descriptors_are_counted(void **state)
{
	(void)state;
	uint64_t value = 3;
	struct vub_message message;
	assert_int_equal(decode(VUB_SET_VRING_KICK, &value, 8, 1, &message), 0);
	assert_int_equal(message.index, 3);
	assert_int_equal(message.fd_count, 1);
	assert_int_equal(decode(VUB_SET_VRING_KICK, &value, 8, 0, &message),
		-EPROTO);
	assert_int_equal(decode(VUB_SET_VRING_KICK, &value, 8, 2, &message),
		-EPROTO);
	value |= VUB_WIRE_VRING_NO_FD;
	assert_int_equal(decode(VUB_SET_VRING_CALL, &value, 8, 0, &message), 0);
	assert_int_equal(decode(VUB_SET_VRING_CALL, &value, 8, 1, &message),
		-EPROTO);
	value |= 0x200;
	assert_int_equal(decode(VUB_SET_VRING_ERR, &value, 8, 0, &message),
		-EINVAL);
	assert_int_equal(decode(VUB_GET_FEATURES, NULL, 0, 1, &message),
		-EPROTO);
	assert_int_equal(decode(VUB_SET_BACKEND_REQ_FD, NULL, 0, 1, &message),
		0);
	assert_int_equal(decode(VUB_SET_BACKEND_REQ_FD, NULL, 0, 0, &message),
		-EPROTO);
}

static void
a_ring_size_is_a_power_of_two_within_limits(void **state)
{
	(void)state;
	const struct {
		uint32_t num;
		int expected;
	} cases[] = {
		{ 0, -EINVAL }, { 1, 0 }, { 3, -EINVAL }, { 256, 0 },
		{ 1024, 0 }, { 2048, -EINVAL }, { UINT32_MAX, -EINVAL },
		{ 0x10001, -EINVAL }, { 0x80000000u, -EINVAL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vub_wire_vring_state wire = {
			.num = cases[i].num,
		};
		struct vub_message message;
		assert_int_equal(decode(VUB_SET_VRING_NUM, &wire, 8, 0,
			&message), cases[i].expected);
	}
}

static void
ring_addresses_are_aligned_and_never_logged(void **state)
{
	(void)state;
	struct vub_wire_vring_addr wire = {
		.index = 1, .desc = 16, .avail = 2, .used = 4,
	};
	struct vub_message message;
	assert_int_equal(decode(VUB_SET_VRING_ADDR, &wire, 40, 0, &message), 0);
	assert_int_equal(message.addr.avail, 2);
	assert_int_equal(message.addr.used, 4);
	wire.desc = 24;
	assert_int_equal(decode(VUB_SET_VRING_ADDR, &wire, 40, 0, &message),
		-EINVAL);
	wire.desc = 16;
	wire.avail = 3;
	assert_int_equal(decode(VUB_SET_VRING_ADDR, &wire, 40, 0, &message),
		-EINVAL);
	wire.avail = 2;
	wire.used = 6;
	assert_int_equal(decode(VUB_SET_VRING_ADDR, &wire, 40, 0, &message),
		-EINVAL);
	wire.used = 4;
	wire.flags = 1;
	assert_int_equal(decode(VUB_SET_VRING_ADDR, &wire, 40, 0, &message),
		-EINVAL);
}

struct table {
	uint32_t num_regions;
	uint32_t padding;
	struct vub_wire_mem_region regions[VUB_MEM_REGIONS_MAX + 1];
};

static uint32_t
table_size(uint32_t count)
{
	return (uint32_t)(sizeof(struct vub_wire_mem_table)
		+ count * sizeof(struct vub_wire_mem_region));
}

static void
a_memory_table_holds_what_it_says(void **state)
{
	(void)state;
	struct table wire = { .num_regions = 2 };
	for (size_t i = 0; i <= VUB_MEM_REGIONS_MAX; i++) {
		wire.regions[i].size = 4096;
	}
	struct vub_message message;
	assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire, table_size(2), 2,
		&message), 0);
	assert_int_equal(message.memory.count, 2);
	assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire, table_size(2), 1,
		&message), -EPROTO);
	assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire, table_size(3), 2,
		&message), -EPROTO);
	wire.num_regions = VUB_MEM_REGIONS_MAX;
	assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire,
		table_size(VUB_MEM_REGIONS_MAX), VUB_MEM_REGIONS_MAX,
		&message), 0);
	wire.num_regions = VUB_MEM_REGIONS_MAX + 1;
	assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire,
		table_size(VUB_MEM_REGIONS_MAX + 1), VUB_MEM_REGIONS_MAX,
		&message), -EPROTO);
}

static void
a_region_never_wraps(void **state)
{
	(void)state;
	const struct vub_wire_mem_region bad[] = {
		{ .size = 0 },
		{ .size = 4096, .guest_addr = UINT64_MAX - 4094 },
		{ .size = 4096, .user_addr = UINT64_MAX - 4094 },
		{ .size = 4096, .mmap_offset = UINT64_MAX - 4094 },
		{ .size = 4096, .mmap_offset = INT64_MAX - 4095 },
		{ .size = UINT64_MAX },
	};
	struct table wire = { .num_regions = 1 };
	struct vub_message message;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		wire.regions[0] = bad[i];
		assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire,
			table_size(1), 1, &message), -EINVAL);
	}
	wire.regions[0] = (struct vub_wire_mem_region) {
		.size = 4096,
		.guest_addr = UINT64_MAX - 4095,
		.user_addr = UINT64_MAX - 4095,
		.mmap_offset = INT64_MAX - 4096,
	};
	assert_int_equal(decode(VUB_SET_MEM_TABLE, &wire, table_size(1), 1,
		&message), 0);
}

static void
a_config_request_brings_as_many_bytes_as_it_asks_for(void **state)
{
	(void)state;
	uint8_t wire[sizeof(struct vub_wire_config) + 8] = { 0 };
	const struct vub_wire_config header = { .offset = 4, .size = 8 };
	memcpy(wire, &header, sizeof(header));
	struct vub_message message;
	assert_int_equal(decode(VUB_GET_CONFIG, wire, sizeof(wire), 0,
		&message), 0);
	assert_int_equal(message.config.offset, 4);
	assert_int_equal(message.config.len, 8);
	assert_int_equal(decode(VUB_GET_CONFIG, wire, sizeof(wire) - 1, 0,
		&message), -EPROTO);
	assert_int_equal(decode(VUB_GET_CONFIG, wire, 11, 0, &message),
		-EPROTO);
}

static void
unknown_requests_are_told_apart_not_refused(void **state)
{
	(void)state;
	const uint32_t unknown[] = {
		0, VUB_SET_LOG_BASE, VUB_ADD_MEM_REG, VUB_REM_MEM_REG, 45, 1000,
		UINT32_MAX,
	};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		struct vub_message message;
		assert_int_equal(decode(unknown[i], "12345678", 8, 1, &message),
			0);
		assert_false(message.known);
		assert_int_equal(message.fd_count, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_must_be_a_request_of_version_one),
		cmocka_unit_test(a_payload_of_another_size_is_refused),
		cmocka_unit_test(descriptors_are_counted),
		cmocka_unit_test(a_ring_size_is_a_power_of_two_within_limits),
		cmocka_unit_test(ring_addresses_are_aligned_and_never_logged),
		cmocka_unit_test(a_memory_table_holds_what_it_says),
		cmocka_unit_test(a_region_never_wraps),
		cmocka_unit_test(
			a_config_request_brings_as_many_bytes_as_it_asks_for),
		cmocka_unit_test(unknown_requests_are_told_apart_not_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
