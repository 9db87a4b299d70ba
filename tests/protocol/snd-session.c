/* SPDX-License-Identifier: MIT */
#include "snd-session.h"

#include "../lib/fd-count.h"
#include "util/log.h"

struct snd_thread thread;
struct snd_guest guest;
static int fds_before;

void
session_begin(const struct vsnd_layout *layout, unsigned stall_ms,
	uint64_t features)
{
	log_init("test", LOG_ERROR);
	fds_before = fd_count_self();
	snd_thread_start(&thread, layout, stall_ms);
	snd_guest_connect_with(&guest, thread.path, features);
}

int
session_end(void **state)
{
	(void)state;
	snd_guest_disconnect(&guest);
	snd_thread_stop(&thread);
	return fd_count_self() == fds_before ? 0 : -1;
}
