/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * What the configuration changes about policy.c's list for the VMs of one name:
 * an interface more, or one less. By name, since a VM that the host names later
 * must find its lines, too; so a name need not be one of [labels].
 *
 * Some interfaces nobody can give, because what a label says would no longer be
 * true: contexts, which would be names of a VM's own making; surfaces that are in
 * no window, and so in no frame; input of a VM's own making, which would press the
 * keys that are the person's word. All else is the person's to give: it may show
 * one VM what is another's, but not make it look like another's.
 *
 * A line that cannot be meant as it is there is a fault, like any in that file. The
 * list is gone through for each global of each client: hence the limit.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "label-text.h"
#include "private.h"

#define GRANTS_MAX 256
#define INTERFACE_MAX 63

struct grant {
	struct wl_list link;		/* wlbl.grants */
	char label[WLBL_NAME_MAX + 1];
	char interface[INTERFACE_MAX + 1];
	bool taken;			/* away, and not given */
};

static const char *const never[] = {
	/* names */
	"wp_security_context_manager_v1",
	"xwayland_shell_v1",
	/* surfaces without a frame */
	"zwlr_layer_shell_v1",
	"ext_session_lock_manager_v1",
	"zwlr_input_inhibit_manager_v1",
	"zwp_fullscreen_shell_v1",
	"zwp_input_panel_v1",
	"wp_drm_lease_device_v1",
	/* the person's hands */
	"zwp_virtual_keyboard_manager_v1",
	"zwlr_virtual_pointer_manager_v1",
	"org_kde_kwin_fake_input",
};

static bool
is_never_given(const char *interface)
{
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		if (strcmp(interface, never[i]) == 0) {
			return true;
		}
	}
	return false;
}

static struct grant *
find(struct wlbl *labels, const char *label, const char *interface)
{
	struct grant *grant;
	wl_list_for_each(grant, &labels->grants, link) {
		if (strcmp(grant->label, label) == 0
				&& strcmp(grant->interface, interface) == 0) {
			return grant;
		}
	}
	return NULL;
}

/* What is wrong with it; NULL for nothing. */
static const char *
fault_of(struct wlbl *labels, const char *label, const char *interface,
	bool taken)
{
	if (strspn(interface, "abcdefghijklmnopqrstuvwxyz0123456789_")
			!= strlen(interface) || interface[0] == '\0') {
		return "is no interface: a-z, 0-9 and _";
	}
	if (find(labels, label, interface) != NULL) {
		return "is there twice";
	}
	if (taken) {
		return wlbl_policy_has(interface) ? NULL
			: "is none that VMs have, and cannot be taken away";
	}
	if (is_never_given(interface)) {
		return "is never given to a VM";
	}
	return wlbl_policy_has(interface) ? "is one that every VM has" : NULL;
}

static bool
add(struct wlbl *labels, const char *label, const char *word, size_t len)
{
	const bool taken = word[0] == '-';
	struct grant new = { .taken = taken };
	const char *fault = "is too long";
	if (len - taken <= INTERFACE_MAX) {
		memcpy(new.interface, word + taken, len - taken);
		fault = fault_of(labels, label, new.interface, taken);
	}
	if (fault == NULL && wl_list_length(&labels->grants) >= GRANTS_MAX) {
		fault = "is one too many";
	}
	struct grant *grant = fault != NULL ? NULL : malloc(sizeof(*grant));
	if (grant == NULL) {
		wlbl_log(labels, "[globals]: '%.*s' of '%s' %s", (int)len, word,
			label, fault != NULL ? fault : strerror(ENOMEM));
		return false;
	}
	strcpy(new.label, label);
	*grant = new;
	wl_list_insert(&labels->grants, &grant->link);
	return true;
}

bool
wlbl_globals_add(struct wlbl *labels, const char *label, const char *words)
{
	if (!wlbl_text_is_name(label)) {
		wlbl_log(labels, "[globals]: '%s' cannot be the name of a VM",
			label);
		return false;
	}
	while (*words != '\0') {
		const size_t len = strcspn(words, " ");
		if (!add(labels, label, words, len)) {
			return false;
		}
		words += len;
		words += strspn(words, " ");
	}
	return true;
}

bool
wlbl_globals_allow(struct wlbl *labels, const struct wlbl_label *label,
	const char *interface)
{
	const struct grant *grant = label == NULL || label == labels->local
		? NULL : find(labels, label->name, interface);
	return grant == NULL ? wlbl_policy_has(interface) : !grant->taken;
}

void
wlbl_globals_finish(struct wlbl *labels)
{
	struct grant *grant, *tmp;
	wl_list_for_each_safe(grant, tmp, &labels->grants, link) {
		wl_list_remove(&grant->link);
		free(grant);
	}
}
