/* SPDX-License-Identifier: MIT */
/*
 * sink-record.h - an audio graph whose clock a test drives
 *
 * The device's thread opens, runs and closes streams; the test, in a thread of
 * its own, is the realtime thread: each cycle takes or gives sound. The time of
 * a stream goes on with its cycles, whenever the test makes them.
 */
#ifndef VSND_SINK_RECORD_H
#define VSND_SINK_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "sink.h"

struct vsnd_record;

/* 0 or -errno. */
int
vsnd_record_create(struct vsnd_record **ret);

/* What to hand to a device; goes with vsnd_record_destroy(). */
struct vsnd_sink *
vsnd_record_sink(struct vsnd_record *record);

void
vsnd_record_destroy(struct vsnd_record *record);

/* Wait until that stream runs, or no longer runs. False: not in time. */
bool
vsnd_record_await(struct vsnd_record *record, bool capture, unsigned index,
	bool runs);

/* Whether that stream exists, running or not. */
bool
vsnd_record_is_open(struct vsnd_record *record, bool capture, unsigned index);

/*
 * So much time goes by without a cycle. Those that are owed for it take no time
 * when they come.
 */
void
vsnd_record_stand(struct vsnd_record *record, bool capture, unsigned index,
	unsigned ms);

/*
 * One cycle: @frames frames are taken into, or given from, @sound.
 * False: the stream does not run, and nothing was done.
 */
bool
vsnd_record_cycle(struct vsnd_record *record, bool capture, unsigned index,
	void *sound, uint32_t frames);

#endif
