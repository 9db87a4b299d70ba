/* SPDX-License-Identifier: MIT */
/*
 * ear - record what a sink plays, and know whether all of it was heard
 *
 *   ear SINK FILE [CHANNELS]
 *
 * S16 at 48 kHz, from the sink's monitor, until SIGINT. A player that writes its
 * file from an ordinary thread loses sound on a busy machine and does not say so.
 * Here the realtime thread copies into memory that is there already, and the
 * graph's clock tells of each cycle that it missed. Prints "hears" when the first
 * cycle has come, and at the end one line of JSON: the frames that were heard, and
 * those of cycles that passed without us.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#include "../lib/must.h"

#define RATE 48000
#define SECONDS_MAX 200
#define CHANNELS_MAX 8

struct ear {
	struct pw_main_loop *loop;
	struct pw_stream *stream;
	struct spa_source *first;	/* a cycle has come */
	uint32_t frame_bytes;
	uint8_t *sound;
	size_t room;
	size_t heard;			/* bytes */
	const struct spa_io_position *position;
	uint64_t next;			/* of the graph's clock */
	uint64_t lost;			/* frames */
};

/* In the realtime thread. */
static void
note_time(struct ear *ear)
{
	const struct spa_io_position *position = ear->position;
	if (position == NULL) {
		return;
	}
	uint64_t at = position->clock.position;
	if (ear->next != 0 && at > ear->next) {
		ear->lost += at - ear->next;
	}
	ear->next = at + position->clock.duration;
}

static void
handle_process(void *data)
{
	struct ear *ear = data;
	struct pw_buffer *buffer = pw_stream_dequeue_buffer(ear->stream);
	if (buffer == NULL) {
		return;
	}
	note_time(ear);
	const struct spa_data *sound = &buffer->buffer->datas[0];
	size_t size = sound->chunk->size;
	if (sound->data != NULL && size <= ear->room - ear->heard) {
		memcpy(ear->sound + ear->heard,
			SPA_PTROFF(sound->data, sound->chunk->offset, void),
			size);
		if (ear->heard == 0) {
			pw_loop_signal_event(pw_main_loop_get_loop(ear->loop),
				ear->first);
		}
		ear->heard += size;
	}
	pw_stream_queue_buffer(ear->stream, buffer);
}

static void
handle_io(void *data, uint32_t id, void *area, uint32_t size)
{
	struct ear *ear = data;
	(void)size;
	if (id == SPA_IO_Position) {
		ear->position = area;
	}
}

static void
handle_state(void *data, enum pw_stream_state old, enum pw_stream_state state,
	const char *error)
{
	(void)data;
	(void)old;
	if (state == PW_STREAM_STATE_ERROR) {
		fprintf(stderr, "ear: %s\n", error);
		exit(1);
	}
}

static const struct pw_stream_events stream_events = {
	PW_VERSION_STREAM_EVENTS,
	.state_changed = handle_state,
	.io_changed = handle_io,
	.process = handle_process,
};

static void
handle_first(void *data, uint64_t count)
{
	(void)data;
	(void)count;
	puts("hears");
	fflush(stdout);
}

static void
handle_end(void *data, int signal)
{
	struct ear *ear = data;
	(void)signal;
	pw_main_loop_quit(ear->loop);
}

static void
listen_to(struct ear *ear, const char *sink, uint32_t channels)
{
	static const uint32_t positions[CHANNELS_MAX] = {
		SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR,
		SPA_AUDIO_CHANNEL_RL, SPA_AUDIO_CHANNEL_RR,
		SPA_AUDIO_CHANNEL_FC, SPA_AUDIO_CHANNEL_LFE,
		SPA_AUDIO_CHANNEL_SL, SPA_AUDIO_CHANNEL_SR,
	};
	struct spa_audio_info_raw info = {
		.format = SPA_AUDIO_FORMAT_S16_LE,
		.rate = RATE,
		.channels = channels,
	};
	uint8_t room[1024];
	struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(room,
		sizeof(room));
	memcpy(info.position, positions, channels * sizeof(positions[0]));
	ear->stream = pw_stream_new_simple(
		pw_main_loop_get_loop(ear->loop), "ear",
		pw_properties_new(
			PW_KEY_MEDIA_TYPE, "Audio",
			PW_KEY_MEDIA_CATEGORY, "Capture",
			PW_KEY_NODE_NAME, "ear",
			PW_KEY_TARGET_OBJECT, sink,
			PW_KEY_STREAM_CAPTURE_SINK, "true",
			PW_KEY_STREAM_DONT_REMIX, "true",
			NULL),
		&stream_events, ear);
	must(ear->stream != NULL);
	const struct spa_pod *offer = spa_format_audio_raw_build(&builder,
		SPA_PARAM_EnumFormat, &info);
	must(pw_stream_connect(ear->stream, PW_DIRECTION_INPUT, PW_ID_ANY,
		PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS
			| PW_STREAM_FLAG_RT_PROCESS, &offer, 1) == 0);
}

int
main(int argc, char **argv)
{
	struct ear ear = { 0 };
	must(argc == 3 || argc == 4);
	uint32_t channels = argc == 4 ? (uint32_t)atoi(argv[3]) : 2;
	must(channels >= 1 && channels <= CHANNELS_MAX);
	ear.frame_bytes = channels * 2;
	ear.room = (size_t)SECONDS_MAX * RATE * ear.frame_bytes;
	/* All of it there before the first cycle: no page fault in it. */
	ear.sound = mmap(NULL, ear.room, PROT_READ | PROT_WRITE, MAP_PRIVATE
		| MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	must(ear.sound != MAP_FAILED);

	pw_init(NULL, NULL);
	ear.loop = pw_main_loop_new(NULL);
	must(ear.loop != NULL);
	struct pw_loop *loop = pw_main_loop_get_loop(ear.loop);
	ear.first = pw_loop_add_event(loop, handle_first, &ear);
	pw_loop_add_signal(loop, SIGINT, handle_end, &ear);
	pw_loop_add_signal(loop, SIGTERM, handle_end, &ear);
	listen_to(&ear, argv[1], channels);
	pw_main_loop_run(ear.loop);
	pw_stream_destroy(ear.stream);
	pw_main_loop_destroy(ear.loop);
	pw_deinit();

	FILE *file = fopen(argv[2], "wbe");
	must(file != NULL);
	must(fwrite(ear.sound, 1, ear.heard, file) == ear.heard);
	must(fclose(file) == 0);
	printf("{\"frames\": %zu, \"lost\": %" PRIu64 "}\n",
		ear.heard / ear.frame_bytes, ear.lost);
	return 0;
}
