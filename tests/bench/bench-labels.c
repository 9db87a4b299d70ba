/* SPDX-License-Identifier: MIT */
/*
 * What labels cost: frames of 40 windows at 1080p, drawn by pixman, with labels
 * and by the same compositor without.
 *
 * usage: bench-labels STAGE-CLIENT
 *        bench-labels STAGE-CLIENT without|with KIND
 *
 * The second draws frames of one kind, a number as in enum pattern, and prints what
 * it is called. What is to be counted of it is within count_frames(), for callgrind:
 * how many instructions a frame takes does not depend on what else the machine does.
 *
 * A frame is timed from the word to the client that something is to change, over
 * its painting and committing, to the end of the output's commit: one after the
 * other, flat out, and what does not involve the client from the compositor's own
 * change. Its time is what a clock on the wall says, and is what labels are to be
 * a small part of. What this thread, the compositor, takes of a processor for it is
 * counted apart: there is no painting in that, and what else runs matters less.
 *
 * Both compositors are there at once, in processes of their own, and take turns at
 * a few frames each, which are compared with each other: what else runs changes by
 * the second, and with it, twofold, the speed of memory. The ratio is that of the
 * medians of such a turn; it is printed as the median of all turns and as the half
 * of them that is nearest to it. Where its memory is makes a compositor fast or slow
 * for its life, so there are some of both, one after the other.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../labels/stage.h"
#include "../lib/must.h"

#define WINDOWS 40
#define WIDTH 400
#define HEIGHT 300
#define LIVES 8
#define TURNS (LIVES * 20)
#define WARM_UP 4
#define FRAMES 12
#define COUNTED (2 * WINDOWS)

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

/* What one turn took. */
struct turn {
	uint32_t ns[MEASURES][FRAMES];
};

struct side {
	pid_t pid;
	int fd;		/* a pattern goes in (PATTERNS: end), a turn comes out */
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
take_turn(struct stage *stage, enum pattern pattern, int n, struct turn *ret)
{
	for (int i = 0; i < WARM_UP + FRAMES; i++) {
		uint64_t start[MEASURES], end[MEASURES];
		now_ns(start);
		change(stage, pattern, n * (WARM_UP + FRAMES) + i);
		stage_frame(stage);
		now_ns(end);
		for (int k = 0; k < MEASURES && i >= WARM_UP; k++) {
			ret->ns[k][i - WARM_UP] = (uint32_t)(end[k] - start[k]);
		}
	}
}

static void
side_run(bool bare, const char *program, int fd)
{
	struct stage stage;
	enum pattern pattern;
	stage_init(&stage, bare, program, WINDOWS, WIDTH, HEIGHT);
	for (int n = 0; read(fd, &pattern, sizeof(pattern)) > 0
			&& pattern != PATTERNS; n++) {
		struct turn turn;
		take_turn(&stage, pattern, n / PATTERNS, &turn);
		must(write(fd, &turn, sizeof(turn)) == sizeof(turn));
	}
	stage_finish(&stage);
}

static void
side_start(struct side *side, bool bare, const char *program)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	side->pid = fork();
	must(side->pid >= 0);
	if (side->pid == 0) {
		close(ends[0]);
		side_run(bare, program, ends[1]);
		_exit(EXIT_SUCCESS);
	}
	close(ends[1]);
	side->fd = ends[0];
}

static void
side_ask(struct side *side, enum pattern pattern, struct turn *ret)
{
	must(write(side->fd, &pattern, sizeof(pattern)) == sizeof(pattern));
	must(read(side->fd, ret, sizeof(*ret)) == sizeof(*ret));
}

static void
side_end(struct side *side)
{
	const enum pattern end = PATTERNS;
	must(write(side->fd, &end, sizeof(end)) == sizeof(end));
	close(side->fd);
	must(waitpid(side->pid, NULL, 0) == side->pid);
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

/* Without labels, and with. */
static struct turn turns[2][PATTERNS][TURNS];

static void
measure(const char *program)
{
	struct side sides[2];
	for (int n = 0; n < TURNS; n++) {
		if (n % (TURNS / LIVES) == 0) {
			side_start(&sides[0], true, program);
			side_start(&sides[1], false, program);
		}
		for (int i = 0; i < 2 * PATTERNS; i++) {
			/* Neither is always the first. */
			const int kind = (n + i) % 2, pattern = i / 2;
			side_ask(&sides[kind], (enum pattern)pattern,
				&turns[kind][pattern][n]);
		}
		if ((n + 1) % (TURNS / LIVES) == 0) {
			side_end(&sides[0]);
			side_end(&sides[1]);
		}
	}
}

/* In a thousandth: of the medians with labels and without, in rising order. */
static void
find_ratios(enum measure measure, int pattern, uint32_t ret[TURNS])
{
	for (int n = 0; n < TURNS; n++) {
		uint64_t median[2];
		for (int kind = 0; kind < 2; kind++) {
			uint32_t *ns = turns[kind][pattern][n].ns[measure];
			sort(ns, FRAMES);
			median[kind] = ns[FRAMES / 2];
		}
		ret[n] = (uint32_t)(median[1] * 1000 / median[0]);
	}
	sort(ret, TURNS);
}

/* All frames of all turns in order. Return: how long they took, together. */
static uint64_t
gather(int kind, enum measure measure, int pattern,
	uint32_t ret[TURNS * FRAMES])
{
	uint64_t sum = 0;
	for (int i = 0; i < TURNS * FRAMES; i++) {
		const struct turn *turn = &turns[kind][pattern][i / FRAMES];
		ret[i] = turn->ns[measure][i % FRAMES];
		sum += ret[i];
	}
	sort(ret, TURNS * FRAMES);
	return sum;
}

static void
report(enum measure measure, int pattern)
{
	printf("%-28s", names[pattern]);
	for (int kind = 0; kind < 2; kind++) {
		static uint32_t all[TURNS * FRAMES];
		const double sum = (double)gather(kind, measure, pattern, all);
		printf(" %7.1f %7.1f %6.0f", all[TURNS * FRAMES / 2] / 1e3,
			all[TURNS * FRAMES * 99 / 100] / 1e3,
			TURNS * FRAMES * 1e9 / sum);
	}
	uint32_t ratios[TURNS];
	find_ratios(measure, pattern, ratios);
	printf("  %5.2f  %.2f to %.2f\n", ratios[TURNS / 2] / 1e3,
		ratios[TURNS / 4] / 1e3, ratios[TURNS * 3 / 4] / 1e3);
}

/* A function of its own, that callgrind can be told of. */
__attribute__((noinline)) static void
count_frames(struct stage *stage, enum pattern pattern, int first)
{
	for (int i = 0; i < COUNTED; i++) {
		change(stage, pattern, first + i);
		stage_frame(stage);
	}
}

static void
count(const char *program, bool bare, enum pattern pattern)
{
	struct stage stage;
	struct turn turn;
	must(pattern < PATTERNS);
	stage_init(&stage, bare, program, WINDOWS, WIDTH, HEIGHT);
	take_turn(&stage, pattern, 0, &turn);
	count_frames(&stage, pattern, WARM_UP + FRAMES);
	stage_finish(&stage);
	printf("%s, %d times\n", names[pattern], COUNTED);
}

int
main(int argc, char *argv[])
{
	if (argc == 4) {
		count(argv[1], strcmp(argv[2], "without") == 0,
			(enum pattern)atoi(argv[3]));
		return EXIT_SUCCESS;
	}
	must(argc == 2);
	measure(argv[1]);
	for (int measure = 0; measure < MEASURES; measure++) {
		printf("%-28s %22s %22s  %s\n%-28s", measures[measure].name,
			"without labels", "with labels", "with / without", "");
		for (int kind = 0; kind < 2; kind++) {
			printf(" %7s %7s %6s", "p50", "p99", "in 1 s");
		}
		printf("  %5s  %s\n", "p50", "half of the turns");
		for (int pattern = 0; pattern < PATTERNS; pattern++) {
			report((enum measure)measure, pattern);
		}
	}
	return EXIT_SUCCESS;
}
