/* SPDX-License-Identifier: MIT */
/*
 * sound-guest CARD PERIOD PERIODS CLICKS EVERY - the same inside a real guest
 *
 * Straight at the kernel, which gives exactly the buffer that was asked for: as
 * soon as a period is free it is written, and CLICKS times, every EVERYth one,
 * with a click at its beginning. Just before that write the host is told, by a
 * byte on I/O port 0xe9 (QEMU's isa-debugcon): the VMM has it while the guest's
 * processor still stands at that instruction. Prints how often the buffer ran
 * empty, and whether the card stopped to take anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sound/asound.h>

#include "../lib/must.h"
#include "click.h"

#define PORT 0xe9
#define PERIOD_MAX 8192
#define PATIENCE_MS 2000

static unsigned
number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

static void
set_mask(struct snd_pcm_hw_params *params, int which, unsigned value)
{
	struct snd_mask *mask = &params->masks[which
		- SNDRV_PCM_HW_PARAM_FIRST_MASK];
	memset(mask, 0, sizeof(*mask));
	mask->bits[value / 32] = 1u << value % 32;
}

static void
set_interval(struct snd_pcm_hw_params *params, int which, unsigned value)
{
	struct snd_interval *interval = &params->intervals[which
		- SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];
	*interval = (struct snd_interval) {
		.min = value, .max = value, .integer = 1,
	};
}

static void
set_up(int fd, unsigned period, unsigned periods)
{
	static struct snd_pcm_hw_params hw;
	struct snd_pcm_sw_params sw = {
		.period_step = 1,
		.avail_min = period,
		.start_threshold = (snd_pcm_uframes_t)period * periods,
		.stop_threshold = (snd_pcm_uframes_t)period * periods,
	};
	memset(hw.masks, 0xff, sizeof(hw.masks));
	for (size_t i = 0; i < sizeof(hw.intervals) / sizeof(*hw.intervals);
			i++) {
		hw.intervals[i].max = UINT32_MAX;
	}
	hw.rmask = UINT32_MAX;
	hw.info = UINT32_MAX;
	set_mask(&hw, SNDRV_PCM_HW_PARAM_ACCESS,
		SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	set_mask(&hw, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_RATE, CLICK_RATE);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, period);
	set_interval(&hw, SNDRV_PCM_HW_PARAM_PERIODS, periods);
	must(ioctl(fd, SNDRV_PCM_IOCTL_HW_PARAMS, &hw) == 0);
	must(ioctl(fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw) == 0);
	must(ioctl(fd, SNDRV_PCM_IOCTL_PREPARE) == 0);
}

/* Whether a period became free. */
static bool
await_room(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLOUT };
	int r = poll(&pollfd, 1, PATIENCE_MS);
	must(r >= 0);
	return r == 1;
}

/* Whether it was taken; else the buffer had run empty. */
static bool
give(int fd, int16_t (*frames)[2], unsigned period)
{
	struct snd_xferi xfer = { .buf = frames, .frames = period };
	if (ioctl(fd, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &xfer) == 0) {
		return true;
	}
	must(errno == EPIPE);
	must(ioctl(fd, SNDRV_PCM_IOCTL_PREPARE) == 0);
	return false;
}

int
main(int argc, char **argv)
{
	static int16_t frames[PERIOD_MAX][2];
	char path[64];
	must(argc == 6);
	const struct click_plan plan = {
		.period = number(argv[2]),
		.periods = number(argv[3]),
		.clicks = number(argv[4]),
		.every = number(argv[5]),
	};
	unsigned xruns = 0;
	bool stalled = false;
	must(plan.period >= CLICK_FRAMES && plan.period <= PERIOD_MAX);
	must(ioperm(PORT, 1, 1) == 0);
	snprintf(path, sizeof(path), "/dev/snd/pcmC%uD0p", number(argv[1]));
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	must(fd >= 0);
	set_up(fd, plan.period, plan.periods);

	for (unsigned i = 0; i < click_plan_periods(&plan); i++) {
		int click = click_plan_at(&plan, i);
		click_fill(frames, plan.period, click);
		if (!await_room(fd)) {
			stalled = true;
			break;
		}
		if (click >= 0) {
			outb((unsigned char)click, PORT);
		}
		while (!give(fd, frames, plan.period)) {
			xruns++;
		}
	}
	ioctl(fd, SNDRV_PCM_IOCTL_DROP);
	outb(CLICK_END, PORT);
	printf("%u%s\n", xruns, stalled ? " stalled" : "");
	return 0;
}
