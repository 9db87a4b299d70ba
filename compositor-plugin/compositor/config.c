/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output-config.h"
#include "util/log.h"

#define SIZE_MAX_EACH 16384
#define REPEAT_RATE_MAX 100	/* in a second */
#define REPEAT_DELAY_MAX 5000	/* milliseconds */

const struct config config_default = {
	.repeat_rate = 25,
	.repeat_delay_ms = 400,
	.touchpad.tap = true,
	.output_count = 1,
};

static bool
set_number(const char *text, int max, int *ret, const char **ret_end)
{
	char *end;
	long number = strtol(text, &end, 10);
	if (end == text || text[0] == '-' || number < 1 || number > max) {
		return false;
	}
	*ret = (int)number;
	*ret_end = end;
	return true;
}

int
config_size(const char *text, int *ret_width, int *ret_height)
{
	int width, height;
	const char *end;
	if (!set_number(text, SIZE_MAX_EACH, &width, &end) || *end != 'x'
			|| !set_number(end + 1, SIZE_MAX_EACH, &height, &end)
			|| *end != '\0') {
		return -EINVAL;
	}
	*ret_width = width;
	*ret_height = height;
	return 0;
}

static bool
set_text(char place[static CONFIG_TEXT_MAX], const char *value)
{
	if (strlen(value) >= CONFIG_TEXT_MAX) {
		return false;
	}
	strcpy(place, value);
	return true;
}

static bool
set_repeat(struct config *config, const char *key, const char *value)
{
	const char *end;
	if (strcmp(key, "repeat-delay") == 0) {
		return set_number(value, REPEAT_DELAY_MAX,
			&config->repeat_delay_ms, &end) && *end == '\0';
	}
	if (strcmp(value, "0") == 0) {
		config->repeat_rate = 0;
		return true;
	}
	return set_number(value, REPEAT_RATE_MAX, &config->repeat_rate, &end)
		&& *end == '\0';
}

static bool
set_keyboard(struct config *config, const char *key, const char *value)
{
	if (strcmp(key, "repeat-rate") == 0
			|| strcmp(key, "repeat-delay") == 0) {
		return set_repeat(config, key, value);
	}
	char *place = strcmp(key, "model") == 0 ? config->model
		: strcmp(key, "layout") == 0 ? config->layout
		: strcmp(key, "variant") == 0 ? config->variant
		: strcmp(key, "options") == 0 ? config->options : NULL;
	return place != NULL && set_text(place, value);
}

static bool
set_choice(const char *text, bool *ret)
{
	const bool yes = strcmp(text, "yes") == 0;
	if (!yes && strcmp(text, "no") != 0) {
		return false;
	}
	*ret = yes;
	return true;
}

static bool
set_speed(const char *text, double *ret)
{
	char *end;
	const double speed = strtod(text, &end);
	/* What is not a number is not within, either. */
	if (end == text || *end != '\0' || !(speed >= -1 && speed <= 1)) {
		return false;
	}
	*ret = speed;
	return true;
}

static bool
set_pointer(struct pointer_config *pointer, const char *key, const char *value)
{
	if (strcmp(key, "natural-scroll") == 0) {
		return set_choice(value, &pointer->natural_scroll);
	}
	return strcmp(key, "speed") == 0 && set_speed(value, &pointer->speed);
}

static bool
set_touchpad(struct pointer_config *touchpad, const char *key,
	const char *value)
{
	if (strcmp(key, "tap") == 0) {
		return set_choice(value, &touchpad->tap);
	}
	return set_pointer(touchpad, key, value);
}

static bool
set_xwayland(struct config *config, const char *key, const char *value)
{
	if (strcmp(value, "no") == 0) {
		return true;
	}
	if (strcmp(value, "yes") != 0 || strlen(key) >= CONFIG_TEXT_MAX
			|| config->xwayland_count == CONFIG_XWAYLAND_MAX) {
		return false;
	}
	for (int i = 0; i < config->xwayland_count; i++) {
		if (strcmp(config->xwayland[i], key) == 0) {
			return false;
		}
	}
	strcpy(config->xwayland[config->xwayland_count++], key);
	return true;
}

static int
handle_key(void *data, const char *section, const char *key, const char *value)
{
	struct config *config = data;
	if (strcmp(section, "keyboard") == 0) {
		return set_keyboard(config, key, value);
	}
	if (strcmp(section, "touchpad") == 0) {
		return set_touchpad(&config->touchpad, key, value);
	}
	if (strcmp(section, "mouse") == 0) {
		return set_pointer(&config->mouse, key, value);
	}
	if (strncmp(section, "output", strlen("output")) == 0) {
		return output_config_set(config, section, key, value);
	}
	if (strcmp(section, "xwayland") == 0) {
		return set_xwayland(config, key, value);
	}
	if (strcmp(section, "vms") == 0) {
		return strcmp(key, "device") == 0
			&& set_text(config->device, value);
	}
	/* The library's; see wlbridge-labels.h. */
	return strcmp(section, "labels") == 0 || strcmp(section, "limits") == 0
		|| strcmp(section, "copy") == 0
		|| strcmp(section, "globals") == 0
		|| strcmp(section, "input-methods") == 0;
}

int
config_read(const char *path, struct config *config)
{
	int line = ini_parse(path, handle_key, config);
	if (line < 0) {
		int r = errno == 0 ? -EIO : -errno;
		log_error("%s: %s", path, strerror(-r));
		return r;
	}
	if (line > 0) {
		log_error("%s:%d: expected a key of [keyboard], [touchpad], "
			"[mouse], [output], [vms], [xwayland], [labels], "
			"[limits], [copy], [globals] or [input-methods]: see "
			"wlbridge-compositor(1)",
			path, line);
		return -EINVAL;
	}
	return 0;
}
