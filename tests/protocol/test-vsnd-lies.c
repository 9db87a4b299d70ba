/* SPDX-License-Identifier: MIT */
/*
 * Raw rings full of lies, against the sound device. A broken ring costs the
 * session it belongs to, a bad chain costs that chain; the next driver finds the
 * device well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <string.h>

#include "../lib/fd-count.h"
#include "../lib/lying-frontend.h"
#include "../lib/must.h"
#include "../lib/snd-guest.h"
#include "../lib/snd-thread.h"
#include "audio/pcm.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(n) (UINT64_C(1) << (n))
#define PLAYBACK 0u
#define CAPTURE 1u
#define FRAME 4u
#define PERIOD 1920u		/* bytes: 480 frames */
#define PERIODS 8u

/* Guest memory, as offsets. */
#define REQUEST LIAR_BUFFERS
#define ANSWER (LIAR_BUFFERS + 0x800)
#define TABLE (LIAR_BUFFERS + 0x1000)
#define SOUND (LIAR_BUFFERS + 0x8000)
#define SOUND_STATUS (SOUND + 4 + PERIOD)

/* Descriptors of honest requests; lies begin at descriptor 0. */
#define REQUEST_DESC 62u

static const struct vsnd_layout layout = {
	.playback_count = 1,
	.capture_count = 1,
	.offer = {
		.formats = BIT(VIRTIO_SND_PCM_FMT_S16),
		.rates = BIT(VIRTIO_SND_PCM_RATE_48000),
		.channels_max = 2,
	},
};

static struct snd_thread thread;
static struct liar *liar;
static int fds_before;

static void
liar_connect(uint16_t queue_size)
{
	int sock = fd_connect(thread.path);
	assert_true(sock >= 0);
	liar = liar_create(sock);
	liar->queues = SND_GUEST_QUEUES;
	liar->queue_size = queue_size;
	liar->protocol_features = VUB_BIT(VUB_PROTOCOL_F_MQ)
		| VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK);
}

static void
liar_hang_up(void)
{
	liar_destroy(liar);
	liar = NULL;
}

static void
liar_begin(uint16_t queue_size)
{
	liar_connect(queue_size);
	liar_start(liar, LIAR_ALL_STEPS);
}

static int
fresh(void **state)
{
	(void)state;
	log_init("test", LOG_ERROR);
	fds_before = fd_count_self();
	snd_thread_start(&thread, &layout, 0);
	return 0;
}

static int
gone(void **state)
{
	(void)state;
	if (liar != NULL) {
		liar_hang_up();
	}
	snd_thread_stop(&thread);
	return fd_count_self() == fds_before ? 0 : -1;
}

static void
put(unsigned queue, unsigned i, uint64_t offset, uint32_t len, uint16_t flags,
	uint16_t next)
{
	liar_put_desc(liar_desc(liar, queue, i), liar_gpa(offset), len, flags,
		next);
}

static void
send_head(unsigned queue, uint16_t head)
{
	liar_offer(liar, queue, head);
	liar_kick(liar, queue);
}

/* An honest request: what was answered. */
static uint32_t
request(const void *bytes, uint32_t size)
{
	uint32_t status;
	memcpy(liar_at(liar, REQUEST), bytes, size);
	memset(liar_at(liar, ANSWER), 0xee, 4);
	put(SND_GUEST_CONTROL, REQUEST_DESC, REQUEST, size, VUB_DESC_F_NEXT,
		REQUEST_DESC + 1);
	put(SND_GUEST_CONTROL, REQUEST_DESC + 1, ANSWER, 4, VUB_DESC_F_WRITE,
		0);
	send_head(SND_GUEST_CONTROL, REQUEST_DESC);
	liar_await_used(liar, SND_GUEST_CONTROL, 1);
	memcpy(&status, liar_at(liar, ANSWER), sizeof(status));
	return le32toh(status);
}

static uint32_t
command(uint32_t code, uint32_t stream)
{
	const struct virtio_snd_pcm_hdr wire = {
		.hdr.code = htole32(code),
		.stream_id = htole32(stream),
	};
	return request(&wire, sizeof(wire));
}

static struct virtio_snd_pcm_set_params
params(uint32_t stream)
{
	return (struct virtio_snd_pcm_set_params) {
		.hdr.hdr.code = htole32(VIRTIO_SND_R_PCM_SET_PARAMS),
		.hdr.stream_id = htole32(stream),
		.buffer_bytes = htole32(PERIODS * PERIOD),
		.period_bytes = htole32(PERIOD),
		.channels = 2,
		.format = VIRTIO_SND_PCM_FMT_S16,
		.rate = VIRTIO_SND_PCM_RATE_48000,
	};
}

static void
prepare(uint32_t stream)
{
	struct virtio_snd_pcm_set_params wire = params(stream);
	assert_int_equal(request(&wire, sizeof(wire)), VIRTIO_SND_S_OK);
	assert_int_equal(command(VIRTIO_SND_R_PCM_PREPARE, stream),
		VIRTIO_SND_S_OK);
}

static void
start(uint32_t stream)
{
	assert_int_equal(command(VIRTIO_SND_R_PCM_START, stream),
		VIRTIO_SND_S_OK);
}

/* An honest buffer at descriptor @at of tx: @bytes that are all @value. */
static void
put_sound(unsigned at, uint32_t bytes, uint8_t value)
{
	uint32_t stream = htole32(PLAYBACK);
	memcpy(liar_at(liar, SOUND), &stream, sizeof(stream));
	memset(liar_at(liar, SOUND + 4), value, bytes);
	memset(liar_at(liar, SOUND_STATUS), 0xee, 8);
	put(SND_GUEST_TX, at, SOUND, 4 + bytes, VUB_DESC_F_NEXT,
		(uint16_t)(at + 1));
	put(SND_GUEST_TX, at + 1, SOUND_STATUS, 8, VUB_DESC_F_WRITE, 0);
}

static uint32_t
status_at(uint64_t offset)
{
	uint32_t status;
	memcpy(&status, liar_at(liar, offset), sizeof(status));
	return le32toh(status);
}

/* What the used ring says of the last chain that came back. */
static uint32_t
last_written(unsigned queue)
{
	const struct vub_wire_used *used = liar_used(liar, queue);
	return used->ring[(uint16_t)(used->idx - 1) % liar->queue_size].len;
}

static void
cycle(void *heard, uint32_t frames)
{
	assert_true(vsnd_record_cycle(thread.record, false, 0, heard, frames));
}

/* A driver without a lie comes, plays, and goes. */
static void
check_well(void)
{
	struct snd_guest guest;
	uint8_t sound[PERIOD], heard[PERIOD];
	memset(sound, 0x5a, sizeof(sound));
	snd_guest_connect(&guest, thread.path);
	assert_int_equal(snd_guest_set_params(&guest, PLAYBACK,
		VIRTIO_SND_PCM_FMT_S16, VIRTIO_SND_PCM_RATE_48000, 2, PERIOD,
		PERIODS * PERIOD), VIRTIO_SND_S_OK);
	assert_int_equal(snd_guest_command(&guest, VIRTIO_SND_R_PCM_PREPARE,
		PLAYBACK), VIRTIO_SND_S_OK);
	snd_guest_play(&guest, PLAYBACK, sound, PERIOD);
	assert_int_equal(snd_guest_command(&guest, VIRTIO_SND_R_PCM_START,
		PLAYBACK), VIRTIO_SND_S_OK);
	cycle(heard, PERIOD / FRAME);
	assert_memory_equal(heard, sound, PERIOD);
	assert_int_equal(snd_guest_await(&guest).status, VIRTIO_SND_S_OK);
	snd_guest_disconnect(&guest);
}

/* The device ended the session by itself, and is well. */
static void
expect_end(void)
{
	liar_await_end(liar);
	liar_hang_up();
	assert_false(vsnd_record_is_open(thread.record, false, 0));
	check_well();
}

/*
 * Lies of one queue. Each puts a chain at descriptor 0 that breaks the ring.
 */

static void
lie_a_loop(unsigned queue)
{
	put(queue, 0, SOUND, 16, VUB_DESC_F_NEXT, 1);
	put(queue, 1, SOUND, 16, VUB_DESC_F_NEXT, 0);
}

static void
lie_a_loop_of_one(unsigned queue)
{
	put(queue, 0, SOUND, 16, VUB_DESC_F_NEXT, 0);
}

static void
lie_beyond_memory(unsigned queue)
{
	put(queue, 0, SOUND, 4, VUB_DESC_F_NEXT, 1);
	put(queue, 1, SOUND, UINT32_MAX, VUB_DESC_F_NEXT, 2);
	put(queue, 2, ANSWER, 8, VUB_DESC_F_WRITE, 0);
}

static void
lie_one_byte_beyond_memory(unsigned queue)
{
	put(queue, 0, SOUND, 4, VUB_DESC_F_NEXT, 1);
	put(queue, 1, 2 * LIAR_REGION_BYTES - 7, 8, VUB_DESC_F_WRITE, 0);
}

static void
lie_nothing(unsigned queue)
{
	put(queue, 0, SOUND, 0, 0, 0);
}

static void
lie_readable_behind_writable(unsigned queue)
{
	put(queue, 0, ANSWER, 8, VUB_DESC_F_WRITE | VUB_DESC_F_NEXT, 1);
	put(queue, 1, SOUND, 4 + PERIOD, 0, 0);
}

static void
lie_next_past_the_table(unsigned queue)
{
	put(queue, 0, SOUND, 16, VUB_DESC_F_NEXT, liar->queue_size);
}

static void
lie_a_table_too_long(unsigned queue)
{
	/* One more than the longest chain, and each of them good. */
	uint32_t bytes = 1025 * sizeof(struct vub_wire_desc);
	struct vub_wire_desc *table = liar_at(liar, TABLE);
	for (uint16_t i = 0; i < 1025; i++) {
		liar_put_desc(&table[i], liar_gpa(SOUND), 4, i == 1024
			? VUB_DESC_F_WRITE : VUB_DESC_F_NEXT,
			(uint16_t)(i + 1));
	}
	put(queue, 0, TABLE, bytes, VUB_DESC_F_INDIRECT, 0);
}

static void
lie_a_table_of_odd_size(unsigned queue)
{
	put(queue, 0, TABLE, 24, VUB_DESC_F_INDIRECT, 0);
}

static void
lie_a_table_within_a_table(unsigned queue)
{
	liar_put_desc(liar_at(liar, TABLE), liar_gpa(TABLE), 16,
		VUB_DESC_F_INDIRECT, 0);
	put(queue, 0, TABLE, 16, VUB_DESC_F_INDIRECT, 0);
}

static void
lie_a_loop_in_a_table(unsigned queue)
{
	liar_put_desc(liar_at(liar, TABLE), liar_gpa(SOUND), 16,
		VUB_DESC_F_NEXT, 0);
	put(queue, 0, TABLE, 16, VUB_DESC_F_INDIRECT, 0);
}

static void
lie_ahead_of_the_ring(unsigned queue)
{
	put(queue, 0, SOUND, 16, 0, 0);
	liar_avail(liar, queue)->idx += liar->queue_size;
}

static void
a_broken_ring_costs_the_session_and_no_more(void **state)
{
	(void)state;
	static void (*const lies[])(unsigned queue) = {
		lie_a_loop, lie_a_loop_of_one, lie_beyond_memory,
		lie_one_byte_beyond_memory, lie_nothing,
		lie_readable_behind_writable, lie_next_past_the_table,
		lie_a_table_too_long, lie_a_table_of_odd_size,
		lie_a_table_within_a_table, lie_a_loop_in_a_table,
		lie_ahead_of_the_ring,
	};
	static const unsigned queues[] = {
		SND_GUEST_CONTROL, SND_GUEST_TX, SND_GUEST_RX,
	};
	for (size_t q = 0; q < COUNT(queues); q++) {
		for (size_t i = 0; i < COUNT(lies); i++) {
			liar_begin(LIAR_QUEUE_SIZE);
			/* With a stream that plays, and buffers on their way. */
			prepare(PLAYBACK);
			put_sound(10, PERIOD, 1);
			send_head(SND_GUEST_TX, 10);
			start(PLAYBACK);
			lies[i](queues[q]);
			send_head(queues[q], 0);
			expect_end();
		}
	}
}

static void
a_buffer_that_is_still_out_is_not_taken_twice(void **state)
{
	(void)state;
	liar_begin(LIAR_QUEUE_SIZE);
	prepare(PLAYBACK);
	put_sound(0, PERIOD, 1);
	send_head(SND_GUEST_TX, 0);
	send_head(SND_GUEST_TX, 0);
	expect_end();
}

static void
the_longest_chain_is_played(void **state)
{
	(void)state;
	uint8_t heard[1022 * FRAME];
	struct vub_wire_desc *table;
	liar_begin(LIAR_QUEUE_SIZE);
	prepare(PLAYBACK);
	put_sound(0, PERIOD, 7);
	table = liar_at(liar, TABLE);
	for (uint16_t i = 0; i < 1024; i++) {
		liar_put_desc(&table[i], liar_gpa(i == 0 ? SOUND : SOUND + 4), 4,
			VUB_DESC_F_NEXT, (uint16_t)(i + 1));
	}
	liar_put_desc(&table[1023], liar_gpa(SOUND_STATUS), 8,
		VUB_DESC_F_WRITE, 0);
	put(SND_GUEST_TX, 0, TABLE, 1024 * sizeof(*table), VUB_DESC_F_INDIRECT,
		0);
	send_head(SND_GUEST_TX, 0);
	start(PLAYBACK);
	cycle(heard, 1022);
	for (size_t i = 0; i < sizeof(heard); i++) {
		assert_int_equal(heard[i], 7);
	}
	liar_await_used(liar, SND_GUEST_TX, 1);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_OK);
}

/* Offer the chain at descriptor 0 and see it come back with @written bytes. */
static void
expect_back(unsigned queue, uint32_t written)
{
	send_head(queue, 0);
	liar_await_used(liar, queue, 1);
	assert_int_equal(last_written(queue), written);
	assert_true(liar_is_alive(liar));
}

static void
chains_without_one_of_their_parts_come_back_at_once(void **state)
{
	(void)state;
	liar_begin(LIAR_QUEUE_SIZE);
	prepare(PLAYBACK);
	prepare(CAPTURE);
	uint64_t refused = thread.status.refused;
	for (unsigned queue = SND_GUEST_TX; queue <= SND_GUEST_RX; queue++) {
		uint32_t stream = htole32(queue == SND_GUEST_TX
			? PLAYBACK : CAPTURE);
		memcpy(liar_at(liar, SOUND), &stream, sizeof(stream));
		/* Nowhere for a status; half of one. */
		put(queue, 0, SOUND, 4 + PERIOD, 0, 0);
		expect_back(queue, 0);
		put(queue, 0, SOUND, 4 + PERIOD, VUB_DESC_F_NEXT, 1);
		put(queue, 1, ANSWER, 7, VUB_DESC_F_WRITE, 0);
		memset(liar_at(liar, ANSWER), 0xee, 8);
		expect_back(queue, 0);
		assert_int_equal(status_at(ANSWER), 0xeeeeeeee);
		/* No header; half of one; nothing but one. */
		put(queue, 0, ANSWER, 8, VUB_DESC_F_WRITE, 0);
		expect_back(queue, 8);
		assert_int_equal(status_at(ANSWER), VIRTIO_SND_S_IO_ERR);
		put(queue, 0, SOUND, 3, VUB_DESC_F_NEXT, 1);
		put(queue, 1, ANSWER, 8, VUB_DESC_F_WRITE, 0);
		expect_back(queue, 8);
		assert_int_equal(status_at(ANSWER), VIRTIO_SND_S_IO_ERR);
		put(queue, 0, SOUND, 4, VUB_DESC_F_NEXT, 1);
		expect_back(queue, 8);
		assert_int_equal(status_at(ANSWER), VIRTIO_SND_S_IO_ERR);
	}
	/* Sound in the part that is the device's: all of it counts as room. */
	put(SND_GUEST_TX, 0, SOUND, 4, VUB_DESC_F_NEXT, 1);
	put(SND_GUEST_TX, 1, SOUND + 4, PERIOD + 8, VUB_DESC_F_WRITE, 0);
	expect_back(SND_GUEST_TX, 8);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_IO_ERR);
	/* To record into what is only to be read. */
	put(SND_GUEST_RX, 0, SOUND, 4 + PERIOD, VUB_DESC_F_NEXT, 1);
	put(SND_GUEST_RX, 1, SOUND_STATUS, 8, VUB_DESC_F_WRITE, 0);
	memset(liar_at(liar, SOUND_STATUS), 0xee, 8);
	expect_back(SND_GUEST_RX, 8);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_IO_ERR);
	assert_int_equal(command(0x7777, 0), VIRTIO_SND_S_NOT_SUPP);
	assert_int_equal(thread.status.refused, refused + 13);
}

static void
requests_without_one_of_their_parts_come_back_at_once(void **state)
{
	(void)state;
	liar_begin(LIAR_QUEUE_SIZE);
	const struct virtio_snd_pcm_set_params wire = params(PLAYBACK);
	memcpy(liar_at(liar, REQUEST), &wire, sizeof(wire));
	/* Nowhere for an answer; half of one. */
	put(SND_GUEST_CONTROL, 0, REQUEST, sizeof(wire), 0, 0);
	expect_back(SND_GUEST_CONTROL, 0);
	put(SND_GUEST_CONTROL, 0, REQUEST, sizeof(wire), VUB_DESC_F_NEXT, 1);
	put(SND_GUEST_CONTROL, 1, ANSWER, 3, VUB_DESC_F_WRITE, 0);
	expect_back(SND_GUEST_CONTROL, 0);
	/* Neither was obeyed. */
	assert_int_equal(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK),
		VIRTIO_SND_S_BAD_MSG);
	/* Cut at each byte; nothing to read at all. */
	put(SND_GUEST_CONTROL, 1, ANSWER, 4, VUB_DESC_F_WRITE, 0);
	memcpy(liar_at(liar, REQUEST), &wire, sizeof(wire));
	for (uint32_t size = 1; size < sizeof(wire); size++) {
		put(SND_GUEST_CONTROL, 0, REQUEST, size, VUB_DESC_F_NEXT, 1);
		expect_back(SND_GUEST_CONTROL, 4);
		assert_int_equal(status_at(ANSWER), VIRTIO_SND_S_BAD_MSG);
	}
	put(SND_GUEST_CONTROL, 0, ANSWER, 4, VUB_DESC_F_WRITE, 0);
	expect_back(SND_GUEST_CONTROL, 4);
	assert_int_equal(status_at(ANSWER), VIRTIO_SND_S_BAD_MSG);
	/* Whole, with more behind it than it needs. */
	put(SND_GUEST_CONTROL, 0, REQUEST, 2048, VUB_DESC_F_NEXT, 1);
	memcpy(liar_at(liar, REQUEST), &wire, sizeof(wire));
	expect_back(SND_GUEST_CONTROL, 4);
	assert_int_equal(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK),
		VIRTIO_SND_S_OK);
}

static void
a_chain_rewritten_while_it_waits_changes_nothing(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	liar_begin(LIAR_QUEUE_SIZE);
	prepare(PLAYBACK);
	put_sound(0, PERIOD, 3);
	send_head(SND_GUEST_TX, 0);
	/* The device has it now; nothing is copied before the start. */
	assert_int_equal(command(VIRTIO_SND_R_PCM_PREPARE, PLAYBACK),
		VIRTIO_SND_S_OK);
	uint32_t stream = htole32(UINT32_MAX);
	memcpy(liar_at(liar, SOUND), &stream, sizeof(stream));
	lie_beyond_memory(SND_GUEST_TX);
	start(PLAYBACK);
	cycle(heard, PERIOD / FRAME);
	assert_int_equal(heard[0], 3);
	assert_int_equal(heard[PERIOD - 1], 3);
	liar_await_used(liar, SND_GUEST_TX, 1);
	assert_int_equal(last_written(SND_GUEST_TX), 8);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_OK);
}

/*
 * Offer the chain at descriptor 0 of tx, and make cycles until it comes back.
 * False: the session ended.
 */
static bool
plays_or_ends(void)
{
	uint8_t heard[PERIOD];
	uint16_t target = (uint16_t)(liar->used_seen[SND_GUEST_TX] + 1);
	const uint16_t *idx = &liar_used(liar, SND_GUEST_TX)->idx;
	send_head(SND_GUEST_TX, 0);
	while (__atomic_load_n(idx, __ATOMIC_ACQUIRE) != target) {
		vsnd_record_cycle(thread.record, false, 0, heard,
			PERIOD / FRAME);
		/* The answer comes behind what the cycle let happen. */
		if (!liar_is_alive(liar)) {
			return false;
		}
	}
	liar->used_seen[SND_GUEST_TX] = target;
	return true;
}

/* Descriptor @victim turns into @other and back while buffers are played. */
static void
run_flipping_sound(unsigned victim, struct vub_wire_desc other)
{
	for (unsigned round = 0; round < 10; round++) {
		struct liar_flipper flipper;
		bool up = true;
		liar_begin(LIAR_QUEUE_SIZE);
		prepare(PLAYBACK);
		start(PLAYBACK);
		put_sound(0, PERIOD, 5);
		liar_flip_begin(&flipper, liar_desc(liar, SND_GUEST_TX, victim),
			&other);
		for (unsigned i = 0; i < 200 && up; i++) {
			up = plays_or_ends();
		}
		liar_flip_end(&flipper);
		liar_hang_up();
	}
	check_well();
}

static void
chains_rewritten_while_they_are_read_are_judged_as_copied(void **state)
{
	(void)state;
	struct vub_wire_desc other;
	liar_put_desc(&other, liar_gpa(SOUND), UINT32_MAX, VUB_DESC_F_NEXT, 1);
	run_flipping_sound(0, other);
	liar_put_desc(&other, liar_gpa(SOUND), 4 + PERIOD, VUB_DESC_F_NEXT, 0);
	run_flipping_sound(0, other);
	/* Longer and shorter, with and without a status: no harm in either. */
	liar_put_desc(&other, liar_gpa(SOUND), 4 + FRAME, VUB_DESC_F_NEXT, 1);
	run_flipping_sound(0, other);
	liar_put_desc(&other, liar_gpa(SOUND_STATUS), 7, VUB_DESC_F_WRITE, 0);
	run_flipping_sound(1, other);
}

static void
a_request_rewritten_while_it_is_read_is_judged_as_copied(void **state)
{
	(void)state;
	struct liar_flipper flipper;
	struct virtio_snd_pcm_set_params good = params(PLAYBACK), bad = good;
	struct vub_wire_desc other;
	/* Sizes, format and rate at once, 16 bytes from offset 8. */
	bad.buffer_bytes = htole32(PERIODS * PERIOD + 1);
	bad.period_bytes = 0;
	bad.channels = 255;
	bad.format = 255;
	bad.rate = 255;
	memcpy(&other, (const char *)&bad + 8, sizeof(other));
	liar_begin(LIAR_QUEUE_SIZE);
	memcpy(liar_at(liar, REQUEST), &good, sizeof(good));
	put(SND_GUEST_CONTROL, 0, REQUEST, sizeof(good), VUB_DESC_F_NEXT, 1);
	put(SND_GUEST_CONTROL, 1, ANSWER, 4, VUB_DESC_F_WRITE, 0);
	liar_flip_begin(&flipper, liar_at(liar, REQUEST + 8), &other);
	for (unsigned i = 0; i < 3000; i++) {
		send_head(SND_GUEST_CONTROL, 0);
		liar_await_used(liar, SND_GUEST_CONTROL, 1);
		assert_in_range(status_at(ANSWER), VIRTIO_SND_S_OK,
			VIRTIO_SND_S_NOT_SUPP);
	}
	liar_flip_end(&flipper);
	prepare(PLAYBACK);
}

static void
more_buffers_than_a_stream_may_have_come_back_at_once(void **state)
{
	(void)state;
	uint8_t heard[VSND_BUFFERS_MAX * FRAME];
	liar_begin(LIAR_QUEUE_SIZE_MAX);
	prepare(PLAYBACK);
	uint64_t refused = thread.status.refused;
	/* Every head of the ring names the same table. */
	put_sound(0, FRAME, 9);
	for (unsigned i = 0; i < LIAR_QUEUE_SIZE_MAX; i++) {
		put(SND_GUEST_TX, i, TABLE, 32, VUB_DESC_F_INDIRECT, 0);
		liar_offer(liar, SND_GUEST_TX, (uint16_t)i);
	}
	struct vub_wire_desc *table = liar_at(liar, TABLE);
	liar_put_desc(&table[0], liar_gpa(SOUND), 4 + FRAME, VUB_DESC_F_NEXT,
		1);
	liar_put_desc(&table[1], liar_gpa(SOUND_STATUS), 8, VUB_DESC_F_WRITE,
		0);
	liar_kick(liar, SND_GUEST_TX);
	liar_await_used(liar, SND_GUEST_TX,
		LIAR_QUEUE_SIZE_MAX - VSND_BUFFERS_MAX);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_IO_ERR);
	start(PLAYBACK);
	assert_int_equal(thread.status.refused, refused
		+ LIAR_QUEUE_SIZE_MAX - VSND_BUFFERS_MAX);
	cycle(heard, VSND_BUFFERS_MAX);
	assert_int_equal(heard[0], 9);
	assert_int_equal(heard[sizeof(heard) - 1], 9);
	liar_await_used(liar, SND_GUEST_TX, VSND_BUFFERS_MAX);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_OK);
}

static void
a_flood_of_requests_is_answered_to_the_last(void **state)
{
	(void)state;
	liar_begin(LIAR_QUEUE_SIZE_MAX);
	prepare(PLAYBACK);
	const struct virtio_snd_pcm_hdr wire = {
		.hdr.code = htole32(VIRTIO_SND_R_PCM_RELEASE),
		.stream_id = htole32(UINT32_MAX),
	};
	memcpy(liar_at(liar, REQUEST), &wire, sizeof(wire));
	struct vub_wire_desc *table = liar_at(liar, TABLE);
	liar_put_desc(&table[0], liar_gpa(REQUEST), sizeof(wire),
		VUB_DESC_F_NEXT, 1);
	liar_put_desc(&table[1], liar_gpa(ANSWER), 4, VUB_DESC_F_WRITE, 0);
	uint64_t refused = thread.status.refused;
	for (unsigned round = 0; round < 200; round++) {
		for (unsigned i = 0; i < LIAR_QUEUE_SIZE_MAX; i++) {
			put(SND_GUEST_CONTROL, i, TABLE, 32,
				VUB_DESC_F_INDIRECT, 0);
			liar_offer(liar, SND_GUEST_CONTROL, (uint16_t)i);
		}
		liar_kick(liar, SND_GUEST_CONTROL);
		liar_await_used(liar, SND_GUEST_CONTROL, LIAR_QUEUE_SIZE_MAX);
		assert_int_equal(status_at(ANSWER), VIRTIO_SND_S_BAD_MSG);
	}
	start(PLAYBACK);
	assert_int_equal(thread.status.refused, refused
		+ UINT64_C(200) * LIAR_QUEUE_SIZE_MAX);
}

static void
buffers_of_a_paused_vm_come_again(void **state)
{
	(void)state;
	uint8_t heard[PERIOD];
	uint32_t bases[LIAR_QUEUES_MAX];
	liar_begin(LIAR_QUEUE_SIZE);
	prepare(PLAYBACK);
	put_sound(0, PERIOD, 8);
	send_head(SND_GUEST_TX, 0);
	start(PLAYBACK);
	cycle(heard, PERIOD / FRAME / 2);
	assert_int_equal(liar_pause(liar, bases), 0);
	liar_restart(liar, bases);
	/* The queues of sound are looked into before any request. */
	assert_int_equal(command(0x7777, 0), VIRTIO_SND_S_NOT_SUPP);
	cycle(heard, PERIOD / FRAME);
	assert_int_equal(heard[0], 8);
	assert_int_equal(heard[PERIOD - 1], 8);
	liar_await_used(liar, SND_GUEST_TX, 1);
	assert_int_equal(status_at(SOUND_STATUS), VIRTIO_SND_S_OK);
	/* And not twice. */
	cycle(heard, PERIOD / FRAME);
	assert_int_equal(heard[0], 0);
	assert_int_equal(command(VIRTIO_SND_R_PCM_STOP, PLAYBACK),
		VIRTIO_SND_S_OK);
	assert_int_equal(liar_used(liar, SND_GUEST_TX)->idx,
		liar->used_seen[SND_GUEST_TX]);
}

static void
kicks_without_work_do_nothing(void **state)
{
	(void)state;
	liar_begin(LIAR_QUEUE_SIZE);
	for (unsigned i = 0; i < 10000; i++) {
		liar_kick(liar, i % SND_GUEST_QUEUES);
	}
	prepare(PLAYBACK);
}

static void
a_front_end_may_vanish_at_every_step(void **state)
{
	(void)state;
	for (unsigned steps = 0;; steps++) {
		liar_connect(LIAR_QUEUE_SIZE);
		unsigned done = liar_start(liar, steps);
		liar_hang_up();
		if (done < steps) {
			break;
		}
	}
	check_well();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_broken_ring_costs_the_session_and_no_more),
		TEST(a_buffer_that_is_still_out_is_not_taken_twice),
		TEST(the_longest_chain_is_played),
		TEST(chains_without_one_of_their_parts_come_back_at_once),
		TEST(requests_without_one_of_their_parts_come_back_at_once),
		TEST(a_chain_rewritten_while_it_waits_changes_nothing),
		TEST(chains_rewritten_while_they_are_read_are_judged_as_copied),
		TEST(a_request_rewritten_while_it_is_read_is_judged_as_copied),
		TEST(more_buffers_than_a_stream_may_have_come_back_at_once),
		TEST(a_flood_of_requests_is_answered_to_the_last),
		TEST(buffers_of_a_paused_vm_come_again),
		TEST(kicks_without_work_do_nothing),
		TEST(a_front_end_may_vanish_at_every_step),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
