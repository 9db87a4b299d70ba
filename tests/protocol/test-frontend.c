/* SPDX-License-Identifier: MIT */
/*
 * The front-end library: against the echo device (what it is for), and against
 * a scripted device that writes down what it is told or answers wrongly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fd-count.h"
#include "../lib/must.h"
#include "echo-device.h"
#include "scripted-device.h"
#include "util/fd.h"
#include <vhost-user/frontend.h>

#define PATIENCE_MS 10000

struct maps {
	unsigned mapped;
	unsigned unmapped;
	int refuse_with;
	char first_bytes[6];
};

static int
handle_map(void *data, const struct vub_shmem_map *map, int fd)
{
	struct maps *maps = data;
	if (maps->refuse_with < 0) {
		return maps->refuse_with;
	}
	assert_true(map->writable);
	assert_int_equal(pread(fd, maps->first_bytes, 6, 0), 6);
	maps->mapped++;
	return 0;
}

static void
handle_unmap(void *data, const struct vub_shmem_map *map)
{
	struct maps *maps = data;
	assert_int_equal(map->len, 0x2000);
	maps->unmapped++;
}

static const struct vub_frontend_options defaults = {
	.features = ECHO_FEATURE,
	.num_queues = ECHO_QUEUES,
	.queue_size = 64,
	.memory_size = 1 << 20,
	.timeout_ms = PATIENCE_MS,
	.shmem_map = handle_map,
	.shmem_unmap = handle_unmap,
};

struct session {
	struct echo_device device;
	struct vub_frontend *frontend;
	struct maps maps;
	int fds_before;
};

static void
session_begin(struct session *session)
{
	int pair[2];
	memset(session, 0, sizeof(*session));
	session->fds_before = fd_count_self();
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) == 0);
	echo_device_start(&session->device, pair[1]);
	struct vub_frontend_options options = defaults;
	options.data = &session->maps;
	assert_int_equal(vub_frontend_connect_fd(pair[0], &options,
		&session->frontend), 0);
}

static void
session_end(struct session *session)
{
	vub_frontend_destroy(session->frontend);
	assert_int_equal(echo_device_join(&session->device), -ECONNRESET);
	assert_int_equal(atomic_load(&session->device.resets), 1);
	assert_int_equal(fd_count_self(), session->fds_before);
}

/* Wait until @queue gives a chain back. */
static uint32_t
await_used(struct vub_frontend *frontend, unsigned index, void **ret_cookie)
{
	struct vub_driver_queue *queue = vub_frontend_queue(frontend, index);
	uint32_t len;
	for (;;) {
		int r = vub_driver_take(queue, ret_cookie, &len);
		assert_true(r >= 0);
		if (r == 1) {
			return len;
		}
		struct pollfd pollfd = {
			.fd = vub_frontend_get_fd(frontend),
			.events = POLLIN,
		};
		assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
		assert_int_equal(vub_frontend_dispatch(frontend), 0);
	}
}

static void
chains_of_every_shape_come_back_echoed(void **state)
{
	(void)state;
	struct session session;
	session_begin(&session);
	assert_int_equal(vub_frontend_features(session.frontend), ECHO_FEATURE);
	uint8_t *memory = vub_frontend_memory(session.frontend);
	struct vub_driver_queue *queue =
		vub_frontend_queue(session.frontend, ECHO_QUEUE);

	/* 1 span, a table full, one more than a table, all descriptors. */
	static const size_t shapes[] = { 1, 2, 16, 17, 32 };
	for (unsigned round = 0; round < 200; round++) {
		size_t count = shapes[round % 5];
		struct vub_span out[32], in[32];
		for (size_t i = 0; i < count; i++) {
			out[i] = (struct vub_span){ i * 100, 60 };
			in[i] = (struct vub_span){ 0x10000 + i * 100, 60 };
			memset(memory + i * 100, (int)(round + i), 60);
		}
		assert_int_equal(vub_driver_add(queue, out, count, in, count,
			&session), 0);
		vub_driver_kick(queue);
		void *cookie = NULL;
		assert_int_equal(await_used(session.frontend, ECHO_QUEUE,
			&cookie), 60 * count);
		assert_ptr_equal(cookie, &session);
		for (size_t i = 0; i < count; i++) {
			assert_memory_equal(memory + i * 100,
				memory + 0x10000 + i * 100, 60);
		}
	}
	session_end(&session);
}

static void
a_full_ring_says_so_and_every_chain_comes_back_once(void **state)
{
	(void)state;
	struct session session;
	session_begin(&session);
	struct vub_driver_queue *queue =
		vub_frontend_queue(session.frontend, ECHO_QUEUE);
	struct vub_span out = { 0, 8 }, in = { 64, 8 };
	static char cookies[64];
	for (unsigned round = 0; round < 2000; round++) {
		memset(cookies, 0, sizeof(cookies));
		for (size_t i = 0; i < sizeof(cookies); i++) {
			assert_int_equal(vub_driver_add(queue, &out, 1, &in, 1,
				&cookies[i]), 0);
		}
		assert_int_equal(vub_driver_add(queue, &out, 1, &in, 1, NULL),
			-EAGAIN);
		vub_driver_kick(queue);
		for (size_t i = 0; i < sizeof(cookies); i++) {
			void *cookie;
			await_used(session.frontend, ECHO_QUEUE, &cookie);
			assert_int_equal(++*(char *)cookie, 1);
		}
	}
	session_end(&session);
}

static void
spans_outside_the_memory_are_refused(void **state)
{
	(void)state;
	struct session session;
	session_begin(&session);
	struct vub_driver_queue *queue =
		vub_frontend_queue(session.frontend, ECHO_QUEUE);
	static const struct vub_span bad[] = {
		{ 0, 0 }, { 1 << 20, 1 }, { (1 << 20) - 1, 2 },
		{ SIZE_MAX, 1 }, { 0, UINT32_MAX },
	};
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(vub_driver_add(queue, &bad[i], 1, NULL, 0,
			NULL), -EINVAL);
		assert_int_equal(vub_driver_add(queue, NULL, 0, &bad[i], 1,
			NULL), -EINVAL);
	}
	assert_int_equal(vub_driver_add(queue, NULL, 0, NULL, 0, NULL),
		-EINVAL);
	session_end(&session);
}

static void
configuration_is_read_and_nonsense_refused(void **state)
{
	(void)state;
	struct session session;
	session_begin(&session);
	uint32_t config = 0;
	assert_int_equal(vub_frontend_get_config(session.frontend, 0, &config,
		4), 0);
	assert_int_equal(config, ECHO_CONFIG);
	assert_int_equal(vub_frontend_get_config(session.frontend, 0, &config,
		0), -EINVAL);
	assert_int_equal(vub_frontend_get_config(session.frontend, 0, &config,
		257), -EINVAL);
	session_end(&session);
}

static int
command(struct session *session, uint32_t op, uint64_t shm_offset,
	uint64_t len)
{
	uint8_t *memory = vub_frontend_memory(session->frontend);
	struct echo_control control = {
		.op = op,
		.shm_offset = shm_offset,
		.len = len,
	};
	memcpy(memory, &control, sizeof(control));
	struct vub_span out = { 0, sizeof(control) };
	struct vub_span in = { 64, sizeof(int32_t) };
	struct vub_driver_queue *queue =
		vub_frontend_queue(session->frontend, ECHO_CONTROL);
	assert_int_equal(vub_driver_add(queue, &out, 1, &in, 1, NULL), 0);
	vub_driver_kick(queue);
	void *cookie;
	assert_int_equal(await_used(session->frontend, ECHO_CONTROL, &cookie),
		sizeof(int32_t));
	int32_t result;
	memcpy(&result, memory + 64, sizeof(result));
	return result;
}

static void
maps_are_made_undone_and_refused(void **state)
{
	(void)state;
	struct session session;
	session_begin(&session);
	struct maps *maps = &session.maps;
	assert_int_equal(vub_frontend_shmem_size(session.frontend, ECHO_REGION),
		ECHO_REGION_BYTES);
	assert_int_equal(vub_frontend_shmem_size(session.frontend, 1), 0);

	assert_int_equal(command(&session, ECHO_MAP, 0x4000, 0x2000), 0);
	assert_int_equal(maps->mapped, 1);
	assert_memory_equal(maps->first_bytes, "mapped", 6);

	/* Overlap is refused, by whoever sees it first. */
	assert_true(command(&session, ECHO_MAP, 0x5000, 0x2000) < 0);
	assert_true(command(&session, ECHO_MAP, 0x3000, 0x2000) < 0);
	assert_true(command(&session, ECHO_UNMAP, 0x4000, 0x1000) < 0);
	assert_int_equal(maps->mapped, 1);
	assert_int_equal(maps->unmapped, 0);

	maps->refuse_with = -ENOSPC;
	assert_true(command(&session, ECHO_MAP, 0x8000, 0x2000) < 0);
	maps->refuse_with = 0;
	assert_int_equal(command(&session, ECHO_MAP, 0x8000, 0x2000), 0);

	assert_int_equal(command(&session, ECHO_UNMAP, 0x4000, 0x2000), 0);
	assert_true(command(&session, ECHO_UNMAP, 0x4000, 0x2000) < 0);
	assert_int_equal(command(&session, ECHO_MAP, 0x4000, 0x2000), 0);
	assert_int_equal(maps->mapped, 3);
	assert_int_equal(maps->unmapped, 1);
	session_end(&session);
}

static void
a_device_that_goes_is_noticed_and_stays_gone(void **state)
{
	(void)state;
	int fds_before = fd_count_self();
	struct session session;
	session_begin(&session);
	echo_device_stop(&session.device);
	struct pollfd pollfd = {
		.fd = vub_frontend_get_fd(session.frontend),
		.events = POLLIN,
	};
	assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
	assert_int_equal(vub_frontend_dispatch(session.frontend), -ECONNRESET);
	assert_int_equal(vub_frontend_dispatch(session.frontend), -ECONNRESET);
	vub_frontend_destroy(session.frontend);
	assert_int_equal(fd_count_self(), fds_before);
}

static void
without_notification_a_queue_is_looked_at_by_hand(void **state)
{
	(void)state;
	struct session session;
	session_begin(&session);
	struct vub_driver_queue *queue =
		vub_frontend_queue(session.frontend, ECHO_QUEUE);
	struct vub_span out = { 0, 8 }, in = { 64, 8 };
	void *cookie;
	uint32_t len;
	/* A device may notify the first used chain whatever we say. */
	assert_int_equal(vub_driver_add(queue, &out, 1, &in, 1, NULL), 0);
	vub_driver_kick(queue);
	await_used(session.frontend, ECHO_QUEUE, &cookie);
	vub_driver_set_notify(queue, false);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(vub_driver_add(queue, &out, 1, &in, 1, NULL),
			0);
		vub_driver_kick(queue);
		while (vub_driver_take(queue, &cookie, &len) == 0) {
		}
	}
	struct pollfd pollfd = {
		.fd = vub_frontend_get_fd(session.frontend),
		.events = POLLIN,
	};
	assert_int_equal(poll(&pollfd, 1, 0), 0);

	vub_driver_set_notify(queue, true);
	assert_int_equal(vub_driver_add(queue, &out, 1, &in, 1, NULL), 0);
	vub_driver_kick(queue);
	await_used(session.frontend, ECHO_QUEUE, &cookie);
	session_end(&session);
}

/*
 * Against the scripted device.
 */

static int
connect_scripted(struct scripted_device *device, int timeout_ms,
	struct vub_frontend **ret)
{
	struct vub_frontend_options options = defaults;
	options.timeout_ms = timeout_ms;
	return vub_frontend_connect_fd(scripted_device_start(device), &options,
		ret);
}

/* A session from its start to its end says these requests to @device. */
static void
check_requests(struct scripted_device *device, const uint32_t *expected,
	size_t count)
{
	struct vub_frontend *frontend;
	assert_int_equal(connect_scripted(device, PATIENCE_MS, &frontend), 0);
	vub_frontend_destroy(frontend);
	scripted_device_join(device);
	assert_int_equal(device->count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(device->heard[i].request, expected[i]);
	}
}

static void
a_start_says_what_qemu_says_in_its_order(void **state)
{
	(void)state;
	struct scripted_device device = { .protocol_features = 0x400429 };
	static const uint32_t expected[] = {
		1, 15, 16, 17, 21, 3, 1, 13, 14, 13, 14, 44,
		2, 5, 8, 10, 9, 12, 13, 8, 10, 9, 12, 13, 18, 18, 13, 13,
		18, 18, 11, 11,
	};
	size_t count = sizeof(expected) / sizeof(expected[0]);
	check_requests(&device, expected, count);
	for (size_t i = 0; i < count; i++) {
		uint32_t request = expected[i];
		bool acked = request == 21 || request == 5 || request == 18;
		assert_int_equal(device.heard[i].flags, acked ? 9 : 1);
		bool has_fd = request == 21 || request == 5 || request == 12
			|| request == 13 || request == 14;
		assert_int_equal(device.heard[i].fd_count, has_fd ? 1 : 0);
	}
}

static void
without_acknowledgements_a_question_is_the_barrier(void **state)
{
	(void)state;
	struct scripted_device device = { .protocol_features = 0 };
	static const uint32_t expected[] = {
		1, 15, 16, 3, 1, 13, 14, 13, 14,
		2, 5, 8, 10, 9, 12, 13, 8, 10, 9, 12, 13, 18, 1, 18, 1, 13, 13,
		18, 1, 18, 1, 11, 11,
	};
	size_t count = sizeof(expected) / sizeof(expected[0]);
	check_requests(&device, expected, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(device.heard[i].flags, 1);
	}
}

static void
a_silent_device_costs_the_time_limit(void **state)
{
	(void)state;
	int fds_before = fd_count_self();
	for (unsigned silent_from = 0; silent_from < 28; silent_from++) {
		struct scripted_device device = {
			.protocol_features = 0x400429,
			.lie = SCRIPTED_SILENT,
			.lie_from = silent_from,
		};
		struct vub_frontend *frontend;
		int r = connect_scripted(&device, 10, &frontend);
		if (r == 0) {
			/* Nothing after it needs an answer. */
			vub_frontend_destroy(frontend);
		} else {
			assert_int_equal(r, -ETIMEDOUT);
		}
		scripted_device_join(&device);
		assert_int_equal(fd_count_self(), fds_before);
	}
}

static void
wrong_answers_end_a_start(void **state)
{
	(void)state;
	static const struct {
		enum scripted_lie lie;
		int expected;
	} lies[] = {
		{ SCRIPTED_WRONG_REQUEST, -EPROTO },
		{ SCRIPTED_WRONG_SIZE, -EPROTO },
		{ SCRIPTED_WRONG_FLAGS, -EPROTO },
		{ SCRIPTED_GONE, -ECONNRESET },
	};
	int fds_before = fd_count_self();
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		for (unsigned from = 0; from < 26; from++) {
			struct scripted_device device = {
				.protocol_features = 0x400429,
				.lie = lies[i].lie,
				.lie_from = from,
			};
			struct vub_frontend *frontend;
			int r = connect_scripted(&device, PATIENCE_MS,
				&frontend);
			assert_int_equal(r, lies[i].expected);
			scripted_device_join(&device);
			assert_int_equal(fd_count_self(), fds_before);
		}
	}
}

static void
a_refusal_to_acknowledge_is_told_as_such(void **state)
{
	(void)state;
	int fds_before = fd_count_self();
	struct scripted_device device = {
		.protocol_features = 0x400429,
		.lie = SCRIPTED_NACK,
	};
	struct vub_frontend *frontend;
	assert_int_equal(connect_scripted(&device, PATIENCE_MS, &frontend),
		-EREMOTEIO);
	scripted_device_join(&device);
	assert_int_equal(fd_count_self(), fds_before);
}

/* A device that has started, and then says @count bytes on @backend. */
static void
run_unasked(const void *bytes, size_t size, const int *fds, size_t fd_count,
	bool on_backend, int expected)
{
	int fds_before = fd_count_self();
	struct scripted_device device = { .protocol_features = 0x400429 };
	struct vub_frontend *frontend;
	assert_int_equal(connect_scripted(&device, PATIENCE_MS, &frontend), 0);
	scripted_device_say(&device, on_backend, bytes, size, fds, fd_count);
	struct pollfd pollfd = {
		.fd = vub_frontend_get_fd(frontend),
		.events = POLLIN,
	};
	assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
	assert_int_equal(vub_frontend_dispatch(frontend), expected);
	if (expected == 0) {
		uint32_t answer[5];
		struct iovec iov = { answer, sizeof(answer) };
		int none[1];
		size_t count;
		assert_int_equal(fd_recvmsg(device.backend_sock, &iov, 1, none,
			1, &count), sizeof(answer));
		assert_int_equal(answer[0], *(const uint32_t *)bytes);
		assert_int_equal(answer[1], 5);
		assert_int_equal(answer[2], 8);
		assert_int_equal(answer[3], 1);
		assert_int_equal(answer[4], 0);
	}
	vub_frontend_destroy(frontend);
	scripted_device_join(&device);
	assert_int_equal(fd_count_self(), fds_before);
}

static void
what_a_device_says_unasked_is_the_end(void **state)
{
	(void)state;
	uint32_t answer[5] = { 1, 5, 8, 0, 0 };
	run_unasked(answer, sizeof(answer), NULL, 0, false, -EPROTO);
	uint32_t reply[5] = { 9, 5, 8, 0, 0 };
	run_unasked(reply, sizeof(reply), NULL, 0, true, -EPROTO);
	uint32_t huge[3] = { 9, 9, UINT32_MAX };
	run_unasked(huge, sizeof(huge), NULL, 0, true, -EPROTO);
	uint32_t short_map[5] = { 9, 9, 8, 0, 0 };
	run_unasked(short_map, sizeof(short_map), NULL, 0, true, -EPROTO);
	uint32_t long_change[5] = { 2, 9, 8, 0, 0 };
	run_unasked(long_change, sizeof(long_change), NULL, 0, true, -EPROTO);
	int fds[2] = { 0, 0 };
	uint32_t change[3] = { 2, 9, 0 };
	run_unasked(change, sizeof(change), fds, 2, true, -EPROTO);
}

static void
maps_that_cannot_be_are_answered_with_a_refusal(void **state)
{
	(void)state;
	static const struct vub_wire_shmem_map bad[] = {
		{ .len = 0, .flags = 1 },
		{ .len = 0x1001, .flags = 1 },
		{ .len = 0x1000, .shm_offset = 1, .flags = 1 },
		{ .len = 0x1000, .fd_offset = 8, .flags = 1 },
		{ .len = 0x1000, .shm_offset = SCRIPTED_REGION_BYTES,
			.flags = 1 },
		{ .len = SCRIPTED_REGION_BYTES + 0x1000, .flags = 1 },
		{ .len = 0x2000, .shm_offset = UINT64_MAX - 0xfff, .flags = 1 },
		{ .len = UINT64_MAX - 0xfff, .shm_offset = 0x1000, .flags = 1 },
		{ .len = 0x3000, .flags = 1 },	/* past the end of its file */
		{ .len = 0x1000, .fd_offset = 0x2000, .flags = 1 },
		{ .len = 0x1000, .fd_offset = UINT64_MAX - 0xfff, .flags = 1 },
		{ .len = 0x1000, .flags = 2 },
		{ .len = 0x1000, .shmid = 1, .flags = 1 },
	};
	int memory = fd_memfd("two pages", 0x2000, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct {
			struct vub_wire_header header;
			uint32_t bytes[sizeof(bad[0]) / 4];
		} message = { .header = { VUB_BACKEND_SHMEM_MAP, 9, 40 } };
		memcpy(message.bytes, &bad[i], sizeof(bad[i]));
		run_unasked(&message, sizeof(message), &memory, 1, true, 0);
		message.header.request = VUB_BACKEND_SHMEM_UNMAP;
		run_unasked(&message, sizeof(message), NULL, 0, true, 0);
	}
	/* Nothing wrong with the numbers, but with the file. */
	struct vub_wire_shmem_map good = { .len = 0x1000, .flags = 1 };
	struct {
		struct vub_wire_header header;
		uint32_t bytes[sizeof(good) / 4];
	} message = { .header = { VUB_BACKEND_SHMEM_MAP, 9, 40 } };
	memcpy(message.bytes, &good, sizeof(good));
	run_unasked(&message, sizeof(message), NULL, 0, true, 0);
	int pair[2];
	assert_int_equal(pipe(pair), 0);
	run_unasked(&message, sizeof(message), pair, 1, true, 0);
	int sealed = fd_memfd("sealed", 0x2000, 0x8 /* F_SEAL_WRITE */);
	run_unasked(&message, sizeof(message), &sealed, 1, true, 0);
	uint32_t unknown[3] = { 77, 9, 0 };
	run_unasked(unknown, sizeof(unknown), NULL, 0, true, 0);
	close(pair[0]);
	close(pair[1]);
	close(sealed);
	close(memory);
}

/* A used ring that lies: the ring is broken, and stays so. */
static void
a_used_ring_that_lies_breaks_the_queue(void **state)
{
	(void)state;
	static const struct {
		uint16_t idx;
		uint32_t id;
		uint32_t len;
	} lies[] = {
		{ 2, 0, 0 }, { 0x8000, 0, 0 }, { 0xffff, 0, 0 },
		{ 1, 64, 0 }, { 1, UINT32_MAX, 0 }, { 1, 5, 0 },
		{ 1, 0, 9 }, { 1, 0, UINT32_MAX },
	};
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct scripted_device device = {
			.protocol_features = 0x400429,
		};
		struct vub_frontend *frontend;
		assert_int_equal(connect_scripted(&device, PATIENCE_MS,
			&frontend), 0);
		struct vub_driver_queue *queue =
			vub_frontend_queue(frontend, 0);
		struct vub_span in = { 0, 8 };
		assert_int_equal(vub_driver_add(queue, NULL, 0, &in, 1, NULL),
			0);
		scripted_device_use(&device, lies[i].idx, lies[i].id,
			lies[i].len);
		void *cookie;
		uint32_t len;
		assert_int_equal(vub_driver_take(queue, &cookie, &len),
			-EPROTO);
		assert_int_equal(vub_driver_take(queue, &cookie, &len),
			-EPROTO);
		vub_frontend_destroy(frontend);
		scripted_device_join(&device);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_says_what_qemu_says_in_its_order),
		cmocka_unit_test(
			without_acknowledgements_a_question_is_the_barrier),
		cmocka_unit_test(a_silent_device_costs_the_time_limit),
		cmocka_unit_test(wrong_answers_end_a_start),
		cmocka_unit_test(a_refusal_to_acknowledge_is_told_as_such),
		cmocka_unit_test(what_a_device_says_unasked_is_the_end),
		cmocka_unit_test(
			maps_that_cannot_be_are_answered_with_a_refusal),
		cmocka_unit_test(a_used_ring_that_lies_breaks_the_queue),
		cmocka_unit_test(chains_of_every_shape_come_back_echoed),
		cmocka_unit_test(
			a_full_ring_says_so_and_every_chain_comes_back_once),
		cmocka_unit_test(spans_outside_the_memory_are_refused),
		cmocka_unit_test(configuration_is_read_and_nonsense_refused),
		cmocka_unit_test(maps_are_made_undone_and_refused),
		cmocka_unit_test(a_device_that_goes_is_noticed_and_stays_gone),
		cmocka_unit_test(
			without_notification_a_queue_is_looked_at_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
