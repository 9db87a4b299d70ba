/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * What goes from one VM to another is text unless the configuration names more.
 * Programs know text under several names; whichever it came under, it is offered
 * under all of them. Text must be UTF-8 and, but for tabs and ends of lines, free
 * of control characters: what is pasted into a terminal of another VM shall be
 * what it looks like. It is refused and not mended, so that nobody pastes half of
 * what he copied. Other types are bytes to us.
 *
 * So are characters that embed, override or isolate a direction: with them a
 * command reads as another one, whatever letters it is made of. The three marks
 * of direction (U+200E, U+200F, U+061C) may stay, since people type them in
 * Arabic and Hebrew. They turn nothing around but what has no direction of its
 * own and stands beside them, as any letter of those languages does. That text
 * could be misread in other ways, by letters that look alike or that nobody
 * sees, is not for us to find.
 */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "transfer.h"

static const char *const text_names[] = {
	"text/plain;charset=utf-8",
	"text/plain",
	"UTF8_STRING",
	"STRING",
	"TEXT",
};

#define TEXT_NAMES (sizeof(text_names) / sizeof(text_names[0]))

bool
wlbl_type_is_text(const char *type)
{
	for (size_t i = 0; i < TEXT_NAMES; i++) {
		if (strcmp(type, text_names[i]) == 0) {
			return true;
		}
	}
	return false;
}

const char *
wlbl_type_choose(const char *allowed, const struct wl_array *offered)
{
	while (*allowed != '\0') {
		const size_t len = strcspn(allowed, " ");
		char **type;
		wl_array_for_each(type, offered) {
			if (len > 0 && strlen(*type) == len
					&& memcmp(*type, allowed, len) == 0) {
				return *type;
			}
		}
		allowed += len;
		allowed += strspn(allowed, " ");
	}
	return NULL;
}

static int
add_name(struct wl_array *names, const char *name)
{
	char *copy = strdup(name);
	char **place = copy == NULL ? NULL
		: wl_array_add(names, sizeof(*place));
	if (place == NULL) {
		free(copy);
		return -ENOMEM;
	}
	*place = copy;
	return 0;
}

int
wlbl_type_names(const struct copied_data *data, struct wl_array *ret)
{
	if (!data->text) {
		return add_name(ret, data->type);
	}
	int r = 0;
	for (size_t i = 0; i < TEXT_NAMES && r == 0; i++) {
		r = add_name(ret, text_names[i]);
	}
	return r;
}

/* Some terminals obey U+0080 to U+009F, too. */
static bool
is_control(gunichar c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
		|| (c >= 0x7f && c < 0xa0);
}

static bool
turns_text(gunichar c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

const char *
wlbl_text_fault(const char *bytes, size_t size)
{
	static const char not_plain[] = "it is not plain text";
	/* With a length, GLib takes a NUL for a fault. */
	if (!g_utf8_validate_len(bytes, size, NULL)) {
		return not_plain;
	}
	const char *end = bytes + size;
	for (const char *at = bytes; at < end; at = g_utf8_next_char(at)) {
		const gunichar c = g_utf8_get_char(at);
		if (is_control(c)) {
			return not_plain;
		}
		if (turns_text(c)) {
			return "it has characters that turn text around";
		}
	}
	return NULL;
}
