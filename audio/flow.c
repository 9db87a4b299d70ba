/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The guest takes the cycles of the graph for a clock, and most graphs are one:
 * a sound card plays at its rate. But a driver that goes by a timer, as a null
 * sink's does, makes all cycles that it owes at once after it stood still. To the
 * guest that would be seconds of sound that are over in milliseconds.
 *
 * So cycles have a credit of time. It grows with real time, a cycle costs its
 * length, and a cycle that finds no credit left plays silence, or keeps nothing,
 * and costs nothing. A graph that was late, and makes up for it, finds the credit
 * for that: RING_MS at most, more never waits. After a stall it does not, for
 * then the device's own clock has counted that time.
 *
 * A graph's clock and ours differ a little, and cycles come early now and then.
 * For that the credit is brought up to SLACK_MS, or a cycle, faster than time
 * goes: a graph that is fast by less than one part in DRIFT runs as it likes.
 */
#include "flow.h"

#include <string.h>
#include <unistd.h>

/*
 * What the ring holds at most: more than the graph takes in its longest cycle
 * (8192 frames at 48 kHz are 170 ms), twice.
 */
#define RING_MS 400

#define SLACK_MS 40
#define DRIFT 16
#define NS_PER_MS INT64_C(1000000)

int
vsnd_flow_init(struct vsnd_flow *flow, const struct vsnd_params *params,
	int wake_fd)
{
	*flow = (struct vsnd_flow) {
		.frame_bytes = vsnd_params_frame_bytes(params),
		.rate_hz = params->rate->hz,
		.silence = params->format->silence,
		.held = true,
		.rebased = true,
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
	if (!held) {
		vsnd_flow_rebase(flow);
	}
	atomic_store_explicit(&flow->held, held, memory_order_release);
}

void
vsnd_flow_rebase(struct vsnd_flow *flow)
{
	atomic_store_explicit(&flow->rebased, true, memory_order_release);
}

static bool
is_held(const struct vsnd_flow *flow)
{
	return atomic_load_explicit(&flow->held, memory_order_acquire);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Whether time has come so far; then this cycle has used its part of it. */
static bool
is_due(struct vsnd_flow *flow, uint64_t now_ns, uint32_t frames)
{
	int64_t length_ns = frames * (1000 * NS_PER_MS) / flow->rate_hz;
	int64_t slack_ns = SLACK_MS * NS_PER_MS;
	slack_ns = slack_ns > length_ns ? slack_ns : length_ns;
	int64_t passed_ns = least((int64_t)(now_ns - flow->cycle_ns),
		RING_MS * NS_PER_MS);
	flow->cycle_ns = now_ns;
	flow->credit_ns = least(flow->credit_ns + passed_ns,
		RING_MS * NS_PER_MS);
	if (flow->credit_ns < slack_ns) {
		flow->credit_ns = least(flow->credit_ns + passed_ns / DRIFT,
			slack_ns);
	}
	if (atomic_exchange_explicit(&flow->rebased, false,
			memory_order_acquire)) {
		flow->credit_ns = slack_ns;
	}
	if (flow->credit_ns <= 0) {
		return false;
	}
	flow->credit_ns -= length_ns;
	return true;
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
vsnd_flow_play(struct vsnd_flow *flow, uint64_t now_ns, void *dst,
	uint32_t frames, uint32_t delay_frames)
{
	size_t wanted = (size_t)frames * flow->frame_bytes;
	if (is_held(flow)) {
		memset(dst, flow->silence, wanted);
		return;
	}
	if (!is_due(flow, now_ns, frames)) {
		memset(dst, flow->silence, wanted);
		end_cycle(flow, frames, delay_frames, 0);
		return;
	}
	size_t got = vsnd_ring_read(&flow->ring, dst, wanted,
		flow->frame_bytes);
	memset((char *)dst + got, flow->silence, wanted - got);
	end_cycle(flow, frames, delay_frames,
		(uint32_t)((wanted - got) / flow->frame_bytes));
}

void
vsnd_flow_capture(struct vsnd_flow *flow, uint64_t now_ns, const void *src,
	uint32_t frames, uint32_t delay_frames)
{
	if (is_held(flow)) {
		return;
	}
	if (!is_due(flow, now_ns, frames)) {
		end_cycle(flow, frames, delay_frames, 0);
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
