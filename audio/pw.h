/* SPDX-License-Identifier: MIT */
/* Between the parts of the PipeWire sink. */
#ifndef VSND_PW_H
#define VSND_PW_H

#include <pipewire/pipewire.h>

#include "sink-pipewire.h"
#include "util/list.h"

struct loop_source;
struct pw_sources;

/* One node in the graph, or the wish for one. */
struct vsnd_sink_stream {
	struct list link;		/* vsnd_pw.streams */
	struct vsnd_pw *pw;
	struct vsnd_sink_request request;
	bool runs;
	struct loop_source *linger;	/* stopped, and still active */
	struct pw_stream *stream;	/* NULL: no server, or no source */
	struct spa_hook listener;
	bool failed;			/* to be made anew */
};

struct vsnd_pw {
	struct vsnd_sink sink;
	struct loop *loop;
	struct vsnd_identity identity;
	struct vsnd_status_page *status;

	struct pw_loop *pw_loop;
	struct loop_source *source;	/* pw_loop in ours */
	struct pw_context *context;
	struct spa_handle *plugins[2];	/* so that they stay loaded */
	struct pw_core *core;		/* NULL: no server */
	struct spa_hook core_listener;
	struct loop_source *retry;	/* a server, or a stream, is missing */
	struct loop_source *settle;	/* the server went, or sources came */
	bool lost;			/* the server has gone */
	struct pw_sources *sources;	/* NULL: no server */
	char *mic;			/* whom capture streams record, or NULL */

	struct list streams;		/* vsnd_sink_stream.link */
	bool has_volume;		/* wanted, and not yet said to a stream */
	float volume;			/* linear */
	uint32_t volume_orders;		/* so far */
	bool has_mute;
	bool mute;
	uint32_t mute_orders;
};

/* Streams: pw-stream.c. */

/* Make the node, if there is a server and something to connect to. */
void
vsnd_pw_stream_connect(struct vsnd_sink_stream *stream);

void
vsnd_pw_stream_disconnect(struct vsnd_sink_stream *stream);

/* Tell it what is wanted of volume and mute. */
void
vsnd_pw_stream_control(struct vsnd_sink_stream *stream);

/* Sources of sound that are no monitors: pw-sources.c. */

/* @changed is called, with @data, whenever another pick may be due. */
int
pw_sources_create(struct pw_core *core, void (*changed)(void *data),
	void *data, struct pw_sources **ret);

/* NULL is fine. */
void
pw_sources_destroy(struct pw_sources *sources);

/*
 * The node.name of the source to record: @wanted where it exists, or, where
 * that is NULL, the user's default. NULL: there is none, so do not record.
 */
const char *
pw_sources_pick(const struct pw_sources *sources, const char *wanted);

#endif
