/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A running stream follows one of two clocks. The graph's: each cycle moves
 * sound between the ring and the graph, and buffers complete as it passes them.
 * Our own: buffers complete at the stream's rate by CLOCK_MONOTONIC, played to
 * nobody or filled with silence.
 *
 * A stream starts with the graph's clock where it has a sink. When no cycle came
 * for as long as the guest may wait, ours takes over: one buffer completes at
 * once and the others at their rate, so the guest sees its clock pause and go
 * on, not leap. Nothing more is put into the ring until cycles come again, and
 * what was there is dropped as its time goes by. A microphone that is off has no
 * sink stream at all, so there is nothing that could leak: its clock is ours
 * from the start.
 *
 * A cycle that finds too little plays silence. If the guest had sound waiting
 * then, this thread was late. Else it is known only later what that was: the end
 * of the sound, when STOP follows, or a hole in it, when more sound follows. What
 * a graph misses that has just come back is nobody's: the ring ran dry, and cycles
 * that it owes may come all at once (flow.c).
 *
 * PREPARE makes nothing visible, for desktops prepare a stream at login and sit
 * there. The sink's stream comes with the first START, and stays, idle, until the
 * parameters change or the driver goes: a VM that has made a sound keeps its
 * place in the mixer.
 *
 * A VM that is paused has its queues stopped in the middle of everything. Its
 * streams are idle until they are back, a microphone above all.
 */
#include "pcm.h"

#include <errno.h>
#include <stdlib.h>

#include "buffer.h"
#include "util/loop.h"
#include "util/now.h"

#define NS_PER_MS UINT64_C(1000000)

bool
vsnd_pcm_is_running(const struct vsnd_pcm *pcm)
{
	return pcm->state == VSND_STATE_STARTED && !pcm->suspended;
}

static void
arm(struct vsnd_pcm *pcm, uint64_t now, uint64_t due_ns)
{
	uint64_t delay_ms = due_ns <= now ? 1
		: (due_ns - now + NS_PER_MS - 1) / NS_PER_MS;
	loop_timer_set(pcm->timer, (unsigned)delay_ms);
}

/* Time that @bytes of sound take. */
static uint64_t
duration_ns(const struct vsnd_pcm *pcm, uint32_t bytes)
{
	return bytes / vsnd_params_frame_bytes(&pcm->params)
		* (1000 * NS_PER_MS) / pcm->params.rate->hz;
}

/* Our own clock: complete what is due, and come back for the next. */
static void
follow_time(struct vsnd_pcm *pcm, uint64_t now)
{
	while (!list_empty(&pcm->buffers)) {
		uint64_t due = pcm->pace_ns + duration_ns(pcm,
			vsnd_buffer_left(pcm, list_first(&pcm->buffers,
				struct vsnd_buffer, link)));
		if (due > now) {
			arm(pcm, now, due);
			return;
		}
		pcm->pace_ns = due;
		vsnd_buffers_pass_first(pcm);
	}
}

static void
begin_own_clock(struct vsnd_pcm *pcm)
{
	pcm->graph_clock = false;
	pcm->pace_ns = (uint64_t)now_ns();
	if (pcm->sink_stream != NULL) {
		vsnd_flow_rebase(&pcm->flow);
	}
	follow_time(pcm, pcm->pace_ns);
}

/* How long the guest waits for a buffer without harm. */
static unsigned
patience_ms(const struct vsnd_pcm *pcm)
{
	uint64_t buffer_ms = duration_ns(pcm, pcm->params.buffer_bytes)
		/ NS_PER_MS;
	buffer_ms = buffer_ms < VSND_STALL_MAX_MS
		? buffer_ms : VSND_STALL_MAX_MS;
	return buffer_ms > pcm->engine->stall_ms
		? (unsigned)buffer_ms : pcm->engine->stall_ms;
}

/* Whether a cycle has been since we last looked. */
static bool
take_cycles(struct vsnd_pcm *pcm)
{
	if (pcm->sink_stream == NULL) {
		return false;
	}
	uint64_t cycles = atomic_load_explicit(&pcm->flow.cycles,
		memory_order_acquire);
	if (cycles == pcm->cycles_seen) {
		return false;
	}
	pcm->cycles_seen = cycles;
	pcm->last_cycle_ns = (uint64_t)now_ns();
	return true;
}

/* Frames that cycles found missing since we last looked. */
static uint64_t
take_missed(struct vsnd_pcm *pcm)
{
	uint64_t missed = atomic_load_explicit(&pcm->flow.missed_frames,
		memory_order_relaxed);
	uint64_t news = missed - pcm->missed_seen;
	pcm->missed_seen = missed;
	return news;
}

static void
count_hole(struct vsnd_pcm *pcm)
{
	if (pcm->missed_now > 0) {
		pcm->counters.missed += pcm->missed_now;
		pcm->counters.xruns++;
		pcm->missed_now = 0;
	}
}

/* Before anything is moved or added: that tells who was late. */
static void
count_missed(struct vsnd_pcm *pcm)
{
	uint64_t missed = take_missed(pcm);
	if (missed == 0 || pcm->last_cycle_ns - pcm->back_ns
			< VSND_STALL_MS * NS_PER_MS) {
		return;
	}
	pcm->missed_now += missed;
	if (vsnd_buffers_wait(pcm)) {
		pcm->counters.late += missed;
		count_hole(pcm);
	}
}

void
vsnd_pcm_wake(struct vsnd_pcm *pcm)
{
	if (!take_cycles(pcm) || !vsnd_pcm_is_running(pcm)) {
		return;
	}
	if (pcm->graph_clock) {
		count_missed(pcm);
	} else {
		/* The ring ran dry while the graph stood still. */
		take_missed(pcm);
		pcm->graph_clock = true;
		pcm->back_ns = pcm->last_cycle_ns;
		if (pcm->capture) {
			vsnd_ring_skip(&pcm->flow.ring);
		}
		loop_timer_set(pcm->timer, patience_ms(pcm));
	}
	vsnd_buffers_follow_graph(pcm);
}

static void
handle_timer(void *data)
{
	struct vsnd_pcm *pcm = data;
	if (!vsnd_pcm_is_running(pcm)) {
		return;
	}
	/* This thread may be what was late. */
	vsnd_pcm_wake(pcm);
	uint64_t now = (uint64_t)now_ns();
	if (!pcm->graph_clock) {
		follow_time(pcm, now);
		return;
	}
	uint64_t end_ns = pcm->last_cycle_ns + patience_ms(pcm) * NS_PER_MS;
	if (now < end_ns) {
		arm(pcm, now, end_ns);
		return;
	}
	pcm->counters.stalls++;
	if (!list_empty(&pcm->buffers)) {
		vsnd_buffers_pass_first(pcm);
	}
	begin_own_clock(pcm);
}

static int
open_sink(struct vsnd_pcm *pcm)
{
	int r = vsnd_flow_init(&pcm->flow, &pcm->params,
		pcm->engine->wake_fd);
	if (r < 0) {
		return r;
	}
	const struct vsnd_sink_request request = {
		.capture = pcm->capture,
		.index = pcm->index,
		.params = pcm->params,
		.flow = &pcm->flow,
	};
	r = pcm->engine->sink->ops->open(pcm->engine->sink, &request,
		&pcm->sink_stream);
	if (r < 0) {
		vsnd_flow_finish(&pcm->flow);
		return r;
	}
	pcm->cycles_seen = 0;
	pcm->missed_seen = 0;
	return 0;
}

static void
close_sink(struct vsnd_pcm *pcm)
{
	if (pcm->sink_stream != NULL) {
		pcm->engine->sink->ops->close(pcm->sink_stream);
		pcm->sink_stream = NULL;
		vsnd_flow_finish(&pcm->flow);
	}
}

/* Buffers may wait already; which clock takes them is decided here. */
static int
start(struct vsnd_pcm *pcm)
{
	int r = pcm->allowed && pcm->sink_stream == NULL
		? open_sink(pcm) : 0;
	if (r < 0) {
		return r;
	}
	if (pcm->sink_stream == NULL) {
		begin_own_clock(pcm);
		return 0;
	}
	take_cycles(pcm);
	take_missed(pcm);
	pcm->missed_now = 0;
	pcm->back_ns = 0;
	pcm->graph_clock = true;
	pcm->last_cycle_ns = (uint64_t)now_ns();
	if (pcm->capture) {
		vsnd_ring_skip(&pcm->flow.ring);
	}
	vsnd_buffers_follow_graph(pcm);
	loop_timer_set(pcm->timer, patience_ms(pcm));
	vsnd_flow_hold(&pcm->flow, false);
	pcm->engine->sink->ops->run(pcm->sink_stream, true);
	return 0;
}

static void
stop(struct vsnd_pcm *pcm)
{
	loop_timer_set(pcm->timer, 0);
	if (pcm->sink_stream != NULL) {
		vsnd_flow_hold(&pcm->flow, true);
		pcm->engine->sink->ops->run(pcm->sink_stream, false);
	}
}

static void
drop_ring(struct vsnd_pcm *pcm)
{
	if (pcm->sink_stream != NULL && !pcm->capture) {
		vsnd_ring_drop(&pcm->flow.ring, UINT64_MAX);
	}
}

void
vsnd_pcm_allow(struct vsnd_pcm *pcm, bool allowed)
{
	if (pcm->allowed == allowed) {
		return;
	}
	pcm->allowed = allowed;
	if (!vsnd_pcm_is_running(pcm)) {
		if (!allowed) {
			close_sink(pcm);
		}
		return;
	}
	stop(pcm);
	if (!allowed) {
		close_sink(pcm);
	}
	if (start(pcm) < 0) {
		begin_own_clock(pcm);
	}
}

/*
 * The volume is cubic, as in the mixers of the host, so that half of it sounds
 * like half in both.
 */
int
vsnd_pcm_set_control(struct vsnd_pcm *pcm, enum vsnd_control control,
	uint32_t value)
{
	uint32_t max = control == VSND_CONTROL_VOLUME
		? VSND_CONTROL_VOLUME_MAX : 1;
	if (value > max) {
		return -EINVAL;
	}
	pcm->controls[control] = value;
	double volume = pcm->controls[VSND_CONTROL_VOLUME]
		/ (double)VSND_CONTROL_VOLUME_MAX;
	vsnd_gain_set(&pcm->gain, pcm->controls[VSND_CONTROL_SWITCH] == 1
		? volume * volume * volume : 0);
	if (!vsnd_pcm_is_running(pcm)) {
		vsnd_gain_jump(&pcm->gain);
	}
	return 0;
}

static void
reset_controls(struct vsnd_pcm *pcm)
{
	pcm->controls[VSND_CONTROL_VOLUME] = VSND_CONTROL_VOLUME_MAX;
	pcm->controls[VSND_CONTROL_SWITCH] = 1;
	vsnd_gain_init(&pcm->gain);
}

static bool
same_format(const struct vsnd_params *a, const struct vsnd_params *b)
{
	return a->format == b->format && a->rate == b->rate
		&& a->channels == b->channels
		&& a->period_bytes == b->period_bytes;
}

int
vsnd_pcm_set_params(struct vsnd_pcm *pcm, const struct vsnd_params *params)
{
	int state = vsnd_state_after(pcm->state, VSND_COMMAND_SET_PARAMS);
	if (state < 0) {
		return state;
	}
	if (pcm->state != VSND_STATE_NEW) {
		vsnd_buffers_flush(pcm);
		drop_ring(pcm);
		if (!same_format(&pcm->params, params)) {
			close_sink(pcm);
		}
	}
	pcm->params = *params;
	pcm->state = (enum vsnd_state)state;
	return 0;
}

int
vsnd_pcm_command(struct vsnd_pcm *pcm, enum vsnd_command command)
{
	int state = vsnd_state_after(pcm->state, command);
	if (state < 0) {
		return state;
	}
	int r = 0;
	switch (command) {
	case VSND_COMMAND_PREPARE:
		/* The guest's position begins anew. */
		pcm->passed_bytes = 0;
		pcm->passed_before = 0;
		break;
	case VSND_COMMAND_START:
		r = pcm->suspended ? 0 : start(pcm);
		break;
	case VSND_COMMAND_STOP:
		stop(pcm);
		break;
	case VSND_COMMAND_RELEASE:
		vsnd_buffers_flush(pcm);
		drop_ring(pcm);
		break;
	default:
		break;
	}
	if (r == 0) {
		pcm->state = (enum vsnd_state)state;
	}
	return r;
}

static struct vsnd_buffer *
buffer_create(struct vsnd_pcm *pcm, uint32_t bytes)
{
	struct vsnd_buffer *buffer = calloc(1, sizeof(*buffer));
	if (buffer != NULL) {
		buffer->bytes = bytes;
		list_append(&pcm->buffers, &buffer->link);
		pcm->buffer_count++;
	}
	return buffer;
}

int
vsnd_pcm_add(struct vsnd_pcm *pcm, struct vub_queue *queue,
	struct vub_element *element, const struct vub_reader *data,
	const struct vub_writer *space, uint32_t bytes)
{
	if (!vsnd_state_takes_buffers(pcm->state) || bytes == 0
			|| bytes > pcm->params.buffer_bytes
			|| bytes % vsnd_params_frame_bytes(&pcm->params) != 0) {
		return -EPROTO;
	}
	if (pcm->buffer_count >= VSND_BUFFERS_MAX) {
		return -ENOBUFS;
	}
	bool was_empty = list_empty(&pcm->buffers);
	bool follows_graph = vsnd_pcm_is_running(pcm) && pcm->graph_clock;
	if (follows_graph) {
		count_missed(pcm);
		count_hole(pcm);
	}
	struct vsnd_buffer *buffer = buffer_create(pcm, bytes);
	if (buffer == NULL) {
		return -ENOMEM;
	}
	buffer->queue = queue;
	buffer->element = element;
	buffer->data = *data;
	buffer->space = *space;
	pcm->added_ns = (uint64_t)now_ns();
	pcm->passed_before = pcm->passed_bytes;
	pcm->passed_bytes = 0;
	if (!vsnd_pcm_is_running(pcm)) {
		return 0;
	}
	if (follows_graph) {
		vsnd_buffers_follow_graph(pcm);
	} else if (was_empty) {
		/* Time in which there was nothing to pass does not count. */
		begin_own_clock(pcm);
	}
	return 0;
}

void
vsnd_pcm_suspend(struct vsnd_pcm *pcm)
{
	if (vsnd_pcm_is_running(pcm)) {
		stop(pcm);
	}
	pcm->suspended = true;
	vsnd_buffers_forget(pcm);
	drop_ring(pcm);
}

void
vsnd_pcm_resume(struct vsnd_pcm *pcm)
{
	if (!pcm->suspended) {
		return;
	}
	pcm->suspended = false;
	if (vsnd_pcm_is_running(pcm) && start(pcm) < 0) {
		begin_own_clock(pcm);
	}
}

void
vsnd_pcm_reset(struct vsnd_pcm *pcm)
{
	vsnd_buffers_forget(pcm);
	loop_timer_set(pcm->timer, 0);
	close_sink(pcm);
	reset_controls(pcm);
	pcm->suspended = false;
	pcm->state = VSND_STATE_NEW;
}

int
vsnd_pcm_init(struct vsnd_pcm *pcm, struct vsnd_engine *engine, bool capture,
	unsigned index)
{
	*pcm = (struct vsnd_pcm) {
		.engine = engine,
		.capture = capture,
		.index = index,
		.state = VSND_STATE_NEW,
		.allowed = !capture,
	};
	list_init(&pcm->buffers);
	reset_controls(pcm);
	return loop_add_timer(engine->loop, handle_timer, pcm, &pcm->timer);
}

void
vsnd_pcm_finish(struct vsnd_pcm *pcm)
{
	if (pcm->timer != NULL) {
		vsnd_pcm_reset(pcm);
		loop_clear(&pcm->timer);
	}
}
