/* SPDX-License-Identifier: MIT */
/* One stream of the guest: its buffers, and the clock that takes them. */
#ifndef VSND_PCM_H
#define VSND_PCM_H

#include <stdbool.h>
#include <stdint.h>

#include <vhost-user/backend.h>

#include "flow.h"
#include "gain.h"
#include "info.h"
#include "params.h"
#include "sink.h"
#include "stream.h"
#include "util/list.h"

struct loop_source;

/* Buffers of one stream that are kept; Linux has up to 16. */
#define VSND_BUFFERS_MAX 128

/*
 * Linux gives up on a stream when no buffer came back for 100 ms, or for 1.1
 * times all of them if that is longer. A graph that is silent for so long is not
 * waited for: the first, or, up to the second, as long as all buffers last.
 */
#define VSND_STALL_MS 80
#define VSND_STALL_MAX_MS 400

/* What all streams of a device share. */
struct vsnd_engine {
	struct loop *loop;
	struct vsnd_sink *sink;
	int wake_fd;
	unsigned stall_ms;
};

struct vsnd_pcm_counters {
	uint64_t frames;	/* played for, or given to the guest */
	uint64_t missed;	/* frames of silence amid sound, or not kept */
	uint64_t late;		/* of those: the guest was ready, we were not */
	uint64_t xruns;		/* times that sound was missed */
	uint64_t stalls;	/* times the graph was not waited for */
};

struct vsnd_pcm {
	struct vsnd_engine *engine;
	bool capture;
	unsigned index;		/* among its direction */
	enum vsnd_state state;
	struct vsnd_params params;	/* since SET_PARAMS */
	bool suspended;		/* its queue has stopped */
	bool allowed;		/* to reach the sink: false is a silent mic */
	uint32_t controls[VSND_CONTROLS];	/* as the guest set them */
	struct vsnd_gain gain;	/* what they amount to */

	struct vsnd_sink_stream *sink_stream;	/* NULL: the flow is none */
	struct vsnd_flow flow;
	struct list buffers;	/* vsnd_buffer.link, in the guest's order */
	unsigned buffer_count;
	uint64_t added_ns;	/* when the guest last added one */
	/* Since PREPARE, of those that went back: */
	uint64_t passed_bytes;	/* since that time */
	uint64_t passed_before;	/* between it and the one before */

	bool graph_clock;	/* else ours */
	uint64_t cycles_seen;
	uint64_t last_cycle_ns;
	uint64_t back_ns;	/* when the graph's clock came back */
	uint64_t missed_seen;	/* of flow.missed_frames */
	uint64_t missed_now;	/* since the guest's last sound ended */
	uint64_t pace_ns;	/* our clock: all before the head was due */
	struct loop_source *timer;

	struct vsnd_pcm_counters counters;
};

/* 0 or -errno. */
int
vsnd_pcm_init(struct vsnd_pcm *pcm, struct vsnd_engine *engine, bool capture,
	unsigned index);

void
vsnd_pcm_finish(struct vsnd_pcm *pcm);

/* Whether @pcm may reach the sink; takes effect at once. */
void
vsnd_pcm_allow(struct vsnd_pcm *pcm, bool allowed);

/* The guest's own volume or mute. 0; -EINVAL: not a value of it. */
int
vsnd_pcm_set_control(struct vsnd_pcm *pcm, enum vsnd_control control,
	uint32_t value);

/* SET_PARAMS, checked against what is offered. 0; -EPROTO: not now. */
int
vsnd_pcm_set_params(struct vsnd_pcm *pcm, const struct vsnd_params *params);

/* Any other command. 0; -EPROTO: not in this state; else the sink's -errno. */
int
vsnd_pcm_command(struct vsnd_pcm *pcm, enum vsnd_command command);

/**
 * vsnd_pcm_add() - Take a buffer of the guest
 * @element: pushed to @queue when the clock has passed it; after an error the
 *           caller's to push
 * @data: behind the header of a playback buffer
 * @space: the writable part of either; its last bytes are for the status
 * @bytes: of sound
 *
 * Return: 0; -EPROTO: not in this state, or of no legal size; -ENOBUFS: one too
 * many; -ENOMEM.
 */
int
vsnd_pcm_add(struct vsnd_pcm *pcm, struct vub_queue *queue,
	struct vub_element *element, const struct vub_reader *data,
	const struct vub_writer *space, uint32_t bytes);

/* Look whether a cycle has been. */
void
vsnd_pcm_wake(struct vsnd_pcm *pcm);

/*
 * The queue has stopped: every buffer is void, and is not pushed. Nothing plays
 * or records until it is there again, if there was no reset.
 */
void
vsnd_pcm_suspend(struct vsnd_pcm *pcm);

/* The queue is there. Twice is fine. */
void
vsnd_pcm_resume(struct vsnd_pcm *pcm);

/* Whether it plays or records now. */
bool
vsnd_pcm_is_running(const struct vsnd_pcm *pcm);

/* The driver has gone: as after init, but for what was allowed. */
void
vsnd_pcm_reset(struct vsnd_pcm *pcm);

#endif
