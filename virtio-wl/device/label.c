/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A label is the host's word about a socket, in a file beside it: name, colour
 * and instance, without a section. It is read for each connection, since a VM
 * that starts again has a new instance behind the same socket. A label that
 * says anything we do not understand says nothing.
 */
#include "label.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < 0x20 || *text > 0x7e) {
			return false;
		}
	}
	return true;
}

static bool
set_text(char *dst, size_t dst_size, const char *value)
{
	size_t len = strlen(value);
	if (len == 0 || len >= dst_size || !is_printable(value)) {
		return false;
	}
	memcpy(dst, value, len + 1);
	return true;
}

static bool
set_colour(struct vwl_label *label, const char *value)
{
	if (value[0] != '#' || strlen(value) != 7
			|| strspn(value + 1, "0123456789abcdefABCDEF") != 6) {
		return false;
	}
	label->colour = (uint32_t)strtoul(value + 1, NULL, 16);
	label->has_colour = true;
	return true;
}

static int
handle_key(void *data, const char *section, const char *key, const char *value)
{
	struct vwl_label *label = data;
	if (section[0] != '\0') {
		return 0;
	}
	if (strcmp(key, "name") == 0) {
		return set_text(label->name, sizeof(label->name), value);
	}
	if (strcmp(key, "instance") == 0) {
		return set_text(label->instance, sizeof(label->instance),
			value);
	}
	return strcmp(key, "colour") == 0 && set_colour(label, value);
}

struct vwl_label
vwl_label_named(const char *name)
{
	struct vwl_label label = { 0 };
	snprintf(label.name, sizeof(label.name), "%s", name);
	return label;
}

int
vwl_label_read(const char *socket_path, struct vwl_label *ret)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s.label", socket_path);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		return -ENAMETOOLONG;
	}
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		return -errno;
	}
	struct vwl_label label = { 0 };
	int r = ini_parse_file(file, handle_key, &label);
	fclose(file);
	if (r != 0 || label.name[0] == '\0') {
		return -EINVAL;
	}
	*ret = label;
	return 0;
}
