/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The driver's half of a split ring. The three parts and, behind them, one
 * indirect table for each head lie in memory the device sees; what we rely on
 * (which descriptors are free, whose chain is whose, how far we got) lies in
 * our own. So the shared part is written and never read back, but for the used
 * ring, and there every value is checked against what we know to be in flight:
 * a device can lose its ring that way, never lead us astray.
 *
 * Notifications. With EVENT_IDX each side says at which index it wants to be
 * woken. Both directions are the same dance: publish, full barrier, look at
 * what the other side published. vub_driver_take() asks to be woken only when
 * it found nothing, and only where the device does not know that yet, so a
 * busy driver costs the device no eventfd writes and itself no barriers.
 *
 * Invariant: free_count + the descriptors of all chains in flight == size.
 */
#include <endian.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "frontend-impl.h"
#include "util/fd.h"

/* Entries of one indirect table; a longer chain takes plain descriptors. */
#define TABLE_ENTRIES 32

#define LIST_END UINT16_MAX

static size_t
round_up(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

/* Offsets of the parts within a queue's memory, and its size. */
struct layout {
	size_t avail;
	size_t used;
	size_t tables;
	size_t end;
};

static struct layout
layout_of(uint16_t size)
{
	struct layout layout;
	layout.avail = VUB_DESC_BYTES(size);
	/* The device writes the used ring: a cache line of its own. */
	layout.used = round_up(layout.avail + VUB_AVAIL_BYTES(size), 64);
	layout.tables = round_up(layout.used + VUB_USED_BYTES(size), 64);
	layout.end = round_up(layout.tables
			+ size * TABLE_ENTRIES * sizeof(struct vub_wire_desc),
		FRONTEND_PAGE);
	return layout;
}

size_t
vub_driver_queue_bytes(uint16_t size)
{
	return layout_of(size).end;
}

int
vub_driver_queue_init(struct vub_driver_queue *queue,
	struct vub_frontend *frontend, size_t offset)
{
	uint16_t size = frontend->options.queue_size;
	struct layout layout = layout_of(size);
	uint8_t *base = frontend->memory + offset;

	*queue = (struct vub_driver_queue){
		.frontend = frontend,
		.size = size,
		.event_idx = frontend->features & VUB_BIT(VUB_F_EVENT_IDX),
		.indirect = frontend->features & VUB_BIT(VUB_F_INDIRECT_DESC),
		.notify = true,
		.desc = (struct vub_wire_desc *)base,
		.avail = (struct vub_wire_avail *)(base + layout.avail),
		.used = (struct vub_wire_used *)(base + layout.used),
		.tables = (struct vub_wire_desc *)(base + layout.tables),
		.free_count = size,
	};
	queue->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->kick_fd < 0) {
		return -errno;
	}
	queue->next = calloc(size, sizeof(*queue->next));
	queue->chains = calloc(size, sizeof(*queue->chains));
	if (queue->next == NULL || queue->chains == NULL) {
		return -ENOMEM;
	}
	for (uint16_t i = 0; i < size; i++) {
		queue->next[i] = i + 1 < size ? i + 1 : LIST_END;
	}
	return 0;
}

void
vub_driver_queue_finish(struct vub_driver_queue *queue)
{
	if (queue->frontend == NULL) {
		return;	/* never begun */
	}
	fd_close(&queue->kick_fd);
	free(queue->next);
	free(queue->chains);
	memset(queue, 0, sizeof(*queue));
	queue->kick_fd = -1;
}

static uint64_t
guest_addr(const struct vub_driver_queue *queue, const void *ptr)
{
	return FRONTEND_GUEST_BASE
		+ (size_t)((const uint8_t *)ptr - queue->frontend->memory);
}

static void
put_desc(struct vub_wire_desc *desc, uint64_t addr, uint32_t len,
	uint16_t flags, uint16_t next)
{
	desc->addr = htole64(addr);
	desc->len = htole32(len);
	desc->flags = htole16(flags);
	desc->next = htole16(next);
}

/* What a caller wants to send, seen as one list. */
struct request {
	const struct vub_span *out;
	size_t out_count;
	const struct vub_span *in;
	size_t count;
	uint32_t room;
};

static int
check_spans(const struct vub_driver_queue *queue, const struct vub_span *spans,
	size_t count, uint32_t *ret_len)
{
	size_t memory_size = queue->frontend->options.memory_size;
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++) {
		if (spans[i].len == 0 || spans[i].len > memory_size
				|| spans[i].offset > memory_size - spans[i].len) {
			return -EINVAL;
		}
		sum += spans[i].len;
	}
	if (sum > UINT32_MAX) {
		return -EINVAL;
	}
	*ret_len = (uint32_t)sum;
	return 0;
}

/* Describe span number @i of @request in @desc; @next: who follows. */
static void
put_span(const struct vub_driver_queue *queue, struct vub_wire_desc *desc,
	const struct request *request, size_t i, uint16_t next)
{
	bool is_in = i >= request->out_count;
	const struct vub_span *span = is_in
		? &request->in[i - request->out_count] : &request->out[i];
	bool last = i + 1 == request->count;
	const uint8_t *ptr = queue->frontend->memory
		+ queue->frontend->caller_offset + span->offset;

	put_desc(desc, guest_addr(queue, ptr), span->len,
		(is_in ? VUB_DESC_F_WRITE : 0) | (last ? 0 : VUB_DESC_F_NEXT),
		last ? 0 : next);
}

/* Fill the descriptors of @request; the free list moves on behind them. */
static uint16_t
fill_chain(struct vub_driver_queue *queue, const struct request *request,
	uint16_t head, bool indirect)
{
	if (indirect) {
		struct vub_wire_desc *table =
			&queue->tables[(size_t)head * TABLE_ENTRIES];
		for (size_t i = 0; i < request->count; i++) {
			put_span(queue, &table[i], request, i, (uint16_t)(i + 1));
		}
		put_desc(&queue->desc[head], guest_addr(queue, table),
			(uint32_t)(request->count * sizeof(*table)),
			VUB_DESC_F_INDIRECT, 0);
		queue->free_head = queue->next[head];
		return 1;
	}
	uint16_t id = head;
	for (size_t i = 0; i < request->count; i++) {
		put_span(queue, &queue->desc[id], request, i, queue->next[id]);
		id = queue->next[id];
	}
	queue->free_head = id;
	return (uint16_t)request->count;
}

int
vub_driver_add(struct vub_driver_queue *queue,
	const struct vub_span *out, size_t out_count,
	const struct vub_span *in, size_t in_count, void *cookie)
{
	struct request request = {
		.out = out,
		.out_count = out_count,
		.in = in,
		.count = out_count + in_count,
	};
	uint32_t out_len;
	if (request.count == 0
			|| check_spans(queue, out, out_count, &out_len) < 0
			|| check_spans(queue, in, in_count, &request.room) < 0) {
		return -EINVAL;
	}
	bool indirect = queue->indirect && request.count > 1
		&& request.count <= TABLE_ENTRIES;
	size_t needed = indirect ? 1 : request.count;
	if (needed > queue->size) {
		return -EINVAL;
	}
	if (needed > queue->free_count) {
		return -EAGAIN;
	}

	uint16_t head = queue->free_head;
	uint16_t used = fill_chain(queue, &request, head, indirect);
	queue->chains[head] = (struct driver_chain){
		.cookie = cookie,
		.room = request.room,
		.desc_count = used,
	};
	queue->free_count -= used;
	queue->in_flight++;

	queue->avail->ring[queue->avail_idx & (queue->size - 1)] =
		htole16(head);
	queue->avail_idx++;
	__atomic_store_n(&queue->avail->idx, htole16(queue->avail_idx),
		__ATOMIC_RELEASE);
	return 0;
}

static uint16_t
load16(const uint16_t *field)
{
	return le16toh(__atomic_load_n(field, __ATOMIC_ACQUIRE));
}

void
vub_driver_kick(struct vub_driver_queue *queue)
{
	uint16_t old = queue->kicked_idx;
	uint16_t now = queue->avail_idx;
	if (now == old) {
		return;
	}
	queue->kicked_idx = now;

	/* The device publishes its wish, then looks at avail->idx once more;
	 * we have published avail->idx and look at its wish. */
	atomic_thread_fence(memory_order_seq_cst);
	if (queue->event_idx) {
		const uint16_t *avail_event =
			(const uint16_t *)&queue->used->ring[queue->size];
		if (!vub_event_passed(load16(avail_event), now, old)) {
			return;
		}
	} else if (load16(&queue->used->flags) & VUB_USED_F_NO_NOTIFY) {
		return;
	}
	uint64_t one = 1;
	ssize_t n = write(queue->kick_fd, &one, sizeof(one));
	(void)n;	/* EAGAIN: it is as readable as can be */
}

/* Have the device notify the next used chain. True if one came meanwhile. */
static bool
arm(struct vub_driver_queue *queue)
{
	if (!queue->notify || !queue->event_idx) {
		return false;
	}
	uint16_t *used_event = &queue->avail->ring[queue->size];
	uint16_t wish = htole16(queue->used_idx);
	if (*used_event == wish) {
		return false;
	}
	__atomic_store_n(used_event, wish, __ATOMIC_RELAXED);
	atomic_thread_fence(memory_order_seq_cst);
	return load16(&queue->used->idx) != queue->used_idx;
}

/* Give the descriptors of @head's chain back to the free list. */
static void
release_chain(struct vub_driver_queue *queue, uint16_t head)
{
	struct driver_chain *chain = &queue->chains[head];
	uint16_t tail = head;
	for (uint16_t i = 1; i < chain->desc_count; i++) {
		tail = queue->next[tail];
	}
	queue->next[tail] = queue->free_head;
	queue->free_head = head;
	queue->free_count += chain->desc_count;
	queue->in_flight--;
	chain->desc_count = 0;
}

int
vub_driver_take(struct vub_driver_queue *queue, void **ret_cookie,
	uint32_t *ret_len)
{
	if (queue->broken) {
		return -EPROTO;
	}
	uint16_t idx = load16(&queue->used->idx);
	if (idx == queue->used_idx) {
		if (!arm(queue)) {
			return 0;
		}
		idx = load16(&queue->used->idx);
		if (idx == queue->used_idx) {
			return 0;
		}
	}
	if ((uint16_t)(idx - queue->used_idx) > queue->in_flight) {
		queue->broken = true;
		return -EPROTO;
	}
	const struct vub_wire_used_elem *elem =
		&queue->used->ring[queue->used_idx & (queue->size - 1)];
	uint32_t id = le32toh(__atomic_load_n(&elem->id, __ATOMIC_RELAXED));
	uint32_t len = le32toh(__atomic_load_n(&elem->len, __ATOMIC_RELAXED));
	if (id >= queue->size || queue->chains[id].desc_count == 0
			|| len > queue->chains[id].room) {
		queue->broken = true;
		return -EPROTO;
	}
	queue->used_idx++;
	*ret_cookie = queue->chains[id].cookie;
	*ret_len = len;
	release_chain(queue, (uint16_t)id);
	return 1;
}

void
vub_driver_set_notify(struct vub_driver_queue *queue, bool notify)
{
	queue->notify = notify;
	if (queue->event_idx) {
		/* An index just behind us is one that the device does not pass
		 * for another 65535 chains. */
		uint16_t wish = notify ? queue->used_idx
			: (uint16_t)(queue->used_idx - 1);
		__atomic_store_n(&queue->avail->ring[queue->size],
			htole16(wish), __ATOMIC_RELAXED);
	} else {
		uint16_t flags = notify ? 0 : VUB_AVAIL_F_NO_INTERRUPT;
		__atomic_store_n(&queue->avail->flags, htole16(flags),
			__ATOMIC_RELAXED);
	}
	/* Before the caller's next look at the used ring. */
	atomic_thread_fence(memory_order_seq_cst);
}
