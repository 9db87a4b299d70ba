/* SPDX-License-Identifier: MIT */
/* queue.c and queue-chain.c, over rings made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <vhost-user/backend.h>

#include "tests/lib/guest-ring.h"
#include "util/fd.h"

static int
setup(void **state)
{
	static struct guest_ring ring;
	guest_ring_init(&ring);
	*state = &ring;
	return guest_ring_start(&ring, 0, true, true);
}

static int
teardown(void **state)
{
	guest_ring_finish(*state);
	return 0;
}

static struct vub_element *
pop(struct guest_ring *ring)
{
	struct vub_element *element = NULL;
	assert_int_equal(vub_queue_pop(&ring->queue, &element), 1);
	return element;
}

static void
expect_broken(struct guest_ring *ring)
{
	struct vub_element *element;
	assert_int_equal(vub_queue_pop(&ring->queue, &element), -EPROTO);
	assert_int_equal(vub_queue_pop(&ring->queue, &element), -EPROTO);
	assert_false(vub_queue_has_element(&ring->queue));
	assert_int_equal(ring->broken_calls, 1);
}

/* Restart, so that one test can break the ring in several ways. */
static void
start_anew(struct guest_ring *ring)
{
	guest_ring_finish(ring);
	guest_ring_init(ring);
	assert_int_equal(guest_ring_start(ring, 0, true, true), 0);
}

static void
a_chain_is_read_and_answered(void **state)
{
	struct guest_ring *ring = *state;
	memcpy(guest_ring_at(ring, GUEST_BUFFERS), "ping", 4);
	guest_ring_set_desc(ring, 3, GUEST_BUFFERS, 4, VUB_DESC_F_NEXT, 7);
	guest_ring_set_desc(ring, 7, GUEST_BUFFERS + 64, 8, VUB_DESC_F_WRITE,
		0);
	assert_false(vub_queue_has_element(&ring->queue));
	guest_ring_add(ring, 3);
	assert_true(vub_queue_has_element(&ring->queue));

	struct vub_element *element = pop(ring);
	struct vub_reader reader = vub_element_reader(element);
	struct vub_writer writer = vub_element_writer(element);
	char in[4];
	assert_int_equal(reader.left, 4);
	assert_int_equal(writer.left, 8);
	assert_int_equal(vub_reader_copy(&reader, in, 4), 0);
	assert_memory_equal(in, "ping", 4);
	assert_int_equal(vub_writer_copy(&writer, "pong!", 5), 0);
	vub_queue_push(&ring->queue, element, 5);

	assert_memory_equal(guest_ring_at(ring, GUEST_BUFFERS + 64), "pong!",
		5);
	assert_int_equal(le16toh(ring->used->idx), 1);
	assert_int_equal(le32toh(ring->used->ring[0].id), 3);
	assert_int_equal(le32toh(ring->used->ring[0].len), 5);
	assert_int_equal(ring->pushed_calls, 1);
}

static void
elements_come_back_in_any_order(void **state)
{
	struct guest_ring *ring = *state;
	for (uint16_t i = 0; i < 3; i++) {
		guest_ring_set_desc(ring, i, GUEST_BUFFERS, 1,
			VUB_DESC_F_WRITE, 0);
		guest_ring_add(ring, i);
	}
	struct vub_element *a = pop(ring), *b = pop(ring), *c = pop(ring);
	vub_queue_push(&ring->queue, c, 1);
	vub_queue_push(&ring->queue, a, 0);
	vub_queue_push(&ring->queue, b, 1);
	assert_int_equal(le32toh(ring->used->ring[0].id), 2);
	assert_int_equal(le32toh(ring->used->ring[1].id), 0);
	assert_int_equal(le32toh(ring->used->ring[2].id), 1);
	assert_int_equal(ring->pushed_calls, 1);
}

static void
an_unpopped_element_comes_again(void **state)
{
	struct guest_ring *ring = *state;
	guest_ring_set_desc(ring, 5, GUEST_BUFFERS, 9, 0, 0);
	guest_ring_add(ring, 5);
	vub_queue_unpop(&ring->queue, pop(ring));
	assert_true(vub_queue_has_element(&ring->queue));
	assert_int_equal(vub_element_reader(pop(ring)).left, 9);
}

static void
a_range_over_two_regions_is_split(void **state)
{
	struct guest_ring *ring = *state;
	memcpy(guest_ring_at(ring, GUEST_BORDER - 2), "ab", 2);
	memcpy(guest_ring_at(ring, GUEST_BORDER), "cd", 2);
	guest_ring_set_desc(ring, 0, GUEST_BORDER - 2, 4, 0, 0);
	guest_ring_add(ring, 0);
	struct vub_reader reader = vub_element_reader(pop(ring));
	char out[4];
	assert_int_equal(vub_reader_copy(&reader, out, 4), 0);
	assert_memory_equal(out, "abcd", 4);
}

/* An indirect table of @count one-byte pieces at @addr. */
static void
make_table(struct guest_ring *ring, uint64_t addr, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct vub_wire_desc wire = {
			.addr = htole64(GUEST_BUFFERS + i),
			.len = htole32(1),
			.flags = htole16(i + 1 < count ? VUB_DESC_F_NEXT : 0),
			.next = htole16((uint16_t)(i + 1)),
		};
		const uint8_t *bytes = (const uint8_t *)&wire;
		for (unsigned k = 0; k < sizeof(wire); k++) {
			*guest_ring_at(ring, addr + i * sizeof(wire) + k) =
				bytes[k];
		}
	}
}

static void
an_indirect_table_may_cross_regions_and_be_long(void **state)
{
	struct guest_ring *ring = *state;
	/* More pieces than an element keeps room for, and odd the address. */
	make_table(ring, GUEST_BORDER - 24, 200);
	memcpy(guest_ring_at(ring, GUEST_BUFFERS), "twenty", 6);
	guest_ring_set_desc(ring, 0, GUEST_BORDER - 24, 200 * 16,
		VUB_DESC_F_INDIRECT, 0);
	for (int i = 0; i < 2; i++) {
		guest_ring_add(ring, 0);
		struct vub_element *element = pop(ring);
		struct vub_reader reader = vub_element_reader(element);
		char out[6];
		assert_int_equal(reader.left, 200);
		assert_int_equal(vub_reader_copy(&reader, out, 6), 0);
		assert_memory_equal(out, "twenty", 6);
		vub_queue_push(&ring->queue, element, 0);
	}
}

static void
direct_descriptors_may_lead_to_an_indirect_table(void **state)
{
	struct guest_ring *ring = *state;
	make_table(ring, GUEST_BUFFERS + 0x100, 2);
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 3, VUB_DESC_F_NEXT, 1);
	guest_ring_set_desc(ring, 1, GUEST_BUFFERS + 0x100, 32,
		VUB_DESC_F_INDIRECT, 0);
	guest_ring_add(ring, 0);
	assert_int_equal(vub_element_reader(pop(ring)).left, 5);
}

static void
wrong_descriptors_break_the_ring(void **state)
{
	struct guest_ring *ring = *state;
	const struct {
		uint64_t addr;
		uint32_t len;
		uint16_t flags;
		uint16_t next;
	} cases[] = {
		{ GUEST_BUFFERS, 0, 0, 0 },		/* nothing */
		{ GUEST_END, 1, 0, 0 },			/* not memory */
		{ GUEST_END - 1, 2, 0, 0 },
		{ GUEST_START - 1, 2, 0, 0 },
		{ UINT64_MAX, 2, 0, 0 },		/* wraps */
		{ GUEST_BUFFERS, UINT32_MAX, 0, 0 },
		{ GUEST_BUFFERS, 1, VUB_DESC_F_NEXT, 0 },	/* a loop */
		{ GUEST_BUFFERS, 1, VUB_DESC_F_NEXT, GUEST_RING_NUM },
		{ GUEST_BUFFERS, 1, VUB_DESC_F_NEXT | VUB_DESC_F_WRITE, 1 },
		{ GUEST_BUFFERS, 16, VUB_DESC_F_INDIRECT | VUB_DESC_F_NEXT, 1 },
		{ GUEST_BUFFERS, 0, VUB_DESC_F_INDIRECT, 0 },
		{ GUEST_BUFFERS, 15, VUB_DESC_F_INDIRECT, 0 },
		{ GUEST_BUFFERS, 16 * 1025, VUB_DESC_F_INDIRECT, 0 },
		{ GUEST_END, 16, VUB_DESC_F_INDIRECT, 0 },
		{ GUEST_END - 8, 16, VUB_DESC_F_INDIRECT, 0 },
		{ UINT64_MAX - 8, 16, VUB_DESC_F_INDIRECT, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start_anew(ring);
		guest_ring_set_desc(ring, 0, cases[i].addr, cases[i].len,
			cases[i].flags, cases[i].next);
		/* For the case that writes first: a readable one behind it. */
		guest_ring_set_desc(ring, 1, GUEST_BUFFERS, 1, 0, 0);
		guest_ring_add(ring, 0);
		expect_broken(ring);
	}
}

static void
a_table_in_a_table_breaks_the_ring(void **state)
{
	struct guest_ring *ring = *state;
	const struct vub_wire_desc wire = {
		.addr = htole64(GUEST_BUFFERS),
		.len = htole32(16),
		.flags = htole16(VUB_DESC_F_INDIRECT),
	};
	memcpy(guest_ring_at(ring, GUEST_BUFFERS), &wire, sizeof(wire));
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 16, VUB_DESC_F_INDIRECT, 0);
	guest_ring_add(ring, 0);
	expect_broken(ring);
}

static void
an_indirect_table_that_was_not_negotiated_breaks_the_ring(void **state)
{
	struct guest_ring *ring = *state;
	vub_queue_stop(&ring->queue);
	assert_int_equal(guest_ring_start(ring, 0, true, false), 0);
	make_table(ring, GUEST_BUFFERS, 1);
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 16, VUB_DESC_F_INDIRECT, 0);
	guest_ring_add(ring, 0);
	expect_broken(ring);
}

static void
more_bytes_than_the_used_ring_can_count_break_the_ring(void **state)
{
	struct guest_ring *ring = *state;
	const struct vub_mem_region region = { .size = UINT64_C(1) << 32 };
	struct vub_memory *large;
	int fd = fd_memfd("sparse", region.size, 0);
	assert_int_equal(vub_memory_create(&region, 1, &fd, NULL, &large), 0);
	fd_close(&fd);
	struct vub_memory *own = ring->queue.memory;
	ring->queue.memory = large;

	guest_ring_set_desc(ring, 0, 0, 0x80000000u, VUB_DESC_F_NEXT, 1);
	guest_ring_set_desc(ring, 1, 0, 0x7fffffffu, VUB_DESC_F_WRITE, 0);
	guest_ring_add(ring, 0);
	vub_queue_push(&ring->queue, pop(ring), 0x7fffffffu);
	guest_ring_set_desc(ring, 1, 0, 0x80000000u, VUB_DESC_F_WRITE, 0);
	guest_ring_add(ring, 0);
	expect_broken(ring);

	ring->queue.memory = own;
	vub_memory_unref(large);
}

static void
wrong_indices_break_the_ring(void **state)
{
	struct guest_ring *ring = *state;
	guest_ring_add(ring, GUEST_RING_NUM);
	expect_broken(ring);

	start_anew(ring);
	ring->avail->idx = htole16(GUEST_RING_NUM + 1);
	expect_broken(ring);

	/* Backwards is the same as very far ahead. */
	start_anew(ring);
	ring->avail->idx = htole16(UINT16_MAX);
	expect_broken(ring);
}

static void
a_head_that_is_still_out_breaks_the_ring(void **state)
{
	struct guest_ring *ring = *state;
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 1, 0, 0);
	guest_ring_add(ring, 0);
	guest_ring_add(ring, 0);
	struct vub_element *element = pop(ring);
	expect_broken(ring);
	/* What was popped before can still be given back. */
	vub_queue_push(&ring->queue, element, 0);
}

static void
indices_wrap_around(void **state)
{
	struct guest_ring *ring = *state;
	vub_queue_stop(&ring->queue);
	ring->avail->idx = htole16(65530);
	ring->used->idx = htole16(65530);
	assert_int_equal(guest_ring_start(ring, 65530, true, true), 0);
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 1, VUB_DESC_F_WRITE, 0);
	for (unsigned i = 0; i < 40; i++) {
		guest_ring_add(ring, 0);
		vub_queue_push(&ring->queue, pop(ring), 1);
	}
	assert_int_equal(le16toh(ring->used->idx), (65530 + 40) % 65536);
	assert_int_equal(vub_queue_stop(&ring->queue), (65530 + 40) % 65536);
}

static uint16_t
asked_for(struct guest_ring *ring)
{
	uint16_t wire;
	memcpy(&wire, &ring->used->ring[GUEST_RING_NUM], sizeof(wire));
	return le16toh(wire);
}

static void
only_an_empty_ring_asks_for_a_kick(void **state)
{
	struct guest_ring *ring = *state;
	struct vub_element *element;
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 1, VUB_DESC_F_WRITE, 0);
	guest_ring_add(ring, 0);
	vub_queue_push(&ring->queue, pop(ring), 0);
	assert_false(vub_queue_has_element(&ring->queue));
	assert_int_equal(asked_for(ring), 0);
	assert_int_equal(vub_queue_pop(&ring->queue, &element), 0);
	assert_int_equal(asked_for(ring), 1);
}

static void
the_driver_is_notified_where_it_asked_to_be(void **state)
{
	struct guest_ring *ring = *state;
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 1, VUB_DESC_F_WRITE, 0);
	uint16_t *event = &ring->avail->ring[GUEST_RING_NUM];
	bool expected[] = { true, false, false, true, false };
	*event = htole16(3);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		guest_ring_add(ring, 0);
		vub_queue_push(&ring->queue, pop(ring), 1);
		assert_int_equal(vub_queue_take_notification(&ring->queue),
			expected[i]);
		assert_false(vub_queue_take_notification(&ring->queue));
	}
}

static void
without_event_idx_the_flag_decides(void **state)
{
	struct guest_ring *ring = *state;
	vub_queue_stop(&ring->queue);
	assert_int_equal(guest_ring_start(ring, 0, false, true), 0);
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 1, VUB_DESC_F_WRITE, 0);
	for (int i = 0; i < 4; i++) {
		ring->avail->flags = htole16(i % 2);
		guest_ring_add(ring, 0);
		vub_queue_push(&ring->queue, pop(ring), 1);
		assert_int_equal(vub_queue_take_notification(&ring->queue),
			i % 2 == 0);
	}
	struct vub_element *element;
	assert_int_equal(vub_queue_pop(&ring->queue, &element), 0);
	assert_int_equal(ring->used->flags, 0);
}

static void
stopping_takes_back_what_was_popped_last(void **state)
{
	struct guest_ring *ring = *state;
	for (uint16_t i = 0; i < 4; i++) {
		guest_ring_set_desc(ring, i, GUEST_BUFFERS, 1,
			VUB_DESC_F_WRITE, 0);
		guest_ring_add(ring, i);
	}
	vub_queue_push(&ring->queue, pop(ring), 1);
	pop(ring);
	pop(ring);
	assert_int_equal(vub_queue_stop(&ring->queue), 1);
	struct vub_element *element;
	assert_int_equal(vub_queue_pop(&ring->queue, &element), 0);
}

static void
a_paused_queue_gives_nothing_but_takes(void **state)
{
	struct guest_ring *ring = *state;
	for (uint16_t i = 0; i < 2; i++) {
		guest_ring_set_desc(ring, i, GUEST_BUFFERS, 1,
			VUB_DESC_F_WRITE, 0);
		guest_ring_add(ring, i);
	}
	struct vub_element *first = pop(ring), *second;
	ring->queue.paused = true;
	assert_int_equal(vub_queue_pop(&ring->queue, &second), 0);
	assert_false(vub_queue_has_element(&ring->queue));
	vub_queue_push(&ring->queue, first, 1);
	assert_int_equal(le16toh(ring->used->idx), 1);
	ring->queue.paused = false;
	pop(ring);
}

static void
memory_of_a_popped_element_outlives_its_table(void **state)
{
	struct guest_ring *ring = *state;
	guest_ring_set_desc(ring, 0, GUEST_BUFFERS, 4, 0, 0);
	memcpy(guest_ring_at(ring, GUEST_BUFFERS), "kept", 4);
	guest_ring_add(ring, 0);
	struct vub_element *element = pop(ring);

	/* The front-end replaces everything by other memory. */
	struct guest_ring other;
	guest_ring_init(&other);
	assert_int_equal(vub_queue_move(&ring->queue, &other.addr,
		other.memory), 0);
	vub_memory_unref(ring->memory);
	ring->memory = NULL;

	struct vub_reader reader = vub_element_reader(element);
	char out[4];
	assert_int_equal(vub_reader_copy(&reader, out, 4), 0);
	assert_memory_equal(out, "kept", 4);
	vub_queue_push(&ring->queue, element, 0);
	assert_int_equal(le16toh(other.used->idx), 1);
	guest_ring_finish(&other);
}

static void
a_ring_outside_memory_does_not_start(void **state)
{
	struct guest_ring *ring = *state;
	vub_queue_stop(&ring->queue);
	const struct vub_ring_addr good = ring->addr;
	ring->addr.used = GUEST_USER_START + GUEST_REGION_SIZE - 8;
	assert_int_equal(guest_ring_start(ring, 0, true, true), -EFAULT);
	ring->addr = good;
	ring->addr.desc = GUEST_USER_START - 16;
	assert_int_equal(guest_ring_start(ring, 0, true, true), -EFAULT);
	ring->addr = good;
	assert_int_equal(guest_ring_start(ring, 0, true, true), 0);
}

#define RING_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(a_chain_is_read_and_answered),
		RING_TEST(elements_come_back_in_any_order),
		RING_TEST(an_unpopped_element_comes_again),
		RING_TEST(a_range_over_two_regions_is_split),
		RING_TEST(an_indirect_table_may_cross_regions_and_be_long),
		RING_TEST(direct_descriptors_may_lead_to_an_indirect_table),
		RING_TEST(wrong_descriptors_break_the_ring),
		RING_TEST(a_table_in_a_table_breaks_the_ring),
		RING_TEST(an_indirect_table_that_was_not_negotiated_breaks_the_ring),
		RING_TEST(more_bytes_than_the_used_ring_can_count_break_the_ring),
		RING_TEST(wrong_indices_break_the_ring),
		RING_TEST(a_head_that_is_still_out_breaks_the_ring),
		RING_TEST(indices_wrap_around),
		RING_TEST(only_an_empty_ring_asks_for_a_kick),
		RING_TEST(the_driver_is_notified_where_it_asked_to_be),
		RING_TEST(without_event_idx_the_flag_decides),
		RING_TEST(stopping_takes_back_what_was_popped_last),
		RING_TEST(a_paused_queue_gives_nothing_but_takes),
		RING_TEST(memory_of_a_popped_element_outlives_its_table),
		RING_TEST(a_ring_outside_memory_does_not_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
