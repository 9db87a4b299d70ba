/* SPDX-License-Identifier: MIT */
/*
 * What labels cost: frames of 40 windows at 1080p, drawn by pixman, with labels
 * and by the same compositor without.
 *
 * usage: bench-labels STAGE-CLIENT
 *
 * A frame is timed from the word to the client that something is to change, over
 * its painting and committing, to the end of the output's commit: one after the
 * other, flat out, and what does not involve the client from the compositor's own
 * change. Its time is what a clock on the wall says, and is what labels are to be
 * a small part of. What this thread, the compositor, takes of a processor for it is
 * counted apart: there is no painting in that, and what else runs matters less.
 *
 * Both compositors take turns, in processes of their own, and each round is compared
 * in itself: what else runs changes by the second. The ratio is that of the medians
 * of a round; it is printed as the median of all rounds and as the half of them that
 * is nearest to it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../labels/stage.h"
#include "../lib/must.h"

#define WINDOWS 40
#define WIDTH 400
#define HEIGHT 300
#define WARM_UP 20
#define FRAMES 100
#define ROUNDS 20

enum pattern {
	ONE_SMALL,
	ONE_WHOLE,
	ALL_SMALL,
	ALL_WHOLE,
	MOVE,
	WIDEN,
	WHOLE,
	PATTERNS
};

static const char *const names[PATTERNS] = {
	[ONE_SMALL] = "one window changes 10x10",
	[ONE_WHOLE] = "one window changes whole",
	[ALL_SMALL] = "each window changes 10x10",
	[ALL_WHOLE] = "each window changes whole",
	[MOVE] = "one window is moved",
	[WIDEN] = "one window changes its width",
	[WHOLE] = "the whole screen is drawn",
};

enum measure {
	FRAME_TIME,
	PROCESSOR,
	MEASURES
};

static const struct {
	const char *name;
	clockid_t clock;
} measures[MEASURES] = {
	[FRAME_TIME] = { "a frame, us", CLOCK_MONOTONIC },
	[PROCESSOR] = { "the compositor's share, us", CLOCK_THREAD_CPUTIME_ID },
};

struct result {
	uint32_t ns[MEASURES][PATTERNS][FRAMES];
};

static void
now_ns(uint64_t ret[MEASURES])
{
	for (int i = 0; i < MEASURES; i++) {
		struct timespec now;
		must(clock_gettime(measures[i].clock, &now) == 0);
		ret[i] = (uint64_t)now.tv_sec * 1000000000
			+ (uint64_t)now.tv_nsec;
	}
}

static void
change(struct stage *stage, enum pattern pattern, int n)
{
	const int all = pattern == ALL_SMALL || pattern == ALL_WHOLE;
	const int count = all ? WINDOWS : 1;
	const int first = all ? 0 : n % WINDOWS;
	if (pattern == MOVE) {
		stage_move(&stage->windows[WINDOWS / 2], 300 + n * 3 % 900,
			200 + n * 2 % 500);
	} else if (pattern == WIDEN) {
		stage_widen(&stage->windows[WINDOWS - 1], 200 + n % 200);
	} else if (pattern == WHOLE) {
		stage_redraw(stage);
	} else if (pattern == ONE_SMALL || pattern == ALL_SMALL) {
		stage_say(stage, "commit %d %d 50 60 10 10", first, count);
		stage_commits(stage, count);
	} else {
		stage_say(stage, "commit %d %d 0 0 %d %d", first, count,
			WIDTH, HEIGHT);
		stage_commits(stage, count);
	}
}

static void
measure(bool bare, const char *program, struct result *ret)
{
	struct stage stage;
	stage_init(&stage, bare, program, WINDOWS, WIDTH, HEIGHT);
	for (int pattern = 0; pattern < PATTERNS; pattern++) {
		for (int i = 0; i < WARM_UP + FRAMES; i++) {
			uint64_t start[MEASURES], end[MEASURES];
			now_ns(start);
			change(&stage, (enum pattern)pattern, i);
			stage_frame(&stage);
			now_ns(end);
			for (int n = 0; n < MEASURES && i >= WARM_UP; n++) {
				ret->ns[n][pattern][i - WARM_UP] =
					(uint32_t)(end[n] - start[n]);
			}
		}
	}
	stage_finish(&stage);
}

/* In a process of its own, so that one leaves nothing behind for the other. */
static void
run(bool bare, const char *program, struct result *ret)
{
	int ends[2];
	must(pipe2(ends, O_CLOEXEC) == 0);
	pid_t pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		measure(bare, program, ret);
		must(fcntl(ends[1], F_SETPIPE_SZ, (int)sizeof(*ret)) > 0);
		must(write(ends[1], ret, sizeof(*ret)) == sizeof(*ret));
		_exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	size_t have = 0;
	while (have < sizeof(*ret)) {
		ssize_t n = read(ends[0], (char *)ret + have,
			sizeof(*ret) - have);
		must(n > 0);
		have += (size_t)n;
	}
	close(ends[0]);
	must(waitpid(pid, NULL, 0) == pid);
}

static int
compare(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a;
	const uint32_t right = *(const uint32_t *)b;
	return left < right ? -1 : left > right;
}

static void
sort(uint32_t *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
}

/* In a thousandth: of the medians with labels and without, in rising order. */
static void
find_ratios(struct result results[2][ROUNDS], enum measure measure,
	int pattern, uint32_t ret[ROUNDS])
{
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t median[2];
		for (int kind = 0; kind < 2; kind++) {
			uint32_t *ns = results[kind][round].ns[measure][pattern];
			sort(ns, FRAMES);
			median[kind] = ns[FRAMES / 2];
		}
		ret[round] = (uint32_t)(median[1] * 1000 / median[0]);
	}
	sort(ret, ROUNDS);
}

/* All frames of all rounds in order. Return: how long they took, together. */
static uint64_t
gather(const struct result results[ROUNDS], enum measure measure, int pattern,
	uint32_t ret[ROUNDS * FRAMES])
{
	uint64_t sum = 0;
	for (int i = 0; i < ROUNDS * FRAMES; i++) {
		ret[i] = results[i / FRAMES].ns[measure][pattern][i % FRAMES];
		sum += ret[i];
	}
	sort(ret, ROUNDS * FRAMES);
	return sum;
}

static void
report_pattern(struct result results[2][ROUNDS], enum measure measure,
	int pattern)
{
	printf("%-28s", names[pattern]);
	for (int kind = 0; kind < 2; kind++) {
		static uint32_t all[ROUNDS * FRAMES];
		const double sum = (double)gather(results[kind], measure,
			pattern, all);
		printf(" %7.1f %7.1f %6.0f", all[ROUNDS * FRAMES / 2] / 1e3,
			all[ROUNDS * FRAMES * 99 / 100] / 1e3,
			ROUNDS * FRAMES * 1e9 / sum);
	}
	uint32_t ratios[ROUNDS];
	find_ratios(results, measure, pattern, ratios);
	printf("  %5.2f  %.2f to %.2f\n", ratios[ROUNDS / 2] / 1e3,
		ratios[ROUNDS / 4] / 1e3, ratios[ROUNDS * 3 / 4] / 1e3);
}

int
main(int argc, char *argv[])
{
	static struct result results[2][ROUNDS];
	must(argc == 2);
	for (int round = 0; round < ROUNDS; round++) {
		/* Neither is always the first. */
		for (int turn = 0; turn < 2; turn++) {
			const int kind = (round + turn) % 2;
			run(kind == 0, argv[1], &results[kind][round]);
		}
	}
	for (int measure = 0; measure < MEASURES; measure++) {
		printf("%-28s %22s %22s  %s\n%-28s", measures[measure].name,
			"without labels", "with labels", "with / without", "");
		for (int kind = 0; kind < 2; kind++) {
			printf(" %7s %7s %6s", "p50", "p99", "in 1 s");
		}
		printf("  %5s  %s\n", "p50", "half of the rounds");
		for (int pattern = 0; pattern < PATTERNS; pattern++) {
			report_pattern(results, (enum measure)measure, pattern);
		}
	}
	return EXIT_SUCCESS;
}
