/* SPDX-License-Identifier: MIT */
/* The picture that painter paints: a function of place and frame. */
#ifndef TESTS_PICTURE_H
#define TESTS_PICTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Each frame differs from the one before in this many rectangles. */
#define PICTURE_BOXES 5

#define PICTURE_POPUP_X 40
#define PICTURE_POPUP_Y 30
#define PICTURE_POPUP_SIDE 100
#define PICTURE_POPUP_COLOUR 0xff20a0f0

struct picture_box {
	int x;
	int y;
	int width;
	int height;
};

/* What of frame @frame was not so in frame @frame - 1. */
void
picture_changes(int width, int height, int frame,
	struct picture_box ret[PICTURE_BOXES]);

void
picture_paint(uint32_t *pixels, int width, int height, int frame);

/* Whether @ppm shows that frame. Return: an exit status. */
int
picture_judge(FILE *ppm, int frame, bool popup);

#endif
