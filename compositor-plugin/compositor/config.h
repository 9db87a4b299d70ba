/* SPDX-License-Identifier: MIT */
/* The compositor's own part of its configuration file. */
#ifndef WLBC_CONFIG_H
#define WLBC_CONFIG_H

#include <stdbool.h>
#include <wayland-server-protocol.h>

#define CONFIG_TEXT_MAX 256
#define CONFIG_XWAYLAND_MAX 16
#define CONFIG_OUTPUTS_MAX 32

/* What is left of 49 bytes, which is all that libinih has of a section's name. */
#define CONFIG_OUTPUT_NAME_MAX 42

/* As libinput knows it; what a device cannot do is not asked of it. */
struct pointer_config {
	bool tap;		/* is a click; touchpads only */
	bool natural_scroll;	/* the content follows the fingers */
	double speed;		/* -1 to 1 */
};

/* What is said of an output, or of all of them; see output-config.h. */
struct output_config {
	char name[CONFIG_OUTPUT_NAME_MAX + 1];	/* or a monitor's; "" for all */
	bool has_mode;
	int width;		/* without has_mode, of what has no modes */
	int height;
	int refresh_mhz;	/* 0: any */
	double scale;		/* 0: not said */
	bool has_transform;
	enum wl_output_transform transform;
	bool has_position;
	int x;
	int y;
	bool has_enabled;
	bool enabled;
};

struct config {
	/* As xkbcommon knows them; "" for its default. */
	char model[CONFIG_TEXT_MAX];
	char layout[CONFIG_TEXT_MAX];
	char variant[CONFIG_TEXT_MAX];
	char options[CONFIG_TEXT_MAX];
	int repeat_rate;	/* of a held key, in a second; 0: never */
	int repeat_delay_ms;
	struct pointer_config touchpad;
	struct pointer_config mouse;	/* any other pointer */
	struct output_config outputs[CONFIG_OUTPUTS_MAX];	/* [0] is [output] */
	int output_count;
	/* VMs whose X programs are let in. */
	char xwayland[CONFIG_XWAYLAND_MAX][CONFIG_TEXT_MAX];
	int xwayland_count;
	char device[CONFIG_TEXT_MAX];	/* "" for the usual one */
};

extern const struct config config_default;

/* Read "1280x720". Return: 0 or -EINVAL. */
int
config_size(const char *text, int *ret_width, int *ret_height);

/* What the file says, in place of what is there. Return: 0 or -errno, said in
 * the log. */
int
config_read(const char *path, struct config *config);

#endif
