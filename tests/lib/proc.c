/* SPDX-License-Identifier: MIT */
#include "proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"

/* What follows "NAME:" in /proc/PID/FILE, without blanks before it. */
static void
read_field(pid_t pid, const char *file, const char *name, char *ret,
	int size)
{
	char path[64];
	char line[256];
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	FILE *stream = fopen(path, "re");
	must(stream != NULL);
	size_t len = strlen(name);
	bool found = false;
	while (!found && fgets(line, sizeof(line), stream) != NULL) {
		found = strncmp(line, name, len) == 0 && line[len] == ':';
	}
	fclose(stream);
	must(found);
	const char *value = line + len + 1;
	snprintf(ret, (size_t)size, "%s", value + strspn(value, " \t"));
}

static long
read_number(pid_t pid, const char *file, const char *name)
{
	char text[64];
	read_field(pid, file, name, text, sizeof(text));
	return strtol(text, NULL, 10);
}

long
proc_switches(pid_t pid)
{
	return read_number(pid, "status", "voluntary_ctxt_switches")
		+ read_number(pid, "status", "nonvoluntary_ctxt_switches");
}

bool
proc_sleeps(pid_t pid)
{
	char text[64];
	read_field(pid, "status", "State", text, sizeof(text));
	return text[0] == 'S';
}

long
proc_memory_kib(pid_t pid, const char *name)
{
	return read_number(pid, "smaps_rollup", name);
}
