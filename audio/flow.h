/* SPDX-License-Identifier: MIT */
/*
 * flow.h - where a guest stream and the audio graph meet
 *
 * The device's thread fills or empties the ring; the graph's realtime thread
 * does the other half, once a cycle, through the two functions below. These
 * take no lock, allocate nothing, and touch no guest memory. When a cycle is
 * they are told, in ns of a clock that does not leap.
 */
#ifndef VSND_FLOW_H
#define VSND_FLOW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "params.h"
#include "ring.h"

struct vsnd_flow {
	struct vsnd_ring ring;
	uint32_t frame_bytes;
	uint32_t rate_hz;
	uint8_t silence;
	atomic_bool held;		/* pass nothing on, count nothing */
	atomic_bool rebased;		/* time so far was counted elsewhere */
	int wake_fd;			/* eventfd: a cycle has been; borrowed */
	_Atomic uint64_t cycles;
	_Atomic uint32_t cycle_frames;	/* of the last one */
	_Atomic uint32_t delay_frames;	/* from us to the ear, or from the mouth */
	_Atomic uint64_t missed_frames;	/* played as silence, or not kept */

	/* The realtime thread's own. */
	uint64_t cycle_ns;		/* when the last one was */
	int64_t credit_ns;		/* time that cycles may still take */
};

/* 0 or -ENOMEM. */
int
vsnd_flow_init(struct vsnd_flow *flow, const struct vsnd_params *params,
	int wake_fd);

void
vsnd_flow_finish(struct vsnd_flow *flow);

/*
 * Held, as it is at first, a flow plays silence and captures nothing, while what
 * lies in the ring stays there.
 */
void
vsnd_flow_hold(struct vsnd_flow *flow, bool held);

/*
 * Another clock has counted the time until now, so cycles that the graph still
 * owes for it take and give nothing.
 */
void
vsnd_flow_rebase(struct vsnd_flow *flow);

/**
 * vsnd_flow_play() - One cycle of playback, in the realtime thread
 * @now_ns: when that is
 * @dst: filled with @frames frames, of silence where the guest is late or the
 *       graph is early
 * @delay_frames: until a frame that is played now can be heard
 */
void
vsnd_flow_play(struct vsnd_flow *flow, uint64_t now_ns, void *dst,
	uint32_t frames, uint32_t delay_frames);

/*
 * One cycle of capture, in the realtime thread; what does not fit is lost, and
 * what comes early.
 */
void
vsnd_flow_capture(struct vsnd_flow *flow, uint64_t now_ns, const void *src,
	uint32_t frames, uint32_t delay_frames);

#endif
