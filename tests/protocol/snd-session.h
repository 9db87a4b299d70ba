/* SPDX-License-Identifier: MIT */
/* A sound device for each test, with a driver that has connected. */
#ifndef TESTS_PROTOCOL_SND_SESSION_H
#define TESTS_PROTOCOL_SND_SESSION_H

#include "../lib/snd-guest.h"
#include "../lib/snd-thread.h"

#define BIT(n) (UINT64_C(1) << (n))

#define check_ok(status) assert_int_equal(status, VIRTIO_SND_S_OK)
#define check_bad(status) assert_int_equal(status, VIRTIO_SND_S_BAD_MSG)

extern struct snd_thread thread;
extern struct snd_guest guest;

/* @stall_ms and @features: as the device and the driver take them. */
void
session_begin(const struct vsnd_layout *layout, unsigned stall_ms,
	uint64_t features);

/* A test's teardown, which fails if a descriptor is left. */
int
session_end(void **state);

#endif
