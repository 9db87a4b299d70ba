/* SPDX-License-Identifier: MIT */
/* What the configuration says of outputs. */
#ifndef WLBC_OUTPUT_CONFIG_H
#define WLBC_OUTPUT_CONFIG_H

#include <stdbool.h>

#include "config.h"

struct wlr_output;
struct wlr_output_state;

/* No larger than a frame can be placed on, with room for sums. */
#define OUTPUT_SIDE_MAX 16384	/* pixels */
#define OUTPUT_FAR 65536	/* points, from the corner of the layout */

/* A key of [output] or of [output NAME]. Return: false for a fault. */
bool
output_config_set(struct config *config, const char *section, const char *key,
	const char *value);

/* All that applies to an output: of a connector, and of a monitor, "" if unknown. */
void
output_config_find(const struct config *config, const char *connector,
	const char *monitor, struct output_config *ret);

/* A state in which it is on; what its monitor cannot do is said in the log. */
void
output_config_apply(const struct output_config *config,
	struct wlr_output *wlr_output, struct wlr_output_state *state);

/* Whether it is one that labels are drawn sharply for: 1 to 4, in quarters. */
bool
output_scale_is_good(double scale);

/* What an output would be like in the layout, in points. */
void
output_state_size(const struct wlr_output *wlr_output,
	const struct wlr_output_state *state, int *ret_width, int *ret_height);

/* Whether there is room for a strip and a window below it. */
bool
output_size_is_good(int width, int height);

#endif
