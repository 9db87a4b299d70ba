/* SPDX-License-Identifier: MIT */
/*
 * What an input method or a text input says: a place, eight bytes, and a string.
 * What passes is UTF-8 and short, and a place in it is between two characters.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "relayed-text.h"
#include "../lib/must.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t offset = 0;
	const size_t head = size < sizeof(offset) ? size : sizeof(offset);
	memcpy(&offset, data, head);
	/* Allocated to the byte, so that one too many is found. */
	const size_t len = size - head;
	char *text = malloc(len + 1);
	must(text != NULL);
	memcpy(text, data + head, len);
	text[len] = '\0';

	if (wlbl_relayed_is_text(text)) {
		must(strlen(text) <= WLBL_RELAYED_MAX);
		const int32_t place = wlbl_relayed_offset(text, offset);
		must(place >= 0 && (size_t)place <= strlen(text));
		must(g_utf8_validate(text, place, NULL));
		must(g_utf8_validate(text + place, -1, NULL));
	}
	free(text);
	return 0;
}
