/* SPDX-License-Identifier: MIT */
/*
 * sound-clicks SOCKET PERIOD PERIODS CLICKS EVERY - a guest that clicks
 *
 * Over the vhost-user front-end: a buffer of PERIODS periods of PERIOD frames,
 * each given anew as soon as it comes back, and CLICKS times, every EVERYth one,
 * with a click at its beginning. Standard output is told of each (click.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/must.h"
#include "../lib/snd-guest.h"
#include "click.h"

#define PERIOD_MAX 8192

static unsigned
number(const char *text)
{
	unsigned long value = strtoul(text, NULL, 10);
	must(value > 0 && value <= 1000000);
	return (unsigned)value;
}

static void
tell(uint8_t byte)
{
	must(write(STDOUT_FILENO, &byte, 1) == 1);
}

static void
command(struct snd_guest *guest, uint32_t code)
{
	must(snd_guest_command(guest, code, 0) == VIRTIO_SND_S_OK);
}

int
main(int argc, char **argv)
{
	static int16_t frames[PERIOD_MAX][2];
	struct snd_guest guest;
	must(argc == 6);
	const struct click_plan plan = {
		.period = number(argv[2]),
		.periods = number(argv[3]),
		.clicks = number(argv[4]),
		.every = number(argv[5]),
	};
	uint32_t bytes = plan.period * (uint32_t)sizeof(frames[0]);
	must(plan.period >= CLICK_FRAMES && plan.period <= PERIOD_MAX);

	snd_guest_connect(&guest, argv[1]);
	must(snd_guest_set_params(&guest, 0, VIRTIO_SND_PCM_FMT_S16,
		VIRTIO_SND_PCM_RATE_48000, 2, bytes, bytes * plan.periods)
		== VIRTIO_SND_S_OK);
	command(&guest, VIRTIO_SND_R_PCM_PREPARE);
	click_fill(frames, plan.period, -1);
	for (unsigned i = 0; i < plan.periods; i++) {
		snd_guest_play(&guest, 0, frames, bytes);
	}
	command(&guest, VIRTIO_SND_R_PCM_START);
	for (unsigned i = 0; i < click_plan_periods(&plan); i++) {
		int click = click_plan_at(&plan, i);
		click_fill(frames, plan.period, click);
		snd_guest_await(&guest);
		if (click >= 0) {
			tell((uint8_t)click);
		}
		snd_guest_play(&guest, 0, frames, bytes);
	}
	for (unsigned i = 0; i < plan.periods; i++) {
		snd_guest_await(&guest);
	}
	command(&guest, VIRTIO_SND_R_PCM_STOP);
	command(&guest, VIRTIO_SND_R_PCM_RELEASE);
	tell(CLICK_END);
	snd_guest_disconnect(&guest);
	return 0;
}
