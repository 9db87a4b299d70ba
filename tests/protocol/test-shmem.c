/* SPDX-License-Identifier: MIT */
/*
 * The backend channel, against the back-end library: when a map counts as live,
 * what a refusal costs, and what becomes of a map whose session dies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "liar-session.h"

#define LEN UINT64_C(0x4000)

/* Ask the device on its control queue; descriptors 2i and 2i + 1. */
static void
command(struct liar_session *session, unsigned i, uint32_t op,
	uint64_t shm_offset)
{
	struct liar *liar = session->liar;
	uint64_t from = LIAR_BUFFERS + i * 64, to = from + 32;
	struct echo_control control = {
		.op = op,
		.shm_offset = shm_offset,
		.len = LEN,
	};
	int32_t unset = 1;
	memcpy(liar_at(liar, from), &control, sizeof(control));
	memcpy(liar_at(liar, to), &unset, sizeof(unset));
	liar_put_desc(liar_desc(liar, ECHO_CONTROL, 2 * i), liar_gpa(from),
		sizeof(control), VUB_DESC_F_NEXT, (uint16_t)(2 * i + 1));
	liar_put_desc(liar_desc(liar, ECHO_CONTROL, 2 * i + 1), liar_gpa(to),
		sizeof(unset), VUB_DESC_F_WRITE, 0);
	liar_offer(liar, ECHO_CONTROL, (uint16_t)(2 * i));
	liar_kick(liar, ECHO_CONTROL);
}

static int
result(struct liar_session *session, unsigned i)
{
	int32_t r;
	memcpy(&r, liar_at(session->liar, LIAR_BUFFERS + i * 64 + 32),
		sizeof(r));
	return r;
}

static void
await_map(struct liar_session *session, uint64_t shm_offset)
{
	struct liar_message message;
	int fd = -1;
	liar_await_backend_request(session->liar, &message, &fd);
	assert_int_equal(message.request, VUB_BACKEND_SHMEM_MAP);
	assert_int_equal(message.flags, VUB_WIRE_VERSION
		| VUB_WIRE_F_NEED_REPLY);
	struct vub_wire_shmem_map wire;
	assert_int_equal(message.size, sizeof(wire));
	memcpy(&wire, message.payload, sizeof(wire));
	assert_int_equal(wire.shmid, ECHO_REGION);
	assert_int_equal(wire.shm_offset, shm_offset);
	assert_int_equal(wire.len, LEN);
	assert_int_equal(wire.flags, VUB_WIRE_SHMEM_WRITABLE);
	char bytes[6];
	assert_int_equal(pread(fd, bytes, 6, 0), 6);
	assert_memory_equal(bytes, "mapped", 6);
	close(fd);
}

static void
await_barrier(struct liar_session *session)
{
	struct liar_message message;
	liar_await_backend_request(session->liar, &message, NULL);
	assert_int_equal(message.request, VUB_BACKEND_CONFIG_CHANGE);
	assert_int_equal(message.flags, VUB_WIRE_VERSION
		| VUB_WIRE_F_NEED_REPLY);
	assert_int_equal(message.size, 0);
}

static uint16_t
control_used(struct liar_session *session)
{
	return __atomic_load_n(&liar_used(session->liar, ECHO_CONTROL)->idx,
		__ATOMIC_ACQUIRE);
}

static void
a_map_is_live_only_after_its_answer_and_the_barrier(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	command(&session, 0, ECHO_MAP, 0x10000);
	await_map(&session, 0x10000);
	liar_answer_backend(session.liar, VUB_BACKEND_SHMEM_MAP, 0);

	/* As QEMU: the main loop waits for our ack of the new table, and only
	 * then comes to the barrier. */
	assert_int_equal(liar_do(session.liar, VUB_SET_MEM_TABLE, 0), 0);
	await_barrier(&session);
	assert_true(liar_is_alive(session.liar));
	assert_int_equal(control_used(&session), 0);
	liar_answer_backend(session.liar, VUB_BACKEND_CONFIG_CHANGE, 0);
	liar_await_used(session.liar, ECHO_CONTROL, 1);
	assert_int_equal(result(&session, 0), 0);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

/* Map honestly, from end to end. */
static void
map(struct liar_session *session, unsigned i, uint64_t shm_offset)
{
	command(session, i, ECHO_MAP, shm_offset);
	await_map(session, shm_offset);
	liar_answer_backend(session->liar, VUB_BACKEND_SHMEM_MAP, 0);
	await_barrier(session);
	liar_answer_backend(session->liar, VUB_BACKEND_CONFIG_CHANGE, 0);
	liar_await_used(session->liar, ECHO_CONTROL, 1);
	assert_int_equal(result(session, i), 0);
}

/* The next request that is not a barrier; barriers are answered. */
static void
await_unmap(struct liar_session *session)
{
	struct liar_message message;
	do {
		liar_await_backend_request(session->liar, &message, NULL);
		if (message.request == VUB_BACKEND_CONFIG_CHANGE) {
			liar_answer_backend(session->liar, message.request, 0);
		}
	} while (message.request == VUB_BACKEND_CONFIG_CHANGE);
	assert_int_equal(message.request, VUB_BACKEND_SHMEM_UNMAP);
	assert_int_equal(message.size, sizeof(struct vub_wire_shmem_map));
}

/* Answer barriers until the control queue has used one more element. */
static void
answer_until_used(struct liar_session *session)
{
	struct liar *liar = session->liar;
	while (control_used(session) == liar->used_seen[ECHO_CONTROL]) {
		struct liar_message message;
		ssize_t n = recv(liar->backend_sock, &message, 1,
			MSG_PEEK | MSG_DONTWAIT);
		if (n == 1) {
			await_barrier(session);
			liar_answer_backend(liar, VUB_BACKEND_CONFIG_CHANGE, 0);
		} else {
			/* Each round trip lets the device have its turn. */
			assert_true(liar_is_alive(liar));
		}
	}
	liar_await_used(liar, ECHO_CONTROL, 1);
}

static void
an_unmap_ends_with_its_answer_and_the_place_is_free(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 4; i++) {
		map(&session, 0, 0x10000);
		command(&session, 1, ECHO_UNMAP, 0x10000);
		await_unmap(&session);
		liar_answer_backend(session.liar, VUB_BACKEND_SHMEM_UNMAP, 0);
		answer_until_used(&session);
		assert_int_equal(result(&session, 1), 0);
	}
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
a_refused_map_costs_that_map_only(void **state)
{
	(void)state;
	static const uint64_t refusals[] = {
		1, UINT64_MAX, (uint64_t)-ENOMEM, 1ull << 63,
	};
	struct liar_session session;
	liar_session_start(&session);
	for (size_t i = 0; i < 4; i++) {
		command(&session, 0, ECHO_MAP, 0x10000);
		await_map(&session, 0x10000);
		liar_answer_backend(session.liar, VUB_BACKEND_SHMEM_MAP,
			refusals[i]);
		answer_until_used(&session);
		assert_true(result(&session, 0) < 0);
	}
	map(&session, 0, 0x10000);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
answers_that_fit_nothing_end_the_session_or_are_dropped(void **state)
{
	(void)state;
	static const uint32_t headers[][3] = {
		{ VUB_BACKEND_SHMEM_UNMAP, 5, 8 },	/* another's */
		{ VUB_BACKEND_SHMEM_MAP, 1, 8 },	/* no answer at all */
		{ VUB_BACKEND_SHMEM_MAP, 5, 4 },
		{ VUB_BACKEND_SHMEM_MAP, 5, 0 },
		{ VUB_BACKEND_SHMEM_MAP, 5, UINT32_MAX },
		{ VUB_BACKEND_SHMEM_MAP, 7, 8 },
		{ UINT32_MAX, 5, 8 },
	};
	for (unsigned asked = 0; asked < 2; asked++) {
		for (size_t i = 0; i < 7; i++) {
			struct liar_session session;
			liar_session_start(&session);
			if (asked) {
				command(&session, 0, ECHO_MAP, 0);
				await_map(&session, 0);
			}
			uint32_t bytes[5] = {
				headers[i][0], headers[i][1], headers[i][2],
			};
			struct iovec iov = { bytes, sizeof(bytes) };
			fd_sendmsg(session.liar->backend_sock, &iov, 1, NULL,
				0);
			/* Never success: nobody said it is mapped. */
			if (asked && liar_is_alive(session.liar)) {
				assert_int_equal(control_used(&session) == 0
					|| result(&session, 0) < 0, 1);
			}
			liar_session_end(&session);
		}
	}
}

static void
answers_with_descriptors_leak_nothing(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	command(&session, 0, ECHO_MAP, 0);
	await_map(&session, 0);
	uint32_t bytes[5] = { VUB_BACKEND_SHMEM_MAP, 5, 8, 0, 0 };
	struct iovec iov = { bytes, sizeof(bytes) };
	int fds[FD_PASS_MAX];
	for (size_t i = 0; i < FD_PASS_MAX; i++) {
		fds[i] = session.liar->memory_fd;
	}
	fd_sendmsg(session.liar->backend_sock, &iov, 1, fds, FD_PASS_MAX);
	liar_is_alive(session.liar);
	liar_session_end(&session);
}

static void
a_session_that_dies_cancels_its_maps(void **state)
{
	(void)state;
	/* 0: before the map is answered; 1: before the barrier is. */
	for (unsigned stage = 0; stage < 2; stage++) {
		struct liar_session session;
		liar_session_start(&session);
		command(&session, 0, ECHO_MAP, 0);
		await_map(&session, 0);
		if (stage == 1) {
			liar_answer_backend(session.liar,
				VUB_BACKEND_SHMEM_MAP, 0);
			await_barrier(&session);
		}
		assert_int_equal(liar_session_end(&session), -ECONNRESET);
		assert_int_equal(atomic_load(&session.device.failed), 1);
	}
}

static void
a_stop_keeps_maps_that_are_asked_for_and_an_end_cancels_them(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	command(&session, 0, ECHO_MAP, 0);
	await_map(&session, 0);
	assert_int_equal(liar_stop(session.liar), 0);
	assert_true(liar_is_alive(session.liar));
	assert_int_equal(atomic_load(&session.device.failed), 0);
	assert_int_equal(atomic_load(&session.device.resets), 0);

	/* QEMU answers what it was asked before the stop, sooner or later. */
	liar_answer_backend(session.liar, VUB_BACKEND_SHMEM_MAP, 0);
	assert_true(liar_is_alive(session.liar));
	assert_int_equal(atomic_load(&session.device.failed), 0);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
	assert_int_equal(atomic_load(&session.device.failed), 1);
	assert_int_equal(atomic_load(&session.device.resets), 1);
}

static void
a_backend_channel_that_closes_cancels_its_maps(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	command(&session, 0, ECHO_MAP, 0);
	await_map(&session, 0);
	fd_close(&session.liar->backend_sock);
	/* Either the session ends or the map does; both wake us. */
	if (liar_used_or_end(session.liar, ECHO_CONTROL, 1)) {
		assert_true(result(&session, 0) < 0);
	}
	liar_session_end(&session);
}

static void
an_unanswered_map_holds_up_nothing_else(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	command(&session, 0, ECHO_MAP, 0);
	await_map(&session, 0);
	for (unsigned i = 0; i < 100; i++) {
		liar_session_check_echo(&session, 64);
		assert_int_equal(liar_do(session.liar, VUB_SET_MEM_TABLE, 0),
			0);
	}
	assert_int_equal(control_used(&session), 0);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
many_maps_under_way_end_with_the_session(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < LIAR_QUEUE_SIZE / 2; i++) {
		command(&session, i, ECHO_MAP, i * LEN);
	}
	await_map(&session, 0);
	assert_true(liar_is_alive(session.liar));
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
	assert_int_equal(atomic_load(&session.device.failed),
		LIAR_QUEUE_SIZE / 2);
}

static void
a_device_asked_for_nonsense_asks_the_front_end_nothing(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	static const uint64_t bad[] = {
		1, ECHO_REGION_BYTES, ECHO_REGION_BYTES - LEN + 4096,
		UINT64_MAX & ~UINT64_C(0xfff),
	};
	for (size_t i = 0; i < 4; i++) {
		command(&session, 0, ECHO_MAP, bad[i]);
		liar_await_used(session.liar, ECHO_CONTROL, 1);
		assert_int_equal(result(&session, 0), -EINVAL);
	}
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
without_shared_memory_a_map_is_not_supported(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_begin(&session);
	session.liar->protocol_features = VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK);
	static const uint32_t steps[] = {
		VUB_GET_FEATURES, VUB_GET_PROTOCOL_FEATURES,
		VUB_SET_PROTOCOL_FEATURES, VUB_SET_OWNER, VUB_SET_FEATURES,
		VUB_SET_MEM_TABLE,
	};
	static const uint32_t queue_steps[] = {
		VUB_SET_VRING_NUM, VUB_SET_VRING_BASE, VUB_SET_VRING_ADDR,
		VUB_SET_VRING_KICK, VUB_SET_VRING_CALL, VUB_SET_VRING_ENABLE,
	};
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(liar_do(session.liar, steps[i], 0), 0);
	}
	for (unsigned q = 0; q < LIAR_QUEUES; q++) {
		for (size_t i = 0; i < 6; i++) {
			assert_int_equal(liar_do(session.liar, queue_steps[i],
				q), 0);
		}
	}
	command(&session, 0, ECHO_MAP, 0);
	liar_await_used(session.liar, ECHO_CONTROL, 1);
	assert_int_equal(result(&session, 0), -ENOTSUP);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_map_is_live_only_after_its_answer_and_the_barrier),
		cmocka_unit_test(
			an_unmap_ends_with_its_answer_and_the_place_is_free),
		cmocka_unit_test(a_refused_map_costs_that_map_only),
		cmocka_unit_test(
			answers_that_fit_nothing_end_the_session_or_are_dropped),
		cmocka_unit_test(answers_with_descriptors_leak_nothing),
		cmocka_unit_test(a_session_that_dies_cancels_its_maps),
		cmocka_unit_test(
			a_stop_keeps_maps_that_are_asked_for_and_an_end_cancels_them),
		cmocka_unit_test(
			a_backend_channel_that_closes_cancels_its_maps),
		cmocka_unit_test(an_unanswered_map_holds_up_nothing_else),
		cmocka_unit_test(many_maps_under_way_end_with_the_session),
		cmocka_unit_test(
			a_device_asked_for_nonsense_asks_the_front_end_nothing),
		cmocka_unit_test(without_shared_memory_a_map_is_not_supported),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
