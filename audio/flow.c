/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <string.h>
#include <unistd.h>

/*
 * What the ring holds at most: more than the graph takes in its longest cycle
 * (8192 frames at 48 kHz are 170 ms), twice.
 */
#define RING_MS 400

int
vsnd_flow_init(struct vsnd_flow *flow, const struct vsnd_params *params,
	int wake_fd)
{
	*flow = (struct vsnd_flow) {
		.frame_bytes = vsnd_params_frame_bytes(params),
		.rate_hz = params->rate->hz,
		.silence = params->format->silence,
		.held = true,
		.wake_fd = wake_fd,
	};
	return vsnd_ring_init(&flow->ring,
		(size_t)flow->frame_bytes * flow->rate_hz / 1000 * RING_MS);
}

void
vsnd_flow_finish(struct vsnd_flow *flow)
{
	vsnd_ring_finish(&flow->ring);
}

void
vsnd_flow_hold(struct vsnd_flow *flow, bool held)
{
	atomic_store_explicit(&flow->held, held, memory_order_release);
}

static bool
is_held(const struct vsnd_flow *flow)
{
	return atomic_load_explicit(&flow->held, memory_order_acquire);
}

static void
end_cycle(struct vsnd_flow *flow, uint32_t frames, uint32_t delay_frames,
	uint32_t missed)
{
	const uint64_t one = 1;
	atomic_store_explicit(&flow->cycle_frames, frames,
		memory_order_relaxed);
	atomic_store_explicit(&flow->delay_frames, delay_frames,
		memory_order_relaxed);
	if (missed > 0) {
		atomic_fetch_add_explicit(&flow->missed_frames, missed,
			memory_order_relaxed);
	}
	atomic_fetch_add_explicit(&flow->cycles, 1, memory_order_release);
	/* Never waits; full means that it is signalled already. */
	ssize_t n = write(flow->wake_fd, &one, sizeof(one));
	(void)n;
}

void
vsnd_flow_play(struct vsnd_flow *flow, void *dst, uint32_t frames,
	uint32_t delay_frames)
{
	size_t wanted = (size_t)frames * flow->frame_bytes;
	if (is_held(flow)) {
		memset(dst, flow->silence, wanted);
		return;
	}
	size_t got = vsnd_ring_read(&flow->ring, dst, wanted,
		flow->frame_bytes);
	memset((char *)dst + got, flow->silence, wanted - got);
	end_cycle(flow, frames, delay_frames,
		(uint32_t)((wanted - got) / flow->frame_bytes));
}

void
vsnd_flow_capture(struct vsnd_flow *flow, const void *src, uint32_t frames,
	uint32_t delay_frames)
{
	if (is_held(flow)) {
		return;
	}
	size_t have = (size_t)frames * flow->frame_bytes;
	size_t room = vsnd_ring_room(&flow->ring);
	room -= room % flow->frame_bytes;
	size_t taken = have < room ? have : room;
	vsnd_ring_write(&flow->ring, src, taken);
	end_cycle(flow, frames, delay_frames,
		(uint32_t)((have - taken) / flow->frame_bytes));
}
