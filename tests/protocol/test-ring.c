/* SPDX-License-Identifier: MIT */
/*
 * Rings full of lies, against the back-end library. A broken ring costs the
 * session it belongs to; the next session finds the device well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "liar-session.h"

/* Offer what descriptor 0 begins, and await the end of the session. */
static void
expect_broken(struct liar_session *session)
{
	liar_offer(session->liar, ECHO_QUEUE, 0);
	liar_kick(session->liar, ECHO_QUEUE);
	liar_await_end(session->liar);
	assert_int_equal(liar_session_end(session), -EPROTO);
}

static struct vub_wire_desc *
desc(struct liar_session *session, unsigned i)
{
	return liar_desc(session->liar, ECHO_QUEUE, i);
}

static void
an_honest_ring_echoes(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 3 * LIAR_QUEUE_SIZE; i++) {
		liar_session_check_echo(&session, 1 + i * 37);
	}
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
a_pause_is_no_reset(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned round = 0; round < 5; round++) {
		liar_session_check_echo(&session, 100);
		uint32_t bases[LIAR_QUEUES];
		assert_int_equal(liar_pause(session.liar, bases), 0);
		liar_restart(session.liar, bases);
		assert_int_equal(atomic_load(&session.device.resets), 0);
	}
	liar_session_check_echo(&session, 100);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
	assert_int_equal(atomic_load(&session.device.resets), 1);
}

static void
a_driver_that_comes_back_starts_at_zero_after_a_reset(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned round = 1; round <= 5; round++) {
		liar_session_check_echo(&session, 100);
		assert_int_equal(liar_stop(session.liar), 0);
		assert_int_equal(atomic_load(&session.device.resets),
			round - 1);
		liar_restart(session.liar, NULL);
		assert_int_equal(atomic_load(&session.device.resets), round);
	}
	liar_session_check_echo(&session, 100);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
get_vring_base_says_how_far_the_device_came(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 7; i++) {
		liar_session_check_echo(&session, 10);
	}
	uint64_t base;
	assert_int_equal(liar_ask(session.liar, VUB_GET_VRING_BASE, ECHO_QUEUE,
		&base), 0);
	assert_int_equal(base >> 32, 7);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
a_chain_may_cross_from_region_to_region(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	uint64_t from = LIAR_REGION_BYTES - 100, to = LIAR_BUFFERS;
	memset(liar_at(session.liar, from), 'x', 200);
	liar_put_desc(desc(&session, 0), liar_gpa(from), 200, VUB_DESC_F_NEXT,
		1);
	liar_put_desc(desc(&session, 1), liar_gpa(to), 200, VUB_DESC_F_WRITE,
		0);
	liar_offer(session.liar, ECHO_QUEUE, 0);
	liar_kick(session.liar, ECHO_QUEUE);
	liar_await_used(session.liar, ECHO_QUEUE, 1);
	assert_memory_equal(liar_at(session.liar, from),
		liar_at(session.liar, to), 200);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

/* An indirect table of @count echo halves at @table; descriptor 0 names it. */
static void
put_indirect(struct liar_session *session, uint64_t table, uint32_t bytes)
{
	struct vub_wire_desc entries[2];
	uint64_t from = LIAR_BUFFERS, to = LIAR_BUFFERS + 0x1000;
	memset(liar_at(session->liar, from), 'i', 64);
	liar_put_desc(&entries[0], liar_gpa(from), 64, VUB_DESC_F_NEXT, 1);
	liar_put_desc(&entries[1], liar_gpa(to), 64, VUB_DESC_F_WRITE, 0);
	memcpy(liar_at(session->liar, table), entries, sizeof(entries));
	liar_put_desc(desc(session, 0), liar_gpa(table), bytes,
		VUB_DESC_F_INDIRECT, 0);
}

static void
an_indirect_table_may_straddle_regions(void **state)
{
	(void)state;
	/* Also in the middle of a descriptor. */
	for (uint64_t before = 8; before <= 16; before += 8) {
		struct liar_session session;
		liar_session_start(&session);
		put_indirect(&session, LIAR_REGION_BYTES - before, 32);
		liar_offer(session.liar, ECHO_QUEUE, 0);
		liar_kick(session.liar, ECHO_QUEUE);
		liar_await_used(session.liar, ECHO_QUEUE, 1);
		assert_memory_equal(liar_at(session.liar, LIAR_BUFFERS),
			liar_at(session.liar, LIAR_BUFFERS + 0x1000), 64);
		assert_int_equal(liar_session_end(&session), -ECONNRESET);
	}
}

static void
an_indirect_table_of_odd_size_breaks_the_ring(void **state)
{
	(void)state;
	static const uint32_t sizes[] = {
		0, 1, 15, 17, 31, 33, UINT32_MAX, UINT32_MAX & ~15u,
		(LIAR_QUEUE_SIZE + 1) * 16, 0x10000 * 16,
	};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct liar_session session;
		liar_session_start(&session);
		put_indirect(&session, LIAR_BUFFERS + 0x2000, sizes[i]);
		/* The long ones are chains, too: each entry names the next. */
		struct vub_wire_desc *table = liar_at(session.liar,
			LIAR_BUFFERS + 0x2000);
		for (unsigned n = 0; n < 2000; n++) {
			liar_put_desc(&table[n], liar_gpa(LIAR_BUFFERS), 1,
				VUB_DESC_F_NEXT, (uint16_t)(n + 1));
		}
		expect_broken(&session);
	}
}

static void
indirect_within_indirect_breaks_the_ring(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	put_indirect(&session, LIAR_BUFFERS + 0x2000, 32);
	struct vub_wire_desc *table = liar_at(session.liar,
		LIAR_BUFFERS + 0x2000);
	liar_put_desc(&table[0], liar_gpa(LIAR_BUFFERS + 0x2000), 32,
		VUB_DESC_F_INDIRECT, 0);
	expect_broken(&session);
}

static void
indirect_and_next_together_break_the_ring(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	put_indirect(&session, LIAR_BUFFERS + 0x2000, 32);
	desc(&session, 0)->flags = VUB_DESC_F_INDIRECT | VUB_DESC_F_NEXT;
	desc(&session, 0)->next = 1;
	expect_broken(&session);
}

static void
an_indirect_table_outside_memory_breaks_the_ring(void **state)
{
	(void)state;
	static const uint64_t tables[] = {
		0, LIAR_GPA - 16, LIAR_GPA_END - 16, LIAR_GPA_END,
		UINT64_MAX - 15, UINT64_MAX,
	};
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct liar_session session;
		liar_session_start(&session);
		liar_put_desc(desc(&session, 0), tables[i], 32,
			VUB_DESC_F_INDIRECT, 0);
		expect_broken(&session);
	}
}

static void
an_indirect_next_past_its_table_breaks_the_ring(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	put_indirect(&session, LIAR_BUFFERS + 0x2000, 32);
	struct vub_wire_desc *table = liar_at(session.liar,
		LIAR_BUFFERS + 0x2000);
	table[0].next = 2;
	expect_broken(&session);
}

static void
a_loop_of_descriptors_breaks_the_ring(void **state)
{
	(void)state;
	for (uint16_t next = 0; next < 2; next++) {
		struct liar_session session;
		liar_session_start(&session);
		for (unsigned i = 0; i < 2; i++) {
			liar_put_desc(desc(&session, i), liar_gpa(LIAR_BUFFERS),
				16, VUB_DESC_F_NEXT, i == 0 ? next : 0);
		}
		expect_broken(&session);
	}
}

static void
a_head_or_next_past_the_table_breaks_the_ring(void **state)
{
	(void)state;
	static const uint16_t ids[] = { LIAR_QUEUE_SIZE, 0x8000, 0xffff };
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct liar_session session;
		liar_session_start(&session);
		liar_put_desc(desc(&session, 0), liar_gpa(LIAR_BUFFERS), 16,
			VUB_DESC_F_NEXT, ids[i]);
		expect_broken(&session);

		liar_session_start(&session);
		liar_offer(session.liar, ECHO_QUEUE, ids[i]);
		liar_kick(session.liar, ECHO_QUEUE);
		liar_await_end(session.liar);
		assert_int_equal(liar_session_end(&session), -EPROTO);
	}
}

static void
readable_behind_writable_breaks_the_ring(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	liar_put_desc(desc(&session, 0), liar_gpa(LIAR_BUFFERS), 16,
		VUB_DESC_F_WRITE | VUB_DESC_F_NEXT, 1);
	liar_put_desc(desc(&session, 1), liar_gpa(LIAR_BUFFERS), 16, 0, 0);
	expect_broken(&session);
}

static void
bad_addresses_and_lengths_break_the_ring(void **state)
{
	(void)state;
	static const struct {
		uint64_t addr;
		uint32_t len;
	} lies[] = {
		{ 0, 16 },
		{ LIAR_GPA - 1, 16 },
		{ LIAR_GPA_END, 1 },
		{ LIAR_GPA_END - 1, 2 },
		{ LIAR_GPA, 2 * LIAR_REGION_BYTES + 1 },
		{ LIAR_GPA, UINT32_MAX },
		{ LIAR_GPA + 16, 0x80000000u },
		{ UINT64_MAX, 1 },
		{ UINT64_MAX, UINT32_MAX },
		{ UINT64_MAX - 15, 16 },
		{ UINT64_MAX - UINT32_MAX, UINT32_MAX },
		{ LIAR_USER_1, 16 },	/* ours, but no guest address */
		{ LIAR_GPA, 0 },
	};
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		for (unsigned write = 0; write < 2; write++) {
			struct liar_session session;
			liar_session_start(&session);
			liar_put_desc(desc(&session, 0), lies[i].addr,
				lies[i].len, write ? VUB_DESC_F_WRITE : 0, 0);
			expect_broken(&session);
		}
	}
}

static void
an_avail_index_that_jumps_breaks_the_ring(void **state)
{
	(void)state;
	static const uint16_t jumps[] = { LIAR_QUEUE_SIZE + 1, 0x8000, 0xffff };
	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		struct liar_session session;
		liar_session_start(&session);
		liar_session_check_echo(&session, 16);
		liar_avail(session.liar, ECHO_QUEUE)->idx =
			(uint16_t)(1 + jumps[i]);
		liar_kick(session.liar, ECHO_QUEUE);
		liar_await_end(session.liar);
		assert_int_equal(liar_session_end(&session), -EPROTO);
	}
}

static void
the_same_chain_offered_many_times_is_served_or_refused(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	liar_put_desc(desc(&session, 0), liar_gpa(LIAR_BUFFERS), 16, 0, 0);
	for (unsigned i = 0; i < LIAR_QUEUE_SIZE; i++) {
		liar_offer(session.liar, ECHO_QUEUE, 0);
	}
	liar_kick(session.liar, ECHO_QUEUE);
	liar_used_or_end(session.liar, ECHO_QUEUE, LIAR_QUEUE_SIZE);
	liar_session_end(&session);
}

static void
elements_held_when_the_ring_stops_are_void(void **state)
{
	(void)state;
	for (unsigned graceful = 0; graceful < 2; graceful++) {
		struct liar_session session;
		liar_session_start(&session);
		struct echo_control control = { .op = ECHO_HOLD };
		memcpy(liar_at(session.liar, LIAR_BUFFERS), &control,
			sizeof(control));
		for (uint16_t i = 0; i < LIAR_QUEUE_SIZE; i++) {
			liar_put_desc(liar_desc(session.liar, ECHO_CONTROL, i),
				liar_gpa(LIAR_BUFFERS), sizeof(control), 0, 0);
			liar_offer(session.liar, ECHO_CONTROL, i);
		}
		liar_kick(session.liar, ECHO_CONTROL);
		assert_true(liar_is_alive(session.liar));
		if (graceful) {
			assert_int_equal(liar_stop(session.liar), 0);
		}
		assert_int_equal(liar_session_end(&session), -ECONNRESET);
		assert_int_equal(atomic_load(&session.device.stops),
			ECHO_QUEUES);
	}
}

static void
a_call_descriptor_replaced_in_flight_loses_no_notification(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 2000; i++) {
		liar_put_desc(desc(&session, 0), liar_gpa(LIAR_BUFFERS), 16, 0,
			0);
		liar_offer(session.liar, ECHO_QUEUE, 0);
		liar_kick(session.liar, ECHO_QUEUE);
		/* Masked, as a VMM masks an interrupt: nobody reads it. */
		struct liar_message message;
		liar_build(session.liar, VUB_SET_VRING_CALL, ECHO_QUEUE,
			&message);
		message.fds[0] = session.liar->call_fd[ECHO_CONTROL];
		liar_send(session.liar, &message);
		liar_do(session.liar, VUB_SET_VRING_CALL, ECHO_QUEUE);
		liar_await_used(session.liar, ECHO_QUEUE, 1);
	}
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

static void
kicks_without_work_do_nothing(void **state)
{
	(void)state;
	struct liar_session session;
	liar_session_start(&session);
	for (unsigned i = 0; i < 10000; i++) {
		liar_kick(session.liar, i % LIAR_QUEUES);
	}
	liar_session_check_echo(&session, 16);
	assert_int_equal(liar_session_end(&session), -ECONNRESET);
}

/*
 * A thread rewrites @i's descriptor while the device reads it. Whatever the
 * device saw must be one of the two values whole or mixed, checked after the
 * copy: the sanitizer watches.
 */
static void
run_flipping(struct vub_wire_desc other, unsigned victim, unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		struct liar_session session;
		liar_session_start(&session);
		liar_put_desc(desc(&session, 0), liar_gpa(LIAR_BUFFERS), 64,
			VUB_DESC_F_NEXT, 1);
		liar_put_desc(desc(&session, 1), liar_gpa(LIAR_BUFFERS + 4096),
			64, VUB_DESC_F_WRITE, 0);
		struct liar_flipper flipper;
		liar_flip_begin(&flipper, desc(&session, victim), &other);
		bool up = true;
		for (unsigned i = 0; i < 500 && up; i++) {
			liar_offer(session.liar, ECHO_QUEUE, 0);
			liar_kick(session.liar, ECHO_QUEUE);
			up = liar_used_or_end(session.liar, ECHO_QUEUE, 1);
		}
		liar_flip_end(&flipper);
		int reason = liar_session_end(&session);
		assert_int_equal(reason, up ? -ECONNRESET : -EPROTO);
	}
}

static void
a_descriptor_rewritten_while_read_is_judged_as_copied(void **state)
{
	(void)state;
	struct vub_wire_desc other;
	liar_put_desc(&other, UINT64_MAX - 63, 64, VUB_DESC_F_NEXT, 1);
	run_flipping(other, 0, 20);
	liar_put_desc(&other, liar_gpa(LIAR_BUFFERS), UINT32_MAX,
		VUB_DESC_F_NEXT, 1);
	run_flipping(other, 0, 20);
	liar_put_desc(&other, liar_gpa(LIAR_BUFFERS), 64, VUB_DESC_F_NEXT, 0);
	run_flipping(other, 1, 20);
	liar_put_desc(&other, liar_gpa(LIAR_BUFFERS + 0x2000), 32,
		VUB_DESC_F_INDIRECT, 0);
	run_flipping(other, 0, 20);
	/* Both good: no harm in either, so the session lives on. */
	liar_put_desc(&other, liar_gpa(LIAR_BUFFERS + 64), 32,
		VUB_DESC_F_WRITE, 0);
	run_flipping(other, 1, 5);
}

static void
an_indirect_table_rewritten_while_read_is_judged_as_copied(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		struct liar_session session;
		liar_session_start(&session);
		uint64_t table = LIAR_BUFFERS + 0x2000;
		put_indirect(&session, table, 32);
		struct vub_wire_desc other;
		liar_put_desc(&other, liar_gpa(table), 32,
			VUB_DESC_F_INDIRECT | VUB_DESC_F_NEXT, 0);
		struct liar_flipper flipper;
		liar_flip_begin(&flipper, liar_at(session.liar, table), &other);
		bool up = true;
		for (unsigned i = 0; i < 500 && up; i++) {
			liar_offer(session.liar, ECHO_QUEUE, 0);
			liar_kick(session.liar, ECHO_QUEUE);
			up = liar_used_or_end(session.liar, ECHO_QUEUE, 1);
		}
		liar_flip_end(&flipper);
		int reason = liar_session_end(&session);
		assert_int_equal(reason, up ? -ECONNRESET : -EPROTO);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_ring_echoes),
		cmocka_unit_test(a_pause_is_no_reset),
		cmocka_unit_test(
			a_driver_that_comes_back_starts_at_zero_after_a_reset),
		cmocka_unit_test(get_vring_base_says_how_far_the_device_came),
		cmocka_unit_test(a_chain_may_cross_from_region_to_region),
		cmocka_unit_test(an_indirect_table_may_straddle_regions),
		cmocka_unit_test(an_indirect_table_of_odd_size_breaks_the_ring),
		cmocka_unit_test(indirect_within_indirect_breaks_the_ring),
		cmocka_unit_test(indirect_and_next_together_break_the_ring),
		cmocka_unit_test(
			an_indirect_table_outside_memory_breaks_the_ring),
		cmocka_unit_test(
			an_indirect_next_past_its_table_breaks_the_ring),
		cmocka_unit_test(a_loop_of_descriptors_breaks_the_ring),
		cmocka_unit_test(a_head_or_next_past_the_table_breaks_the_ring),
		cmocka_unit_test(readable_behind_writable_breaks_the_ring),
		cmocka_unit_test(bad_addresses_and_lengths_break_the_ring),
		cmocka_unit_test(an_avail_index_that_jumps_breaks_the_ring),
		cmocka_unit_test(
			the_same_chain_offered_many_times_is_served_or_refused),
		cmocka_unit_test(elements_held_when_the_ring_stops_are_void),
		cmocka_unit_test(
			a_call_descriptor_replaced_in_flight_loses_no_notification),
		cmocka_unit_test(kicks_without_work_do_nothing),
		cmocka_unit_test(
			a_descriptor_rewritten_while_read_is_judged_as_copied),
		cmocka_unit_test(
			an_indirect_table_rewritten_while_read_is_judged_as_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
