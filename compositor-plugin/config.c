/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The file is the host's word, written for this compositor. It may have sections
 * of the compositor's own; in ours, anything not understood is a fault, since
 * half a list of names would mean windows nobody can tell apart.
 */
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "label-text.h"
#include "private.h"

static bool
add_label(struct wlbl *labels, const char *name, const char *colour)
{
	struct wlbl_label *label;
	wl_list_for_each(label, &labels->labels, link) {
		if (strcmp(label->name, name) == 0) {
			return false;
		}
	}
	uint32_t value;
	return wlbl_text_is_name(name) && wlbl_text_colour(colour, &value)
		&& wlbl_label_add(labels, name, value) != NULL;
}

static bool
set_limit(struct wlbl *labels, const char *name, const char *value)
{
	const struct {
		const char *name;
		unsigned *limit;
	} limits[] = {
		{ "clients", &labels->clients_max },
		{ "windows", &labels->windows_max },
		{ "surfaces", &labels->surfaces_max },
		{ "objects", &labels->objects_max },
		{ "pools", &labels->pools_max },
		{ "buffer-memory", &labels->memory_max },
		{ "buffer-side", &labels->side_max },
		{ "x11-memory", &labels->x11_memory_max },
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (strcmp(name, limits[i].name) == 0) {
			return wlbl_text_number(value, WLBL_LIMIT_MAX,
				limits[i].limit);
		}
	}
	return false;
}

/* Each must fit where its name is kept; see transfer.h. */
static bool
are_types(const char *words)
{
	while (*words != '\0') {
		size_t len = strcspn(words, " ");
		if (len == 0 || len >= WLBL_COPY_TYPE_MAX) {
			return false;
		}
		words += len;
		words += strspn(words, " ");
	}
	return true;
}

static bool
set_copy(struct wlbl *labels, const char *key, const char *value)
{
	if (strcmp(key, "size") == 0) {
		return wlbl_text_number(value, WLBL_COPY_MAX,
			&labels->copy_max);
	}
	if (strcmp(key, "types") != 0 || !are_types(value)
			|| strlen(value) >= sizeof(labels->copy_types)) {
		return false;
	}
	strcpy(labels->copy_types, value);
	return true;
}

static int
handle_key(void *data, const char *section, const char *key, const char *value)
{
	struct wlbl *labels = data;
	if (strcmp(section, "labels") == 0) {
		return add_label(labels, key, value);
	}
	if (strcmp(section, "limits") == 0) {
		return set_limit(labels, key, value);
	}
	if (strcmp(section, "copy") == 0) {
		return set_copy(labels, key, value);
	}
	if (strcmp(section, "globals") == 0) {
		return wlbl_globals_add(labels, key, value);
	}
	if (strcmp(section, "input-methods") == 0) {
		return wlbl_served_add(labels, key, value);
	}
	return 1;
}

void
wlbl_config_defaults(struct wlbl *labels)
{
	labels->clients_max = WLBL_CLIENTS_DEFAULT;
	labels->windows_max = WLBL_WINDOWS_DEFAULT;
	labels->surfaces_max = WLBL_SURFACES_DEFAULT;
	labels->objects_max = WLBL_OBJECTS_DEFAULT;
	labels->pools_max = WLBL_POOLS_DEFAULT;
	labels->memory_max = WLBL_MEMORY_DEFAULT;
	labels->side_max = WLBL_SIDE_DEFAULT;
	labels->x11_memory_max = WLBL_X11_MEMORY_DEFAULT;
	labels->copy_max = WLBL_COPY_DEFAULT;
	strcpy(labels->copy_types, "text/plain;charset=utf-8 UTF8_STRING "
		"text/plain STRING TEXT");
}

int
wlbl_config_read(struct wlbl *labels, const char *path)
{
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		int r = -errno;
		wlbl_log(labels, "%s: %s", path, strerror(-r));
		return r;
	}
	int line = ini_parse_file(file, handle_key, labels);
	fclose(file);
	if (line != 0) {
		wlbl_log(labels, "%s:%d: expected a name (a-z, 0-9, -; each "
			"once and not '" WLBL_LOCAL_NAME "') = #RRGGBB in "
			"[labels], a limit of wlbridge-compositor(1) = a "
			"number in [limits], types = MIME types or size = "
			"bytes in [copy], a VM's name = interfaces in "
			"[globals], a VM's name = own or local in "
			"[input-methods]",
			path, line);
		return -EINVAL;
	}
	return 0;
}
