/* SPDX-License-Identifier: MIT */
/*
 * What a picture of the screen must be like; exit status 0 if it is.
 *
 *   judge same PICTURE REFERENCE [X Y WIDTH HEIGHT]
 *      They are the same, but perhaps inside the box.
 *   judge part PICTURE REFERENCE X Y WIDTH HEIGHT
 *      They are the same inside the box.
 *   judge holds PICTURE REFERENCE X Y WIDTH HEIGHT
 *      What is inside the box of the reference is somewhere in the picture.
 *   judge only PICTURE COLOUR X Y WIDTH HEIGHT
 *      There are pixels of COLOUR (RRGGBB), and all are inside the box.
 *   judge some PICTURE COLOUR X Y WIDTH HEIGHT
 *      There are pixels of COLOUR in the box, whatever there is elsewhere.
 *   judge none PICTURE COLOUR
 *   judge pixel PICTURE COLOUR X Y
 *   judge framed PICTURE COLOUR BORDER WIDTH
 *      Around the smallest box that holds all pixels of COLOUR there is a border
 *      of so many pixels of the colour BORDER.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"

#define SIDE_MAX 8192

struct picture {
	int width;
	int height;
	uint32_t *pixels;
};

struct box {
	int left;
	int top;
	int right;
	int bottom;
};

static struct picture
picture_read(const char *path)
{
	struct picture picture;
	int max;
	FILE *file = fopen(path, "rbe");
	must(file != NULL);
	must(fscanf(file, "P6 %d %d %d", &picture.width, &picture.height,
		&max) == 3 && fgetc(file) != EOF && max == 255);
	must(picture.width > 0 && picture.height > 0
		&& picture.width <= SIDE_MAX && picture.height <= SIDE_MAX);
	const int count = picture.width * picture.height;
	picture.pixels = calloc((size_t)count, sizeof(uint32_t));
	must(picture.pixels != NULL);
	for (int i = 0; i < count; i++) {
		unsigned char rgb[3];
		must(fread(rgb, 1, 3, file) == 3);
		picture.pixels[i] = (uint32_t)rgb[0] << 16
			| (uint32_t)rgb[1] << 8 | rgb[2];
	}
	fclose(file);
	return picture;
}

static uint32_t
colour_read(const char *text)
{
	must(strlen(text) == 6);
	return (uint32_t)strtoul(text, NULL, 16);
}

static struct box
box_read(char **args)
{
	struct box box = { .left = atoi(args[0]), .top = atoi(args[1]) };
	box.right = box.left + atoi(args[2]);
	box.bottom = box.top + atoi(args[3]);
	return box;
}

static bool
is_in(const struct box *box, int x, int y)
{
	return x >= box->left && x < box->right && y >= box->top
		&& y < box->bottom;
}

static int
verdict(long wrong, int x, int y, const char *what)
{
	if (wrong == 0) {
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "judge: %s: %ld pixels, the first at %d,%d\n", what,
		wrong, x, y);
	return EXIT_FAILURE;
}

static int
judge_same(struct picture *a, struct picture *b, const struct box *box,
	bool inside)
{
	long wrong = 0;
	int wrong_x = 0, wrong_y = 0;
	must(a->width == b->width && a->height == b->height);
	for (int i = 0; i < a->width * a->height; i++) {
		const int x = i % a->width, y = i / a->width;
		if (a->pixels[i] != b->pixels[i]
				&& is_in(box, x, y) == inside
				&& wrong++ == 0) {
			wrong_x = x;
			wrong_y = y;
		}
	}
	return verdict(wrong, wrong_x, wrong_y, "not as in the reference");
}

static bool
is_at(const struct picture *picture, const struct picture *part,
	const struct box *box, int x, int y)
{
	const int width = box->right - box->left;
	for (int row = 0; row < box->bottom - box->top; row++) {
		if (memcmp(picture->pixels + (y + row) * picture->width + x,
				part->pixels + (box->top + row) * part->width
					+ box->left,
				(size_t)width * sizeof(uint32_t)) != 0) {
			return false;
		}
	}
	return true;
}

static int
judge_holds(const struct picture *picture, const struct picture *part,
	const struct box *box)
{
	must(box->right <= part->width && box->bottom <= part->height);
	for (int y = 0; y + box->bottom - box->top <= picture->height; y++) {
		for (int x = 0; x + box->right - box->left <= picture->width;
				x++) {
			if (is_at(picture, part, box, x, y)) {
				fprintf(stderr, "judge: found at %d,%d\n", x,
					y);
				return EXIT_SUCCESS;
			}
		}
	}
	fprintf(stderr, "judge: not there\n");
	return EXIT_FAILURE;
}

/* How many there are, and the smallest box around them. */
static long
find(struct picture *picture, uint32_t colour, struct box *ret)
{
	long count = 0;
	*ret = (struct box){ SIDE_MAX, SIDE_MAX, 0, 0 };
	for (int i = 0; i < picture->width * picture->height; i++) {
		const int x = i % picture->width, y = i / picture->width;
		if (picture->pixels[i] != colour) {
			continue;
		}
		count++;
		ret->left = x < ret->left ? x : ret->left;
		ret->top = y < ret->top ? y : ret->top;
		ret->right = x >= ret->right ? x + 1 : ret->right;
		ret->bottom = y >= ret->bottom ? y + 1 : ret->bottom;
	}
	return count;
}

static int
judge_only(struct picture *picture, uint32_t colour, const struct box *box)
{
	struct box found;
	if (find(picture, colour, &found) == 0) {
		fprintf(stderr, "judge: no such pixel\n");
		return EXIT_FAILURE;
	}
	bool inside = found.left >= box->left && found.top >= box->top
		&& found.right <= box->right && found.bottom <= box->bottom;
	fprintf(stderr, "judge: found in %d,%d to %d,%d\n", found.left,
		found.top, found.right, found.bottom);
	return inside ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
judge_some(struct picture *picture, uint32_t colour, const struct box *box)
{
	for (int i = 0; i < picture->width * picture->height; i++) {
		if (picture->pixels[i] == colour && is_in(box,
				i % picture->width, i / picture->width)) {
			return EXIT_SUCCESS;
		}
	}
	fprintf(stderr, "judge: no such pixel there\n");
	return EXIT_FAILURE;
}

static int
judge_framed(struct picture *picture, uint32_t colour, uint32_t border,
	int width)
{
	struct box found;
	if (find(picture, colour, &found) == 0) {
		fprintf(stderr, "judge: no such pixel\n");
		return EXIT_FAILURE;
	}
	const struct box outer = {
		found.left - width, found.top - width,
		found.right + width, found.bottom + width,
	};
	if (outer.left < 0 || outer.top < 0 || outer.right > picture->width
			|| outer.bottom > picture->height) {
		fprintf(stderr, "judge: no room for a border\n");
		return EXIT_FAILURE;
	}
	long wrong = 0;
	int wrong_x = 0, wrong_y = 0;
	for (int y = outer.top; y < outer.bottom; y++) {
		for (int x = outer.left; x < outer.right; x++) {
			if (!is_in(&found, x, y) && border
					!= picture->pixels[y * picture->width
						+ x] && wrong++ == 0) {
				wrong_x = x;
				wrong_y = y;
			}
		}
	}
	return verdict(wrong, wrong_x, wrong_y, "not of the border's colour");
}

/* Not freed: the process ends with them. */
static struct picture picture, reference;

int
main(int argc, char *argv[])
{
	must(argc >= 4);
	picture = picture_read(argv[2]);
	struct box box = { 0 };
	if (strcmp(argv[1], "same") == 0) {
		reference = picture_read(argv[3]);
		if (argc == 8) {
			box = box_read(argv + 4);
		}
		return judge_same(&picture, &reference, &box, false);
	}
	if (strcmp(argv[1], "part") == 0 && argc == 8) {
		reference = picture_read(argv[3]);
		box = box_read(argv + 4);
		return judge_same(&picture, &reference, &box, true);
	}
	if (strcmp(argv[1], "holds") == 0 && argc == 8) {
		reference = picture_read(argv[3]);
		box = box_read(argv + 4);
		return judge_holds(&picture, &reference, &box);
	}
	const uint32_t colour = colour_read(argv[3]);
	if (strcmp(argv[1], "only") == 0 && argc == 8) {
		box = box_read(argv + 4);
		return judge_only(&picture, colour, &box);
	}
	if (strcmp(argv[1], "some") == 0 && argc == 8) {
		box = box_read(argv + 4);
		return judge_some(&picture, colour, &box);
	}
	if (strcmp(argv[1], "none") == 0) {
		long count = find(&picture, colour, &box);
		return verdict(count, box.left, box.top, "must not be there");
	}
	if (strcmp(argv[1], "pixel") == 0 && argc == 6) {
		const int x = atoi(argv[4]), y = atoi(argv[5]);
		must(x < picture.width && y < picture.height);
		return verdict(picture.pixels[y * picture.width + x] != colour,
			x, y, "another colour");
	}
	if (strcmp(argv[1], "framed") == 0 && argc == 6) {
		return judge_framed(&picture, colour, colour_read(argv[4]),
			atoi(argv[5]));
	}
	return 2;
}
