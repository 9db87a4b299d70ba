/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An input method and a text input tell each other strings and places in them, and
 * believe them: a place in the middle of a character, or beyond the end, has ended
 * programs. wlroots hands over whatever was sent. A string that is not UTF-8, or longer
 * than the protocols allow, is not passed on at all; a place that is none
 * becomes the end.
 */
#include "relayed-text.h"

#include <glib.h>
#include <string.h>

bool
wlbl_relayed_is_text(const char *text)
{
	const size_t len = strnlen(text, WLBL_RELAYED_MAX + 1);
	return len <= WLBL_RELAYED_MAX
		&& g_utf8_validate(text, (gssize)len, NULL);
}

int32_t
wlbl_relayed_offset(const char *text, int64_t offset)
{
	const int64_t len = (int64_t)strlen(text);
	const bool begins = offset >= 0 && offset < len
		&& ((unsigned char)text[offset] & 0xc0) != 0x80;
	return (int32_t)(begins ? offset : len);
}
