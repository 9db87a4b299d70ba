/* SPDX-License-Identifier: MIT */
/*
 * listener.h - sockets on which peers may reach the guest
 *
 * An endpoint exists as long as the device process. Until the guest listens to
 * it, connections wait in the socket's backlog; then they are pulled one by
 * one, like everything else.
 */
#ifndef VWL_LISTENER_H
#define VWL_LISTENER_H

#include <stdbool.h>

#include "../budget.h"
#include "util/list.h"

struct loop;
struct loop_source;
struct vwl_device;
struct vwl_peer;

struct vwl_endpoint {
	struct list link;	/* vwl_device.endpoints */
	struct loop *loop;
	struct loop_source *source;
	char *name;		/* of the peer */
	char *path;		/* of the socket; NULL: none is known */
	int fd;
	struct vwl_budget budget;	/* the peer's */
	void *owner;		/* who listens, or NULL */
	void (*waiting)(void *owner);
};

/**
 * vwl_endpoint_add() - Add an endpoint
 * @spec: "NAME=PATH" or "NAME=fd:N"
 * @root: the current directory's path, to find labels from where paths end
 *        there; or NULL
 * @shares: its peer gets one of so many parts of the VM's budget
 *
 * Return: 0 or -errno.
 */
int
vwl_endpoint_add(struct vwl_device *device, const char *spec,
	const char *root, unsigned shares);

void
vwl_endpoint_destroy(struct vwl_endpoint *endpoint);

struct vwl_endpoint *
vwl_endpoint_by_name(const struct vwl_device *device, const char *name);

/* Let @owner have the connections; @waiting is called when there are any. */
void
vwl_endpoint_claim(struct vwl_endpoint *endpoint,
	void (*waiting)(void *owner), void *owner);

void
vwl_endpoint_release(struct vwl_endpoint *endpoint);

/* Whether the owner is to be told of connections that wait. */
void
vwl_endpoint_want(struct vwl_endpoint *endpoint, bool want);

/* Whether the peer's budget has room for a connection more. */
bool
vwl_endpoint_has_budget(const struct vwl_endpoint *endpoint);

/**
 * vwl_endpoint_accept() - Take a connection
 * @ret_peer: who it is, a reference
 *
 * Return: the socket, the caller's; -EAGAIN; other -errno.
 */
int
vwl_endpoint_accept(struct vwl_endpoint *endpoint, struct vwl_peer **ret_peer);

#endif
