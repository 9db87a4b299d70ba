/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The driver puts heads of chains into the available ring, we pop them, and push
 * them into the used ring in any order. Three rules keep a hostile driver's
 * harm to its own session:
 *
 *  - what it wrote is read once: the available index, a head, a descriptor;
 *  - a head is an index into our own elements. One that is still out, or does
 *    not exist, breaks the ring, as does an index that ran ahead by more than
 *    the ring has room for;
 *  - a broken ring stays broken; the owner ends the session.
 *
 * With EVENT_IDX the driver kicks only when it passes avail_event, which is
 * written when pop finds nothing; so while we are busy there are no kicks.
 * Whether to notify the driver is decided once for all that was pushed in a turn
 * of the loop, when the owner asks.
 *
 * Elements are allocated with the ring, one for each head.
 */
#include "queue.h"

#include <vhost-user/backend.h>

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "queue-chain.h"

static uint16_t
load_le16(const uint16_t *guest)
{
	return le16toh(__atomic_load_n(guest, __ATOMIC_RELAXED));
}

static void
store_le16(uint16_t *guest, uint16_t value)
{
	__atomic_store_n(guest, htole16(value), __ATOMIC_RELAXED);
}

static void
store_le32(uint32_t *guest, uint32_t value)
{
	__atomic_store_n(guest, htole32(value), __ATOMIC_RELAXED);
}

/* Where the driver says which used index it wants to hear of. */
static const uint16_t *
used_event(const struct vub_queue *queue)
{
	return &queue->avail->ring[queue->num];
}

/* Where we say which available index we want to hear of. */
static uint16_t *
avail_event(struct vub_queue *queue)
{
	return (uint16_t *)&queue->used->ring[queue->num];
}

static void *
ring_part(struct vub_memory *memory, uint64_t user_addr, size_t len,
	uintptr_t align)
{
	void *part = vub_memory_at_user(memory, user_addr, len);
	return (uintptr_t)part % align == 0 ? part : NULL;
}

static int
find_ring(struct vub_queue *queue, uint16_t num,
	const struct vub_ring_addr *addr, struct vub_memory *memory)
{
	void *desc = ring_part(memory, addr->desc, VUB_DESC_BYTES(num),
		VUB_DESC_ALIGN);
	void *avail = ring_part(memory, addr->avail, VUB_AVAIL_BYTES(num),
		VUB_AVAIL_ALIGN);
	void *used = ring_part(memory, addr->used, VUB_USED_BYTES(num),
		VUB_USED_ALIGN);
	if (desc == NULL || avail == NULL || used == NULL) {
		return -EFAULT;
	}
	struct vub_memory *old = queue->memory;
	queue->memory = vub_memory_ref(memory);
	queue->desc = desc;
	queue->avail = avail;
	queue->used = used;
	vub_memory_unref(old);
	return 0;
}

int
vub_queue_start(struct vub_queue *queue, const struct vub_queue_setup *setup,
	struct vub_memory *memory)
{
	assert(!queue->started);
	assert(setup->num > 0 && setup->num <= VUB_QUEUE_SIZE_MAX
		&& (setup->num & (setup->num - 1)) == 0);
	struct vub_element *elements = calloc(setup->num, sizeof(*elements));
	if (elements == NULL) {
		return -ENOMEM;
	}
	int r = find_ring(queue, setup->num, &setup->addr, memory);
	if (r < 0) {
		free(elements);
		return r;
	}
	for (uint16_t i = 0; i < setup->num; i++) {
		elements[i].iov = elements[i].iov_inline;
		elements[i].iov_room = VUB_ELEMENT_IOV_INLINE;
	}
	queue->elements = elements;
	queue->num = setup->num;
	queue->avail_next = setup->base;
	queue->avail_idx = setup->base;
	queue->used_idx = load_le16(&queue->used->idx);
	queue->event_idx = setup->event_idx;
	queue->indirect = setup->indirect;
	queue->pushed = false;
	queue->asked = false;
	queue->notified = false;
	queue->broken = false;
	queue->paused = false;
	queue->started = true;
	return 0;
}

int
vub_queue_move(struct vub_queue *queue, const struct vub_ring_addr *addr,
	struct vub_memory *memory)
{
	assert(queue->started);
	queue->asked = false;
	return find_ring(queue, queue->num, addr, memory);
}

static void
element_release(struct vub_element *element)
{
	assert(element->busy);
	element->busy = false;
	vub_memory_unref(element->memory);
	element->memory = NULL;
	vub_element_shrink(element, VUB_ELEMENT_IOV_KEPT);
}

uint16_t
vub_queue_stop(struct vub_queue *queue)
{
	if (!queue->started) {
		return queue->avail_next;
	}
	/* Wrong heads do no harm here: they only end the walk, or are ours. */
	uint16_t mask = queue->num - 1;
	for (uint16_t i = 0; i < queue->num; i++) {
		uint16_t head = load_le16(
			&queue->avail->ring[(queue->avail_next - 1) & mask]);
		if (head >= queue->num || !queue->elements[head].busy) {
			break;
		}
		element_release(&queue->elements[head]);
		queue->avail_next--;
	}
	for (uint16_t i = 0; i < queue->num; i++) {
		if (queue->elements[i].busy) {
			element_release(&queue->elements[i]);
		}
		vub_element_shrink(&queue->elements[i], 0);
	}
	free(queue->elements);
	queue->elements = NULL;
	vub_memory_unref(queue->memory);
	queue->memory = NULL;
	queue->started = false;
	queue->paused = false;
	return queue->avail_next;
}

static int
break_ring(struct vub_queue *queue, int reason)
{
	queue->broken = true;
	queue->ops->broken(queue->owner, reason);
	return reason;
}

/* 1 when there is something to pop, 0 when not, -errno when it is broken. */
static int
look(struct vub_queue *queue)
{
	if (queue->broken) {
		return -EPROTO;
	}
	if (!queue->started || queue->paused) {
		return 0;
	}
	if (queue->avail_idx != queue->avail_next) {
		return 1;
	}
	/* Heads and descriptors are read behind the index that covers them. */
	uint16_t idx = le16toh(__atomic_load_n(&queue->avail->idx,
		__ATOMIC_ACQUIRE));
	if ((uint16_t)(idx - queue->avail_next) > queue->num) {
		return break_ring(queue, -EPROTO);
	}
	queue->avail_idx = idx;
	return idx != queue->avail_next;
}

/* As look(), but the driver will kick if the answer is 0. */
static int
look_or_ask(struct vub_queue *queue)
{
	int r = look(queue);
	if (r != 0 || !queue->started || queue->paused || !queue->event_idx) {
		return r;
	}
	if (queue->asked && queue->asked_at == queue->avail_next) {
		return 0;
	}
	queue->asked = true;
	queue->asked_at = queue->avail_next;
	store_le16(avail_event(queue), queue->asked_at);
	/* Either the driver sees our wish, or we see what it added before. */
	atomic_thread_fence(memory_order_seq_cst);
	return look(queue);
}

int
vub_queue_pop(struct vub_queue *queue, struct vub_element **ret)
{
	int r = look_or_ask(queue);
	if (r <= 0) {
		return r;
	}
	uint16_t slot = queue->avail_next & (queue->num - 1);
	uint16_t head = load_le16(&queue->avail->ring[slot]);
	if (head >= queue->num || queue->elements[head].busy) {
		return break_ring(queue, -EPROTO);
	}
	struct vub_element *element = &queue->elements[head];
	r = vub_queue_fetch_chain(queue, head, element);
	if (r < 0) {
		return break_ring(queue, r);
	}
	element->busy = true;
	element->memory = vub_memory_ref(queue->memory);
	queue->avail_next++;
	*ret = element;
	return 1;
}

bool
vub_queue_has_element(struct vub_queue *queue)
{
	return look(queue) > 0;
}

void
vub_queue_push(struct vub_queue *queue, struct vub_element *element,
	uint32_t written)
{
	assert(queue->started);
	assert(written <= element->writable_bytes);
	element_release(element);

	struct vub_wire_used_elem *slot =
		&queue->used->ring[queue->used_idx & (queue->num - 1)];
	store_le32(&slot->id, (uint32_t)(element - queue->elements));
	store_le32(&slot->len, written);
	queue->used_idx++;
	__atomic_store_n(&queue->used->idx, htole16(queue->used_idx),
		__ATOMIC_RELEASE);
	if (!queue->pushed) {
		queue->pushed = true;
		queue->ops->pushed(queue->owner);
	}
}

void
vub_queue_unpop(struct vub_queue *queue, struct vub_element *element)
{
	assert(queue->started);
	element_release(element);
	queue->avail_next--;
}

bool
vub_queue_take_notification(struct vub_queue *queue)
{
	if (!queue->started || !queue->pushed) {
		return false;
	}
	queue->pushed = false;
	/* Either we see the driver's wish, or it sees what was used. */
	atomic_thread_fence(memory_order_seq_cst);
	if (!queue->event_idx) {
		return (load_le16(&queue->avail->flags)
			& VUB_AVAIL_F_NO_INTERRUPT) == 0;
	}
	bool first = !queue->notified;
	uint16_t before = queue->notified_at;
	queue->notified = true;
	queue->notified_at = queue->used_idx;
	return first || vub_event_passed(load_le16(used_event(queue)),
		queue->used_idx, before);
}
