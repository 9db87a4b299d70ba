/* SPDX-License-Identifier: MIT */
/* Any title: printable, no longer than its room, and clean the second time. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "label-text.h"
#include "wlbridge-labels.h"
#include "../lib/must.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *title = malloc(size + 1);
	must(title != NULL);
	memcpy(title, data, size);
	title[size] = '\0';

	/* The room is allocated, so that a byte too many is found. */
	const size_t rooms[] = { 4, 16, WLBL_TITLE_MAX + 1 };
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		char *text = malloc(rooms[i]);
		char *again = malloc(rooms[i]);
		must(text != NULL && again != NULL);
		size_t len = wlbl_text_clean(text, rooms[i], title);
		must(len < rooms[i] && len == strlen(text));
		for (size_t k = 0; k < len; k++) {
			must(text[k] >= 0x20 && text[k] <= 0x7e);
		}
		must(wlbl_text_clean(again, rooms[i], text) == len);
		must(strcmp(again, text) == 0);
		free(again);
		free(text);
	}
	free(title);
	return 0;
}
