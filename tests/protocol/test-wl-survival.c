/* SPDX-License-Identifier: MIT */
/*
 * What a real wlbridge-wl must survive: budgets used up, everything closed in
 * every order, drivers that reset in the middle, rings that break. Afterwards
 * it serves the next one, with as many descriptors as before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fd-count.h"
#include "../lib/lying-frontend.h"
#include "../lib/must.h"
#include "wl-fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OK		VIRTIO_WL_RESP_OK
#define NEW_OK		VIRTIO_WL_RESP_VFD_NEW

/* Descriptors of the device while it serves a new front-end: whatever the last
 * session held is closed by then. */
static int
device_fds(void)
{
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	wl_guest_check(&guest);
	int count = fd_count_of(process.pid);
	wl_guest_disconnect(&guest);
	must(count > 0);
	return count;
}

static uint32_t
make(uint32_t type, uint32_t id)
{
	return wl_guest_new(&guest, type, id,
		type == VIRTIO_WL_CMD_VFD_NEW_PIPE ? VIRTIO_WL_VFD_READ : 0,
		4096, NULL, NULL);
}

/* Make @type until the device refuses. Return: how many it made. */
static uint32_t
flood(uint32_t type, uint32_t *ret_refusal)
{
	uint32_t id = 1;
	for (; id <= VIRTIO_WL_GUEST_ID_MAX; id++) {
		uint32_t answer = make(type, id);
		if (type == VIRTIO_WL_CMD_VFD_NEW_CTX) {
			drop_connections();
		}
		if (answer != NEW_OK) {
			*ret_refusal = answer;
			return id - 1;
		}
	}
	*ret_refusal = VIRTIO_WL_RESP_BUDGET;	/* out of ids, as good */
	return id - 1;
}

static void
floods_end_at_the_budget_and_closing_gives_it_back(void **state)
{
	(void)state;
	static const uint32_t types[] = {
		VIRTIO_WL_CMD_VFD_NEW, VIRTIO_WL_CMD_VFD_NEW_PIPE,
		VIRTIO_WL_CMD_VFD_NEW_CTX, VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT,
	};
	int before = device_fds();
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	for (size_t i = 0; i < COUNT(types); i++) {
		uint32_t first = 0;
		for (unsigned round = 0; round < 3; round++) {
			uint32_t refusal;
			uint32_t made = flood(types[i], &refusal);
			assert_true(made > 0);
			assert_int_equal(refusal, VIRTIO_WL_RESP_BUDGET);
			if (round == 0) {
				first = made;
			}
			assert_int_equal(made, first);
			/* Even and odd, so that the table has holes. */
			for (uint32_t step = 0; step < 2; step++) {
				for (uint32_t id = 1 + step; id <= made;
						id += 2) {
					assert_int_equal(wl_guest_close(&guest,
						id), OK);
				}
			}
			struct wl_message *message;
			while ((message = wl_guest_poll(&guest)) != NULL) {
				free(message);
			}
		}
		wl_guest_check(&guest);
	}
	wl_guest_disconnect(&guest);
	assert_int_equal(device_fds(), before);
}

static void
without_true_flags_a_spent_budget_is_out_of_memory(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_BASE);
	uint32_t refusal;
	flood(VIRTIO_WL_CMD_VFD_NEW, &refusal);
	assert_int_equal(refusal, VIRTIO_WL_RESP_OUT_OF_MEMORY);
	wl_guest_disconnect(&guest);
}

static void
everything_may_be_closed_in_every_order(void **state)
{
	(void)state;
	int before = 0;
	enum { KINDS = 5 };
	static const uint32_t types[KINDS] = {
		VIRTIO_WL_CMD_VFD_NEW_CTX, VIRTIO_WL_CMD_VFD_NEW_PIPE,
		VIRTIO_WL_CMD_VFD_NEW, VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT,
		VIRTIO_WL_CMD_VFD_NEW_LISTENER,
	};
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	/* Each permutation by its number in the factorial base. */
	for (unsigned number = 0; number < 120; number++) {
		for (uint32_t i = 0; i < KINDS; i++) {
			assert_int_equal(make(types[i], i + 1),
				NEW_OK);
		}
		int peer = wl_process_accept(&process);
		uint32_t passed[] = { 2, 3 };	/* pipe and memory */
		assert_int_equal(wl_guest_send(&guest, 1, passed, 2, "x", 1),
			OK);
		uint32_t left[KINDS] = { 1, 2, 3, 4, 5 };
		unsigned rest = number;
		for (unsigned n = KINDS; n > 0; n--) {
			unsigned pick = rest % n;
			rest /= n;
			assert_int_equal(wl_guest_close(&guest, left[pick]),
				OK);
			left[pick] = left[n - 1];
		}
		close(peer);
		struct wl_message *message;
		while ((message = wl_guest_poll(&guest)) != NULL) {
			free(message);
		}
		wl_guest_check(&guest);
		int now = fd_count_of(process.pid);
		if (number == 0) {
			before = now;
		}
		/* The end of a connection may lag by one turn. */
		assert_true(now <= before + 2);
	}
	wl_guest_disconnect(&guest);
}

/* Connect as "work" until neither the device nor its backlog takes more. */
static size_t
flood_listener(int *socks, size_t max)
{
	size_t count = 0;
	unsigned refused = 0;
	while (count < max && refused < 3) {
		socks[count] = fd_connect(process.accept_path);
		if (socks[count] >= 0) {
			count++;
			refused = 0;
		} else {
			must(socks[count] == -EAGAIN);
			refused++;
			/* A command's answer: the device has had its turn. */
			wl_guest_check(&guest);
		}
	}
	return count;
}

/* Connections told since the last time; their ids go into @ids. */
static size_t
take_connections(uint32_t *ids, size_t max)
{
	size_t count = 0;
	struct wl_message *message;
	while ((message = wl_guest_poll(&guest)) != NULL) {
		if (message->type == VIRTIO_WL_CMD_VFD_RECV) {
			must(count < max);
			ids[count++] = wl_message_vfd(message, 0);
		}
		free(message);
	}
	return count;
}

static void
connections_beyond_the_budget_wait_outside(void **state)
{
	(void)state;
	int before = device_fds();
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	must(make(VIRTIO_WL_CMD_VFD_NEW_LISTENER, 1) == NEW_OK);
	static int socks[200];
	static uint32_t ids[200];
	size_t sent = flood_listener(socks, COUNT(socks));
	size_t told = take_connections(ids, COUNT(ids));
	assert_true(told > 0 && told <= 32);
	assert_true(sent > told && sent < COUNT(socks));

	/* Room again: the next ones come in. */
	size_t seen = 0;
	while (seen < sent) {
		for (size_t i = 0; i < told; i++) {
			must(wl_guest_close(&guest, ids[i]) == OK);
			must(wl_guest_credit(&guest, 1, VIRTIO_WL_VFD_COST
				+ sizeof(struct virtio_wl_wire_peer)) == OK);
		}
		seen += told;
		wl_guest_check(&guest);
		told = take_connections(ids, COUNT(ids));
	}
	assert_int_equal(seen, sent);
	fd_close_all(socks, sent);
	wl_guest_disconnect(&guest);
	assert_int_equal(device_fds(), before);
}

/* Send memory of @size to the guest. Return: whether it was mapped. */
static bool
send_memory(int sock, uint64_t size)
{
	int memory = fd_memfd("theirs", size, F_SEAL_SHRINK | F_SEAL_GROW);
	char byte = 'x';
	struct iovec iov = { &byte, 1 };
	must(memory >= 0 && fd_sendmsg(sock, &iov, 1, &memory, 1) == 1);
	fd_close(&memory);
	struct wl_message *message =
		wl_guest_expect(&guest, VIRTIO_WL_CMD_VFD_NEW);
	struct virtio_wl_wire_new wire;
	memcpy(&wire, message->bytes, sizeof(wire));
	free(message);
	free(wl_guest_expect(&guest, VIRTIO_WL_CMD_VFD_RECV));
	return (wire.flags & VIRTIO_WL_VFD_VOID) == 0;
}

static void
a_peer_cannot_fill_the_guests_region(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	must(make(VIRTIO_WL_CMD_VFD_NEW_LISTENER, 1) == NEW_OK);
	int sock = wl_process_connect_as_work(&process);
	free(wl_guest_expect(&guest, VIRTIO_WL_CMD_VFD_NEW));
	free(wl_guest_expect(&guest, VIRTIO_WL_CMD_VFD_RECV));
	uint64_t mapped = 0;
	for (uint64_t size = 1u << 30; size >= 4096; size /= 2) {
		while (send_memory(sock, size)) {
			mapped += size;
			must(mapped <= UINT64_C(8) << 30);
		}
	}
	assert_true(mapped > 0);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW, 2), NEW_OK);
	close(sock);
}

/* A session full of everything, left in the middle. */
static void
leave_in_the_middle(unsigned round)
{
	wl_guest_connect(&guest, process.device_path,
		round % 2 ? WL_FEATURES_FULL : WL_FEATURES_BASE);
	int peers[4];
	for (uint32_t i = 0; i < 4; i++) {
		must(make(VIRTIO_WL_CMD_VFD_NEW_CTX, i + 1) == NEW_OK);
		peers[i] = wl_process_accept(&process);
		must(make(VIRTIO_WL_CMD_VFD_NEW, 100 + i) == NEW_OK);
		must(make(VIRTIO_WL_CMD_VFD_NEW_PIPE, 200 + i)
			== NEW_OK);
	}
	/* Bytes under way in both directions, descriptors beside them. */
	static uint8_t data[60000];
	uint32_t passed[] = { 100, 200 };
	must(wl_guest_send(&guest, 1, passed, 2, "x", 1) == OK);
	must(wl_guest_send(&guest, 2, NULL, 0, data, sizeof(data)) == OK);
	must(wl_guest_send(&guest, 3, NULL, 0, data, sizeof(data)) == OK);
	int memory = fd_memfd("theirs", 0x8000, 6 /* SHRINK | GROW */);
	for (size_t i = 0; i < 4; i++) {
		struct iovec iov = { data, 30000 };
		must(fd_sendmsg(peers[i], &iov, 1, &memory, 1) > 0);
	}
	fd_close(&memory);
	for (unsigned i = 0; i < round; i++) {
		struct virtio_wl_wire_new wire = {
			.hdr.type = VIRTIO_WL_CMD_VFD_NEW,
			.vfd_id = 300 + i,
			.size = 4096 << (i % 4),
		};
		if (!wl_guest_post(&guest, &wire, sizeof(wire))) {
			break;
		}
	}
	if (round % 3 == 0) {
		fd_close(&peers[0]);
	}
	wl_guest_disconnect(&guest);
	fd_close_all(peers, 4);
}

static void
drivers_that_reset_in_the_middle_leave_nothing_behind(void **state)
{
	(void)state;
	leave_in_the_middle(1);
	int before = device_fds();
	for (unsigned round = 0; round < 60; round++) {
		leave_in_the_middle(round);
	}
	assert_int_equal(device_fds(), before);
}

static void
peers_that_never_read_and_vanish_leave_nothing_behind(void **state)
{
	(void)state;
	int before = device_fds();
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	static uint8_t data[VIRTIO_WL_SEND_MAX];
	for (unsigned round = 0; round < 30; round++) {
		must(make(VIRTIO_WL_CMD_VFD_NEW_CTX, 1) == NEW_OK);
		int peer = wl_process_accept(&process);
		while (wl_guest_send(&guest, 1, NULL, 0, data, sizeof(data))
				== OK) {
		}
		/* Closed with a full window behind it, or abandoned. */
		if (round % 2 == 0) {
			close(peer);
			assert_int_equal(wl_guest_close(&guest, 1), OK);
		} else {
			assert_int_equal(wl_guest_close(&guest, 1), OK);
			close(peer);
		}
		struct wl_message *message;
		while ((message = wl_guest_poll(&guest)) != NULL) {
			free(message);
		}
	}
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
	assert_int_equal(device_fds(), before);
}

static struct liar *
liar_connect(void)
{
	struct liar *liar = liar_create(fd_connect(process.device_path));
	liar->features |= WL_FEATURES_FULL;
	return liar;
}

static void
a_front_end_that_vanishes_at_any_step_is_followed_by_another(void **state)
{
	(void)state;
	int before = device_fds();
	for (unsigned steps = 0;; steps++) {
		struct liar *liar = liar_connect();
		unsigned done = liar_start(liar, steps);
		liar_destroy(liar);
		if (done < steps) {
			break;
		}
	}
	assert_int_equal(device_fds(), before);
}

static void
a_broken_ring_costs_the_session_and_no_more(void **state)
{
	(void)state;
	int before = device_fds();
	for (unsigned queue = 0; queue < LIAR_QUEUES; queue++) {
		for (unsigned lie = 0; lie < 5; lie++) {
			struct liar *liar = liar_connect();
			liar_start(liar, LIAR_ALL_STEPS);
			static const struct vub_wire_desc lies[] = {
				{ 0, 16, 0, 0 },
				{ LIAR_GPA, UINT32_MAX, 0, 0 },
				{ LIAR_GPA, 16, VUB_DESC_F_NEXT, 0 },
				{ LIAR_GPA, 16, VUB_DESC_F_NEXT, 0xffff },
				{ LIAR_GPA, 17, VUB_DESC_F_INDIRECT, 0 },
			};
			*liar_desc(liar, queue, 0) = lies[lie];
			liar_offer(liar, queue, 0);
			liar_kick(liar, queue);
			if (queue == VIRTIO_WL_QUEUE_IN) {
				/* Used only when there is something to say. */
				liar_is_alive(liar);
			} else {
				liar_await_end(liar);
			}
			liar_destroy(liar);
		}
	}
	assert_int_equal(device_fds(), before);
}

static void
in_buffers_of_any_kind_do_no_harm(void **state)
{
	(void)state;
	static const struct vub_wire_desc kinds[] = {
		{ LIAR_GPA + LIAR_BUFFERS, 4096, 0, 0 },	/* readable */
		{ LIAR_GPA + LIAR_BUFFERS, 1, VUB_DESC_F_WRITE, 0 },
		{ LIAR_GPA + LIAR_BUFFERS, 15, VUB_DESC_F_WRITE, 0 },
		{ LIAR_GPA + LIAR_BUFFERS, 31, VUB_DESC_F_WRITE, 0 },
		{ LIAR_GPA + LIAR_BUFFERS, 64, VUB_DESC_F_WRITE, 0 },
	};
	int before = device_fds();
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct liar *liar = liar_connect();
		liar_start(liar, LIAR_ALL_STEPS);
		for (uint16_t k = 0; k < 16; k++) {
			*liar_desc(liar, VIRTIO_WL_QUEUE_IN, k) = kinds[i];
			liar_offer(liar, VIRTIO_WL_QUEUE_IN, k);
		}
		liar_kick(liar, VIRTIO_WL_QUEUE_IN);
		/* A connection whose peer talks at once. */
		struct virtio_wl_wire_new wire = {
			.hdr.type = VIRTIO_WL_CMD_VFD_NEW_CTX,
			.vfd_id = 1,
		};
		memcpy(liar_at(liar, LIAR_BUFFERS + 8192), &wire, sizeof(wire));
		liar_put_desc(liar_desc(liar, VIRTIO_WL_QUEUE_OUT, 0),
			liar_gpa(LIAR_BUFFERS + 8192), sizeof(wire),
			VUB_DESC_F_NEXT, 1);
		liar_put_desc(liar_desc(liar, VIRTIO_WL_QUEUE_OUT, 1),
			liar_gpa(LIAR_BUFFERS + 12288), 64, VUB_DESC_F_WRITE,
			0);
		liar_offer(liar, VIRTIO_WL_QUEUE_OUT, 0);
		liar_kick(liar, VIRTIO_WL_QUEUE_OUT);
		if (liar_used_or_end(liar, VIRTIO_WL_QUEUE_OUT, 1)) {
			int peer = wl_process_accept(&process);
			must(write(peer, "some bytes", 10) == 10);
			close(peer);
			liar_is_alive(liar);
		}
		liar_destroy(liar);
		drop_connections();
	}
	assert_int_equal(device_fds(), before);
}

/* One command through raw descriptors; where the answer lies afterwards. */
#define LIAR_COMMAND	LIAR_BUFFERS
#define LIAR_ANSWER	(LIAR_BUFFERS + 4096)

static bool
liar_command(struct liar *liar, uint32_t size)
{
	memset(liar_at(liar, LIAR_ANSWER), 0, 64);
	liar_put_desc(liar_desc(liar, VIRTIO_WL_QUEUE_OUT, 0),
		liar_gpa(LIAR_COMMAND), size, VUB_DESC_F_NEXT, 1);
	liar_put_desc(liar_desc(liar, VIRTIO_WL_QUEUE_OUT, 1),
		liar_gpa(LIAR_ANSWER), 64, VUB_DESC_F_WRITE, 0);
	liar_offer(liar, VIRTIO_WL_QUEUE_OUT, 0);
	liar_kick(liar, VIRTIO_WL_QUEUE_OUT);
	return liar_used_or_end(liar, VIRTIO_WL_QUEUE_OUT, 1);
}

static uint32_t
liar_make(struct liar *liar, uint32_t type, uint32_t id)
{
	struct virtio_wl_wire_new wire = {
		.hdr.type = type,
		.vfd_id = id,
		.flags = type == VIRTIO_WL_CMD_VFD_NEW_PIPE
			? VIRTIO_WL_VFD_WRITE : 0,
	};
	memcpy(liar_at(liar, LIAR_COMMAND), &wire, sizeof(wire));
	must(liar_command(liar, sizeof(wire)));
	uint32_t answer;
	memcpy(&answer, liar_at(liar, LIAR_ANSWER), sizeof(answer));
	return answer;
}

static void
commands_rewritten_while_read_are_judged_as_copied(void **state)
{
	(void)state;
	int before = device_fds();
	/* Two heads of commands that differ in all a decoder looks at. */
	static const uint32_t heads[][2][4] = {
		{ { VIRTIO_WL_CMD_VFD_NEW_PIPE, 0, 1, 1 },
			{ VIRTIO_WL_CMD_VFD_SEND, 0, 1, UINT32_MAX } },
		{ { VIRTIO_WL_CMD_VFD_SEND, 0, 1, 0 },
			{ VIRTIO_WL_CMD_VFD_SEND, 0, 1, 0x40000000 } },
		{ { VIRTIO_WL_CMD_VFD_SEND, 0, 1, 0 },
			{ VIRTIO_WL_CMD_VFD_SEND, 0, 2, 28 } },
		{ { VIRTIO_WL_CMD_VFD_CLOSE, 0, 1, 0 },
			{ VIRTIO_WL_CMD_VFD_NEW_PIPE, 0, 1, 3 } },
		{ { VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT, 0, 1, 0 },
			{ VIRTIO_WL_CMD_VFD_TRIM, 0, 1, 0 } },
	};
	for (size_t i = 0; i < COUNT(heads); i++) {
		struct liar *liar = liar_connect();
		liar_start(liar, LIAR_ALL_STEPS);
		must(liar_make(liar, VIRTIO_WL_CMD_VFD_NEW_PIPE, 1) == NEW_OK);
		uint8_t *command = liar_at(liar, LIAR_COMMAND);
		memset(command, 1, 256);
		memcpy(command, heads[i][0], 16);
		struct vub_wire_desc other;
		memcpy(&other, heads[i][1], sizeof(other));
		struct liar_flipper flipper;
		liar_flip_begin(&flipper, (struct vub_wire_desc *)command,
			&other);
		for (unsigned n = 0; n < 2000; n++) {
			assert_true(liar_command(liar, 100));
		}
		liar_flip_end(&flipper);
		assert_true(liar_is_alive(liar));
		liar_destroy(liar);
	}
	assert_int_equal(device_fds(), before);
}

static void
await_eof(int sock)
{
	struct pollfd pollfd = { .fd = sock, .events = POLLIN };
	char byte;
	must(poll(&pollfd, 1, WL_GUEST_PATIENCE_MS) == 1);
	must(recv(sock, &byte, 1, MSG_DONTWAIT) == 0);
}

static void
a_driver_that_is_bound_again_finds_nothing_of_the_last_one(void **state)
{
	(void)state;
	int before = device_fds();
	struct liar *liar = liar_connect();
	liar_start(liar, LIAR_ALL_STEPS);
	for (unsigned round = 0; round < 10; round++) {
		assert_int_equal(liar_make(liar, VIRTIO_WL_CMD_VFD_NEW_CTX, 1),
			NEW_OK);
		assert_int_equal(liar_make(liar, VIRTIO_WL_CMD_VFD_NEW_PIPE,
			2), NEW_OK);
		int peer = wl_process_accept(&process);
		assert_int_equal(liar_stop(liar), 0);
		liar_restart(liar, NULL);
		await_eof(peer);
		close(peer);
	}
	liar_destroy(liar);
	assert_int_equal(device_fds(), before);
}

static void
a_vm_that_was_paused_goes_on_where_it_was(void **state)
{
	(void)state;
	struct liar *liar = liar_connect();
	liar_start(liar, LIAR_ALL_STEPS);
	assert_int_equal(liar_make(liar, VIRTIO_WL_CMD_VFD_NEW_CTX, 1), NEW_OK);
	int peer = wl_process_accept(&process);
	for (unsigned round = 0; round < 10; round++) {
		uint32_t bases[LIAR_QUEUES];
		assert_int_equal(liar_pause(liar, bases), 0);
		liar_restart(liar, bases);
		struct virtio_wl_wire_msg wire = {
			.hdr.type = VIRTIO_WL_CMD_VFD_SEND,
			.vfd_id = 1,
		};
		uint8_t *command = liar_at(liar, LIAR_COMMAND);
		memcpy(command, &wire, sizeof(wire));
		memcpy(command + sizeof(wire), "on", 2);
		assert_true(liar_command(liar, sizeof(wire) + 2));
		struct pollfd pollfd = { .fd = peer, .events = POLLIN };
		assert_int_equal(poll(&pollfd, 1, WL_GUEST_PATIENCE_MS), 1);
		char got[4];
		assert_int_equal(recv(peer, got, sizeof(got), MSG_DONTWAIT), 2);
	}
	liar_destroy(liar);
	await_eof(peer);
	close(peer);
}

static int
start(void **state)
{
	(void)state;
	static const char *const limits[] = {
		"connections=32", "pipes=32", "memory=67108864", NULL,
	};
	wl_process_start(&process, limits);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
			floods_end_at_the_budget_and_closing_gives_it_back),
		TEST(
			without_true_flags_a_spent_budget_is_out_of_memory),
		TEST(connections_beyond_the_budget_wait_outside),
		TEST(a_peer_cannot_fill_the_guests_region),
		TEST(everything_may_be_closed_in_every_order),
		TEST(
			drivers_that_reset_in_the_middle_leave_nothing_behind),
		TEST(
			peers_that_never_read_and_vanish_leave_nothing_behind),
		TEST(
			a_front_end_that_vanishes_at_any_step_is_followed_by_another),
		TEST(a_broken_ring_costs_the_session_and_no_more),
		TEST(in_buffers_of_any_kind_do_no_harm),
		TEST(
			commands_rewritten_while_read_are_judged_as_copied),
		TEST(
			a_driver_that_is_bound_again_finds_nothing_of_the_last_one),
		TEST(a_vm_that_was_paused_goes_on_where_it_was),
	};
	return cmocka_run_group_tests(tests, start, fixture_stop);
}
