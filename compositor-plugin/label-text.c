/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Titles are the one text of a client that is drawn beside a VM's name. Whatever
 * could change how that looks is gone before the text reaches the drawing
 * library: marks of direction and the letters they apply to, combining marks
 * that climb out of the line, control characters, broken UTF-8. What is left
 * cannot need a font other than the name's. Only the first part of a long title
 * is looked at, so it costs no more than a short one.
 */
#include "label-text.h"

#include <stdlib.h>
#include <string.h>

#include "wlbridge-labels.h"

#define DOTS "..."

size_t
wlbl_text_clean(char *dst, size_t dst_size, const char *src)
{
	const unsigned char *at = (const unsigned char *)(src ? src : "");
	const size_t max = dst_size - 1;
	size_t len = 0;
	bool in_character = false;	/* past the first byte of a long one */

	for (; *at != '\0'; at++) {
		bool continues = in_character && (*at & 0xc0) == 0x80;
		in_character = *at >= 0x80;
		if (continues) {
			continue;
		}
		char c = *at >= 0x20 && *at <= 0x7e ? (char)*at : '_';
		if (c == ' ' && (len == 0 || dst[len - 1] == ' ')) {
			continue;
		}
		if (len == max) {
			len = max - strlen(DOTS);
			memcpy(dst + len, DOTS, strlen(DOTS));
			len = max;
			break;
		}
		dst[len++] = c;
	}
	if (len > 0 && dst[len - 1] == ' ') {
		len--;
	}
	dst[len] = '\0';
	return len;
}

bool
wlbl_text_is_name(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return len > 0 && len <= WLBL_NAME_MAX && text[len] == '\0'
		&& strcmp(text, WLBL_LOCAL_NAME) != 0;
}

bool
wlbl_text_colour(const char *text, uint32_t *ret)
{
	if (text[0] != '#' || strlen(text) != 7
			|| strspn(text + 1, "0123456789abcdefABCDEF") != 6) {
		return false;
	}
	*ret = (uint32_t)strtoul(text + 1, NULL, 16);
	return true;
}

bool
wlbl_text_number(const char *text, unsigned max, unsigned *ret)
{
	size_t len = strspn(text, "0123456789");
	if (len == 0 || len > 9 || text[len] != '\0') {
		return false;
	}
	unsigned number = (unsigned)strtoul(text, NULL, 10);
	if (number == 0 || number > max) {
		return false;
	}
	*ret = number;
	return true;
}
