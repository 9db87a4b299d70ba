/* SPDX-License-Identifier: MIT */
/*
 * sink.h - the seam between a guest's streams and what plays them
 *
 * A sink makes streams and, once a cycle of its own clock, has their flow filled
 * or emptied. It promises nothing about when: while it is silent, because its
 * server stalled or died, the device's own clock takes over, and goes when
 * cycles come again. So a sink never fails a stream that was opened.
 */
#ifndef VSND_SINK_H
#define VSND_SINK_H

#include <stdbool.h>

#include "flow.h"
#include "params.h"

struct vsnd_sink;
struct vsnd_sink_stream;

struct vsnd_sink_request {
	bool capture;
	unsigned index;		/* among the streams of its direction */
	struct vsnd_params params;
	struct vsnd_flow *flow;	/* borrowed until close */
};

struct vsnd_sink_ops {
	/* A stream that people can see, and that does not run yet. */
	int (*open)(struct vsnd_sink *sink,
		const struct vsnd_sink_request *request,
		struct vsnd_sink_stream **ret);
	/*
	 * Cycles shall come from now on, or no more; these may go on for a
	 * while, as the flow is held. Does not wait.
	 */
	void (*run)(struct vsnd_sink_stream *stream, bool run);
	/* The flow is not touched any more when this returns. */
	void (*close)(struct vsnd_sink_stream *stream);
	/*
	 * What people hear of this VM: 0 .. 1 as mixers show it (cubic), and
	 * whether at all. Also for streams that come later.
	 */
	void (*set_volume)(struct vsnd_sink *sink, float volume);
	void (*set_mute)(struct vsnd_sink *sink, bool mute);
	void (*destroy)(struct vsnd_sink *sink);
};

/* What every sink begins with. */
struct vsnd_sink {
	const struct vsnd_sink_ops *ops;
};

#endif
