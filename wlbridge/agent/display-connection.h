/* SPDX-License-Identifier: MIT */
/* Connections of other VMs, each joined to one of the compositor's. */
#ifndef WLB_AGENT_DISPLAY_CONNECTION_H
#define WLB_AGENT_DISPLAY_CONNECTION_H

#include <stdbool.h>
#include <virtio_wl.h>

#include "security-context.h"
#include "util/list.h"
#include "util/log.h"
#include "util/loop.h"

struct wlb_display_connections {
	struct loop *loop;
	struct vwl_relay *relay;
	struct wlb_compositor *compositor;
	const char *dir;	/* private, for the compositor's sockets */
	bool allow_unlabelled;
	struct list list;	/* connection.link */
	size_t count;		/* of them */
	struct list vms;	/* wlb_display_vm.link */
	struct log_limit log_limit;
};

/* Empty; the caller fills in the world before the first _add(). */
void
wlb_display_connections_init(struct wlb_display_connections *connections);

/* Cut all that are left, and take their VMs' sockets back. */
void
wlb_display_connections_finish(struct wlb_display_connections *connections);

/* Join @take_vfd, which is @peer's, to the compositor; or log why not. */
void
wlb_display_connections_add(struct wlb_display_connections *connections,
	int take_vfd, const struct vwl_peer *peer);

#endif
