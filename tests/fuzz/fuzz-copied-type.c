/* SPDX-License-Identifier: MIT */
/*
 * What a client copies. The first line is the types it offers, between commas;
 * the rest is its text. A type that is chosen was offered and is allowed, and
 * text that passes has nothing in it that a terminal would obey or that turns
 * text around.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "transfer.h"
#include "../lib/must.h"

static const char allowed[] = "text/plain;charset=utf-8 UTF8_STRING image/png";

static void
try_types(char *line)
{
	struct wl_array offered;
	wl_array_init(&offered);
	char *rest = line;
	for (char *type; (type = strsep(&rest, ",")) != NULL; ) {
		char **place = wl_array_add(&offered, sizeof(*place));
		must(place != NULL);
		*place = type;
	}
	const char *chosen = wlbl_type_choose(allowed, &offered);
	if (chosen != NULL) {
		must(strlen(chosen) < WLBL_COPY_TYPE_MAX);
		must(strchr(chosen, ' ') == NULL);
		must(strstr(allowed, chosen) != NULL);
	}
	wl_array_release(&offered);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	const size_t line_len = end == NULL ? size : (size_t)(end - data);
	char *line = malloc(line_len + 1);
	must(line != NULL);
	memcpy(line, data, line_len);
	line[line_len] = '\0';
	try_types(line);
	free(line);
	if (end == NULL) {
		return 0;
	}

	/* Allocated to the byte, so that one too many is found. */
	const size_t text_len = size - line_len - 1;
	char *text = malloc(text_len > 0 ? text_len : 1);
	must(text != NULL);
	memcpy(text, end + 1, text_len);
	if (wlbl_text_fault(text, text_len) == NULL) {
		must(memchr(text, '\0', text_len) == NULL);
		must(memchr(text, 0x1b, text_len) == NULL);
		must(memmem(text, text_len, "\xc2\x9b", 2) == NULL);
		must(memmem(text, text_len, "\xe2\x80\xae", 3) == NULL);
		must(memmem(text, text_len, "\xe2\x81\xa6", 3) == NULL);
	}
	free(text);
	return 0;
}
