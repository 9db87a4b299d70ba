/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <stdlib.h>

static uint32_t
scatter(uint32_t value)
{
	value ^= value >> 16;
	value *= 0x7feb352d;
	value ^= value >> 15;
	value *= 0x846ca68b;
	return value ^ value >> 16;
}

static void
frame_boxes(int width, int height, int frame,
	struct picture_box ret[PICTURE_BOXES])
{
	for (int i = 0; i < PICTURE_BOXES; i++) {
		uint32_t seed = scatter((uint32_t)(frame * PICTURE_BOXES + i));
		ret[i].width = 1 + (int)(seed % 61) % width;
		ret[i].height = 1 + (int)(seed / 61 % 47) % height;
		seed = scatter(seed);
		ret[i].x = (int)(seed % (uint32_t)(width - ret[i].width + 1));
		seed = scatter(seed);
		ret[i].y = (int)(seed % (uint32_t)(height - ret[i].height + 1));
	}
}

static void
fill(uint32_t *pixels, int width, const struct picture_box *box,
	uint32_t colour)
{
	for (int y = box->y; y < box->y + box->height; y++) {
		for (int x = box->x; x < box->x + box->width; x++) {
			pixels[y * width + x] = colour ^ (uint32_t)(x * 3 + y);
		}
	}
}

void
picture_changes(int width, int height, int frame,
	struct picture_box ret[PICTURE_BOXES])
{
	frame_boxes(width, height, frame, ret);
}

void
picture_paint(uint32_t *pixels, int width, int height, int frame)
{
	/* Each frame lays its boxes over all that was: nothing disappears. */
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			pixels[y * width + x] = 0xff000000
				| scatter((uint32_t)(y * 65536 + x));
		}
	}
	for (int f = 1; f <= frame; f++) {
		struct picture_box boxes[PICTURE_BOXES];
		frame_boxes(width, height, f, boxes);
		for (int i = 0; i < PICTURE_BOXES; i++) {
			fill(pixels, width, &boxes[i],
				0xff000000 | scatter((uint32_t)(f * 7 + i)));
		}
	}
}

static bool
in_popup(int x, int y)
{
	return x >= PICTURE_POPUP_X && y >= PICTURE_POPUP_Y
		&& x < PICTURE_POPUP_X + PICTURE_POPUP_SIDE
		&& y < PICTURE_POPUP_Y + PICTURE_POPUP_SIDE;
}

int
picture_judge(FILE *ppm, int frame, bool popup)
{
	int width, height, max;
	if (fscanf(ppm, "P6 %d %d %d", &width, &height, &max) != 3
			|| fgetc(ppm) == EOF || max != 255
			|| width <= 0 || height <= 0
			|| width > 8192 || height > 8192) {
		fprintf(stderr, "judge: not a picture\n");
		return EXIT_FAILURE;
	}
	uint32_t *want = calloc((size_t)width * (size_t)height, sizeof(*want));
	if (want == NULL) {
		return EXIT_FAILURE;
	}
	picture_paint(want, width, height, frame);
	long wrong = 0;
	for (int i = 0; i < width * height; i++) {
		unsigned char rgb[3];
		if (fread(rgb, 1, 3, ppm) != 3) {
			fprintf(stderr, "judge: the picture is cut off\n");
			wrong++;
			break;
		}
		uint32_t pixel = (uint32_t)rgb[0] << 16
			| (uint32_t)rgb[1] << 8 | rgb[2];
		uint32_t right = popup && in_popup(i % width, i / width)
			? PICTURE_POPUP_COLOUR : want[i];
		if (pixel != (right & 0xffffff) && wrong++ == 0) {
			fprintf(stderr, "judge: at %d,%d is %06x, not %06x\n",
				i % width, i / width, pixel, right & 0xffffff);
		}
	}
	free(want);
	if (wrong > 0) {
		fprintf(stderr, "judge: %ld of %dx%d pixels are wrong\n",
			wrong, width, height);
	}
	return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
