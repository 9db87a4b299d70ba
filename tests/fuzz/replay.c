/* SPDX-License-Identifier: MIT */
/* Feeds every file of the directories it is given to a fuzz target, once. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_MAX (1024 * 1024)	/* bytes; corpus files are small */

static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rbe");
	if (file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	/* Exactly as large as the input, so that sanitizers see its end. */
	uint8_t *room = malloc(INPUT_MAX);
	size_t size = room == NULL ? 0 : fread(room, 1, INPUT_MAX, file);
	fclose(file);
	uint8_t *input = malloc(size > 0 ? size : 1);
	if (input == NULL) {
		free(room);
		return -1;
	}
	memcpy(input, room, size);
	free(room);
	fprintf(stderr, "%s: %zu bytes\n", path, size);
	LLVMFuzzerTestOneInput(input, size);
	free(input);
	return 0;
}

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_input, alphasort);
	if (count <= 0) {
		fprintf(stderr, "%s: no corpus\n", path);
		return -1;
	}
	int r = 0;
	for (int i = 0; i < count; i++) {
		char *file;
		if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0) {
			abort();
		}
		if (replay_file(file) < 0) {
			r = -1;
		}
		free(file);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int
main(int argc, char **argv)
{
	int status = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
	for (int i = 1; i < argc; i++) {
		if (replay_directory(argv[i]) < 0) {
			status = EXIT_FAILURE;
		}
	}
	return status;
}
