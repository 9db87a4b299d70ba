/* SPDX-License-Identifier: MIT */
/*
 * A hostile driver's ring. Input: one byte of choices, two for the base, two for
 * how long the image of guest memory is, the image; the rest is what the driver
 * scribbles while we work, four bytes at a time.
 */
#include <stdlib.h>
#include <string.h>

#include <vhost-user/backend.h>

#include "fuzz.h"
#include "tests/lib/guest-ring.h"

#define CHOICE_EVENT_IDX	0x1
#define CHOICE_INDIRECT		0x2
#define CHOICE_UNPOP		0x4
#define CHOICE_KEEP		0x8	/* push late, in another order */

/* A busy ring could be fed for ever. */
#define ROUNDS_MAX 64

struct input {
	const uint8_t *data;
	size_t size;
};

static uint16_t
take_u16(struct input *input)
{
	uint16_t value = 0;
	if (input->size >= sizeof(value)) {
		memcpy(&value, input->data, sizeof(value));
		input->data += sizeof(value);
		input->size -= sizeof(value);
	}
	return value;
}

static void
fill(struct guest_ring *ring, struct input *input)
{
	size_t len = take_u16(input);
	if (len > input->size) {
		len = input->size;
	}
	size_t low = len < GUEST_REGION_SIZE ? len : GUEST_REGION_SIZE;
	memcpy(ring->low, input->data, low);
	memcpy(ring->high, input->data + low, len - low);
	input->data += len;
	input->size -= len;
}

static void
scribble(struct guest_ring *ring, struct input *input)
{
	uint16_t offset = take_u16(input) & (2 * GUEST_REGION_SIZE - 2);
	uint16_t value = take_u16(input);
	memcpy(guest_ring_at(ring, GUEST_START + offset), &value,
		sizeof(value));
}

/* Every byte of an element must be there; the sanitizer or SIGSEGV tells. */
static uint32_t
use_element(const struct vub_element *element)
{
	struct vub_reader reader = vub_element_reader(element);
	struct vub_writer writer = vub_element_writer(element);
	uint8_t bytes[512];
	while (reader.left > 0) {
		size_t part = reader.left < sizeof(bytes) ? reader.left
			: sizeof(bytes);
		if (vub_reader_copy(&reader, bytes, part) < 0) {
			abort();
		}
	}
	struct iovec iov[4];
	if (vub_writer_iov(&writer, 3, SIZE_MAX, iov, 4) > 4) {
		abort();
	}
	memset(bytes, 0x5a, sizeof(bytes));
	size_t part = writer.left < sizeof(bytes) ? writer.left : sizeof(bytes);
	if (vub_writer_copy(&writer, bytes, part) < 0) {
		abort();
	}
	vub_writer_advance(&writer, writer.left);
	return (uint32_t)writer.written;
}

static void
run(struct guest_ring *ring, unsigned choices, struct input *input)
{
	struct vub_element *kept[GUEST_RING_NUM];
	size_t kept_count = 0;
	for (int i = 0; i < ROUNDS_MAX; i++) {
		struct vub_element *element;
		vub_queue_has_element(&ring->queue);
		if (vub_queue_pop(&ring->queue, &element) <= 0) {
			break;
		}
		scribble(ring, input);
		uint32_t written = use_element(element);
		if ((choices & CHOICE_UNPOP) != 0 && i % 8 == 7) {
			vub_queue_unpop(&ring->queue, element);
		} else if ((choices & CHOICE_KEEP) != 0
				&& kept_count < GUEST_RING_NUM - 1) {
			kept[kept_count++] = element;
		} else {
			vub_queue_push(&ring->queue, element, written);
		}
		vub_queue_take_notification(&ring->queue);
	}
	/* Half goes back in reverse, half is void with the queue. */
	for (size_t i = kept_count; i > kept_count / 2; i--) {
		vub_queue_push(&ring->queue, kept[i - 1], 0);
	}
	if (ring->broken_calls > 1) {
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct guest_ring ring;
	if (ring.memory == NULL) {
		guest_ring_init(&ring);
	}
	if (size < 5) {
		return 0;
	}
	unsigned choices = data[0];
	struct input input = { .data = data + 1, .size = size - 1 };
	uint16_t base = take_u16(&input);
	memset(ring.low, 0, GUEST_REGION_SIZE);
	memset(ring.high, 0, GUEST_REGION_SIZE);
	ring.broken_calls = 0;
	fill(&ring, &input);
	if (guest_ring_start(&ring, base, (choices & CHOICE_EVENT_IDX) != 0,
			(choices & CHOICE_INDIRECT) != 0) == 0) {
		run(&ring, choices, &input);
		vub_queue_stop(&ring.queue);
	}
	return 0;
}
