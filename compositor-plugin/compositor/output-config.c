/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * [output] is about every output, [output NAME] about one, by its connector or by
 * its monitor, as the log has both. What several sections say of one is put together;
 * the last that says something of it is right. A section about what is not plugged in
 * waits for it.
 *
 * What can be known to be wrong when the file is read is an error, as anywhere in it.
 * What only the monitor knows (its modes) or the others (whether there is room) is
 * found out when it comes: then a screen that is not as it was meant is better than
 * none, and the log says so.
 */
#include "output-config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wlr/types/wlr_output.h>

#include "util/log.h"

#define WIDTH_MIN 200
#define HEIGHT_MIN 100
#define HERTZ_MAX 1000

/* Of two modes that the same number means: 59.94 is 60, and 59.951 is 59.95. */
#define REFRESH_NEAR_MHZ 500

bool
output_scale_is_good(double scale)
{
	return scale >= 1 && scale <= 4 && 4 * scale == floor(4 * scale);
}

bool
output_size_is_good(int width, int height)
{
	return width >= WIDTH_MIN && height >= HEIGHT_MIN;
}

static bool
set_mode(const char *text, struct output_config *output)
{
	char size[32];
	double hertz = 0;
	const size_t len = strcspn(text, "@");
	if (text[len] == '@') {
		char *end;
		hertz = strtod(text + len + 1, &end);
		if (end == text + len + 1 || *end != '\0'
				|| !(hertz >= 1 && hertz <= HERTZ_MAX)) {
			return false;
		}
	}
	if (len >= sizeof(size)) {
		return false;
	}
	memcpy(size, text, len);
	size[len] = '\0';
	if (config_size(size, &output->width, &output->height) < 0) {
		return false;
	}
	output->has_mode = true;
	output->refresh_mhz = (int)lround(hertz * 1000);
	return true;
}

static bool
set_scale(const char *text, struct output_config *output)
{
	char *end;
	const double scale = strtod(text, &end);
	if (end == text || *end != '\0' || !output_scale_is_good(scale)) {
		return false;
	}
	output->scale = scale;
	return true;
}

/* Return: what comes after it, or NULL. */
static const char *
set_coordinate(const char *text, int *ret)
{
	char *end;
	const long number = strtol(text, &end, 10);
	if (end == text || number > OUTPUT_FAR || number < -OUTPUT_FAR) {
		return NULL;
	}
	*ret = (int)number;
	return end;
}

static bool
set_position(const char *text, struct output_config *output)
{
	const char *end = set_coordinate(text, &output->x);
	if (end == NULL || *end != ',') {
		return false;
	}
	end = set_coordinate(end + 1, &output->y);
	output->has_position = true;
	return end != NULL && *end == '\0';
}

static bool
set_transform(const char *text, struct output_config *output)
{
	static const char *const names[] = {
		[WL_OUTPUT_TRANSFORM_NORMAL] = "normal",
		[WL_OUTPUT_TRANSFORM_90] = "90",
		[WL_OUTPUT_TRANSFORM_180] = "180",
		[WL_OUTPUT_TRANSFORM_270] = "270",
		[WL_OUTPUT_TRANSFORM_FLIPPED] = "flipped",
		[WL_OUTPUT_TRANSFORM_FLIPPED_90] = "flipped-90",
		[WL_OUTPUT_TRANSFORM_FLIPPED_180] = "flipped-180",
		[WL_OUTPUT_TRANSFORM_FLIPPED_270] = "flipped-270",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			output->has_transform = true;
			output->transform = (enum wl_output_transform)i;
			return true;
		}
	}
	return false;
}

static bool
set_enabled(const char *text, struct output_config *output)
{
	output->has_enabled = true;
	output->enabled = strcmp(text, "yes") == 0;
	return output->enabled || strcmp(text, "no") == 0;
}

/* The section of that name, or a new one; NULL if there is no room for it. */
static struct output_config *
find_or_add(struct config *config, const char *name)
{
	for (int i = 0; i < config->output_count; i++) {
		if (strcmp(config->outputs[i].name, name) == 0) {
			return &config->outputs[i];
		}
	}
	if (config->output_count == CONFIG_OUTPUTS_MAX
			|| strlen(name) > CONFIG_OUTPUT_NAME_MAX) {
		return NULL;
	}
	struct output_config *output = &config->outputs[config->output_count++];
	strcpy(output->name, name);
	return output;
}

bool
output_config_set(struct config *config, const char *section, const char *key,
	const char *value)
{
	const char *name = section + strlen("output");
	const bool all = *name == '\0';
	if (!all && (*name != ' ' || name[1] == '\0')) {
		return false;
	}
	struct output_config *output =
		find_or_add(config, all ? name : name + 1);
	if (output == NULL) {
		return false;
	}
	if (strcmp(key, "scale") == 0) {
		return set_scale(value, output);
	}
	if (all) {
		return strcmp(key, "size") == 0 && config_size(value,
			&output->width, &output->height) == 0;
	}
	return strcmp(key, "mode") == 0 ? set_mode(value, output)
		: strcmp(key, "position") == 0 ? set_position(value, output)
		: strcmp(key, "transform") == 0 ? set_transform(value, output)
		: strcmp(key, "enabled") == 0 && set_enabled(value, output);
}

static void
merge(struct output_config *ret, const struct output_config *more)
{
	if (more->has_mode) {
		ret->has_mode = true;
		ret->width = more->width;
		ret->height = more->height;
		ret->refresh_mhz = more->refresh_mhz;
	}
	if (more->scale > 0) {
		ret->scale = more->scale;
	}
	if (more->has_transform) {
		ret->transform = more->transform;
	}
	if (more->has_position) {
		ret->has_position = true;
		ret->x = more->x;
		ret->y = more->y;
	}
	if (more->has_enabled) {
		ret->enabled = more->enabled;
	}
}

void
output_config_find(const struct config *config, const char *connector,
	const char *monitor, struct output_config *ret)
{
	*ret = config->outputs[0];
	ret->enabled = true;
	for (int i = 1; i < config->output_count; i++) {
		const struct output_config *output = &config->outputs[i];
		if (strcmp(output->name, connector) == 0
				|| strcmp(output->name, monitor) == 0) {
			merge(ret, output);
		}
	}
}

/* Of that size, the one that is nearest to what was asked for; NULL: none is. */
static struct wlr_output_mode *
find_mode(const struct output_config *config, struct wlr_output *wlr_output)
{
	struct wlr_output_mode *mode, *best = NULL;
	int best_off = REFRESH_NEAR_MHZ;
	wl_list_for_each(mode, &wlr_output->modes, link) {
		const int off = abs(mode->refresh - config->refresh_mhz);
		if (mode->width != config->width
				|| mode->height != config->height) {
			continue;
		}
		if (config->refresh_mhz == 0) {
			if (best == NULL || mode->refresh > best->refresh) {
				best = mode;
			}
		} else if (off <= best_off) {
			best_off = off;
			best = mode;
		}
	}
	return best;
}

void
output_config_apply(const struct output_config *config,
	struct wlr_output *wlr_output, struct wlr_output_state *state)
{
	wlr_output_state_set_enabled(state, true);
	wlr_output_state_set_scale(state,
		config->scale > 0 ? (float)config->scale : 1.0f);
	wlr_output_state_set_transform(state, config->transform);
	if (wl_list_empty(&wlr_output->modes)) {
		if (config->width > 0) {
			wlr_output_state_set_custom_mode(state, config->width,
				config->height, config->refresh_mhz);
		}
		return;
	}
	struct wlr_output_mode *mode = NULL;
	if (config->has_mode) {
		mode = find_mode(config, wlr_output);
		if (mode == NULL) {
			log_warn("output %s has no mode like that of the "
				"configuration: as it likes best",
				wlr_output->name);
		}
	}
	wlr_output_state_set_mode(state, mode != NULL ? mode
		: wlr_output_preferred_mode(wlr_output));
}

void
output_state_size(const struct wlr_output *wlr_output,
	const struct wlr_output_state *state, int *ret_width, int *ret_height)
{
	int width = wlr_output->width, height = wlr_output->height;
	if (state->committed & WLR_OUTPUT_STATE_MODE) {
		const bool fixed =
			state->mode_type == WLR_OUTPUT_STATE_MODE_FIXED;
		width = fixed ? state->mode->width : state->custom_mode.width;
		height = fixed ? state->mode->height
			: state->custom_mode.height;
	}
	const bool turned = state->transform % 2 != 0;
	*ret_width = (int)((float)(turned ? height : width) / state->scale);
	*ret_height = (int)((float)(turned ? width : height) / state->scale);
}
