/* SPDX-License-Identifier: MIT */
/* Mice and touchpads, as far as libinput reads them. */
#include <wlr/config.h>

#include "server.h"

#if WLR_HAS_LIBINPUT_BACKEND
#include <libinput.h>
#include <wlr/backend/libinput.h>

/* It says so itself: nothing else can be tapped. */
static bool
is_touchpad(struct libinput_device *device)
{
	return libinput_device_config_tap_get_finger_count(device) > 0;
}

/* What a device cannot do it refuses, and stays as it is. */
static void
configure(struct libinput_device *device, const struct pointer_config *config)
{
	libinput_device_config_scroll_set_natural_scroll_enabled(device,
		config->natural_scroll);
	libinput_device_config_accel_set_speed(device, config->speed);
}

void
pointer_device_configure(struct wlr_input_device *wlr_device,
	const struct config *config)
{
	if (!wlr_input_device_is_libinput(wlr_device)) {
		return;
	}
	struct libinput_device *device =
		wlr_libinput_get_device_handle(wlr_device);
	if (!is_touchpad(device)) {
		configure(device, &config->mouse);
		return;
	}
	libinput_device_config_tap_set_enabled(device, config->touchpad.tap
		? LIBINPUT_CONFIG_TAP_ENABLED : LIBINPUT_CONFIG_TAP_DISABLED);
	configure(device, &config->touchpad);
}

#else

void
pointer_device_configure(struct wlr_input_device *wlr_device,
	const struct config *config)
{
	(void)wlr_device;
	(void)config;
}

#endif
