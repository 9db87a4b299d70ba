/* SPDX-License-Identifier: MIT */
/*
 * Messages full of lies, against the back-end library: sizes, descriptors,
 * numbers, order, floods, and front-ends that vanish. What the protocol forbids
 * ends the session; nothing crashes, hangs or leaks a descriptor.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "liar-session.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Every request the library knows, with a payload of one size only. */
static const uint32_t known[] = {
	VUB_GET_FEATURES, VUB_SET_FEATURES, VUB_SET_OWNER, VUB_SET_MEM_TABLE,
	VUB_SET_VRING_NUM, VUB_SET_VRING_ADDR, VUB_SET_VRING_BASE,
	VUB_GET_VRING_BASE, VUB_SET_VRING_KICK, VUB_SET_VRING_CALL,
	VUB_SET_VRING_ERR, VUB_GET_PROTOCOL_FEATURES,
	VUB_SET_PROTOCOL_FEATURES, VUB_GET_QUEUE_NUM, VUB_SET_VRING_ENABLE,
	VUB_SET_BACKEND_REQ_FD, VUB_GET_SHMEM_CONFIG,
};

/* The liar says no more; the device must come to an end by itself. */
static int
end_after_last_word(struct liar_session *session)
{
	shutdown(session->liar->sock, SHUT_WR);
	liar_await_end(session->liar);
	return liar_session_end(session);
}

static int
reason_of(struct liar_message *message, struct liar_session *session)
{
	liar_send(session->liar, message);
	return end_after_last_word(session);
}

/* @message, about which the device is not asked, ends the session. */
static void
expect_end(struct liar_message *message, struct liar_session *session)
{
	message->flags = VUB_WIRE_VERSION;
	int reason = reason_of(message, session);
	assert_true(reason < 0 && reason != -ECONNRESET);
}

/* @message, about which the device is asked, is refused and changes nothing. */
static void
expect_refusal(struct liar_message *message, struct liar_session *session)
{
	message->flags = VUB_WIRE_VERSION | VUB_WIRE_F_NEED_REPLY;
	assert_int_equal(liar_send(session->liar, message), 0);
	uint32_t request = message->request;
	assert_int_equal(liar_receive(session->liar->sock, message, NULL), 0);
	assert_int_equal(message->request, request);
	assert_int_equal(message->size, sizeof(uint64_t));
	uint64_t answer;
	memcpy(&answer, message->payload, sizeof(answer));
	assert_int_not_equal(answer, 0);
	liar_session_check_echo(session, 16);
	assert_int_equal(liar_session_end(session), -ECONNRESET);
}

static void
every_message_of_a_wrong_size_ends_the_session(void **state)
{
	(void)state;
	static const int32_t lies[] = {
		-1, 1, 4, 8, 2048, INT32_MAX - 4096, INT32_MIN,
	};
	for (size_t i = 0; i < COUNT(known); i++) {
		for (size_t k = 0; k < COUNT(lies); k++) {
			struct liar_session session;
			struct liar_message message;
			liar_session_start(&session);
			liar_build(session.liar, known[i], 0, &message);
			if (lies[k] == -1 && message.size == 0) {
				liar_session_end(&session);
				continue;
			}
			message.size += (uint32_t)lies[k];
			assert_int_equal(reason_of(&message, &session),
				-EPROTO);
		}
	}
}

static void
a_message_cut_short_ends_the_session(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_start(&session);
		liar_build(session.liar, known[i], 0, &message);
		uint32_t header[3] = {
			message.request, message.flags, message.size,
		};
		/* The last byte of what there is never comes. */
		size_t size = sizeof(header) - 1;
		liar_send_raw(session.liar, header, size, message.fds,
			message.fd_count);
		assert_int_equal(end_after_last_word(&session), -ECONNRESET);

		if (message.size == 0) {
			continue;
		}
		liar_session_start(&session);
		liar_build(session.liar, known[i], 0, &message);
		liar_send_raw(session.liar, header, sizeof(header),
			message.fds, message.fd_count);
		liar_send_raw(session.liar, message.payload, message.size - 1,
			NULL, 0);
		assert_int_equal(end_after_last_word(&session), -ECONNRESET);
	}
}

static void
a_start_that_drips_in_byte_by_byte_is_a_start(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_begin(&session);
	struct liar_message message;
	liar_build(session.liar, VUB_GET_FEATURES, 0, &message);
	uint32_t header[3] = { message.request, message.flags, 0 };
	for (size_t i = 0; i < sizeof(header); i++) {
		liar_send_raw(session.liar, (char *)header + i, 1, NULL, 0);
	}
	assert_int_equal(liar_receive(session.liar->sock, &message, NULL), 0);
	liar_start(session.liar, LIAR_ALL_STEPS);
	liar_session_check_echo(&session, 16);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
missing_descriptors_end_the_session(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_start(&session);
		liar_build(session.liar, known[i], 0, &message);
		if (message.fd_count == 0
				&& known[i] != VUB_SET_BACKEND_REQ_FD) {
			liar_session_end(&session);
			continue;
		}
		message.fd_count -= message.fd_count > 0;
		assert_int_equal(reason_of(&message, &session), -EPROTO);
	}
}

static void
surplus_descriptors_end_the_session_and_are_closed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_start(&session);
		liar_build(session.liar, known[i], 0, &message);
		if (known[i] == VUB_SET_BACKEND_REQ_FD) {
			message.fds[message.fd_count++] = session.liar->sock;
		}
		message.fds[message.fd_count++] = session.liar->memory_fd;
		expect_end(&message, &session);

		liar_session_start(&session);
		liar_build(session.liar, known[i], 0, &message);
		while (message.fd_count < FD_PASS_MAX) {
			message.fds[message.fd_count++] =
				session.liar->memory_fd;
		}
		expect_end(&message, &session);
	}
}

static void
unknown_requests_do_no_harm(void **state)
{
	(void)state;
	static const uint32_t ids[] = {
		0, 19, 20, 22, 31, 32, 33, 35, 41, 42, 43, 45, 1000, INT32_MAX,
		UINT32_MAX,
	};
	for (size_t i = 0; i < COUNT(ids); i++) {
		for (unsigned variant = 0; variant < 4; variant++) {
			struct liar_session session;
			struct liar_message message = {
				.request = ids[i],
				.flags = VUB_WIRE_VERSION,
				.size = 8,
			};
			liar_session_start(&session);
			if (variant & 1) {
				message.flags |= VUB_WIRE_F_NEED_REPLY;
			}
			if (variant & 2) {
				message.fds[message.fd_count++] =
					session.liar->memory_fd;
			}
			liar_send(session.liar, &message);
			if (liar_is_alive(session.liar)) {
				liar_session_check_echo(&session, 16);
			}
			liar_session_end(&session);
		}
	}
}

static void
header_flags_that_mean_nothing_end_the_session(void **state)
{
	(void)state;
	static const uint32_t flags[] = {
		0, 2, 3, VUB_WIRE_VERSION | VUB_WIRE_F_REPLY,
		VUB_WIRE_VERSION | 0x10, VUB_WIRE_VERSION | 0x80000000u,
		UINT32_MAX,
	};
	for (size_t i = 0; i < COUNT(flags); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_start(&session);
		liar_build(session.liar, VUB_GET_FEATURES, 0, &message);
		message.flags = flags[i];
		assert_int_equal(reason_of(&message, &session), -EPROTO);
	}
}

static void
features_never_offered_end_the_session(void **state)
{
	(void)state;
	struct liar_session session;
	struct liar_message message;
	liar_session_begin(&session);
	session.liar->features |= VUB_BIT(34);	/* packed rings */
	liar_build(session.liar, VUB_SET_FEATURES, 0, &message);
	expect_end(&message, &session);

	liar_session_begin(&session);
	session.liar->protocol_features |=
		VUB_BIT(VUB_PROTOCOL_F_CONFIGURE_MEM_SLOTS);
	liar_build(session.liar, VUB_SET_PROTOCOL_FEATURES, 0, &message);
	expect_end(&message, &session);
}

static void
other_features_while_running_are_refused(void **state)
{
	(void)state;
	struct liar_session session;
	struct liar_message message;
	liar_session_start(&session);
	session.liar->features ^= VUB_BIT(VUB_F_EVENT_IDX);
	liar_build(session.liar, VUB_SET_FEATURES, 0, &message);
	expect_refusal(&message, &session);
}

static const struct {
	uint32_t request;
	uint32_t index;
	uint32_t num;
} ring_lies[] = {
	{ VUB_SET_VRING_NUM, 0, 0 },
	{ VUB_SET_VRING_NUM, 0, 3 },
	{ VUB_SET_VRING_NUM, 0, 2 * VUB_QUEUE_SIZE_MAX },
	{ VUB_SET_VRING_NUM, 0, 0x10000 },
	{ VUB_SET_VRING_NUM, 0, UINT32_MAX },
	{ VUB_SET_VRING_NUM, ECHO_QUEUES, 16 },
	{ VUB_SET_VRING_NUM, UINT32_MAX, 16 },
	{ VUB_SET_VRING_BASE, ECHO_QUEUES, 0 },
	{ VUB_SET_VRING_BASE, 0x80000000u, 0 },
	{ VUB_SET_VRING_ENABLE, ECHO_QUEUES, 1 },
	{ VUB_SET_VRING_ENABLE, 0, 2 },
	{ VUB_SET_VRING_KICK, ECHO_QUEUES, 0 },
	{ VUB_SET_VRING_CALL, 0xff, 0 },
	{ VUB_SET_VRING_ERR, 0, 1 },	/* bits past 8 */
	{ VUB_GET_VRING_BASE, ECHO_QUEUES, 0 },
	{ VUB_GET_VRING_BASE, UINT32_MAX, 0 },
};

static void
build_ring_lie(struct liar_session *session, size_t i,
	struct liar_message *ret)
{
	liar_build(session->liar, ring_lies[i].request, 0, ret);
	struct vub_wire_vring_state wire = {
		.index = ring_lies[i].index,
		.num = ring_lies[i].num,
	};
	memcpy(ret->payload, &wire, sizeof(wire));
}

static void
ring_numbers_out_of_range_end_the_session(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ring_lies); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_begin(&session);
		liar_start(session.liar, 13);	/* memory table: done */
		build_ring_lie(&session, i, &message);
		expect_end(&message, &session);
	}
}

static void
ring_numbers_out_of_range_are_refused_where_it_is_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ring_lies); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_start(&session);
		build_ring_lie(&session, i, &message);
		if (message.request == VUB_GET_VRING_BASE) {
			/* Its answer has no room for a refusal. */
			expect_end(&message, &session);
		} else {
			expect_refusal(&message, &session);
		}
	}
}

static void
ring_addresses_outside_memory_end_the_session(void **state)
{
	(void)state;
	static const uint64_t bad[] = {
		0, 1, LIAR_GPA, LIAR_USER_1 - 16, LIAR_USER_1 + 8,
		LIAR_USER_1 + LIAR_REGION_BYTES - 16,
		LIAR_USER_1 + LIAR_REGION_BYTES, UINT64_MAX, UINT64_MAX - 15,
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		for (unsigned asked = 0; asked < 2; asked++) {
			struct liar_session session;
			struct liar_message message;
			liar_session_start(&session);
			liar_build(session.liar, VUB_SET_VRING_ADDR, 0,
				&message);
			memcpy(message.payload + offsetof(
				struct vub_wire_vring_addr, desc), &bad[i], 8);
			if (asked) {
				expect_refusal(&message, &session);
			} else {
				expect_end(&message, &session);
			}
		}
	}
}

/* A table whose first region is @first, and which says @num_regions. */
static void
build_table(struct liar_session *session, uint32_t num_regions,
	uint32_t num_sent, struct vub_wire_mem_region first, size_t fd_count,
	struct liar_message *ret)
{
	liar_build(session->liar, VUB_SET_MEM_TABLE, 0, ret);
	memcpy(ret->payload, &num_regions, sizeof(num_regions));
	memcpy(ret->payload + 8, &first, sizeof(first));
	for (uint32_t i = 2; i < num_sent; i++) {
		struct vub_wire_mem_region more = {
			LIAR_GPA_END + i * 0x100000, 0x1000,
			LIAR_USER_2 + i * 0x100000, 0,
		};
		memcpy(ret->payload + 8 + 32 * i, &more, sizeof(more));
	}
	ret->size = 8 + 32 * num_sent;
	ret->fd_count = 0;
	while (ret->fd_count < fd_count) {
		ret->fds[ret->fd_count++] = session->liar->memory_fd;
	}
}

static const struct vub_wire_mem_region honest = {
	LIAR_GPA, LIAR_REGION_BYTES, LIAR_USER_1, 0,
};

static void
lies_about_the_number_of_regions_end_the_session(void **state)
{
	(void)state;
	static const struct {
		uint32_t said;
		uint32_t sent;
		size_t fd_count;
	} lies[] = {
		{ 3, 2, 2 }, { 1, 2, 2 }, { 2, 2, 3 }, { 3, 3, 2 },
		{ UINT32_MAX, 2, 2 }, { 0x08000000, 2, 2 }, { 33, 33, 33 },
		{ 100, 100, 100 },
	};
	struct liar_session session;
	struct liar_message message;
	for (size_t i = 0; i < COUNT(lies); i++) {
		liar_session_start(&session);
		build_table(&session, lies[i].said, lies[i].sent, honest,
			lies[i].fd_count, &message);
		expect_end(&message, &session);
	}
	/* Not a lie: as many as crosvm may send. */
	liar_session_start(&session);
	build_table(&session, 32, 32, honest, 32, &message);
	assert_int_equal(reason_of(&message, &session), -ECONNRESET);
}

static void
regions_that_cannot_be_are_refused_and_the_old_ones_stay(void **state)
{
	(void)state;
	static const struct vub_wire_mem_region lies[] = {
		{ LIAR_GPA, 0, LIAR_USER_1, 0 },
		{ UINT64_MAX - 0xfff, LIAR_REGION_BYTES, LIAR_USER_1, 0 },
		{ LIAR_GPA, LIAR_REGION_BYTES, UINT64_MAX - 0xfff, 0 },
		{ LIAR_GPA, LIAR_REGION_BYTES, LIAR_USER_1,
			UINT64_MAX - 0xfff },
		{ LIAR_GPA, UINT64_MAX, LIAR_USER_1, 0 },
		{ LIAR_GPA, UINT64_MAX - LIAR_GPA, LIAR_USER_1, 0 },
		/* Past the end of the file: touching it would be SIGBUS. */
		{ LIAR_GPA, LIAR_REGION_BYTES, LIAR_USER_1,
			2 * LIAR_REGION_BYTES - 0x1000 },
		{ LIAR_GPA, LIAR_REGION_BYTES, LIAR_USER_1, 1u << 30 },
		/* Into its neighbour. */
		{ LIAR_GPA, LIAR_REGION_BYTES + 0x1000, LIAR_USER_1, 0 },
		{ LIAR_GPA + LIAR_REGION_BYTES + 0x1000, 0x1000, LIAR_USER_1,
			0 },
	};
	for (size_t i = 0; i < COUNT(lies); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_start(&session);
		build_table(&session, 2, 2, lies[i], 2, &message);
		expect_refusal(&message, &session);

		liar_session_start(&session);
		build_table(&session, 2, 2, lies[i], 2, &message);
		expect_end(&message, &session);
	}
}

static void
a_new_memory_table_while_running_keeps_the_rings(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 100; i++) {
		liar_session_check_echo(&session, 1 + i);
		assert_int_equal(liar_do(session.liar, VUB_SET_MEM_TABLE, 0),
			0);
	}
	liar_session_check_echo(&session, 16);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
a_new_memory_table_without_the_rings_does_no_harm(void **state)
{
	(void)state;
	struct liar_session session;
	struct liar_message message;
	liar_session_start(&session);
	liar_session_check_echo(&session, 16);
	liar_build(session.liar, VUB_SET_MEM_TABLE, 0, &message);
	/* The second region alone. */
	uint32_t one = 1;
	memcpy(message.payload, &one, sizeof(one));
	memmove(message.payload + 8, message.payload + 40, 32);
	message.size = 40;
	message.fd_count = 1;
	liar_send(session.liar, &message);
	liar_offer(session.liar, ECHO_QUEUE, 0);
	liar_kick(session.liar, ECHO_QUEUE);
	assert_int_not_equal(end_after_last_word(&session), 0);
}

static void
messages_in_no_order_at_all_do_no_harm(void **state)
{
	(void)state;
	/* Each known request as the very first, and again after a start. */
	for (size_t i = 0; i < COUNT(known); i++) {
		for (unsigned started = 0; started < 2; started++) {
			for (unsigned q = 0; q < LIAR_QUEUES; q++) {
				struct liar_session session;
				struct liar_message message;
				liar_session_begin(&session);
				if (started) {
					liar_start(session.liar,
						LIAR_ALL_STEPS);
				}
				liar_build(session.liar, known[i], q,
					&message);
				liar_send(session.liar, &message);
				liar_send(session.liar, &message);
				liar_kick(session.liar, q);
				end_after_last_word(&session);
			}
		}
	}
}

static void
a_front_end_may_vanish_at_every_step(void **state)
{
	(void)state;
	unsigned total = 0;
	for (unsigned steps = 0;; steps++) {
		struct liar_session session;
		liar_session_begin(&session);
		unsigned done = liar_start(session.liar, steps);
		assert_int_equal(liar_session_end(&session), -ECONNRESET);
		if (done < steps) {
			total = done;
			break;
		}
	}
	assert_true(total > 20);
}

static void
a_device_told_to_stop_at_every_step_leaks_nothing(void **state)
{
	(void)state;
	for (unsigned steps = 0;; steps++) {
		struct liar_session session;
		liar_session_begin(&session);
		unsigned done = liar_start(session.liar, steps);
		/* It is told in its own turn: liar_session_end() joins it. */
		uint64_t one = 1;
		assert_int_equal(write(session.device.quit_fd, &one,
			sizeof(one)), sizeof(one));
		liar_await_end(session.liar);
		assert_int_equal(liar_session_end(&session), 0);
		if (done < steps) {
			break;
		}
	}
}

static void
a_flood_that_never_reads_its_answers_is_contained(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	uint32_t header[3] = { VUB_GET_SHMEM_CONFIG, VUB_WIRE_VERSION, 0 };
	struct iovec iov = { header, sizeof(header) };
	ssize_t n;
	unsigned sent = 0;
	/* Until the socket is full both ways, or the device has had enough. */
	do {
		n = fd_sendmsg(session.liar->sock, &iov, 1, NULL, 0);
		sent++;
	} while (n == (ssize_t)sizeof(header) && sent < 200000);
	/* Now read: it either answers all of it or has gone. */
	shutdown(session.liar->sock, SHUT_WR);
	struct liar_message message;
	while (liar_receive(session.liar->sock, &message, NULL) == 0) {
		assert_int_equal(message.size,
			sizeof(struct vub_wire_shmem_config));
	}
	liar_session_end(&session);
}

static void
a_flood_of_silent_messages_is_served(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 5000; i++) {
		assert_int_equal(liar_do(session.liar, VUB_SET_VRING_CALL,
			i % LIAR_QUEUES), 0);
	}
	liar_session_check_echo(&session, 16);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
kick_descriptors_of_any_kind_do_no_harm(void **state)
{
	(void)state;
	int pipe_fds[2];
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	assert_int_equal(write(pipe_fds[1], "abc", 3), 3);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int semaphore = eventfd(5, EFD_CLOEXEC | EFD_SEMAPHORE);
	int kinds[] = { pipe_fds[0], pipe_fds[1], null, semaphore, -1 };
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_begin(&session);
		liar_start(session.liar, LIAR_ALL_STEPS);
		liar_build(session.liar, VUB_SET_VRING_KICK, 0, &message);
		message.fds[0] = kinds[i] >= 0 ? kinds[i]
			: session.liar->memory_fd;
		liar_send(session.liar, &message);
		liar_is_alive(session.liar);
		liar_session_end(&session);
	}
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	close(null);
	close(semaphore);
}

static void
a_full_call_descriptor_cannot_hold_the_device(void **state)
{
	(void)state;
	int full = eventfd(0, EFD_CLOEXEC);	/* blocking, and at its limit */
	uint64_t most = UINT64_MAX - 1;
	assert_int_equal(write(full, &most, sizeof(most)), sizeof(most));

	struct liar_session session;
	struct liar_message message;
	liar_session_start(&session);
	liar_build(session.liar, VUB_SET_VRING_CALL, 0, &message);
	message.fds[0] = full;
	liar_send(session.liar, &message);
	liar_put_desc(liar_desc(session.liar, ECHO_QUEUE, 0),
		liar_gpa(LIAR_BUFFERS), 16, 0, 0);
	for (unsigned i = 0; i < 3; i++) {
		liar_offer(session.liar, ECHO_QUEUE, 0);
		liar_kick(session.liar, ECHO_QUEUE);
		liar_is_alive(session.liar);
	}
	liar_session_end(&session);
	close(full);
}

static void
configuration_requests_out_of_range_do_no_harm(void **state)
{
	(void)state;
	static const struct vub_wire_config lies[] = {
		{ .offset = 0, .size = 5 },
		{ .offset = 4, .size = 1 },
		{ .offset = UINT32_MAX, .size = 1 },
		{ .offset = UINT32_MAX - 3, .size = 4 },
		{ .offset = 0, .size = 0 },
		{ .offset = 0, .size = UINT32_MAX },
		{ .offset = 0, .size = 257 },
	};
	for (size_t i = 0; i < COUNT(lies); i++) {
		struct liar_session session;
		struct liar_message message;
		liar_session_begin(&session);
		session.liar->protocol_features |=
			VUB_BIT(VUB_PROTOCOL_F_CONFIG);
		liar_start(session.liar, LIAR_ALL_STEPS);
		liar_build(session.liar, VUB_GET_CONFIG, 0, &message);
		memcpy(message.payload, &lies[i], sizeof(lies[i]));
		message.size = (uint32_t)sizeof(lies[i])
			+ (lies[i].size <= 257 ? lies[i].size : 4);
		liar_send(session.liar, &message);
		end_after_last_word(&session);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_message_of_a_wrong_size_ends_the_session),
		cmocka_unit_test(a_message_cut_short_ends_the_session),
		cmocka_unit_test(a_start_that_drips_in_byte_by_byte_is_a_start),
		cmocka_unit_test(missing_descriptors_end_the_session),
		cmocka_unit_test(
			surplus_descriptors_end_the_session_and_are_closed),
		cmocka_unit_test(unknown_requests_do_no_harm),
		cmocka_unit_test(
			header_flags_that_mean_nothing_end_the_session),
		cmocka_unit_test(features_never_offered_end_the_session),
		cmocka_unit_test(other_features_while_running_are_refused),
		cmocka_unit_test(ring_numbers_out_of_range_end_the_session),
		cmocka_unit_test(
			ring_numbers_out_of_range_are_refused_where_it_is_asked),
		cmocka_unit_test(ring_addresses_outside_memory_end_the_session),
		cmocka_unit_test(
			lies_about_the_number_of_regions_end_the_session),
		cmocka_unit_test(
			regions_that_cannot_be_are_refused_and_the_old_ones_stay),
		cmocka_unit_test(
			a_new_memory_table_while_running_keeps_the_rings),
		cmocka_unit_test(
			a_new_memory_table_without_the_rings_does_no_harm),
		cmocka_unit_test(messages_in_no_order_at_all_do_no_harm),
		cmocka_unit_test(a_front_end_may_vanish_at_every_step),
		cmocka_unit_test(
			a_device_told_to_stop_at_every_step_leaks_nothing),
		cmocka_unit_test(
			a_flood_that_never_reads_its_answers_is_contained),
		cmocka_unit_test(a_flood_of_silent_messages_is_served),
		cmocka_unit_test(kick_descriptors_of_any_kind_do_no_harm),
		cmocka_unit_test(a_full_call_descriptor_cannot_hold_the_device),
		cmocka_unit_test(
			configuration_requests_out_of_range_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
