/* SPDX-License-Identifier: MIT */
#include "errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
wlb_errors_add(struct wlb_errors *errors, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);

	/* Out of memory loses the words, never the fact that there is one. */
	size_t kept = wlb_errors_kept(errors);
	if (kept < WLB_ERRORS_KEPT) {
		errors->lines[kept] = strdup(text);
	}
	errors->count++;
}

size_t
wlb_errors_kept(const struct wlb_errors *errors)
{
	size_t kept = 0;
	while (kept < WLB_ERRORS_KEPT && errors->lines[kept] != NULL) {
		kept++;
	}
	return kept;
}

void
wlb_errors_finish(struct wlb_errors *errors)
{
	for (size_t i = 0; i < WLB_ERRORS_KEPT; i++) {
		free(errors->lines[i]);
	}
	*errors = (struct wlb_errors){ 0 };
}
