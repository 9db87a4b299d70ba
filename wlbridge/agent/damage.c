/* SPDX-License-Identifier: MIT */
#include "damage.h"

static int32_t
clamp(int64_t value)
{
	return value < 0 ? 0 : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

static void
simplify(pixman_region32_t *damage)
{
	if (pixman_region32_n_rects(damage) > WLB_DAMAGE_RECTS_MAX) {
		pixman_box32_t around = *pixman_region32_extents(damage);
		pixman_region32_reset(damage, &around);
	}
}

static void
add_box(pixman_region32_t *damage, int64_t x1, int64_t y1, int64_t x2,
	int64_t y2, int32_t scale)
{
	/* 32 bits times 31 bits: no product leaves 64 bits. */
	int32_t left = clamp(x1 * scale), right = clamp(x2 * scale);
	int32_t top = clamp(y1 * scale), bottom = clamp(y2 * scale);
	if (left >= right || top >= bottom) {
		return;
	}
	pixman_region32_union_rect(damage, damage, left, top,
		(unsigned)(right - left), (unsigned)(bottom - top));
	simplify(damage);
}

void
wlb_damage_add(pixman_region32_t *damage, int32_t x, int32_t y, int32_t width,
	int32_t height, int32_t scale)
{
	add_box(damage, x, y, (int64_t)x + width, (int64_t)y + height, scale);
}

void
wlb_damage_add_region(pixman_region32_t *damage,
	const pixman_region32_t *other, int32_t scale)
{
	int count;
	const pixman_box32_t *boxes = pixman_region32_rectangles(
		(pixman_region32_t *)other, &count);
	for (int i = 0; i < count; i++) {
		add_box(damage, boxes[i].x1, boxes[i].y1, boxes[i].x2,
			boxes[i].y2, scale);
	}
}

void
wlb_damage_add_all(pixman_region32_t *damage)
{
	pixman_box32_t all = { 0, 0, INT32_MAX, INT32_MAX };
	pixman_region32_reset(damage, &all);
}
