/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * What X programs have their server keep is memory of its process, and of shared
 * memory that it makes. Both are in its address space, which has a limit: the
 * request that goes beyond gets BadAlloc, or the server ends, and with it the windows
 * of one VM.
 *
 * wlroots forks twice and starts what WLR_XWAYLAND names, so no caller knows the
 * process. And a limit that was the compositor's own between fork and exec would be
 * exceeded there by what it has mapped itself. So a program comes between
 * that limits itself and becomes the server. What WLR_XWAYLAND said before, it
 * is told by another name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xwayland.h"

#define KIB_OF_MIB 1024u

int
wlbl_xwayland_set_start(const struct wlbl *labels)
{
	const char *limited = getenv("WLBRIDGE_XWAYLAND_START");
	const char *server = getenv("WLR_XWAYLAND");
	char kib[16];
	if (limited == NULL) {
		limited = WLBL_XWAYLAND_START;
	}
	if (access(limited, X_OK) < 0) {
		return -errno;
	}
	snprintf(kib, sizeof(kib), "%u", labels->x11_memory_max * KIB_OF_MIB);
	if (setenv("WLBRIDGE_XWAYLAND_KIB", kib, 1) < 0) {
		return -errno;
	}
	/* Another VM's was here first. */
	if (server != NULL && strcmp(server, limited) == 0) {
		return 0;
	}
	if (setenv("WLBRIDGE_XWAYLAND", server != NULL ? server : "Xwayland",
			1) < 0 || setenv("WLR_XWAYLAND", limited, 1) < 0) {
		return -errno;
	}
	return 0;
}
