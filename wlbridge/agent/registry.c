/* SPDX-License-Identifier: MIT */
#include "registry.h"

#include <errno.h>
#include <stdlib.h>

void
wlb_globals_finish(struct wlb_globals *globals)
{
	free(globals->list);
	*globals = (struct wlb_globals){ 0 };
}

const struct wlb_global *
wlb_globals_find(const struct wlb_globals *globals, uint32_t name)
{
	for (size_t i = 0; i < globals->count; i++) {
		if (globals->list[i].name == name) {
			return &globals->list[i];
		}
	}
	return NULL;
}

int
wlb_globals_add(struct wlb_globals *globals, const struct wlb_global *global)
{
	struct wlb_global *known = (struct wlb_global *)wlb_globals_find(
		globals, global->name);
	if (known != NULL) {
		*known = *global;
		return 0;
	}
	if (globals->count == WLB_GLOBALS_MAX) {
		return -EPROTO;
	}
	if (globals->count == globals->capacity) {
		size_t capacity = globals->capacity == 0
			? 64 : globals->capacity * 2;
		struct wlb_global *grown = reallocarray(globals->list,
			capacity, sizeof(grown[0]));
		if (grown == NULL) {
			return -ENOMEM;
		}
		globals->list = grown;
		globals->capacity = capacity;
	}
	globals->list[globals->count++] = *global;
	return 0;
}
