/* SPDX-License-Identifier: MIT */
/* One run of one VM, as the compositor of this VM knows it. */
#ifndef WLB_AGENT_DISPLAY_VM_H
#define WLB_AGENT_DISPLAY_VM_H

#include <stdbool.h>
#include <stddef.h>

#include "security-context.h"
#include "util/list.h"

struct wlb_display_vm {
	struct list link;	/* of the list it was created into */
	char *name;
	char *instance;
	char *path;		/* of the compositor's socket for it */
	int close_fd;		/* the compositor listens while this is open */
	size_t connections;
	bool retired;		/* another run of the VM has begun */
};

/**
 * wlb_display_vm_get() - The VM of that name and run, registered
 * @dir: a private directory for its socket
 * @vms: list of struct wlb_display_vm; other runs of the VM there retire
 *
 * Return: 0 or -errno.
 */
int
wlb_display_vm_get(struct list *vms, struct wlb_compositor *compositor,
	const char *dir, const char *name, const char *instance,
	struct wlb_display_vm **ret);

/* Count a connection; a retired VM ends with its last. */
void
wlb_display_vm_connected(struct wlb_display_vm *vm);

void
wlb_display_vm_disconnected(struct wlb_display_vm *vm);

/* The compositor listens no longer; connections that are there stay. */
void
wlb_display_vm_destroy(struct wlb_display_vm *vm);

#endif
