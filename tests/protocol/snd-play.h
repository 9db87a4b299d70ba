/* SPDX-License-Identifier: MIT */
/* Sound by the period, through one stream of each direction. */
#ifndef TESTS_PROTOCOL_SND_PLAY_H
#define TESTS_PROTOCOL_SND_PLAY_H

#include "snd-session.h"

#define PLAYBACK 0u
#define CAPTURE 1u
#define FRAME 4u		/* bytes: two channels of S16 */
#define PERIOD_FRAMES 480u
#define PERIOD (PERIOD_FRAMES * FRAME)

extern const struct vsnd_layout layout;

/* A test's setup: a device that waits for a cycle for ever. */
int
fresh(void **state);

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, session_end)

uint32_t
command(uint32_t code, uint32_t stream);

void
prepare(uint32_t stream);

void
start(uint32_t stream);

/* Sound in which every frame differs from its neighbours. */
void
fill(uint8_t *sound, unsigned period);

/* Return: the buffer's number. */
unsigned
play(unsigned period);

bool
cycle(bool capture, void *sound, uint32_t frames);

/* One cycle of playback that must give the @part th third of @period. */
void
hear_third(unsigned period, unsigned part);

void
hear_period(unsigned period);

bool
is_silent(const uint8_t *sound, size_t bytes);

/* Waits until the device's thread has copied what it may. */
void
settle(void);

/* No buffer has come back. */
void
expect_nothing(void);

/* This one does, next. */
void
expect_done(unsigned number);

struct vsnd_status_page
take_status(void);

/* What the status page says, of what has happened so far. */
void
check_missed(uint64_t xruns, uint64_t frames, uint64_t late);

void
allow_mic(bool allowed);

#endif
