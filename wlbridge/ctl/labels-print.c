/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A compositor learns from a security context which VM a client is of; which VMs
 * there are and what to do with them is its own configuration. Each has other
 * words for it and can do other things (docs/other-compositors.md says what is
 * lacking):
 *
 *	wlbridge-compositor	a name and a colour
 *	labwc	no colour and no name, so each VM has a desktop of that name
 *	sway	no colour of a window's own, so the name goes in front of each title
 *
 * Names are a-z, 0-9 and '-', which none of these formats gives a meaning to.
 */
#include "labels-print.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* As wlbridge-agent announces VMs. */
#define ENGINE "io.wlbridge"
#define LOCAL "local"
#define OTHERS "unknown-vm"

static const char *const names[] = {
	[WLB_LABELS_OWN] = "wlbridge-compositor",
	[WLB_LABELS_LABWC] = "labwc",
	[WLB_LABELS_SWAY] = "sway",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

int
wlb_labels_by_name(const char *name)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (strcmp(names[i], name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

static bool
is_shown(const struct wlb_vm_config *vm, const char *display)
{
	return vm->display[0] != '\0'
		&& (display == NULL || strcmp(vm->display, display) == 0);
}

/* Call @print for each VM that is to be there. */
static void
for_each(const struct wlb_config *config, const char *display, FILE *out,
	void (*print)(const struct wlb_vm_config *vm, FILE *out))
{
	for (size_t i = 0; i < config->vm_count; i++) {
		if (is_shown(&config->vms[i], display)) {
			print(&config->vms[i], out);
		}
	}
}

static void
print_own(const struct wlb_vm_config *vm, FILE *out)
{
	fprintf(out, "%s = #%06x\n", vm->name, (unsigned)vm->colour);
}

static void
print_labwc_desktop(const struct wlb_vm_config *vm, FILE *out)
{
	fprintf(out, "    <name>%s</name>\n", vm->name);
}

static void
print_labwc_rule(const char *app_id, const char *desktop, FILE *out)
{
	fprintf(out, "  <windowRule sandboxEngine=\"" ENGINE "\" "
		"sandboxAppId=\"%s\" serverDecoration=\"yes\" "
		"ignoreFocusRequest=\"yes\">\n"
		"    <action name=\"SendToDesktop\" to=\"%s\" follow=\"no\"/>\n"
		"  </windowRule>\n", app_id, desktop);
}

static void
print_labwc_vm(const struct wlb_vm_config *vm, FILE *out)
{
	print_labwc_rule(vm->name, vm->name, out);
}

/* Before the VMs': no title bar is left where a client could write a name first. */
static void
print_sway_others(FILE *out)
{
	fputs("for_window [all] title_format \"[" LOCAL "] %title\"\n"
		"for_window [sandbox_engine=\"^io\\.wlbridge$\"] "
		"title_format \"[" OTHERS "] %title\", border normal 4\n",
		out);
}

static void
print_sway(const struct wlb_vm_config *vm, FILE *out)
{
	fprintf(out, "for_window [sandbox_engine=\"^io\\.wlbridge$\" "
		"sandbox_app_id=\"^%s$\"] title_format \"[%s] %%title\"\n",
		vm->name, vm->name);
}

int
wlb_labels_print(const struct wlb_config *config, enum wlb_labels_for kind,
	const char *display, FILE *out, const char **ret_bad)
{
	bool found = false;
	for (size_t i = 0; i < config->vm_count; i++) {
		const char *name = config->vms[i].name;
		if (!is_shown(&config->vms[i], display)) {
			continue;
		}
		found = true;
		if (strcmp(name, LOCAL) == 0 || strcmp(name, OTHERS) == 0) {
			*ret_bad = name;
			return -EINVAL;
		}
	}
	if (!found) {
		return -ENOENT;
	}
	switch (kind) {
	case WLB_LABELS_OWN:
		fputs("[labels]\n", out);
		for_each(config, display, out, print_own);
		break;
	case WLB_LABELS_LABWC:
		fputs("<!-- labwc 0.8, into <labwc_config> of rc.xml: each VM "
			"on a desktop of its name. -->\n"
			"<desktops>\n  <names>\n"
			"    <name>" LOCAL "</name>\n", out);
		for_each(config, display, out, print_labwc_desktop);
		fputs("    <name>" OTHERS "</name>\n"
			"  </names>\n</desktops>\n<windowRules>\n", out);
		/* The last of those that match has the last word. */
		print_labwc_rule("*", OTHERS, out);
		for_each(config, display, out, print_labwc_vm);
		fputs("</windowRules>\n", out);
		break;
	case WLB_LABELS_SWAY:
		fputs("# sway 1.11 or newer; 1.10 has no such criteria and "
			"says so. Borders have no colour\n"
			"# of a VM's own: client.* is for all windows.\n"
			"# The last rule that matches has the last word.\n",
			out);
		print_sway_others(out);
		for_each(config, display, out, print_sway);
		break;
	}
	return 0;
}
