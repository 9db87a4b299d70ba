/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * libinih reads the lines; which line a fault is on, it says only for the
 * first of them, and it neither counts for its callback nor mentions a section
 * without keys. So it is given one line at a time, and the section lives here:
 *
 *   "[vm work]"     is read together with a key "@" of ours, whose callback
 *                   brings the section's name;
 *   "colour = ..."  is read alone; its callback brings the key.
 *
 * A section that cannot be (bad name, second of its kind) is still read, into
 * nothing: its keys must not be blamed on the section before it.
 */
#include "config-file.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config-keys.h"
#include "config-value.h"
#include "config.h"
#include "errors.h"

enum section {
	SECTION_NONE,		/* before the first */
	SECTION_BRIDGE,
	SECTION_VM,
	SECTION_IGNORED,	/* already complained about */
};

struct reader {
	const char *path;
	unsigned line;
	enum section section;
	bool seen_bridge;
	struct wlb_config *config;
	struct wlb_errors *errors;
};

#define fault(reader, format, ...)					\
	wlb_errors_add((reader)->errors, "%s:%u: " format,		\
		(reader)->path, (reader)->line, __VA_ARGS__)

static void
begin_vm(struct reader *reader, const char *name)
{
	struct wlb_config *config = reader->config;

	reader->section = SECTION_IGNORED;
	if (!wlb_value_is_name(name)) {
		fault(reader, "bad VM name '%s': expected 1 to %d of a-z, 0-9 "
			"and '-'", name, WLB_NAME_MAX);
		return;
	}
	if (strcmp(name, WLB_DISPLAY_HOST) == 0) {
		fault(reader, "bad VM name '%s': expected another, this one "
			"means the host's own display", name);
		return;
	}
	if (strcmp(name, WLB_NAME_LOCAL) == 0) {
		fault(reader, "bad VM name '%s': expected another, this one "
			"is a compositor's for its own programs", name);
		return;
	}
	const struct wlb_vm_config *other = wlb_config_find(config, name);
	if (other != NULL) {
		fault(reader, "second [vm %s]: expected one, and line %u has "
			"it", name, other->line);
		return;
	}
	if (config->vm_count == WLB_VMS_MAX) {
		fault(reader, "[vm %s]: expected %d VMs at most", name,
			WLB_VMS_MAX);
		return;
	}
	struct wlb_vm_config *vm = &config->vms[config->vm_count++];
	*vm = (struct wlb_vm_config){
		.region_size = WLB_REGION_SIZE_DEFAULT,
		.streams = { .playback = 1, .capture = 1 },
		.line = reader->line,
	};
	memcpy(vm->name, name, strlen(name) + 1);
	reader->section = SECTION_VM;
}

static int
handle_section(void *data, const char *section, const char *key,
	const char *value)
{
	struct reader *reader = data;
	(void)key;
	(void)value;

	if (section[0] == '\0') {
		return 0;	/* no closing bracket, or nothing inside */
	}
	if (strcmp(section, "bridge") == 0) {
		if (reader->seen_bridge) {
			fault(reader, "second [bridge]: expected %s", "one");
			reader->section = SECTION_IGNORED;
			return 1;
		}
		reader->seen_bridge = true;
		reader->section = SECTION_BRIDGE;
	} else if (strncmp(section, "vm ", 3) == 0) {
		begin_vm(reader, section + 3 + strspn(section + 3, " \t"));
	} else {
		fault(reader, "unknown section [%s]: expected [bridge] or "
			"[vm NAME]", section);
		reader->section = SECTION_IGNORED;
	}
	return 1;
}

/* Whether @key may be set now: known, and for the first time. */
static bool
key_is_fresh(struct reader *reader, int key, const char *name, uint64_t *seen)
{
	if (key < 0) {
		fault(reader, "unknown key '%s': expected one of those that "
			"wlbridge.conf(5) lists for this section", name);
		return false;
	}
	if ((*seen & UINT64_C(1) << key) != 0) {
		fault(reader, "second '%s': expected it once in a section",
			name);
		return false;
	}
	*seen |= UINT64_C(1) << key;
	return true;
}

static int
handle_key(void *data, const char *section, const char *name,
	const char *value)
{
	struct reader *reader = data;
	struct wlb_config *config = reader->config;
	struct wlb_vm_config *vm;
	const char *expected = NULL;
	int key;
	(void)section;

	switch (reader->section) {
	case SECTION_NONE:
		fault(reader, "key '%s' outside of a section: expected "
			"[bridge] or [vm NAME] first", name);
		break;
	case SECTION_BRIDGE:
		key = wlb_bridge_key(name);
		if (key_is_fresh(reader, key, name, &config->seen)) {
			expected = wlb_bridge_set(config, key, value);
		}
		break;
	case SECTION_VM:
		vm = &config->vms[config->vm_count - 1];
		key = wlb_vm_key(name);
		if (key_is_fresh(reader, key, name, &vm->seen)) {
			expected = wlb_vm_set(vm, key, value);
		}
		if (key == WLB_VM_DISPLAY) {
			vm->display_line = reader->line;
		}
		break;
	case SECTION_IGNORED:
		break;
	}
	if (expected != NULL) {
		fault(reader, "%s = %s: expected %s", name, value, expected);
	}
	return 1;
}

static void
read_header(struct reader *reader, const char *line)
{
	char text[WLB_LINE_MAX + 8];
	snprintf(text, sizeof(text), "%s\n@ =\n", line);
	if (ini_parse_string(text, handle_section, reader) != 0) {
		fault(reader, "expected a section as [bridge] or [vm NAME], "
			"not '%s'", line);
		reader->section = SECTION_IGNORED;
	}
}

static void
read_line(struct reader *reader, char *line, size_t len)
{
	if (strlen(line) != len || len > WLB_LINE_MAX) {
		fault(reader, "expected at most %d bytes of text on a line",
			WLB_LINE_MAX);
		return;
	}
	line[strcspn(line, "\r\n")] = '\0';
	/* A blank first would make it the next line of a value. */
	line += strspn(line, " \t");
	if (line[0] == '[') {
		read_header(reader, line);
	} else if (ini_parse_string(line, handle_key, reader) != 0) {
		fault(reader, "expected key = value, not '%s'", line);
	}
}

int
wlb_config_read(FILE *file, const char *path, struct wlb_config *config,
	struct wlb_errors *errors)
{
	struct reader reader = {
		.path = path,
		.config = config,
		.errors = errors,
	};
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	errno = 0;
	while ((len = getline(&line, &size, file)) >= 0) {
		reader.line++;
		read_line(&reader, line, (size_t)len);
	}
	int r = ferror(file) || errno == ENOMEM ? -errno : 0;
	free(line);
	return r;
}
