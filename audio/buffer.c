/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Playback. Sound is copied out of guest memory into the ring, a little ahead
 * of the graph, and no further: drivers before Linux 6.7 hand a buffer back to
 * us before the program has filled it again, so the later it is read the better.
 * A buffer is complete when the graph has read its last byte from the ring; that
 * is when the guest's position moves. What waits in the ring is thus still the
 * guest's by its own count, and latency_bytes says only what lies beyond.
 *
 * Linux looks at its position from time to time, and a position that has gone
 * around the whole buffer looks like one that did not move, unless more than half
 * of the buffer's time is over by its ticks. Then nothing ever moves again: all
 * buffers are back, and the guest waits for room. So of a whole buffer that is
 * played before the guest has added anything, the last part comes back only when
 * that much time has passed since it last did. With buffers of 40 ms and more it
 * has by then.
 *
 * Capture. Sound is copied from the ring into the first buffer until that is
 * full.
 *
 * The guest's own volume is applied on the way, in this thread. What people at
 * the host set is the node's, in the graph, and comes on top of it: neither
 * can undo the other.
 *
 * How far ahead is for this thread: so long may it be kept from running before
 * the graph hears silence. Half of the guest's buffer leaves the other half to
 * the program that fills it; LOOKAHEAD_MS is the least, and at the start, when
 * all buffers are full and nobody knows the graph's cycle, it is all that the
 * ring may hold.
 */
#include "buffer.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <linux/virtio_snd.h>

#include "pcm.h"

#define LOOKAHEAD_MS 40
#define LOOKAHEAD_CYCLES 3
#define COPY_BYTES 4096
#define TICKS_NS UINT64_C(20000000)	/* two of the slowest, 100 Hz */
#define NS_PER_S UINT64_C(1000000000)

void
vsnd_element_complete(struct vub_queue *queue, struct vub_element *element,
	struct vub_writer space, uint32_t recorded, uint32_t status,
	uint32_t latency_bytes)
{
	const struct virtio_snd_pcm_status wire = {
		.status = htole32(status),
		.latency_bytes = htole32(latency_bytes),
	};
	if (space.left < sizeof(wire)) {
		vub_queue_push(queue, element, 0);
		return;
	}
	/* The status lies at the very end, however much was recorded. */
	vub_writer_advance(&space, space.left - sizeof(wire));
	vub_writer_copy(&space, &wire, sizeof(wire));
	vub_queue_push(queue, element, recorded + (uint32_t)sizeof(wire));
}

static struct vsnd_buffer *
first(const struct vsnd_pcm *pcm)
{
	return list_empty(&pcm->buffers) ? NULL
		: list_first(&pcm->buffers, struct vsnd_buffer, link);
}

static void
drop(struct vsnd_pcm *pcm, struct vsnd_buffer *buffer)
{
	list_remove(&buffer->link);
	pcm->buffer_count--;
	free(buffer);
}

static void
complete(struct vsnd_pcm *pcm, struct vsnd_buffer *buffer)
{
	uint32_t latency_bytes = 0;
	if (pcm->graph_clock && pcm->sink_stream != NULL) {
		latency_bytes = pcm->flow.frame_bytes * atomic_load_explicit(
			&pcm->flow.delay_frames, memory_order_relaxed);
	}
	pcm->counters.frames += buffer->done
		/ vsnd_params_frame_bytes(&pcm->params);
	vsnd_element_complete(buffer->queue, buffer->element, buffer->space,
		pcm->capture ? buffer->done : 0, VIRTIO_SND_S_OK,
		latency_bytes);
	pcm->passed_bytes += buffer->bytes;
	drop(pcm, buffer);
}

/* Whether the guest might not see that its whole buffer was played. */
static bool
is_unseen(const struct vsnd_pcm *pcm, const struct vsnd_buffer *buffer)
{
	const struct vsnd_params *params = &pcm->params;
	uint64_t half_ns = params->buffer_bytes / 2
		/ vsnd_params_frame_bytes(params) * NS_PER_S / params->rate->hz;
	/* What went back while the last one was being added may be unseen. */
	return pcm->buffer_count == 1
		&& pcm->passed_before + pcm->passed_bytes + buffer->bytes
			>= params->buffer_bytes
		&& pcm->last_cycle_ns < pcm->added_ns + half_ns + TICKS_NS;
}

/* How much shall wait in the ring for the graph to take. */
static size_t
lookahead_bytes(const struct vsnd_pcm *pcm)
{
	const struct vsnd_flow *flow = &pcm->flow;
	size_t most = flow->ring.size / 2;
	uint32_t cycle = atomic_load_explicit(&flow->cycle_frames,
		memory_order_relaxed);
	if (cycle == 0) {
		return most;
	}
	uint32_t frames = flow->rate_hz * LOOKAHEAD_MS / 1000;
	frames = frames > LOOKAHEAD_CYCLES * cycle
		? frames : LOOKAHEAD_CYCLES * cycle;
	size_t bytes = (size_t)frames * flow->frame_bytes;
	bytes = bytes > pcm->params.buffer_bytes / 2
		? bytes : pcm->params.buffer_bytes / 2;
	return bytes < most ? bytes : most;
}

/* As many of @len bytes as fit a copy, in whole frames. */
static size_t
copy_bytes(const struct vsnd_pcm *pcm, size_t len)
{
	len = len < COPY_BYTES ? len : COPY_BYTES;
	return len - len % vsnd_params_frame_bytes(&pcm->params);
}

/* Copy the frames of @buffer that fit into @len bytes into the ring. */
static void
copy_in(struct vsnd_pcm *pcm, struct vsnd_buffer *buffer, size_t len)
{
	struct vsnd_ring *ring = &pcm->flow.ring;
	uint8_t bytes[COPY_BYTES];
	while (buffer->done < buffer->bytes) {
		size_t left = buffer->bytes - buffer->done;
		size_t n = copy_bytes(pcm, left < len ? left : len);
		if (n == 0) {
			return;
		}
		if (vub_reader_copy(&buffer->data, bytes, n) < 0) {
			abort();	/* its length was counted */
		}
		vsnd_gain_apply(&pcm->gain, &pcm->params, bytes, n);
		vsnd_ring_write(ring, bytes, n);
		buffer->done += (uint32_t)n;
		buffer->end = atomic_load_explicit(&ring->written,
			memory_order_relaxed);
		len -= n;
	}
}

static void
follow_playback(struct vsnd_pcm *pcm)
{
	struct vsnd_ring *ring = &pcm->flow.ring;
	struct vsnd_buffer *buffer;
	uint64_t passed = vsnd_ring_passed(ring);
	while ((buffer = first(pcm)) != NULL && buffer->done == buffer->bytes
			&& buffer->end <= passed && !is_unseen(pcm, buffer)) {
		complete(pcm, buffer);
	}
	size_t wanted = lookahead_bytes(pcm);
	list_for_each(buffer, &pcm->buffers, link) {
		size_t fill = vsnd_ring_fill(ring);
		size_t room = vsnd_ring_room(ring);
		if (fill >= wanted) {
			break;
		}
		copy_in(pcm, buffer, wanted - fill < room
			? wanted - fill : room);
		if (buffer->done < buffer->bytes) {
			/* The graph may have made room meanwhile: for the
			 * rest of this one, not for the next. */
			break;
		}
	}
}

static void
follow_capture(struct vsnd_pcm *pcm)
{
	uint8_t bytes[COPY_BYTES];
	struct vsnd_buffer *buffer;
	while ((buffer = first(pcm)) != NULL) {
		size_t n = vsnd_ring_read(&pcm->flow.ring, bytes,
			copy_bytes(pcm, buffer->bytes - buffer->done),
			pcm->flow.frame_bytes);
		if (n == 0) {
			return;
		}
		vsnd_gain_apply(&pcm->gain, &pcm->params, bytes, n);
		vub_writer_copy(&buffer->space, bytes, n);
		buffer->done += (uint32_t)n;
		if (buffer->done == buffer->bytes) {
			complete(pcm, buffer);
		}
	}
}

bool
vsnd_buffers_wait(const struct vsnd_pcm *pcm)
{
	const struct vsnd_buffer *buffer;
	list_for_each(buffer, &pcm->buffers, link) {
		if (buffer->done < buffer->bytes) {
			return true;
		}
	}
	return false;
}

void
vsnd_buffers_follow_graph(struct vsnd_pcm *pcm)
{
	if (pcm->capture) {
		follow_capture(pcm);
	} else {
		follow_playback(pcm);
	}
}

uint32_t
vsnd_buffer_left(const struct vsnd_pcm *pcm, const struct vsnd_buffer *buffer)
{
	if (pcm->capture || buffer->done == 0) {
		return buffer->bytes - buffer->done;
	}
	uint64_t passed = vsnd_ring_passed(&pcm->flow.ring);
	uint32_t waiting = buffer->end > passed
		? (uint32_t)(buffer->end - passed) : 0;
	return buffer->bytes - buffer->done
		+ (waiting < buffer->done ? waiting : buffer->done);
}

void
vsnd_buffers_pass_first(struct vsnd_pcm *pcm)
{
	struct vsnd_buffer *buffer = first(pcm);
	uint8_t silence[COPY_BYTES];
	if (pcm->capture) {
		memset(silence, pcm->params.format->silence, sizeof(silence));
	}
	while (pcm->capture && buffer->done < buffer->bytes) {
		size_t n = buffer->bytes - buffer->done;
		n = n < sizeof(silence) ? n : sizeof(silence);
		vub_writer_copy(&buffer->space, silence, n);
		buffer->done += (uint32_t)n;
	}
	if (!pcm->capture && buffer->done > 0) {
		/* Its time is over, should the graph come back. */
		vsnd_ring_drop(&pcm->flow.ring, buffer->end);
	}
	buffer->done = buffer->bytes;
	complete(pcm, buffer);
}

void
vsnd_buffers_flush(struct vsnd_pcm *pcm)
{
	while (!list_empty(&pcm->buffers)) {
		complete(pcm, first(pcm));
	}
}

void
vsnd_buffers_forget(struct vsnd_pcm *pcm)
{
	while (!list_empty(&pcm->buffers)) {
		drop(pcm, first(pcm));
	}
}
