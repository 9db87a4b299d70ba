/* SPDX-License-Identifier: MIT */
#include "sink-record.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "info.h"

#define PATIENCE_S 10

/* What the test says lies between the stream and the ear. */
#define DELAY_FRAMES 100

struct vsnd_sink_stream {
	struct vsnd_record *record;
	struct vsnd_flow *flow;		/* NULL: closed */
	bool runs;
	uint64_t now_ns;
	uint64_t owed_ns;
};

struct vsnd_record {
	struct vsnd_sink sink;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct vsnd_sink_stream streams[2][VSND_STREAMS_MAX];
};

static int
record_open(struct vsnd_sink *sink, const struct vsnd_sink_request *request,
	struct vsnd_sink_stream **ret)
{
	struct vsnd_record *record = (struct vsnd_record *)sink;
	struct vsnd_sink_stream *stream =
		&record->streams[request->capture][request->index];
	pthread_mutex_lock(&record->lock);
	stream->record = record;
	stream->flow = request->flow;
	stream->runs = false;
	pthread_mutex_unlock(&record->lock);
	*ret = stream;
	return 0;
}

static void
change(struct vsnd_sink_stream *stream, bool runs, bool stays)
{
	pthread_mutex_lock(&stream->record->lock);
	stream->runs = runs;
	if (!stays) {
		stream->flow = NULL;
	}
	pthread_cond_broadcast(&stream->record->changed);
	pthread_mutex_unlock(&stream->record->lock);
}

static void
record_run(struct vsnd_sink_stream *stream, bool runs)
{
	change(stream, runs, true);
}

static void
record_close(struct vsnd_sink_stream *stream)
{
	change(stream, false, false);
}

static const struct vsnd_sink_ops record_ops = {
	.open = record_open,
	.run = record_run,
	.close = record_close,
};

int
vsnd_record_create(struct vsnd_record **ret)
{
	struct vsnd_record *record = calloc(1, sizeof(*record));
	if (record == NULL) {
		return -ENOMEM;
	}
	record->sink.ops = &record_ops;
	pthread_mutex_init(&record->lock, NULL);
	pthread_cond_init(&record->changed, NULL);
	*ret = record;
	return 0;
}

struct vsnd_sink *
vsnd_record_sink(struct vsnd_record *record)
{
	return &record->sink;
}

void
vsnd_record_destroy(struct vsnd_record *record)
{
	pthread_cond_destroy(&record->changed);
	pthread_mutex_destroy(&record->lock);
	free(record);
}

bool
vsnd_record_await(struct vsnd_record *record, bool capture, unsigned index,
	bool runs)
{
	const struct vsnd_sink_stream *stream =
		&record->streams[capture][index];
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	int r = 0;
	pthread_mutex_lock(&record->lock);
	while (stream->runs != runs && r == 0) {
		r = pthread_cond_timedwait(&record->changed, &record->lock,
			&until);
	}
	pthread_mutex_unlock(&record->lock);
	return r == 0;
}

bool
vsnd_record_is_open(struct vsnd_record *record, bool capture, unsigned index)
{
	pthread_mutex_lock(&record->lock);
	bool is_open = record->streams[capture][index].flow != NULL;
	pthread_mutex_unlock(&record->lock);
	return is_open;
}

void
vsnd_record_stand(struct vsnd_record *record, bool capture, unsigned index,
	unsigned ms)
{
	struct vsnd_sink_stream *stream = &record->streams[capture][index];
	pthread_mutex_lock(&record->lock);
	stream->now_ns += ms * UINT64_C(1000000);
	stream->owed_ns += ms * UINT64_C(1000000);
	pthread_mutex_unlock(&record->lock);
}

static void
pass_time(struct vsnd_sink_stream *stream, uint32_t frames)
{
	uint64_t length_ns = frames * UINT64_C(1000000000)
		/ stream->flow->rate_hz;
	uint64_t owed_ns = length_ns < stream->owed_ns
		? length_ns : stream->owed_ns;
	stream->owed_ns -= owed_ns;
	stream->now_ns += length_ns - owed_ns;
}

bool
vsnd_record_cycle(struct vsnd_record *record, bool capture, unsigned index,
	void *sound, uint32_t frames)
{
	pthread_mutex_lock(&record->lock);
	struct vsnd_sink_stream *stream = &record->streams[capture][index];
	bool runs = stream->runs;
	if (runs) {
		pass_time(stream, frames);
	}
	if (runs && capture) {
		vsnd_flow_capture(stream->flow, stream->now_ns, sound, frames,
			DELAY_FRAMES);
	} else if (runs) {
		vsnd_flow_play(stream->flow, stream->now_ns, sound, frames,
			DELAY_FRAMES);
	}
	pthread_mutex_unlock(&record->lock);
	return runs;
}
