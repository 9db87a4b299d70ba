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

bool
wlbl_text_is_plain(const char *bytes, size_t size)
{
	/* With a length, GLib takes a NUL for a fault. */
	if (!g_utf8_validate_len(bytes, size, NULL)) {
		return false;
	}
	for (size_t i = 0; i < size; i++) {
		const unsigned char c = (unsigned char)bytes[i];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r')
				|| c == 0x7f) {
			return false;
		}
		/* U+0080 to U+009F: some terminals obey those, too. */
		if (c == 0xc2 && (unsigned char)bytes[i + 1] < 0xa0) {
			return false;
		}
	}
	return true;
}
