/* SPDX-License-Identifier: MIT */
/*
 * listen - what is to be heard in a file of raw sound
 *
 *   listen tone HZ AMPLITUDE SECONDS   write a sine to standard output
 *   listen noise SECONDS               write noise, the same each time
 *   listen compare FILE PART           how much of PART is in FILE, exactly
 *   listen levels FILE HZ...           how loud, in all and at each frequency
 *   listen steady FILE HZ              the least and most of it, in 50 ms of sound
 *   listen tones CHANNELS SECONDS      a tone for each channel, on standard output
 *   listen channels FILE CHANNELS      which of these is in which channel
 *
 * All of it S16, 48 kHz, and but for the last two stereo. compare cuts PART into blocks of 10 ms and
 * prints the share that is in FILE, byte for byte, and at how many different
 * distances: more than one is a block too many or too few before it. levels prints one line of JSON: the level of
 * the left channel while there is sound, its longest gap, and the amplitude at
 * each frequency (1.0 is full scale). A gap is a stretch of quiet with sound on
 * both sides, which a sine never has for more than an instant. An amplitude is that
 * of most pieces of 50 ms: where a cycle of the graph is lost a tone goes on with
 * another phase, which says nothing of how loud it is. What must not have such
 * places is asked with compare or steady.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"

#define RATE 48000
#define BLOCK 480	/* frames */
#define TONES_AMPLITUDE 0.5
#define WINDOW (RATE / 20)	/* frames of a piece, see levels and steady */
#define QUIET 8		/* of 32768: what a converter's dither may make */

struct sound {
	int16_t (*frames)[2];
	size_t count;
};

static struct sound
load(const char *path)
{
	struct sound sound = { 0 };
	FILE *file = fopen(path, "rbe");
	must(file != NULL);
	must(fseek(file, 0, SEEK_END) == 0);
	long size = ftell(file);
	must(size >= 0);
	rewind(file);
	sound.count = (size_t)size / sizeof(*sound.frames);
	sound.frames = calloc(sound.count + 1, sizeof(*sound.frames));
	must(sound.frames != NULL);
	must(fread(sound.frames, sizeof(*sound.frames), sound.count, file)
		== sound.count);
	fclose(file);
	return sound;
}

static int
tone(double hz, double amplitude, double seconds)
{
	size_t count = (size_t)(seconds * RATE);
	for (size_t i = 0; i < count; i++) {
		int16_t value = (int16_t)lrint(32767 * amplitude
			* sin(2 * M_PI * hz * ((double)i + 0.5) / RATE));
		int16_t frame[2] = { value, value };
		must(fwrite(frame, sizeof(frame), 1, stdout) == 1);
	}
	return 0;
}

static int
noise(double seconds)
{
	size_t count = (size_t)(seconds * RATE);
	uint32_t state = 1;
	for (size_t i = 0; i < count; i++) {
		int16_t frame[2];
		for (int channel = 0; channel < 2; channel++) {
			state = state * 1664525 + 1013904223;
			frame[channel] = (int16_t)((int32_t)state >> 18);
		}
		must(fwrite(frame, sizeof(frame), 1, stdout) == 1);
	}
	return 0;
}

/* Where @block is in @whole, from frame @from on; its count where it is not. */
static size_t
find(const struct sound *whole, size_t from, int16_t (*block)[2])
{
	while (from + BLOCK <= whole->count
			&& memcmp(whole->frames + from, block,
				BLOCK * sizeof(*block)) != 0) {
		from++;
	}
	return from + BLOCK <= whole->count ? from : whole->count;
}

static int
compare(const char *whole_path, const char *part_path)
{
	struct sound whole = load(whole_path), part = load(part_path);
	size_t blocks = 0, found = 0, distances = 0, next = 0;
	ptrdiff_t distance = 0;
	for (size_t i = 0; i + BLOCK <= part.count; i += BLOCK) {
		size_t at = find(&whole, next, part.frames + i);
		blocks++;
		if (at == whole.count) {
			continue;
		}
		if (found == 0 || (ptrdiff_t)at - (ptrdiff_t)i != distance) {
			distance = (ptrdiff_t)at - (ptrdiff_t)i;
			distances++;
		}
		found++;
		next = at + BLOCK;
	}
	printf("{\"percent\": %.1f, \"distances\": %zu}\n",
		blocks > 0 ? 100.0 * (double)found / (double)blocks : 0.0,
		distances);
	free(whole.frames);
	free(part.frames);
	return 0;
}

static double
amplitude_at(const int16_t *samples, unsigned channels, size_t from, size_t to,
	double hz)
{
	double re = 0, im = 0, weight = 0;
	for (size_t i = from; i < to; i++) {
		/* A window, so that neighbours stay out of it. */
		double w = 0.5 - 0.5 * cos(2 * M_PI * (double)(i - from)
			/ (double)(to - from));
		double phase = 2 * M_PI * hz * (double)i / RATE;
		re += w * samples[i * channels] / 32768.0 * cos(phase);
		im += w * samples[i * channels] / 32768.0 * sin(phase);
		weight += w;
	}
	return weight > 0 ? 2 * sqrt(re * re + im * im) / weight : 0;
}

static int
order_of(const void *a, const void *b)
{
	const double *one = a, *other = b;
	return (*one > *other) - (*one < *other);
}

/* The one in the middle of all pieces', between @from and @to. */
static double
usual_amplitude(const struct sound *sound, size_t from, size_t to, double hz)
{
	size_t count = 0;
	if (to - from < WINDOW) {
		return amplitude_at(sound->frames[0], 2, from, to, hz);
	}
	double *levels = calloc((to - from) / (WINDOW / 2), sizeof(*levels));
	must(levels != NULL);
	for (size_t i = from; i + WINDOW <= to; i += WINDOW / 2) {
		levels[count++] = amplitude_at(sound->frames[0], 2, i,
			i + WINDOW, hz);
	}
	qsort(levels, count, sizeof(*levels), order_of);
	double usual = levels[count / 2];
	free(levels);
	return usual;
}

static int
levels(const char *path, int hz_count, char **hz)
{
	struct sound sound = load(path);
	size_t from = sound.count, to = 0, quiet = 0, gap = 0;
	double sum = 0;
	for (size_t i = 0; i < sound.count; i++) {
		if (abs(sound.frames[i][0]) <= QUIET) {
			quiet++;
			continue;
		}
		if (from == sound.count) {
			from = i;
		} else if (quiet > gap) {
			gap = quiet;
		}
		quiet = 0;
		to = i + 1;
		sum += pow(sound.frames[i][0] / 32768.0, 2);
	}
	size_t sounding = to > from ? to - from : 0;
	printf("{\"seconds\": %.3f, \"rms\": %.5f, \"gap-ms\": %.2f",
		(double)sounding / RATE,
		sounding > 0 ? sqrt(sum / (double)sounding) : 0.0,
		1000.0 * (double)gap / RATE);
	for (int i = 0; i < hz_count; i++) {
		printf(", \"%s\": %.5f", hz[i], sounding == 0 ? 0.0
			: usual_amplitude(&sound, from, to, atof(hz[i])));
	}
	printf("}\n");
	free(sound.frames);
	return 0;
}

/* A gap of a tone among others: 1 ms of it is a fiftieth, and more in the middle. */
static int
steady(const char *path, double hz)
{
	struct sound sound = load(path);
	double least = 1, most = 0;
	size_t from = 0, to = sound.count;
	while (from < to && abs(sound.frames[from][0]) <= QUIET) {
		from++;
	}
	while (to > from && abs(sound.frames[to - 1][0]) <= QUIET) {
		to--;
	}
	for (size_t i = from; i + WINDOW <= to; i += WINDOW / 2) {
		double level = amplitude_at(sound.frames[0], 2, i, i + WINDOW,
			hz);
		least = fmin(least, level);
		most = fmax(most, level);
	}
	printf("{\"least\": %.5f, \"most\": %.5f}\n", least, most);
	free(sound.frames);
	return 0;
}

/* Each a frequency of its own, which is no multiple of another's. */
static double
tone_hz(unsigned channel)
{
	return 1000 + 170 * channel;
}

static int
tones(unsigned channels, double seconds)
{
	size_t count = (size_t)(seconds * RATE);
	for (size_t i = 0; i < count; i++) {
		for (unsigned channel = 0; channel < channels; channel++) {
			int16_t value = (int16_t)lrint(32767 * TONES_AMPLITUDE
				* sin(2 * M_PI * tone_hz(channel) * (double)i
					/ RATE));
			must(fwrite(&value, sizeof(value), 1, stdout) == 1);
		}
	}
	return 0;
}

/* The quietest of the channels' own tones, and the loudest of all others. */
static int
channels_of(const char *path, unsigned channels)
{
	struct sound sound = load(path);
	const int16_t *samples = sound.frames[0];
	size_t count = sound.count * 2 / channels;
	size_t from = 0, to = count;
	double own = 1, strange = 0, first_of_last = 0;
	while (from < count && abs(samples[from * channels]) <= QUIET) {
		from++;
	}
	while (to > from && abs(samples[(to - 1) * channels]) <= QUIET) {
		to--;
	}
	for (unsigned channel = 0; channel < channels; channel++) {
		for (unsigned tone = 0; tone < channels; tone++) {
			double level = amplitude_at(samples + channel, channels,
				from, to, tone_hz(tone));
			own = channel == tone ? fmin(own, level) : own;
			strange = channel == tone ? strange
				: fmax(strange, level);
			first_of_last = tone == 0 ? level : first_of_last;
		}
	}
	printf("{\"own\": %.5f, \"strange\": %.5f, "
		"\"first-tone-in-last\": %.5f}\n", own, strange,
		first_of_last);
	free(sound.frames);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "tone") == 0) {
		return tone(atof(argv[2]), atof(argv[3]), atof(argv[4]));
	}
	if (argc == 3 && strcmp(argv[1], "noise") == 0) {
		return noise(atof(argv[2]));
	}
	if (argc == 4 && strcmp(argv[1], "compare") == 0) {
		return compare(argv[2], argv[3]);
	}
	if (argc >= 3 && strcmp(argv[1], "levels") == 0) {
		return levels(argv[2], argc - 3, argv + 3);
	}
	if (argc == 4 && strcmp(argv[1], "steady") == 0) {
		return steady(argv[2], atof(argv[3]));
	}
	if (argc == 4 && strcmp(argv[1], "tones") == 0) {
		return tones((unsigned)atoi(argv[2]), atof(argv[3]));
	}
	if (argc == 4 && strcmp(argv[1], "channels") == 0) {
		return channels_of(argv[2], (unsigned)atoi(argv[3]));
	}
	fprintf(stderr, "usage: listen tone|noise|compare|levels|steady|tones|channels ...\n");
	return 2;
}
