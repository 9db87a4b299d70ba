/* SPDX-License-Identifier: MIT */
/* What rests until a budget that is spent by the second has recovered. */
#ifndef VWL_PAUSE_H
#define VWL_PAUSE_H

#include <stdint.h>

#include "util/list.h"

struct loop;
struct loop_source;

/* One timer for all: who has slept too short looks and rests again. */
struct vwl_pauses {
	struct loop_source *timer;	/* made before the sandbox is */
	int64_t until_ns;		/* it is set to; 0: it is not */
	struct list list;		/* vwl_pause.link */
};

struct vwl_pause {
	struct list link;
	void (*over)(void *data);
	void *data;
};

/* Return: 0 or -errno. */
int
vwl_pauses_init(struct vwl_pauses *pauses, struct loop *loop);

/* Before the loop is destroyed. */
void
vwl_pauses_finish(struct vwl_pauses *pauses);

void
vwl_pause_init(struct vwl_pause *pause, void (*over)(void *data), void *data);

/* Have pause->over called in @ns nanoseconds, or somewhat earlier. */
void
vwl_pause_begin(struct vwl_pauses *pauses, struct vwl_pause *pause,
	uint64_t ns);

/* Forget it; one that has not begun is fine. */
void
vwl_pause_cancel(struct vwl_pause *pause);

#endif
