/* SPDX-License-Identifier: MIT */
/*
 * Commands that lie, against a real wlbridge-wl. Each costs itself: it is
 * answered with an error, and the device serves the next one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wl-fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OK		VIRTIO_WL_RESP_OK
#define NEW_OK		VIRTIO_WL_RESP_VFD_NEW
#define ERR		VIRTIO_WL_RESP_ERR
#define INVALID_ID	VIRTIO_WL_RESP_INVALID_ID
#define INVALID_TYPE	VIRTIO_WL_RESP_INVALID_TYPE
#define INVALID_FLAGS	VIRTIO_WL_RESP_INVALID_FLAGS
#define INVALID_CMD	VIRTIO_WL_RESP_INVALID_CMD

static const uint64_t feature_sets[] = {
	WL_FEATURES_BASE, WL_FEATURES_FULL,
	WL_FEATURES_BASE | WL_FEATURE(VIRTIO_WL_F_TRUE_FLAGS),
};

static const uint32_t commands[] = {
	VIRTIO_WL_CMD_VFD_NEW, VIRTIO_WL_CMD_VFD_CLOSE,
	VIRTIO_WL_CMD_VFD_SEND, VIRTIO_WL_CMD_VFD_NEW_CTX,
	VIRTIO_WL_CMD_VFD_NEW_PIPE, VIRTIO_WL_CMD_VFD_NEW_DMABUF,
	VIRTIO_WL_CMD_VFD_DMABUF_SYNC, VIRTIO_WL_CMD_VFD_SEND_FOREIGN_ID,
	VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED, VIRTIO_WL_CMD_VFD_NEW_LISTENER,
	VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, VIRTIO_WL_CMD_VFD_SHUTDOWN,
	VIRTIO_WL_CMD_VFD_CREDIT, VIRTIO_WL_CMD_VFD_GET_PEER,
	VIRTIO_WL_CMD_VFD_TRIM,
};

/* Those that make a VFD where everything is negotiated. */
static const uint32_t makers[] = {
	VIRTIO_WL_CMD_VFD_NEW, VIRTIO_WL_CMD_VFD_NEW_CTX,
	VIRTIO_WL_CMD_VFD_NEW_PIPE, VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED,
	VIRTIO_WL_CMD_VFD_NEW_LISTENER, VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT,
};

static uint32_t
raw(const void *bytes, size_t size)
{
	uint32_t answer[WL_GUEST_ANSWER_MAX / 4] = { 0 };
	size_t written = wl_guest_command(&guest, bytes, size, answer,
		sizeof(answer));
	assert_true(written >= 4);
	return answer[0];
}

static uint32_t
make(uint32_t type, uint32_t id)
{
	return wl_guest_new(&guest, type, id,
		type == VIRTIO_WL_CMD_VFD_NEW_PIPE ? VIRTIO_WL_VFD_WRITE : 0,
		type == VIRTIO_WL_CMD_VFD_NEW
			|| type == VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT ? 4096 : 0,
		NULL, NULL);
}

static void
every_command_cut_short_costs_itself_only(void **state)
{
	(void)state;
	static const uint8_t fills[] = { 0x00, 0x01, 0xff };
	for (size_t f = 0; f < COUNT(feature_sets); f++) {
		wl_guest_connect(&guest, process.device_path, feature_sets[f]);
		for (size_t i = 0; i < COUNT(commands); i++) {
			for (size_t size = 0; size <= 80; size++) {
				uint8_t bytes[80];
				memset(bytes, fills[size % 3], sizeof(bytes));
				memset(bytes, 0, 8);
				memcpy(bytes, &commands[i], 4);
				uint32_t type = raw(bytes, size);
				if (size < 12) {
					assert_true(type == ERR
						|| type == INVALID_CMD);
				}
			}
			drop_connections();
		}
		wl_guest_check(&guest);
		wl_guest_disconnect(&guest);
	}
}

static void
commands_that_are_none_are_invalid(void **state)
{
	(void)state;
	static const uint32_t none[] = {
		0, 1, 0xff, VIRTIO_WL_CMD_VFD_RECV, VIRTIO_WL_CMD_VFD_HUP,
		VIRTIO_WL_CMD_VFD_NEW_DMABUF, VIRTIO_WL_CMD_VFD_DMABUF_SYNC,
		VIRTIO_WL_CMD_VFD_SEND_FOREIGN_ID, 0x10b, 0x17f, 0x186,
		VIRTIO_WL_RESP_OK, VIRTIO_WL_RESP_VFD_NEW, 0x80000100u,
		UINT32_MAX,
	};
	for (size_t f = 0; f < COUNT(feature_sets); f++) {
		wl_guest_connect(&guest, process.device_path, feature_sets[f]);
		for (size_t i = 0; i < COUNT(none); i++) {
			uint32_t bytes[16] = { none[i], 0, 1 };
			assert_int_equal(raw(bytes, sizeof(bytes)),
				INVALID_CMD);
			/* Without an id it cannot even be that. */
			uint32_t type = raw(bytes, 8);
			assert_true(type == INVALID_CMD || type == ERR);
		}
		wl_guest_check(&guest);
		wl_guest_disconnect(&guest);
	}
}

static void
commands_of_features_not_negotiated_are_invalid(void **state)
{
	(void)state;
	static const struct {
		uint32_t command;
		uint32_t argument;	/* behind the id */
		uint64_t enough;
	} needs[] = {
		{ VIRTIO_WL_CMD_VFD_NEW_LISTENER, 0,
			WL_FEATURE(VIRTIO_WL_F_SOCKETS)
			| WL_FEATURE(VIRTIO_WL_F_WINDOWS)
			| WL_FEATURE(VIRTIO_WL_F_LISTEN) },
		{ VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, 0,
			WL_FEATURE(VIRTIO_WL_F_MEMORY) },
		{ VIRTIO_WL_CMD_VFD_SHUTDOWN, 1,
			WL_FEATURE(VIRTIO_WL_F_HALF_CLOSE) },
		{ VIRTIO_WL_CMD_VFD_CREDIT, 1, WL_FEATURE(VIRTIO_WL_F_WINDOWS) },
		{ VIRTIO_WL_CMD_VFD_GET_PEER, 0, WL_FEATURE(VIRTIO_WL_F_PEER) },
		{ VIRTIO_WL_CMD_VFD_TRIM, 0, WL_FEATURE(VIRTIO_WL_F_MEMORY) },
	};
	uint64_t true_flags = WL_FEATURE(VIRTIO_WL_F_TRUE_FLAGS);
	for (size_t i = 0; i < COUNT(needs); i++) {
		uint64_t all = needs[i].enough | true_flags;
		/* Every subset of what it needs, but the whole. */
		for (uint64_t part = all;; part = (part - 1) & all) {
			wl_guest_connect(&guest, process.device_path,
				WL_FEATURES_BASE | part);
			uint32_t bytes[16] = { needs[i].command, 0, 1 };
			bytes[3] = needs[i].argument;
			bytes[6] = 4096;	/* a size, or a length */
			uint32_t answer = raw(bytes, sizeof(bytes));
			if (part == all) {
				assert_int_not_equal(answer, INVALID_CMD);
			} else {
				assert_int_equal(answer, INVALID_CMD);
			}
			wl_guest_disconnect(&guest);
			if (part == 0) {
				break;
			}
		}
	}
}

static void
without_shared_memory_every_command_is_an_error(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path,
		WL_FEATURES_FULL & ~WL_FEATURE(VIRTIO_WL_F_USE_SHMEM));
	for (size_t i = 0; i < COUNT(commands); i++) {
		uint32_t bytes[16] = { commands[i], 0, 1 };
		assert_int_equal(raw(bytes, sizeof(bytes)), ERR);
	}
	wl_guest_disconnect(&guest);
}

static void
ids_that_are_not_the_guests_are_invalid(void **state)
{
	(void)state;
	static const uint32_t ids[] = {
		0, VIRTIO_WL_GUEST_ID_MAX + 1, 0x10000, VIRTIO_WL_HOST_ID_MIN,
		VIRTIO_WL_HOST_ID_MIN + 1, VIRTIO_WL_HOST_ID_MAX, 0x80000000u,
		UINT32_MAX,
	};
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	for (size_t i = 0; i < COUNT(makers); i++) {
		for (size_t k = 0; k < COUNT(ids); k++) {
			assert_int_equal(make(makers[i], ids[k]),
				INVALID_ID);
		}
	}
	for (size_t k = 0; k < COUNT(ids); k++) {
		assert_int_equal(wl_guest_close(&guest, ids[k]), INVALID_ID);
		assert_int_equal(wl_guest_send(&guest, ids[k], NULL, 0, "x",
			1), INVALID_ID);
		assert_int_equal(wl_guest_credit(&guest, ids[k], 1),
			INVALID_ID);
		assert_int_equal(wl_guest_shutdown(&guest, ids[k],
			VIRTIO_WL_SHUT_SEND), INVALID_ID);
	}
	drop_connections();
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
an_id_in_use_is_invalid_whatever_has_it(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	for (size_t i = 0; i < COUNT(makers); i++) {
		assert_int_equal(make(makers[i], 7), NEW_OK);
		for (size_t k = 0; k < COUNT(makers); k++) {
			assert_int_equal(make(makers[k], 7),
				INVALID_ID);
		}
		assert_int_equal(wl_guest_close(&guest, 7), OK);
		assert_int_equal(wl_guest_close(&guest, 7), INVALID_ID);
		drop_connections();
	}
	wl_guest_disconnect(&guest);
}

static void
sizes_and_flags_out_of_range_are_refused(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW, 1, 0, 0,
		NULL, NULL), INVALID_TYPE);
	static const uint32_t flags[] = { 1, 2, 0x20, 0x80000000u, UINT32_MAX };
	for (size_t i = 0; i < COUNT(flags); i++) {
		assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW, 1,
			flags[i], 4096, NULL, NULL), INVALID_FLAGS);
	}
	static const uint32_t pipe_flags[] = { 0, 4, 0x10, 0x11, 0x20, 0x83 };
	for (size_t i = 0; i < COUNT(pipe_flags); i++) {
		assert_int_equal(wl_guest_new(&guest,
			VIRTIO_WL_CMD_VFD_NEW_PIPE, 1, pipe_flags[i], 0, NULL,
			NULL), INVALID_FLAGS);
	}
	assert_int_not_equal(wl_guest_new(&guest,
		VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, 1, 0, (16 << 20) + 1, NULL,
		NULL), NEW_OK);
	assert_int_not_equal(wl_guest_new(&guest,
		VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, 1, 0, UINT32_MAX, NULL, NULL),
		NEW_OK);
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);

	/* A socket pair needs its feature. */
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_BASE);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_PIPE, 1,
		VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE, 0, NULL, NULL),
		INVALID_FLAGS);
	wl_guest_disconnect(&guest);
}

static void
memory_of_any_size_is_whole_pages_or_refused(void **state)
{
	(void)state;
	static const uint32_t sizes[] = {
		1, 4095, 4096, 4097, 1 << 20, 0x7fffffff, 0x80000000u,
		0xfffff000u, 0xfffff001u, UINT32_MAX,
	};
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct virtio_wl_wire_new answer;
		uint32_t type = wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW, 1,
			0, sizes[i], NULL, &answer);
		if (type == NEW_OK) {
			assert_int_equal(answer.size % 4096, 0);
			assert_true(answer.size >= sizes[i]);
			assert_int_equal(wl_guest_close(&guest, 1), OK);
		} else {
			assert_true(sizes[i] > 1 << 20);
		}
	}
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
names_nobody_has_are_invalid(void **state)
{
	(void)state;
	static const char *const names[] = {
		"nobody", "..", "/", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"\xff\xfe\x01",
	};
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(wl_guest_new(&guest,
			VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED, 1, 0, 0, names[i],
			NULL), INVALID_ID);
		assert_int_equal(wl_guest_new(&guest,
			VIRTIO_WL_CMD_VFD_NEW_LISTENER, 1, 0, 0, names[i],
			NULL), INVALID_ID);
	}
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
a_bad_send_sends_nothing(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	enum { CTX = 1, PIPE, MEMORY, LISTENER, SNAPSHOT };
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW_CTX, CTX), NEW_OK);
	int peer = wl_process_accept(&process);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW_PIPE, PIPE),
		NEW_OK);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW, MEMORY), NEW_OK);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW_LISTENER,
		LISTENER), NEW_OK);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT,
		SNAPSHOT), NEW_OK);

	static char data[65537];
	uint32_t many[29];
	for (size_t i = 0; i < COUNT(many); i++) {
		many[i] = MEMORY;
	}
	uint32_t unknown[] = { MEMORY, 99 };
	uint32_t zero[] = { 0 };
	uint32_t listener[] = { MEMORY, LISTENER };
	uint32_t unfilled[] = { SNAPSHOT };
	uint32_t pipe[] = { PIPE };
	assert_int_equal(wl_guest_send(&guest, CTX, many, 29, "x", 1),
		INVALID_CMD);
	assert_int_equal(wl_guest_send(&guest, CTX, NULL, 0, data, 65537),
		INVALID_CMD);
	assert_int_equal(wl_guest_send(&guest, CTX, many, 1, NULL, 0),
		INVALID_CMD);
	assert_int_equal(wl_guest_send(&guest, CTX, unknown, 2, "x", 1),
		INVALID_ID);
	assert_int_equal(wl_guest_send(&guest, CTX, zero, 1, "x", 1),
		INVALID_ID);
	assert_int_equal(wl_guest_send(&guest, CTX, listener, 2, "x", 1),
		INVALID_TYPE);
	assert_int_equal(wl_guest_send(&guest, CTX, unfilled, 1, "x", 1),
		INVALID_TYPE);
	assert_int_equal(wl_guest_send(&guest, PIPE, many, 1, "x", 1),
		INVALID_TYPE);
	assert_int_equal(wl_guest_send(&guest, MEMORY, NULL, 0, "x", 1),
		INVALID_TYPE);
	assert_int_equal(wl_guest_send(&guest, LISTENER, NULL, 0, "x", 1),
		INVALID_TYPE);
	/* Counts that the element does not hold. */
	static const uint32_t counts[] = {
		1, 2, 28, 0x40000000, 0x3fffffff, 0x80000000u, UINT32_MAX,
	};
	for (size_t i = 0; i < COUNT(counts); i++) {
		uint32_t bytes[5] = {
			VIRTIO_WL_CMD_VFD_SEND, 0, CTX, counts[i], MEMORY,
		};
		uint32_t type = raw(bytes, counts[i] == 1 ? 18 : 20);
		assert_true(type == ERR || type == INVALID_CMD);
	}

	assert_int_equal(wl_guest_send(&guest, CTX, NULL, 0, "good", 4), OK);
	struct pollfd pollfd = { .fd = peer, .events = POLLIN };
	assert_int_equal(poll(&pollfd, 1, WL_GUEST_PATIENCE_MS), 1);
	char got[16];
	assert_int_equal(recv(peer, got, sizeof(got), MSG_DONTWAIT), 4);
	assert_memory_equal(got, "good", 4);

	/* The other end of a pipe can be given away once. */
	assert_int_equal(wl_guest_send(&guest, CTX, pipe, 1, "x", 1), OK);
	assert_int_equal(wl_guest_send(&guest, CTX, pipe, 1, "x", 1),
		INVALID_TYPE);
	close(peer);
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
an_answer_without_room_is_cut(void **state)
{
	(void)state;
	static const size_t rooms[] = { 0, 1, 3, 4, 7, 8, 12, 28, 31, 32, 64 };
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	for (size_t i = 0; i < COUNT(rooms); i++) {
		struct virtio_wl_wire_new wire = {
			.hdr.type = VIRTIO_WL_CMD_VFD_NEW,
			.vfd_id = 1,
			.size = 4096,
		};
		uint8_t answer[64];
		size_t written = wl_guest_command(&guest, &wire, sizeof(wire),
			answer, rooms[i]);
		assert_true(written <= rooms[i]);
		uint32_t closed = wl_guest_close(&guest, 1);
		assert_true(closed == OK || closed == INVALID_ID);
	}
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
trims_out_of_range_are_refused(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW, 1, 0,
		0x10000, NULL, NULL), NEW_OK);
	static const uint64_t lies[][2] = {
		{ 0, 0 }, { 1, 4096 }, { 0, 4095 }, { 0, 0x11000 },
		{ 0x10000, 4096 }, { UINT64_MAX - 4095, 4096 },
		{ 4096, UINT64_MAX - 4095 }, { 0, UINT64_MAX },
	};
	for (size_t i = 0; i < COUNT(lies); i++) {
		struct virtio_wl_wire_trim wire = {
			.hdr.type = VIRTIO_WL_CMD_VFD_TRIM,
			.vfd_id = 1,
			.offset = lies[i][0],
			.length = lies[i][1],
		};
		uint32_t type = raw(&wire, sizeof(wire));
		assert_true(type >= ERR);
	}
	struct virtio_wl_wire_trim wire = {
		.hdr.type = VIRTIO_WL_CMD_VFD_TRIM,
		.vfd_id = 1,
		.length = 0x10000,
	};
	assert_int_equal(raw(&wire, sizeof(wire)), OK);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW_PIPE, 2), NEW_OK);
	wire.vfd_id = 2;
	assert_true(raw(&wire, sizeof(wire)) >= ERR);
	wl_guest_disconnect(&guest);
}

static void
snapshots_are_filled_once_and_sent_full(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW_CTX, 1), NEW_OK);
	int peer = wl_process_accept(&process);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT,
		2, 0, 10, NULL, NULL), NEW_OK);
	uint32_t ids[] = { 2 };
	assert_int_equal(wl_guest_send(&guest, 2, NULL, 0, "01234567890", 11),
		ERR);
	assert_int_equal(wl_guest_send(&guest, 2, NULL, 0, "01234", 5), OK);
	assert_int_equal(wl_guest_send(&guest, 1, ids, 1, "x", 1),
		INVALID_TYPE);
	assert_int_equal(wl_guest_send(&guest, 2, NULL, 0, "567890", 6), ERR);
	assert_int_equal(wl_guest_send(&guest, 2, NULL, 0, "56789", 5), OK);
	assert_int_equal(wl_guest_send(&guest, 1, ids, 1, "x", 1), OK);
	assert_int_equal(wl_guest_send(&guest, 2, NULL, 0, "!", 1),
		INVALID_TYPE);
	close(peer);
	wl_guest_disconnect(&guest);
}

/* A generator that gives every run the same commands. */
static uint32_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 16);
}

static void
thousands_of_random_commands_are_answered(void **state)
{
	(void)state;
	uint64_t seed = 0x9e3779b97f4a7c15;
	for (size_t f = 0; f < COUNT(feature_sets); f++) {
		wl_guest_connect(&guest, process.device_path, feature_sets[f]);
		for (unsigned i = 0; i < 8000; i++) {
			uint32_t bytes[32];
			for (size_t k = 0; k < COUNT(bytes); k++) {
				uint32_t r = next_random(&seed);
				bytes[k] = r % 4 == 0 ? r : r % 9;
			}
			bytes[0] = commands[next_random(&seed)
				% COUNT(commands)];
			bytes[2] = 1 + next_random(&seed) % 40;
			size_t size = next_random(&seed) % sizeof(bytes);
			raw(bytes, size);
			struct wl_message *message = wl_guest_poll(&guest);
			free(message);
			if (i % 16 == 0) {
				drop_connections();
			}
		}
		for (uint32_t id = 1; id <= 40; id++) {
			wl_guest_close(&guest, id);
		}
		drop_connections();
		wl_guest_check(&guest);
		wl_guest_disconnect(&guest);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_command_cut_short_costs_itself_only),
		TEST(commands_that_are_none_are_invalid),
		TEST(
			commands_of_features_not_negotiated_are_invalid),
		TEST(
			without_shared_memory_every_command_is_an_error),
		TEST(ids_that_are_not_the_guests_are_invalid),
		TEST(an_id_in_use_is_invalid_whatever_has_it),
		TEST(sizes_and_flags_out_of_range_are_refused),
		TEST(memory_of_any_size_is_whole_pages_or_refused),
		TEST(names_nobody_has_are_invalid),
		TEST(a_bad_send_sends_nothing),
		TEST(an_answer_without_room_is_cut),
		TEST(trims_out_of_range_are_refused),
		TEST(snapshots_are_filled_once_and_sent_full),
		TEST(thousands_of_random_commands_are_answered),
	};
	return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
