/* SPDX-License-Identifier: MIT */
/*
 * vsnd-guest - a guest that plays a file of raw sound, or records one
 *
 * Over the vhost-user front-end, as the driver would: a buffer of PERIODS periods
 * is filled, started, and each period is given anew when it comes back. What it
 * saw is printed as one line of JSON. With --hole MS it gives nothing for so long
 * once the first second was given; with --pause MS it stops there, keeps its
 * buffers, and starts again. Meanwhile none may come back. SIGUSR1: what was given
 * is the last. With --stay it is there,
 * idle, until it is told to end. With --stream it takes that one of the device's, by
 * its id, and else the one of a device with one of each kind. With --volume it first
 * sets its own volume of that stream.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/must.h"
#include "../lib/snd-guest.h"
#include "audio/format-table.h"
#include "util/now.h"

struct guest_options {
	const char *path;
	const char *play;
	const char *record;
	unsigned stream;	/* its id */
	const struct vsnd_format *format;
	const struct vsnd_rate *rate;
	unsigned channels;
	unsigned period_frames;
	unsigned periods;
	unsigned seconds;	/* to record */
	unsigned frames;	/* to record instead, where not 0 */
	unsigned loops;		/* of the file that is played */
	unsigned hole_ms;
	unsigned pause_ms;
	bool has_volume;
	unsigned volume;	/* of the guest's own control */
	bool stay;
};

struct guest_result {
	uint64_t frames;
	uint64_t errors;
	double seconds;
	/* Between two buffers that came back, but for what is starved_ms. */
	double longest_ms;
	double latency_ms;	/* as the device said last */
	double starved_ms;	/* ready to run, and without a processor */
};

/* How long the kernel has let us wait for a processor so far. */
static double
starved_ms(void)
{
	uint64_t ran_ns, waited_ns = 0;
	FILE *file = fopen("/proc/self/schedstat", "re");
	if (file != NULL) {
		must(fscanf(file, "%" SCNu64 " %" SCNu64, &ran_ns, &waited_ns)
			== 2);
		fclose(file);
	}
	return (double)waited_ns / 1e6;
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
		{ "frames", required_argument, NULL, 'F' },
		{ "loops", required_argument, NULL, 'l' },
		{ "stream", required_argument, NULL, 'i' },
		{ "volume", required_argument, NULL, 'v' },
		{ "hole", required_argument, NULL, 'h' },
		{ "pause", required_argument, NULL, 'u' },
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
	bool has_stream = false;
	unsigned stream = 0;
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
		case 'F':
			ret.frames = number(optarg);
			break;
		case 'l':
			ret.loops = number(optarg);
			break;
		case 'i':
			stream = number(optarg);
			has_stream = true;
			break;
		case 'v':
			ret.has_volume = true;
			ret.volume = number(optarg);
			break;
		case 'h':
			ret.hole_ms = number(optarg);
			break;
		case 'u':
			ret.pause_ms = number(optarg);
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
	ret.stream = has_stream ? stream : ret.record != NULL;
	return ret;
}

static void
command(struct snd_guest *guest, uint32_t code, uint32_t stream)
{
	must(snd_guest_command(guest, code, stream) == VIRTIO_SND_S_OK);
}

/* The time but for that which somebody else had the processor in. */
static double
own_ms(void)
{
	return now_s() * 1000 - starved_ms();
}

static void
note(struct guest_result *result, const struct snd_done *done,
	double *last_ms)
{
	double now = own_ms();
	if (now - *last_ms > result->longest_ms) {
		result->longest_ms = now - *last_ms;
	}
	*last_ms = now;
	result->errors += done->status != VIRTIO_SND_S_OK;
}

/* It is blocked, and so only looked for. */
static void
expect_word(void)
{
	sigset_t word;
	sigemptyset(&word);
	sigaddset(&word, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &word, NULL) == 0);
}

static bool
had_word(void)
{
	sigset_t pending;
	must(sigpending(&pending) == 0);
	return sigismember(&pending, SIGUSR1) == 1;
}

/* The next period, filled up with zeros at the end. False: none is left. */
static bool
next_period(FILE *file, void *sound, uint32_t bytes, unsigned *loops)
{
	if (had_word()) {
		return false;
	}
	size_t n = fread(sound, 1, bytes, file);
	if (n == 0 && *loops > 1) {
		(*loops)--;
		rewind(file);
		n = fread(sound, 1, bytes, file);
	}
	memset((char *)sound + n, 0, bytes - n);
	return n > 0;
}

struct player {
	struct snd_guest *guest;
	struct guest_options *options;
	FILE *file;
	uint32_t bytes;		/* of a period */
	unsigned given;		/* periods */
	unsigned given_max;
	unsigned waiting;	/* of those, not yet come back */
	double last_ms;		/* when one did, see own_ms() */
};

static void
feed(struct player *player)
{
	uint8_t sound[SND_GUEST_SOUND_MAX];
	while (player->waiting < player->options->periods
			&& player->given < player->given_max
			&& next_period(player->file, sound, player->bytes,
				&player->options->loops)) {
		snd_guest_play(player->guest, player->options->stream,
			sound, player->bytes);
		player->given++;
		player->waiting++;
	}
}

static void
take_back(struct player *player, const struct snd_done *done,
	struct guest_result *result)
{
	note(result, done, &player->last_ms);
	result->latency_ms = done->latency_bytes;
	result->frames += player->options->period_frames;
	player->waiting--;
}

/* For so long none comes back. */
static void
expect_none(struct player *player, unsigned ms)
{
	struct snd_done done;
	must(!snd_guest_take(player->guest, (int)ms, &done));
	player->last_ms = own_ms();
}

static void
hold(struct player *player, struct guest_result *result)
{
	struct snd_done done;
	command(player->guest, VIRTIO_SND_R_PCM_STOP,
		player->options->stream);
	while (snd_guest_take(player->guest, 0, &done)) {
		take_back(player, &done, result);
	}
	expect_none(player, player->options->pause_ms);
	player->options->pause_ms = 0;
	command(player->guest, VIRTIO_SND_R_PCM_START,
		player->options->stream);
}

static void
play(struct snd_guest *guest, struct guest_options *options, uint32_t bytes,
	struct guest_result *result)
{
	struct player player = {
		.guest = guest,
		.options = options,
		.file = fopen(options->play, "rbe"),
		.bytes = bytes,
		.given_max = options->hole_ms == 0 ? UINT_MAX
			: options->rate->hz / options->period_frames,
	};
	must(player.file != NULL);
	feed(&player);
	command(guest, VIRTIO_SND_R_PCM_START, options->stream);
	player.last_ms = own_ms();
	while (player.waiting > 0) {
		struct snd_done done = snd_guest_await(guest);
		take_back(&player, &done, result);
		if (options->pause_ms > 0
				&& result->frames >= options->rate->hz) {
			hold(&player, result);
		}
		if (options->hole_ms > 0 && player.waiting == 0) {
			expect_none(&player, options->hole_ms);
			options->hole_ms = 0;
			player.given_max = UINT_MAX;
		}
		feed(&player);
	}
	fclose(player.file);
}

static void
record(struct snd_guest *guest, const struct guest_options *options,
	uint32_t bytes, struct guest_result *result)
{
	uint64_t wanted = options->frames > 0 ? options->frames
		: (uint64_t)options->seconds * options->rate->hz;
	FILE *file = fopen(options->record, "wbe");
	must(file != NULL);
	for (unsigned i = 0; i < options->periods; i++) {
		snd_guest_record(guest, options->stream, bytes);
	}
	command(guest, VIRTIO_SND_R_PCM_START, options->stream);
	double last_ms = own_ms();
	while (result->frames < wanted) {
		struct snd_done done = snd_guest_await(guest);
		note(result, &done, &last_ms);
		must(fwrite(done.sound, 1, done.recorded, file)
			== done.recorded);
		result->latency_ms = done.latency_bytes;
		result->frames += options->period_frames;
		snd_guest_record(guest, options->stream, bytes);
	}
	must(fclose(file) == 0);
}

int
main(int argc, char **argv)
{
	struct guest_options options = parse(argc, argv);
	struct guest_result result = { 0 };
	struct snd_guest guest;
	uint32_t stream = options.stream;
	uint32_t frame_bytes = options.format->sample_bytes * options.channels;
	uint32_t bytes = options.period_frames * frame_bytes;
	expect_word();

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
	double began = now_s(), starved = starved_ms();
	if (options.play != NULL) {
		play(&guest, &options, bytes, &result);
	} else {
		record(&guest, &options, bytes, &result);
	}
	result.seconds = now_s() - began;
	result.starved_ms = starved_ms() - starved;
	command(&guest, VIRTIO_SND_R_PCM_STOP, stream);
	command(&guest, VIRTIO_SND_R_PCM_RELEASE, stream);
	printf("{\"frames\": %" PRIu64 ", \"errors\": %" PRIu64
		", \"seconds\": %.3f, \"longest-ms\": %.1f, "
		"\"latency-ms\": %.1f, \"starved-ms\": %.1f}\n", result.frames, result.errors,
		result.seconds, result.longest_ms,
		result.latency_ms / frame_bytes * 1000 / options.rate->hz,
		result.starved_ms);
	fflush(stdout);
	if (options.stay) {
		pause();
	}
	snd_guest_disconnect(&guest);
	return result.errors == 0 ? 0 : 1;
}
