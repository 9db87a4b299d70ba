/* SPDX-License-Identifier: MIT */
#include "protocols.h"

#include <stdlib.h>
#include <string.h>

/*
 * What is known and must not be offered. The agent runs inside the VM whose
 * programs it serves, so this list protects nobody from that VM: hiding
 * privileged globals is the compositor's work, by the security context. Here
 * are those that cannot work across, whose use would end the connection or
 * silently do nothing, and those that no application of a VM has any business
 * to ask for.
 */
#define GPU "its memory lives in a GPU which the VMs do not share"
#define FENCE "its fences mean something to one kernel only"
#define READBACK "the compositor would write into memory it never sees"
#define CLOCK "it names points of a clock that another VM does not have"
#define XWAYLAND "it is between a compositor and its own Xwayland"
#define PRIVILEGED "it acts on the whole desktop, not on the VM's windows"

static const struct {
	const char *name;
	const char *reason;
} excluded[] = {
	{ "ext_data_control_manager_v1", PRIVILEGED },
	{ "ext_foreign_toplevel_image_capture_source_manager_v1", READBACK },
	{ "ext_foreign_toplevel_list_v1", PRIVILEGED },
	{ "ext_image_copy_capture_manager_v1", READBACK },
	{ "ext_output_image_capture_source_manager_v1", READBACK },
	{ "ext_session_lock_manager_v1", PRIVILEGED },
	{ "ext_transient_seat_manager_v1", PRIVILEGED },
	{ "ext_workspace_manager_v1", PRIVILEGED },
	{ "wp_commit_timing_manager_v1", CLOCK },
	{ "wp_drm_lease_device_v1", GPU },
	{ "wp_linux_drm_syncobj_manager_v1", FENCE },
	{ "wp_security_context_manager_v1", PRIVILEGED },
	{ "xwayland_shell_v1", XWAYLAND },
	{ "zwp_fullscreen_shell_v1", PRIVILEGED },
	{ "zwp_input_method_v1", PRIVILEGED },
	{ "zwp_input_panel_v1", PRIVILEGED },
	{ "zwp_linux_dmabuf_v1", GPU },
	{ "zwp_linux_explicit_synchronization_v1", FENCE },
	{ "zwp_xwayland_keyboard_grab_manager_v1", XWAYLAND },
};

static int
compare_name(const void *key, const void *elem)
{
	const struct wl_interface *const *interface = elem;
	return strcmp(key, (*interface)->name);
}

const struct wl_interface *
wlb_protocols_find(const char *name)
{
	const struct wl_interface *const *found = bsearch(name,
		wlb_protocols_interfaces, wlb_protocols_count,
		sizeof(wlb_protocols_interfaces[0]), compare_name);
	return found == NULL ? NULL : *found;
}

const char *
wlb_protocols_excluded(const char *name)
{
	for (size_t i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++) {
		if (strcmp(excluded[i].name, name) == 0) {
			return excluded[i].reason;
		}
	}
	return NULL;
}
