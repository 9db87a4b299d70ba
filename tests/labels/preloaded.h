/* SPDX-License-Identifier: MIT */
/*
 * preloaded.h - a module that LD_PRELOAD brings into a compositor on wlroots
 *
 * It hears of the compositor's loop when that makes its backend, and then does what
 * lines in a FIFO say.
 */
#ifndef TESTS_LABELS_PRELOADED_H
#define TESTS_LABELS_PRELOADED_H

#include <wlr/backend.h>

#define INTERPOSED __attribute__((visibility("default")))

/* What stands behind one of ours. C has no cast from dlsym()'s answer. */
void
preloaded_find(const char *name, void *ret_function);

/*
 * From now on call @handle_line with each line of the FIFO that the environment's
 * @variable names, and answer by "done" in that one's ".done" once it returns; until
 * @backend goes, when @handle_end is called.
 */
void
preloaded_listen(const char *variable, struct wlr_backend *backend,
	void (*handle_line)(const char *line), void (*handle_end)(void));

#endif
