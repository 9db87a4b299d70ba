/* SPDX-License-Identifier: MIT */
/*
 * vsnd-guest - a guest that plays a file of raw sound, or records one
 *
 * Over the vhost-user front-end, as the driver would: a buffer of PERIODS periods
 * is filled, started, and each period is given anew when it comes back. What it
 * saw is printed as one line of JSON. With --stay it is there, idle, until it is
 * told to end. With --volume it first sets its own volume of that stream.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/must.h"
#include "../lib/snd-guest.h"
#include "audio/format-table.h"

struct guest_options {
	const char *path;
	const char *play;
	const char *record;
	const struct vsnd_format *format;
	const struct vsnd_rate *rate;
	unsigned channels;
	unsigned period_frames;
	unsigned periods;
	unsigned seconds;	/* to record */
	unsigned loops;		/* of the file that is played */
	bool has_volume;
	unsigned volume;	/* of the guest's own control */
	bool stay;
};

struct guest_result {
	uint64_t frames;
	uint64_t errors;
	double seconds;
	double longest_ms;	/* between two buffers that came back */
	double latency_ms;	/* as the device said last */
};

static double
now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static unsigned
number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	must(end != text && *end == '\0' && value <= 1000000);
	return (unsigned)value;
}

static struct guest_options
parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "play", required_argument, NULL, 'p' },
		{ "record", required_argument, NULL, 'r' },
		{ "format", required_argument, NULL, 'f' },
		{ "rate", required_argument, NULL, 'R' },
		{ "channels", required_argument, NULL, 'c' },
		{ "period", required_argument, NULL, 'P' },
		{ "periods", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 's' },
		{ "loops", required_argument, NULL, 'l' },
		{ "volume", required_argument, NULL, 'v' },
		{ "stay", no_argument, NULL, 'S' },
		{ 0 },
	};
	struct guest_options ret = {
		.format = vsnd_format_by_name("S16"),
		.rate = vsnd_rate_by_hz(48000),
		.channels = 2,
		.period_frames = 480,
		.periods = 16,
		.seconds = 1,
		.loops = 1,
	};
	int option;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			ret.play = optarg;
			break;
		case 'r':
			ret.record = optarg;
			break;
		case 'f':
			ret.format = vsnd_format_by_name(optarg);
			must(ret.format != NULL);
			break;
		case 'R':
			ret.rate = vsnd_rate_by_hz(number(optarg));
			must(ret.rate != NULL);
			break;
		case 'c':
			ret.channels = number(optarg);
			break;
		case 'P':
			ret.period_frames = number(optarg);
			break;
		case 'n':
			ret.periods = number(optarg);
			break;
		case 's':
			ret.seconds = number(optarg);
			break;
		case 'l':
			ret.loops = number(optarg);
			break;
		case 'v':
			ret.has_volume = true;
			ret.volume = number(optarg);
			break;
		case 'S':
			ret.stay = true;
			break;
		default:
			exit(2);
		}
	}
	must(optind + 1 == argc);
	must((ret.play == NULL) != (ret.record == NULL));
	ret.path = argv[optind];
	return ret;
}

static void
command(struct snd_guest *guest, uint32_t code, uint32_t stream)
{
	must(snd_guest_command(guest, code, stream) == VIRTIO_SND_S_OK);
}

static void
note(struct guest_result *result, const struct snd_done *done,
	double *last_s)
{
	double now = now_s();
	if (now - *last_s > result->longest_ms / 1000) {
		result->longest_ms = (now - *last_s) * 1000;
	}
	*last_s = now;
	result->errors += done->status != VIRTIO_SND_S_OK;
}

/* The next period, filled up with zeros at the end. False: none is left. */
static bool
next_period(FILE *file, void *sound, uint32_t bytes, unsigned *loops)
{
	size_t n = fread(sound, 1, bytes, file);
	if (n == 0 && *loops > 1) {
		(*loops)--;
		rewind(file);
		n = fread(sound, 1, bytes, file);
	}
	memset((char *)sound + n, 0, bytes - n);
	return n > 0;
}

static void
play(struct snd_guest *guest, struct guest_options *options, uint32_t bytes,
	struct guest_result *result)
{
	uint8_t sound[SND_GUEST_SOUND_MAX];
	unsigned waiting = 0;
	FILE *file = fopen(options->play, "rbe");
	must(file != NULL);
	while (waiting < options->periods && next_period(file, sound, bytes,
			&options->loops)) {
		snd_guest_play(guest, 0, sound, bytes);
		waiting++;
	}
	command(guest, VIRTIO_SND_R_PCM_START, 0);
	double last_s = now_s();
	while (waiting > 0) {
		struct snd_done done = snd_guest_await(guest);
		note(result, &done, &last_s);
		result->latency_ms = done.latency_bytes;
		result->frames += options->period_frames;
		waiting--;
		if (next_period(file, sound, bytes, &options->loops)) {
			snd_guest_play(guest, 0, sound, bytes);
			waiting++;
		}
	}
	fclose(file);
}

static void
record(struct snd_guest *guest, const struct guest_options *options,
	uint32_t bytes, struct guest_result *result)
{
	uint64_t wanted = (uint64_t)options->seconds * options->rate->hz;
	FILE *file = fopen(options->record, "wbe");
	must(file != NULL);
	for (unsigned i = 0; i < options->periods; i++) {
		snd_guest_record(guest, 1, bytes);
	}
	command(guest, VIRTIO_SND_R_PCM_START, 1);
	double last_s = now_s();
	while (result->frames < wanted) {
		struct snd_done done = snd_guest_await(guest);
		note(result, &done, &last_s);
		must(fwrite(done.sound, 1, done.recorded, file)
			== done.recorded);
		result->latency_ms = done.latency_bytes;
		result->frames += options->period_frames;
		snd_guest_record(guest, 1, bytes);
	}
	must(fclose(file) == 0);
}

int
main(int argc, char **argv)
{
	struct guest_options options = parse(argc, argv);
	struct guest_result result = { 0 };
	struct snd_guest guest;
	uint32_t stream = options.record != NULL ? 1 : 0;
	uint32_t frame_bytes = options.format->sample_bytes * options.channels;
	uint32_t bytes = options.period_frames * frame_bytes;

	snd_guest_connect_with(&guest, options.path, options.has_volume
		? UINT64_C(1) << VIRTIO_SND_F_CTLS : 0);
	if (options.has_volume) {
		/* Each stream has two controls, of which this is the first. */
		must(snd_guest_set_control(&guest, 2 * stream, options.volume)
			== VIRTIO_SND_S_OK);
	}
	must(snd_guest_set_params(&guest, stream, options.format->id,
		options.rate->id, (uint8_t)options.channels, bytes,
		bytes * options.periods) == VIRTIO_SND_S_OK);
	command(&guest, VIRTIO_SND_R_PCM_PREPARE, stream);
	double began = now_s();
	if (options.play != NULL) {
		play(&guest, &options, bytes, &result);
	} else {
		record(&guest, &options, bytes, &result);
	}
	result.seconds = now_s() - began;
	command(&guest, VIRTIO_SND_R_PCM_STOP, stream);
	command(&guest, VIRTIO_SND_R_PCM_RELEASE, stream);
	printf("{\"frames\": %" PRIu64 ", \"errors\": %" PRIu64
		", \"seconds\": %.3f, \"longest-ms\": %.1f, "
		"\"latency-ms\": %.1f}\n", result.frames, result.errors,
		result.seconds, result.longest_ms,
		result.latency_ms / frame_bytes * 1000 / options.rate->hz);
	fflush(stdout);
	if (options.stay) {
		pause();
	}
	snd_guest_disconnect(&guest);
	return result.errors == 0 ? 0 : 1;
}
