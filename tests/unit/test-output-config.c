/* SPDX-License-Identifier: MIT */
/* What the configuration makes of a monitor with modes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <wlr/types/wlr_output.h>

#include "output-config.h"

#define MODES 5

struct monitor {
	struct wlr_output output;
	struct wlr_output_mode modes[MODES];
};

/* As monitors say them: the preferred one is neither the first nor the largest. */
static void
plug_in(struct monitor *monitor)
{
	static const struct {
		int width;
		int height;
		int refresh;
	} modes[MODES] = {
		{ 3840, 2160, 29970 },
		{ 1920, 1080, 59940 },
		{ 1920, 1080, 60000 },
		{ 1920, 1080, 143981 },
		{ 1280, 720, 60000 },
	};
	static char name[] = "DP-1";
	*monitor = (struct monitor){ .output.name = name };
	wl_list_init(&monitor->output.modes);
	for (int i = 0; i < MODES; i++) {
		struct wlr_output_mode *mode = &monitor->modes[i];
		mode->width = modes[i].width;
		mode->height = modes[i].height;
		mode->refresh = modes[i].refresh;
		mode->preferred = i == 2;
		wl_list_insert(monitor->output.modes.prev, &mode->link);
	}
}

static struct config
configured(const char *const (*lines)[3])
{
	struct config config = config_default;
	for (int i = 0; lines[i][0] != NULL; i++) {
		assert_true(output_config_set(&config, lines[i][0],
			lines[i][1], lines[i][2]));
	}
	return config;
}

/* The number of the mode that a line gives it. */
static int
mode_of(const char *value)
{
	const char *const lines[][3] = {
		{ "output DP-1", "mode", value },
		{ NULL },
	};
	const struct config config = configured(lines);
	struct monitor monitor;
	struct output_config found;
	struct wlr_output_state state;
	plug_in(&monitor);
	output_config_find(&config, "DP-1", "", &found);
	wlr_output_state_init(&state);
	output_config_apply(&found, &monitor.output, &state);
	assert_true(state.mode_type == WLR_OUTPUT_STATE_MODE_FIXED);
	const int number = (int)(state.mode - monitor.modes);
	wlr_output_state_finish(&state);
	return number;
}

static void
a_size_alone_has_the_highest_rate(void **state)
{
	(void)state;
	assert_int_equal(mode_of("1920x1080"), 3);
	assert_int_equal(mode_of("3840x2160"), 0);
}

static void
a_rate_is_the_nearest_of_that_size(void **state)
{
	(void)state;
	assert_int_equal(mode_of("1920x1080@60"), 2);
	assert_int_equal(mode_of("1920x1080@59.94"), 1);
	assert_int_equal(mode_of("1920x1080@144"), 3);
	assert_int_equal(mode_of("3840x2160@30"), 0);
}

static void
what_the_monitor_has_not_is_as_it_likes_best(void **state)
{
	(void)state;
	assert_int_equal(mode_of("1920x1080@75"), 2);
	assert_int_equal(mode_of("1921x1080"), 2);
}

static void
the_size_of_what_has_no_modes_is_not_for_it(void **state)
{
	(void)state;
	const char *const lines[][3] = {
		{ "output", "size", "1280x720" },
		{ NULL },
	};
	const struct config config = configured(lines);
	struct monitor monitor;
	struct output_config found;
	struct wlr_output_state wanted;
	int width, height;
	plug_in(&monitor);
	output_config_find(&config, "DP-1", "", &found);
	wlr_output_state_init(&wanted);
	output_config_apply(&found, &monitor.output, &wanted);
	assert_ptr_equal(wanted.mode, &monitor.modes[2]);
	output_state_size(&monitor.output, &wanted, &width, &height);
	assert_int_equal(width, 1920);
	assert_int_equal(height, 1080);
	wlr_output_state_finish(&wanted);
}

static void
sections_are_put_together_and_the_last_is_right(void **state)
{
	(void)state;
	const char *const lines[][3] = {
		{ "output", "scale", "2" },
		{ "output Maker Screen 1", "transform", "90" },
		{ "output DP-1", "scale", "1.5" },
		{ "output DP-1", "position", "-10,20" },
		{ "output DP-2", "enabled", "no" },
		{ "output Maker Screen 1", "position", "30,40" },
		{ NULL },
	};
	const struct config config = configured(lines);
	struct output_config found;
	output_config_find(&config, "DP-1", "Maker Screen 1", &found);
	assert_true(found.scale == 1.5);
	assert_int_equal(found.transform, WL_OUTPUT_TRANSFORM_90);
	assert_true(found.has_position && found.enabled);
	assert_int_equal(found.x, -10);
	assert_int_equal(found.y, 20);
	output_config_find(&config, "DP-3", "Maker Screen 1", &found);
	assert_true(found.scale == 2);
	assert_int_equal(found.x, 30);
	output_config_find(&config, "DP-2", "", &found);
	assert_false(found.enabled || found.has_position);
	assert_true(found.scale == 2);
}

static void
a_turned_screen_is_as_wide_as_it_was_high(void **state)
{
	(void)state;
	struct wlr_output output = { .width = 1920, .height = 1080 };
	struct wlr_output_state wanted;
	int width, height;
	wlr_output_state_init(&wanted);
	wlr_output_state_set_scale(&wanted, 1.5f);
	wlr_output_state_set_transform(&wanted,
		WL_OUTPUT_TRANSFORM_FLIPPED_270);
	output_state_size(&output, &wanted, &width, &height);
	assert_int_equal(width, 720);
	assert_int_equal(height, 1280);
	wlr_output_state_finish(&wanted);
}

static void
there_is_room_for_thirty_one_screens(void **state)
{
	(void)state;
	struct config config = config_default;
	char name[] = "output DP-xx";
	for (int i = 0; i < CONFIG_OUTPUTS_MAX; i++) {
		name[strlen(name) - 2] = (char)('0' + i / 10);
		name[strlen(name) - 1] = (char)('0' + i % 10);
		assert_int_equal(output_config_set(&config, name, "scale",
			"1"), i < CONFIG_OUTPUTS_MAX - 1);
	}
	assert_true(output_config_set(&config, "output DP-00", "scale", "2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_size_alone_has_the_highest_rate),
		cmocka_unit_test(a_rate_is_the_nearest_of_that_size),
		cmocka_unit_test(what_the_monitor_has_not_is_as_it_likes_best),
		cmocka_unit_test(the_size_of_what_has_no_modes_is_not_for_it),
		cmocka_unit_test(sections_are_put_together_and_the_last_is_right),
		cmocka_unit_test(a_turned_screen_is_as_wide_as_it_was_high),
		cmocka_unit_test(there_is_room_for_thirty_one_screens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
