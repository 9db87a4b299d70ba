/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A list of what a VM may see, not of what it may not: what comes next is hidden
 * until somebody has thought about it. To belong here an interface must concern
 * the client's own surfaces, or input that was meant for them, and nothing else.
 * So there is no capture of the screen, no input of one's own making, no list of
 * windows, no selection without the keyboard, no surface outside of a window, no
 * lock, no output settings; no GPU buffers, which a VM cannot send; and no
 * security contexts, which would be names of a VM's own making.
 *
 * It applies to every client of a security context, whatever its engine: who
 * took the trouble to make one did not mean its client to have more. What the
 * configuration changes about it for one VM is in globals.c.
 */
#include <string.h>

#include "private.h"

static const char *const allowed[] = {
	/* surfaces and their pixels */
	"wl_compositor",
	"wl_subcompositor",
	"wl_shm",
	"wp_viewporter",
	"wp_single_pixel_buffer_manager_v1",
	"wp_fractional_scale_manager_v1",
	"wp_presentation",
	"wp_content_type_manager_v1",
	"wl_fixes",
	/* windows */
	"xdg_wm_base",
	"zxdg_decoration_manager_v1",
	"org_kde_kwin_server_decoration_manager",
	/* the screen they are on: its size and scale */
	"wl_output",
	"zxdg_output_manager_v1",
	/* input to them; the cursor over them */
	"wl_seat",
	"wp_cursor_shape_manager_v1",
	"zwp_relative_pointer_manager_v1",
	"zwp_pointer_gestures_v1",
	/* selections, which struct wlbl_seat keeps apart */
	"wl_data_device_manager",
	"zwp_primary_selection_device_manager_v1",
	/* text for them, which a struct wlbl_relay keeps apart */
	"zwp_text_input_manager_v3",
};

/* Without a relay everybody's text would go to whoever is the input method. */
static bool
wants_relay(const char *interface)
{
	return strcmp(interface, "zwp_text_input_manager_v3") == 0
		|| strcmp(interface, "zwp_input_method_manager_v2") == 0;
}

bool
wlbl_policy_has(const char *interface)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		if (strcmp(interface, allowed[i]) == 0) {
			return true;
		}
	}
	return false;
}

WLBL_PUBLIC bool
wlbl_global_filter(const struct wl_client *client,
	const struct wl_global *global, void *data)
{
	struct wlbl *labels = data;
	const char *interface = wl_global_get_interface(global)->name;
	const enum wlbl_sight sight =
		wlbl_xwayland_sight(labels, client, global);
	if (sight != WLBL_SIGHT_COMMON) {
		return sight == WLBL_SIGHT_OWN;
	}
	if (!wlbl_is_confined(labels, client)) {
		return true;
	}
	return (labels->relays || !wants_relay(interface))
		&& wlbl_globals_allow(labels, wlbl_label_of(labels, client),
			interface);
}
