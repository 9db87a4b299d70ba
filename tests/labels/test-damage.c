/* SPDX-License-Identifier: MIT */
/* What changes on the screen when something changes in a window: that, and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "private.h"
#include "stage.h"

#define COUNT 4
#define WIDTH 400
#define HEIGHT 300

static struct stage stage;

static int
setup(void **state)
{
	(void)state;
	stage_init(&stage, false, WLB_STAGE_CLIENT, COUNT, WIDTH, HEIGHT);
	stage_commits(&stage, 2 * COUNT);
	wlbl_show(stage.labels, WLBL_ROLE_KEYBOARD,
		wlbl_label_find(stage.labels, "work"));
	stage_frame(&stage);
	stage_frame(&stage);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	stage_finish(&stage);
	return 0;
}

static void
check_inside(int x, int y, int width, int height)
{
	const pixman_box32_t *all = pixman_region32_extents(&stage.damage);
	assert_true(pixman_region32_not_empty(&stage.damage));
	assert_in_range(all->x1, x, x + width);
	assert_in_range(all->y1, y, y + height);
	assert_in_range(all->x2, x, x + width);
	assert_in_range(all->y2, y, y + height);
}

static void
check_nothing(void)
{
	assert_false(pixman_region32_not_empty(&stage.damage));
}

static void
nothing_changes_and_nothing_is_drawn(void **state)
{
	(void)state;
	stage_frame(&stage);
	check_nothing();
}

static void
ten_points_of_a_window_change_and_nothing_else_does(void **state)
{
	(void)state;
	struct wlr_box box;
	wlbl_frame_get_content_box(stage.windows[COUNT - 1].frame, &box);
	stage_say(&stage, "commit %d 1 50 60 10 10", COUNT - 1);
	stage_commits(&stage, 1);
	stage_frame(&stage);
	check_inside(box.x + 50, box.y + 60, 10, 10);
}

static void
every_window_changes_and_no_label_does(void **state)
{
	(void)state;
	stage_say(&stage, "commit 0 %d 0 0 %d %d", COUNT, WIDTH, HEIGHT);
	stage_commits(&stage, COUNT);
	stage_frame(&stage);
	assert_true(pixman_region32_not_empty(&stage.damage));
	for (int i = 0; i < COUNT; i++) {
		struct wlr_box box;
		wlbl_frame_get_content_box(stage.windows[i].frame, &box);
		const pixman_box32_t bar = {
			.x1 = box.x,
			.y1 = box.y - 24,
			.x2 = box.x + 100,	/* as far as it is in front */
			.y2 = box.y,
		};
		assert_int_equal(pixman_region32_contains_rectangle(
			&stage.damage, (pixman_box32_t *)&bar),
			PIXMAN_REGION_OUT);
	}
}

static void
a_title_changes_and_only_the_title_does(void **state)
{
	(void)state;
	struct wlr_box box;
	wlbl_frame_get_box(stage.windows[COUNT - 1].frame, &box);
	stage_say(&stage, "title %d another title", COUNT - 1);
	stage_titles(&stage, COUNT + 1);
	stage_frame(&stage);
	/* After the name, and no more than the letters that there are. */
	check_inside(box.x + 50, box.y + 4, 150, 24);
	assert_true(box.x + 50 + 150 < box.x + box.width - 60);
}

static void
the_same_title_again_changes_nothing(void **state)
{
	(void)state;
	stage_say(&stage, "title %d title", COUNT - 1);
	stage_titles(&stage, COUNT + 1);
	stage_frame(&stage);
	check_nothing();
}

static void
the_strip_changes_and_nothing_else_does(void **state)
{
	(void)state;
	wlbl_show(stage.labels, WLBL_ROLE_KEYBOARD,
		wlbl_label_find(stage.labels, "personal"));
	stage_frame(&stage);
	check_inside(0, 0, STAGE_WIDTH, WLBL_STRIP_HEIGHT);
	wlbl_show(stage.labels, WLBL_ROLE_KEYBOARD,
		wlbl_label_find(stage.labels, "personal"));
	stage_frame(&stage);
	check_nothing();
}

static void
another_strip_is_there_and_neither_is_drawn_again(void **state)
{
	(void)state;
	const struct wlr_box box = { .y = 500, .width = 300, .height = 300 };
	struct wlbl_strip *other;
	assert_int_equal(wlbl_strip_create(stage.labels, &stage.scene->tree,
		&other), 0);
	wlbl_strip_set_box(other, &box);
	stage_frame(&stage);
	stage_frame(&stage);
	check_nothing();
	wlbl_strip_destroy(other);
}

static void
a_window_moves_and_where_it_was_and_is_changes(void **state)
{
	(void)state;
	struct stage_window *window = &stage.windows[COUNT - 1];
	struct wlr_box box;
	wlbl_frame_get_box(window->frame, &box);
	stage_move(window, window->x + 5, window->y + 7);
	stage_frame(&stage);
	check_inside(box.x, box.y, box.width + 5, box.height + 7);
	stage_move(window, window->x, window->y);
	stage_frame(&stage);
	check_nothing();
}

static void
another_window_is_active_and_only_the_bars_change(void **state)
{
	(void)state;
	struct wlr_box box;
	wlbl_frame_get_box(stage.windows[COUNT - 1].frame, &box);
	wlbl_frame_set_active(stage.windows[COUNT - 1].frame, true);
	stage_frame(&stage);
	check_inside(box.x, box.y, box.width, 28);
	wlbl_frame_set_active(stage.windows[COUNT - 1].frame, true);
	stage_frame(&stage);
	check_nothing();
}

static void
a_window_opaque_in_part_changes_where_it_does(void **state)
{
	(void)state;
	struct wlr_box box;
	wlbl_frame_get_content_box(stage.windows[COUNT - 1].frame, &box);
	stage_say(&stage, "clear %d", COUNT - 1);
	stage_commits(&stage, 1);
	stage_frame(&stage);
	stage_say(&stage, "commit %d 1 50 60 10 10", COUNT - 1);
	stage_commits(&stage, 1);
	stage_frame(&stage);
	check_inside(box.x + 50, box.y + 60, 10, 10);
}

/* What the client has, of which its label's pictures are a part. */
static struct wlbl_label *
account(void)
{
	return (struct wlbl_label *)wlbl_label_find(stage.labels, "work");
}

static bool
is_shown(const struct stage_window *window)
{
	return wlbl_frame_tree(window->frame)->node.enabled;
}

static void
a_bar_is_memory_of_its_vm(void **state)
{
	(void)state;
	struct stage_window *window = &stage.windows[COUNT - 1];
	const uint64_t before = account()->bytes;
	stage_widen(window, WIDTH + 10);
	stage_frame(&stage);
	assert_int_equal(account()->bytes, before + 10 * 28 * 4);
	stage_widen(window, WIDTH);
	stage_frame(&stage);
	assert_int_equal(account()->bytes, before);
	wlbl_frame_destroy(window->frame);
	window->frame = NULL;
	assert_int_equal(account()->bytes, before - (WIDTH + 8) * 28 * 4);
}

static void
a_window_whose_bar_cannot_be_made_is_not_shown_until_it_can(void **state)
{
	(void)state;
	struct stage_window *window = &stage.windows[COUNT - 1];
	const uint64_t before = account()->bytes;
	const uint64_t limit = stage.labels->bytes_max;
	stage.labels->bytes_max = before;
	stage_widen(window, WIDTH + 10);
	stage_frame(&stage);
	assert_false(is_shown(window));
	assert_int_equal(account()->bytes, before);
	wlbl_frame_set_title(window->frame, "another title");
	stage_frame(&stage);
	assert_false(is_shown(window));
	stage.labels->bytes_max = limit;
	stage_widen(window, WIDTH + 10);
	stage_frame(&stage);
	assert_true(is_shown(window));
}

static void
the_largest_bar_is_as_wide_as_the_screen(void **state)
{
	(void)state;
	struct stage_window *window = &stage.windows[COUNT - 1];
	const uint64_t before = account()->bytes;
	stage_widen(window, 1 << 30);
	stage_frame(&stage);
	assert_int_equal(account()->bytes,
		before + (STAGE_WIDTH - 8 - WIDTH) * 28 * 4);
	assert_true(is_shown(window));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(nothing_changes_and_nothing_is_drawn),
		STORY(ten_points_of_a_window_change_and_nothing_else_does),
		STORY(every_window_changes_and_no_label_does),
		STORY(a_title_changes_and_only_the_title_does),
		STORY(the_same_title_again_changes_nothing),
		STORY(the_strip_changes_and_nothing_else_does),
		STORY(another_strip_is_there_and_neither_is_drawn_again),
		STORY(a_window_moves_and_where_it_was_and_is_changes),
		STORY(another_window_is_active_and_only_the_bars_change),
		STORY(a_window_opaque_in_part_changes_where_it_does),
		STORY(a_bar_is_memory_of_its_vm),
		STORY(a_window_whose_bar_cannot_be_made_is_not_shown_until_it_can),
		STORY(the_largest_bar_is_as_wide_as_the_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
