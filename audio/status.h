/* SPDX-License-Identifier: MIT */
/*
 * status.h - the page of counters that wlbridge-snd keeps for wlbridged
 *
 * One page of shared memory, written by the device, read by whoever wants to
 * know. Plain stores of native-endian words: each is true by itself, and no
 * two need be of the same moment.
 */
#ifndef VSND_STATUS_H
#define VSND_STATUS_H

#include <assert.h>
#include <stdint.h>

#define VSND_STATUS_MAGIC 0x534e5356	/* "VSNS" */
#define VSND_STATUS_VERSION 4
#define VSND_STATUS_SIZE 4096		/* bytes of the page */

enum vsnd_status_state {
	VSND_STATUS_WAITING = 1,	/* no front-end */
	VSND_STATUS_CONNECTED = 2,	/* a front-end, no driver */
	VSND_STATUS_RUNNING = 3,	/* a driver serves its queues */
};

/* How soon the device's thread gets a processor (priority.c). */
enum vsnd_status_priority {
	VSND_PRIORITY_NORMAL = 1,	/* as any program */
	VSND_PRIORITY_NICE = 2,		/* before most */
	VSND_PRIORITY_REALTIME = 3,
	VSND_PRIORITY_SPENT = 4,	/* lost while the guest keeps it busy */
};

struct vsnd_status_page {
	uint32_t magic;
	uint32_t version;
	uint32_t state;			/* enum vsnd_status_state */
	uint32_t sink;			/* 1: the audio server is there */
	uint32_t mic;			/* 1: allowed; 0: the guest hears silence */
	uint32_t mute;			/* 1: as last seen in the mixer, or wanted */
	uint32_t volume_permille;	/* likewise; as mixers show it */
	uint32_t playing;		/* streams that run now */
	uint32_t recording;
	uint32_t priority;		/* enum vsnd_status_priority */
	uint64_t sessions;		/* front-ends served so far */
	uint64_t resets;		/* drivers that went */
	uint64_t frames_played;		/* of finished buffers */
	uint64_t frames_recorded;
	uint64_t frames_missed;		/* silence amid sound, or not recorded */
	uint64_t stalls;		/* times the graph was not waited for */
	uint64_t refused;		/* requests and buffers */
	uint64_t frames_late;		/* of the missed: the guest was ready */
	uint64_t xruns;			/* times that frames were missed */
	/* The last order that reached the mixer, counted from 1; 0: none. */
	uint32_t mute_taken;
	uint32_t volume_taken;
};

static_assert(sizeof(struct vsnd_status_page) == 40 + 9 * 8 + 8,
	"status layout");
static_assert(sizeof(struct vsnd_status_page) <= VSND_STATUS_SIZE,
	"status layout");

#endif
