/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * PipeWire's loop is a descriptor in ours, so nothing here needs a lock: only
 * handle_process() in pw-stream.c runs elsewhere.
 *
 * A stream that a guest has opened is here until the guest lets it go, whatever
 * happens to PipeWire: when the server dies the nodes go with it, and are made
 * anew on the next one. Until then no cycles come, which is all that the device
 * needs to know.
 *
 * Callbacks of PipeWire only note what changed. What must then be destroyed is
 * destroyed at the end of the loop's turn, outside of PipeWire's own dispatch.
 *
 * The last frames of a guest were taken when it stops, and are not yet heard: a
 * node that is made inactive takes what the graph has of it along. So playback
 * goes on for LINGER_MS, silent. A guest that starts again within finds its node
 * at work.
 *
 * A stream needs plugins, which PipeWire loads with the first one. By then this
 * process may map nothing that can be executed (sandbox.c), so an instance of
 * each is made at the start and kept.
 *
 * With several streams of one VM, volume and mute that were asked for reach all
 * of those that exist; if none does, the first that plays. Until one has taken
 * them the status page shows what was asked for.
 */
#include "pw.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <spa/utils/names.h>

#include "util/log.h"
#include "util/loop.h"

/* How often to look for a server that has gone. */
#define RETRY_MS 500

#define LINGER_MS 250

static struct vsnd_pw *
pw_of(struct vsnd_sink *sink)
{
	return (struct vsnd_pw *)sink;
}

static void
handle_core_error(void *data, uint32_t id, int seq, int res,
	const char *message)
{
	struct vsnd_pw *pw = data;
	(void)seq;
	log_debug("PipeWire: object %u: %s", id, message);
	if (id == PW_ID_CORE && res == -EPIPE) {
		pw->lost = true;
		loop_defer(pw->settle);
	}
}

static const struct pw_core_events core_events = {
	PW_VERSION_CORE_EVENTS,
	.error = handle_core_error,
};

static void
handle_sources_changed(void *data)
{
	struct vsnd_pw *pw = data;
	loop_defer(pw->settle);
}

static void
disconnect_all(struct vsnd_pw *pw)
{
	struct vsnd_sink_stream *stream;
	list_for_each(stream, &pw->streams, link) {
		vsnd_pw_stream_disconnect(stream);
	}
	pw_sources_destroy(pw->sources);
	pw->sources = NULL;
	free(pw->mic);
	pw->mic = NULL;
	if (pw->core != NULL) {
		spa_hook_remove(&pw->core_listener);
		pw_core_disconnect(pw->core);
		pw->core = NULL;
	}
	pw->lost = false;
	pw->status->sink = 0;
}

static void
connect_server(struct vsnd_pw *pw)
{
	struct vsnd_sink_stream *stream;
	pw->core = pw_context_connect(pw->context, NULL, 0);
	if (pw->core == NULL) {
		loop_timer_set(pw->retry, RETRY_MS);
		return;
	}
	pw_core_add_listener(pw->core, &pw->core_listener, &core_events, pw);
	int r = pw_sources_create(pw->core, handle_sources_changed, pw,
		&pw->sources);
	if (r < 0) {
		log_error("cannot see PipeWire's nodes: %s", strerror(-r));
		disconnect_all(pw);
		loop_timer_set(pw->retry, RETRY_MS);
		return;
	}
	pw->status->sink = 1;
	log_info("PipeWire is there");
	list_for_each(stream, &pw->streams, link) {
		vsnd_pw_stream_connect(stream);
	}
}

/* Whom to record may have changed. */
static void
repick_mic(struct vsnd_pw *pw)
{
	struct vsnd_sink_stream *stream;
	const char *pick = pw_sources_pick(pw->sources,
		pw->identity.mic_target);
	if (pick == pw->mic || (pick != NULL && pw->mic != NULL
			&& strcmp(pick, pw->mic) == 0)) {
		return;
	}
	free(pw->mic);
	pw->mic = pick == NULL ? NULL : strdup(pick);
	if (pw->mic != NULL) {
		log_info("the microphone, where allowed, is %s", pw->mic);
	} else {
		log_info("there is no microphone");
	}
	list_for_each(stream, &pw->streams, link) {
		if (stream->request.capture) {
			vsnd_pw_stream_disconnect(stream);
			vsnd_pw_stream_connect(stream);
		}
	}
}

static void
handle_settle(void *data)
{
	struct vsnd_pw *pw = data;
	struct vsnd_sink_stream *stream;
	if (pw->lost) {
		log_warn("PipeWire has gone; guests go on in silence");
		disconnect_all(pw);
		loop_timer_set(pw->retry, RETRY_MS);
	}
	if (pw->core == NULL) {
		return;
	}
	repick_mic(pw);
	list_for_each(stream, &pw->streams, link) {
		if (stream->failed) {
			vsnd_pw_stream_disconnect(stream);
			loop_timer_set(pw->retry, RETRY_MS);
		}
	}
}

static void
handle_retry(void *data)
{
	struct vsnd_pw *pw = data;
	struct vsnd_sink_stream *stream;
	if (pw->core == NULL) {
		connect_server(pw);
		return;
	}
	list_for_each(stream, &pw->streams, link) {
		vsnd_pw_stream_connect(stream);
	}
}

static void
handle_linger(void *data)
{
	struct vsnd_sink_stream *stream = data;
	if (stream->stream != NULL) {
		pw_stream_set_active(stream->stream, false);
	}
}

static int
pipewire_open(struct vsnd_sink *sink, const struct vsnd_sink_request *request,
	struct vsnd_sink_stream **ret)
{
	struct vsnd_pw *pw = pw_of(sink);
	struct vsnd_sink_stream *stream = calloc(1, sizeof(*stream));
	if (stream == NULL) {
		return -ENOMEM;
	}
	stream->pw = pw;
	stream->request = *request;
	int r = loop_add_timer(pw->loop, handle_linger, stream,
		&stream->linger);
	if (r < 0) {
		free(stream);
		return r;
	}
	list_append(&pw->streams, &stream->link);
	vsnd_pw_stream_connect(stream);
	*ret = stream;
	return 0;
}

static void
pipewire_run(struct vsnd_sink_stream *stream, bool run)
{
	bool lingers = !run && !stream->request.capture;
	stream->runs = run;
	loop_timer_set(stream->linger, lingers ? LINGER_MS : 0);
	if (!lingers && stream->stream != NULL) {
		pw_stream_set_active(stream->stream, run);
	}
}

static void
pipewire_close(struct vsnd_sink_stream *stream)
{
	vsnd_pw_stream_disconnect(stream);
	loop_clear(&stream->linger);
	list_remove(&stream->link);
	free(stream);
}

/* To all streams there are; the wish lasts until one has taken it. */
static void
control_all(struct vsnd_pw *pw)
{
	bool has_volume = pw->has_volume, has_mute = pw->has_mute;
	bool volume_taken = false, mute_taken = false;
	struct vsnd_sink_stream *stream;
	list_for_each(stream, &pw->streams, link) {
		pw->has_volume = has_volume;
		pw->has_mute = has_mute;
		vsnd_pw_stream_control(stream);
		volume_taken |= !pw->has_volume;
		mute_taken |= !pw->has_mute;
	}
	pw->has_volume = has_volume && !volume_taken;
	pw->has_mute = has_mute && !mute_taken;
}

static void
pipewire_set_volume(struct vsnd_sink *sink, float volume)
{
	struct vsnd_pw *pw = pw_of(sink);
	pw->has_volume = true;
	pw->volume = volume * volume * volume;
	pw->volume_orders++;
	pw->status->volume_permille = (uint32_t)lrintf(1000 * volume);
	control_all(pw);
}

static void
pipewire_set_mute(struct vsnd_sink *sink, bool mute)
{
	struct vsnd_pw *pw = pw_of(sink);
	pw->has_mute = true;
	pw->mute = mute;
	pw->mute_orders++;
	pw->status->mute = mute;
	control_all(pw);
}

static void
pipewire_destroy(struct vsnd_sink *sink)
{
	struct vsnd_pw *pw = pw_of(sink);
	while (!list_empty(&pw->streams)) {
		pipewire_close(list_first(&pw->streams,
			struct vsnd_sink_stream, link));
	}
	disconnect_all(pw);
	for (int i = 0; i < 2; i++) {
		if (pw->plugins[i] != NULL) {
			pw_unload_spa_handle(pw->plugins[i]);
		}
	}
	if (pw->context != NULL) {
		pw_context_destroy(pw->context);
	}
	loop_clear(&pw->source);
	if (pw->pw_loop != NULL) {
		pw_loop_leave(pw->pw_loop);
		pw_loop_destroy(pw->pw_loop);
	}
	loop_clear(&pw->retry);
	loop_clear(&pw->settle);
	pw_deinit();
	free(pw);
}

static const struct vsnd_sink_ops pipewire_ops = {
	.open = pipewire_open,
	.run = pipewire_run,
	.close = pipewire_close,
	.set_volume = pipewire_set_volume,
	.set_mute = pipewire_set_mute,
	.destroy = pipewire_destroy,
};

static void
handle_pw_loop(void *data, uint32_t revents)
{
	struct vsnd_pw *pw = data;
	(void)revents;
	pw_loop_iterate(pw->pw_loop, 0);
}

static void
load_plugins(struct vsnd_pw *pw)
{
	/* As PipeWire's own audio adapter and mixing ports look for them. */
	static const char *const wanted[][2] = {
		{ SPA_NAME_AUDIO_CONVERT, "audioconvert/libspa-audioconvert" },
		{ SPA_NAME_AUDIO_MIXER_DSP, "audiomixer/libspa-audiomixer" },
	};
	for (int i = 0; i < 2; i++) {
		struct spa_dict_item library = SPA_DICT_ITEM_INIT(
			SPA_KEY_LIBRARY_NAME, wanted[i][1]);
		pw->plugins[i] = pw_context_load_spa_handle(pw->context,
			wanted[i][0], &SPA_DICT_INIT(&library, 1));
		if (pw->plugins[i] == NULL) {
			log_warn("PipeWire's plugin %s is not there: %s",
				wanted[i][0], strerror(errno));
		}
	}
}

static int
set_up(struct vsnd_pw *pw)
{
	pw->pw_loop = pw_loop_new(NULL);
	if (pw->pw_loop == NULL) {
		return -errno;
	}
	pw_loop_enter(pw->pw_loop);
	pw->context = pw_context_new(pw->pw_loop, pw_properties_new(
		PW_KEY_APP_NAME, pw->identity.vm_name, NULL), 0);
	if (pw->context == NULL) {
		return -errno;
	}
	load_plugins(pw);
	int r = loop_add_fd(pw->loop, pw_loop_get_fd(pw->pw_loop), EPOLLIN,
		handle_pw_loop, pw, &pw->source);
	if (r == 0) {
		r = loop_add_timer(pw->loop, handle_retry, pw, &pw->retry);
	}
	if (r == 0) {
		r = loop_add_deferred(pw->loop, handle_settle, pw,
			&pw->settle);
	}
	return r;
}

int
vsnd_pipewire_create(struct loop *loop, const struct vsnd_identity *identity,
	struct vsnd_status_page *status, struct vsnd_sink **ret)
{
	struct vsnd_pw *pw = calloc(1, sizeof(*pw));
	if (pw == NULL) {
		return -ENOMEM;
	}
	pw_init(NULL, NULL);
	pw->sink.ops = &pipewire_ops;
	pw->loop = loop;
	pw->identity = *identity;
	pw->status = status;
	list_init(&pw->streams);
	int r = set_up(pw);
	if (r < 0) {
		pipewire_destroy(&pw->sink);
		return r;
	}
	connect_server(pw);
	*ret = &pw->sink;
	return 0;
}
