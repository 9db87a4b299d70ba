/* SPDX-License-Identifier: MIT */
/*
 * Whatever is left out of a frame as nothing to do with it: what is on the screen is
 * what would be there if everything were drawn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <wlr/render/swapchain.h>
#include <wlr/types/wlr_buffer.h>

#include "private.h"
#include "stage.h"

#define COUNT 40
#define WIDTH 400
#define HEIGHT 300
#define FRONT (COUNT - 1)
#define STEPS 60
#define SMEAR 0xff010203

static uint32_t shown[STAGE_WIDTH * STAGE_HEIGHT];
static uint32_t whole[STAGE_WIDTH * STAGE_HEIGHT];
static struct stage stage;

static int
setup(void **state)
{
	(void)state;
	stage_init(&stage, false, WLB_STAGE_CLIENT, COUNT, WIDTH, HEIGHT);
	stage_commits(&stage, 2 * COUNT);
	stage.pixels = shown;
	/* From now on a client's two pictures differ by what it says. */
	stage_say(&stage, "commit 0 %d 0 0 %d %d", COUNT, WIDTH, HEIGHT);
	stage_commits(&stage, 3 * COUNT);
	/* No buffer of the output is new after that. */
	for (int i = 0; i < 4; i++) {
		stage_redraw(&stage);
		stage_frame(&stage);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	stage_finish(&stage);
	return 0;
}

/* Change a point of the buffer that is drawn to next. */
static void
smear(int x, int y)
{
	void *data;
	uint32_t format;
	size_t stride;
	struct wlr_buffer *buffer =
		wlr_swapchain_acquire(stage.output->swapchain, NULL);
	assert_true(wlr_buffer_begin_data_ptr_access(buffer,
		WLR_BUFFER_DATA_PTR_ACCESS_WRITE, &data, &format, &stride));
	uint32_t *row = (uint32_t *)(void *)((char *)data + (size_t)y * stride);
	row[x] = SMEAR;
	wlr_buffer_end_data_ptr_access(buffer);
	wlr_buffer_unlock(buffer);
}

/* What is stretched is not, at its edges, and differs there from frame to frame. */
static bool
is_opaque(uint32_t pixel)
{
	return pixel >> 24 == 0xff;
}

/* The last change is still to be drawn. */
static void
check_all_is_drawn(void)
{
	stage_frame(&stage);
	stage.pixels = whole;
	stage_redraw(&stage);
	stage_frame(&stage);
	stage.pixels = shown;
	for (int i = 0; i < STAGE_WIDTH * STAGE_HEIGHT; i++) {
		if (is_opaque(shown[i]) && is_opaque(whole[i])) {
			assert_int_equal(shown[i], whole[i]);
		}
	}
}

static void
change(int n)
{
	struct stage_window *window = &stage.windows[n * 7 % COUNT];
	switch (n % 8) {
	case 0:
		stage_say(&stage, "commit %d 1 0 0 %d %d", n % COUNT, WIDTH,
			HEIGHT);
		stage_commits(&stage, 1);
		break;
	case 1:
		stage_move(window, 100 + n * 29 % 900, 100 + n * 17 % 500);
		break;
	case 2:
		stage_say(&stage, "commit 0 %d 50 60 10 10", COUNT);
		stage_commits(&stage, COUNT);
		break;
	case 3:
		wlbl_frame_set_active(window->frame, n % 3 != 0);
		break;
	case 4:
		stage_widen(window, 300 + n * 11 % 200);
		break;
	case 5:
		stage_say(&stage, "title %d %d", n % COUNT, n);
		stage_titles(&stage, stage.titles + 1);
		break;
	case 6:
		stage_say(&stage, "commit 0 %d 0 0 %d %d", COUNT, WIDTH,
			HEIGHT);
		stage_commits(&stage, COUNT);
		break;
	default:
		stage_say(&stage, "clear %d", n % COUNT);
		stage_commits(&stage, 1);
	}
}

static void
after_any_change_all_is_drawn(void **state)
{
	(void)state;
	for (int n = 0; n < STEPS; n++) {
		change(n);
		check_all_is_drawn();
	}
}

/* Each buffer of the output lacks what was drawn to the others. */
static void
after_several_frames_all_is_drawn(void **state)
{
	(void)state;
	for (int n = 0; n < STEPS; n++) {
		change(n);
		if (n % 5 == 0) {
			check_all_is_drawn();
		} else {
			stage_frame(&stage);
		}
	}
}

static void
change_ten_points(void)
{
	stage_say(&stage, "commit %d 1 50 60 10 10", FRONT);
	stage_commits(&stage, 1);
}

/* One that somebody holds is not the next one. */
static void
in_a_new_buffer_all_is_drawn(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		change_ten_points();
		stage_frame(&stage);
	}
	struct wlr_buffer *held =
		wlr_swapchain_acquire(stage.output->swapchain, NULL);
	change_ten_points();
	check_all_is_drawn();
	wlr_buffer_unlock(held);
}

static void
at_any_scale_all_is_drawn(void **state)
{
	(void)state;
	static const float scales[] = { 2.0f, 1.5f, 1.0f };
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		struct wlr_output_state output;
		wlr_output_state_init(&output);
		wlr_output_state_set_scale(&output, scales[i]);
		assert_true(wlr_output_commit_state(stage.output, &output));
		wlr_output_state_finish(&output);
		for (int n = 0; n < 16; n++) {
			change(n);
			if (n % 3 == 0) {
				check_all_is_drawn();
			} else {
				stage_frame(&stage);
			}
		}
	}
}

/*
 * It is not that nothing is ever left out: what the windows have between the points
 * that change is not drawn, and so stays as somebody has smeared it.
 */
static void
between_many_pieces_not_all_is_drawn(void **state)
{
	(void)state;
	struct wlr_box box;
	wlbl_frame_get_box(stage.windows[FRONT].frame, &box);
	for (int n = 0; n < 4; n++) {
		stage_say(&stage, "commit 0 %d 50 60 10 10", COUNT);
		stage_commits(&stage, COUNT);
		stage_frame(&stage);
	}
	stage_say(&stage, "commit 0 %d 50 60 10 10", COUNT);
	stage_commits(&stage, COUNT);
	smear(box.x + 1, box.y + 1);
	stage_frame(&stage);
	assert_int_equal(shown[(box.y + 1) * STAGE_WIDTH + box.x + 1], SMEAR);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(after_any_change_all_is_drawn),
		STORY(after_several_frames_all_is_drawn),
		STORY(in_a_new_buffer_all_is_drawn),
		STORY(at_any_scale_all_is_drawn),
		STORY(between_many_pieces_not_all_is_drawn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
