/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The stream offers one format, the guest's; PipeWire converts, resamples and
 * follows drift. handle_process() runs in PipeWire's realtime thread and does
 * nothing but move frames between the flow and PipeWire's buffer: exactly as
 * many as were asked for, for every frame more would be heard later.
 *
 * Volume and mute are the node's own, those that a mixer shows. The session
 * manager keeps them by application.id, so that is the VM's name; a media.role
 * would be looked at first, and be the same for all VMs.
 */
#include "pw.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <spa/param/audio/format-utils.h>
#include <spa/param/props.h>

#include "util/log.h"
#include "util/loop.h"
#include "util/now.h"

#define DELAY_MAX_S 10	/* more is no delay but a mistake */

/* Frames between this cycle and the speaker, or the microphone. */
static uint32_t
delay_frames(struct pw_stream *stream, uint32_t rate_hz)
{
	struct pw_time now;
	if (pw_stream_get_time_n(stream, &now, sizeof(now)) < 0
			|| now.rate.denom == 0 || now.delay < 0) {
		return 0;
	}
	uint64_t frames = (uint64_t)now.delay * now.rate.num * rate_hz
		/ now.rate.denom + now.buffered;
	return frames < (uint64_t)DELAY_MAX_S * rate_hz ? (uint32_t)frames : 0;
}

static void
play(struct vsnd_sink_stream *stream, struct pw_buffer *buffer)
{
	struct vsnd_flow *flow = stream->request.flow;
	struct spa_data *data = &buffer->buffer->datas[0];
	uint32_t frames = data->maxsize / flow->frame_bytes;
	if (buffer->requested > 0 && buffer->requested < frames) {
		frames = (uint32_t)buffer->requested;
	}
	vsnd_flow_play(flow, (uint64_t)now_ns(), data->data, frames,
		delay_frames(stream->stream, flow->rate_hz));
	data->chunk->offset = 0;
	data->chunk->stride = (int32_t)flow->frame_bytes;
	data->chunk->size = frames * flow->frame_bytes;
}

static void
capture(struct vsnd_sink_stream *stream, struct pw_buffer *buffer)
{
	struct vsnd_flow *flow = stream->request.flow;
	const struct spa_data *data = &buffer->buffer->datas[0];
	uint32_t offset = data->chunk->offset, size = data->chunk->size;
	if (offset > data->maxsize) {
		offset = data->maxsize;
	}
	if (size > data->maxsize - offset) {
		size = data->maxsize - offset;
	}
	vsnd_flow_capture(flow, (uint64_t)now_ns(),
		SPA_PTROFF(data->data, offset, void), size / flow->frame_bytes,
		delay_frames(stream->stream, flow->rate_hz));
}

/* In the realtime thread. */
static void
handle_process(void *data)
{
	struct vsnd_sink_stream *stream = data;
	struct pw_buffer *buffer = pw_stream_dequeue_buffer(stream->stream);
	if (buffer == NULL) {
		return;
	}
	if (buffer->buffer->datas[0].data != NULL) {
		if (stream->request.capture) {
			capture(stream, buffer);
		} else {
			play(stream, buffer);
		}
	}
	pw_stream_queue_buffer(stream->stream, buffer);
}

static void
handle_state(void *data, enum pw_stream_state old, enum pw_stream_state state,
	const char *error)
{
	struct vsnd_sink_stream *stream = data;
	(void)old;
	log_debug("%s stream: %s", stream->request.capture ? "capture"
		: "playback", pw_stream_state_as_string(state));
	if (state == PW_STREAM_STATE_ERROR) {
		log_warn("PipeWire refuses a stream: %s",
			error != NULL ? error : "no reason given");
		stream->failed = true;
		loop_defer(stream->pw->settle);
	} else if (state == PW_STREAM_STATE_STREAMING) {
		vsnd_pw_stream_control(stream);
	}
}

/* What the mixer says; what is wanted of it outweighs that. */
static void
handle_control(void *data, uint32_t id, const struct pw_stream_control *control)
{
	struct vsnd_sink_stream *stream = data;
	const struct vsnd_pw *pw = stream->pw;
	struct vsnd_status_page *status = pw->status;
	if (stream->request.capture || control->n_values == 0) {
		return;
	}
	if (id == SPA_PROP_mute && !pw->has_mute) {
		status->mute = control->values[0] != 0.0f;
	} else if (id == SPA_PROP_channelVolumes && !pw->has_volume) {
		float loudest = 0;
		for (uint32_t i = 0; i < control->n_values; i++) {
			loudest = fmaxf(loudest, control->values[i]);
		}
		status->volume_permille = (uint32_t)lrintf(
			1000 * cbrtf(fminf(loudest, 8.0f)));
	}
}

static const struct pw_stream_events stream_events = {
	PW_VERSION_STREAM_EVENTS,
	.state_changed = handle_state,
	.control_info = handle_control,
	.process = handle_process,
};

static struct pw_properties *
properties(const struct vsnd_sink_stream *stream)
{
	const struct vsnd_identity *who = &stream->pw->identity;
	const struct vsnd_params *params = &stream->request.params;
	bool is_capture = stream->request.capture;
	struct pw_properties *props = pw_properties_new(
		PW_KEY_MEDIA_TYPE, "Audio",
		PW_KEY_MEDIA_CATEGORY, is_capture ? "Capture" : "Playback",
		PW_KEY_APP_NAME, who->vm_name,
		PW_KEY_APP_ICON_NAME, who->icon,
		PW_KEY_NODE_DESCRIPTION, who->vm_name,
		"wlbridge.vm", who->vm_name,
		NULL);
	if (props == NULL) {
		return NULL;
	}
	pw_properties_setf(props, PW_KEY_APP_ID, "wlbridge.%s", who->vm_name);
	pw_properties_setf(props, PW_KEY_MEDIA_NAME, "%s of VM %s",
		is_capture ? "Microphone" : "Sound", who->vm_name);
	if (stream->request.index == 0) {
		pw_properties_setf(props, PW_KEY_NODE_NAME, "wlbridge.%s%s",
			who->vm_name, is_capture ? ".mic" : "");
	} else {
		pw_properties_setf(props, PW_KEY_NODE_NAME, "wlbridge.%s%s.%u",
			who->vm_name, is_capture ? ".mic" : "",
			stream->request.index);
	}
	pw_properties_setf(props, PW_KEY_NODE_LATENCY, "%u/%u",
		params->period_bytes / vsnd_params_frame_bytes(params),
		params->rate->hz);
	if (who->colour != NULL) {
		pw_properties_set(props, "wlbridge.colour", who->colour);
	}
	if (is_capture) {
		pw_properties_set(props, PW_KEY_TARGET_OBJECT,
			stream->pw->mic);
		pw_properties_set(props, PW_KEY_STREAM_CAPTURE_SINK, "false");
		/* This source or none, whatever was remembered. */
		pw_properties_set(props, "node.dont-fallback", "true");
		pw_properties_set(props, "node.linger", "true");
		pw_properties_set(props, "state.restore-target", "false");
	}
	return props;
}

static const struct spa_pod *
format(const struct vsnd_params *params, struct spa_pod_builder *builder)
{
	struct spa_audio_info_raw info = {
		.format = (enum spa_audio_format)params->format->spa_format,
		.rate = params->rate->hz,
		.channels = params->channels,
	};
	const uint8_t *positions = vsnd_positions(params->channels);
	for (unsigned i = 0; i < params->channels; i++) {
		info.position[i] = vsnd_spa_position(positions[i]);
	}
	return spa_format_audio_raw_build(builder, SPA_PARAM_EnumFormat,
		&info);
}

static int
connect_stream(struct vsnd_sink_stream *stream)
{
	stream->stream = pw_stream_new(stream->pw->core,
		stream->pw->identity.vm_name, properties(stream));
	if (stream->stream == NULL) {
		return -errno;
	}
	pw_stream_add_listener(stream->stream, &stream->listener,
		&stream_events, stream);
	uint8_t room[1024];
	struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(room,
		sizeof(room));
	const struct spa_pod *offer = format(&stream->request.params,
		&builder);
	enum pw_stream_flags flags = PW_STREAM_FLAG_AUTOCONNECT
		| PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_RT_PROCESS;
	if (!stream->runs) {
		flags |= PW_STREAM_FLAG_INACTIVE;
	}
	return pw_stream_connect(stream->stream, stream->request.capture
			? PW_DIRECTION_INPUT : PW_DIRECTION_OUTPUT,
		PW_ID_ANY, flags, &offer, 1);
}

void
vsnd_pw_stream_connect(struct vsnd_sink_stream *stream)
{
	struct vsnd_pw *pw = stream->pw;
	if (pw->core == NULL || stream->stream != NULL
			|| (stream->request.capture && pw->mic == NULL)) {
		return;
	}
	stream->failed = false;
	int r = connect_stream(stream);
	if (r < 0) {
		log_warn("cannot make a stream: %s", strerror(-r));
		stream->failed = true;
		loop_defer(pw->settle);
	}
}

void
vsnd_pw_stream_disconnect(struct vsnd_sink_stream *stream)
{
	if (stream->stream != NULL) {
		spa_hook_remove(&stream->listener);
		pw_stream_destroy(stream->stream);
		stream->stream = NULL;
	}
}

void
vsnd_pw_stream_control(struct vsnd_sink_stream *stream)
{
	struct vsnd_pw *pw = stream->pw;
	if (stream->request.capture || stream->stream == NULL) {
		return;
	}
	if (pw->has_volume) {
		float values[VSND_CHANNELS_MAX];
		uint32_t count = stream->request.params.channels;
		for (uint32_t i = 0; i < count; i++) {
			values[i] = pw->volume;
		}
		if (pw_stream_set_control(stream->stream,
				SPA_PROP_channelVolumes, count, values,
				0) >= 0) {
			pw->has_volume = false;
			pw->status->volume_taken = pw->volume_orders;
		}
	}
	if (pw->has_mute) {
		float value = pw->mute ? 1.0f : 0.0f;
		if (pw_stream_set_control(stream->stream, SPA_PROP_mute, 1,
				&value, 0) >= 0) {
			pw->has_mute = false;
			pw->status->mute_taken = pw->mute_orders;
		}
	}
}
