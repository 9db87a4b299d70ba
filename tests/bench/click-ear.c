/* SPDX-License-Identifier: MIT */
/*
 * click-ear SINK - when clicks were written, and when SINK played them
 *
 * Standard input brings a byte for each click that somebody is about to write
 * (click.h); its time is when it got here. What the sink plays comes from its
 * monitor, block by block; a frame's time is the graph's clock for that block,
 * plus the frames before it: when this process was woken for it is not of the
 * speakers' concern. Prints a line when it listens, and after CLICK_END, a moment
 * later, "written NUMBER NS" and "heard NUMBER NS" for all of them.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>

#include "../lib/must.h"
#include "click.h"
#include "util/now.h"

#define NOTES_MAX 8192
#define LOUD (CLICK_STEP / 2)
#define QUIET_FRAMES 64		/* between two clicks, at least */
#define AFTER_MS 1000		/* what is on its way shall arrive */

struct note {
	int number;
	uint64_t ns;
};

struct ear {
	struct pw_main_loop *loop;
	struct pw_stream *stream;
	struct spa_source *after;
	struct note written[NOTES_MAX];
	size_t written_count;
	/* The realtime thread's, until the stream is gone. */
	struct note heard[NOTES_MAX];
	size_t heard_count;
	uint64_t began_ns;
	int loudest;
	unsigned left;		/* frames of the click that goes on */
	unsigned quiet;		/* frames since the last one */
};

static void
hear(struct ear *ear, int value, uint64_t ns)
{
	value = abs(value);
	if (ear->left == 0 && ear->quiet >= QUIET_FRAMES && value > LOUD) {
		ear->left = CLICK_FRAMES;
		ear->began_ns = ns;
		ear->loudest = 0;
	}
	ear->quiet = value > LOUD ? 0 : ear->quiet + 1;
	if (ear->left == 0) {
		return;
	}
	ear->loudest = value > ear->loudest ? value : ear->loudest;
	if (--ear->left == 0 && ear->heard_count < NOTES_MAX) {
		ear->heard[ear->heard_count++] = (struct note) {
			click_number(ear->loudest), ear->began_ns,
		};
	}
}

static void
handle_process(void *data)
{
	struct ear *ear = data;
	struct pw_time time;
	struct pw_buffer *buffer = pw_stream_dequeue_buffer(ear->stream);
	if (buffer == NULL) {
		return;
	}
	must(pw_stream_get_time_n(ear->stream, &time, sizeof(time)) == 0);
	const struct spa_data *block = &buffer->buffer->datas[0];
	if (block->data != NULL) {
		const int16_t (*frames)[2] = SPA_PTROFF(block->data,
			block->chunk->offset, void);
		size_t count = block->chunk->size / sizeof(*frames);
		for (size_t i = 0; i < count; i++) {
			hear(ear, frames[i][0], (uint64_t)time.now
				+ i * 1000000000u / CLICK_RATE);
		}
	}
	pw_stream_queue_buffer(ear->stream, buffer);
}

static void
handle_state(void *data, enum pw_stream_state old, enum pw_stream_state state,
	const char *error)
{
	(void)data;
	(void)old;
	must(state != PW_STREAM_STATE_ERROR && error == NULL);
	if (state == PW_STREAM_STATE_STREAMING) {
		puts("listening");
		fflush(stdout);
	}
}

static const struct pw_stream_events stream_events = {
	PW_VERSION_STREAM_EVENTS,
	.state_changed = handle_state,
	.process = handle_process,
};

static void
handle_written(void *data, int fd, uint32_t mask)
{
	struct ear *ear = data;
	uint64_t now = now_ns();
	uint8_t bytes[64];
	(void)mask;
	ssize_t n = read(fd, bytes, sizeof(bytes));
	must(n > 0);
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == CLICK_END) {
			struct timespec value = { .tv_sec = AFTER_MS / 1000 };
			pw_loop_update_timer(pw_main_loop_get_loop(ear->loop),
				ear->after, &value, NULL, false);
		} else {
			must(ear->written_count < NOTES_MAX);
			ear->written[ear->written_count++] = (struct note) {
				bytes[i], now,
			};
		}
	}
}

static void
handle_after(void *data, uint64_t expirations)
{
	struct ear *ear = data;
	(void)expirations;
	pw_main_loop_quit(ear->loop);
}

static void
listen_to(struct ear *ear, const char *sink)
{
	uint8_t room[1024];
	struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(room,
		sizeof(room));
	const struct spa_pod *format = spa_format_audio_raw_build(&builder,
		SPA_PARAM_EnumFormat, &SPA_AUDIO_INFO_RAW_INIT(
			.format = SPA_AUDIO_FORMAT_S16,
			.rate = CLICK_RATE, .channels = 2,
			.position = { SPA_AUDIO_CHANNEL_FL,
				SPA_AUDIO_CHANNEL_FR }));
	ear->stream = pw_stream_new_simple(pw_main_loop_get_loop(ear->loop),
		"ear", pw_properties_new(
			PW_KEY_MEDIA_TYPE, "Audio",
			PW_KEY_MEDIA_CATEGORY, "Capture",
			PW_KEY_TARGET_OBJECT, sink,
			PW_KEY_STREAM_CAPTURE_SINK, "true",
			NULL),
		&stream_events, ear);
	must(ear->stream != NULL);
	must(pw_stream_connect(ear->stream, PW_DIRECTION_INPUT, PW_ID_ANY,
		PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS
			| PW_STREAM_FLAG_RT_PROCESS, &format, 1) == 0);
}

static void
print(const char *what, const struct note *notes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		printf("%s %d %llu\n", what, notes[i].number,
			(unsigned long long)notes[i].ns);
	}
}

int
main(int argc, char **argv)
{
	static struct ear ear;
	if (argc != 2) {
		fputs("usage: click-ear SINK\n", stderr);
		return 2;
	}
	pw_init(NULL, NULL);
	ear.loop = pw_main_loop_new(NULL);
	must(ear.loop != NULL);
	struct pw_loop *loop = pw_main_loop_get_loop(ear.loop);
	ear.after = pw_loop_add_timer(loop, handle_after, &ear);
	must(pw_loop_add_io(loop, STDIN_FILENO, SPA_IO_IN, false,
		handle_written, &ear) != NULL);
	listen_to(&ear, argv[1]);
	pw_main_loop_run(ear.loop);
	pw_stream_destroy(ear.stream);
	print("written", ear.written, ear.written_count);
	print("heard", ear.heard, ear.heard_count);
	pw_main_loop_destroy(ear.loop);
	return 0;
}
