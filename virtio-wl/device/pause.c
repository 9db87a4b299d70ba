/* SPDX-License-Identifier: MIT */
#include "pause.h"

#include <stdbool.h>

#include "util/loop.h"
#include "util/now.h"

#define MS 1000000u		/* nanoseconds */
#define LONGEST_MS 60000u	/* whatever a limit of next to nothing asks for */

static void
handle_timer(void *data)
{
	struct vwl_pauses *pauses = data;
	pauses->until_ns = 0;
	/* Those that rest again at once do so behind the last one here. */
	struct list *last = pauses->list.prev;
	while (!list_empty(&pauses->list)) {
		struct vwl_pause *pause = list_first(&pauses->list,
			struct vwl_pause, link);
		bool is_last = &pause->link == last;
		list_remove(&pause->link);
		pause->over(pause->data);
		if (is_last) {
			break;
		}
	}
}

int
vwl_pauses_init(struct vwl_pauses *pauses, struct loop *loop)
{
	*pauses = (struct vwl_pauses){ 0 };
	list_init(&pauses->list);
	return loop_add_timer(loop, handle_timer, pauses, &pauses->timer);
}

void
vwl_pauses_finish(struct vwl_pauses *pauses)
{
	loop_clear(&pauses->timer);
}

void
vwl_pause_init(struct vwl_pause *pause, void (*over)(void *data), void *data)
{
	*pause = (struct vwl_pause){ .over = over, .data = data };
	list_init(&pause->link);
}

void
vwl_pause_begin(struct vwl_pauses *pauses, struct vwl_pause *pause,
	uint64_t ns)
{
	uint64_t ms = ns / MS + 1;
	ms = ms < LONGEST_MS ? ms : LONGEST_MS;
	int64_t until_ns = now_ns() + (int64_t)(ms * MS);
	list_remove(&pause->link);
	list_append(&pauses->list, &pause->link);
	if (pauses->until_ns == 0 || until_ns < pauses->until_ns) {
		pauses->until_ns = until_ns;
		loop_timer_set(pauses->timer, (unsigned)ms);
	}
}

void
vwl_pause_cancel(struct vwl_pause *pause)
{
	list_remove(&pause->link);
}
