/* SPDX-License-Identifier: MIT */
/* PipeWire as a sink: one node for each stream, in the VM's name. */
#ifndef VSND_SINK_PIPEWIRE_H
#define VSND_SINK_PIPEWIRE_H

#include "sink.h"
#include "status.h"

struct loop;

/* Who the VM is, as the host says; never what its guest says. */
struct vsnd_identity {
	const char *vm_name;
	const char *colour;	/* "#rrggbb", or NULL */
	const char *icon;	/* a name of the icon theme */
	const char *mic_target;	/* node.name of a source; NULL: the default */
};

/**
 * vsnd_pipewire_create() - Connect to PipeWire, now or when it is there
 * @identity: copied, its strings borrowed
 * @status: sink, mute and volume are kept there; borrowed
 *
 * Context: the thread of @loop, and everything here stays in it, but for the
 * realtime thread, which is PipeWire's and sees a stream's flow alone.
 * Return: 0 or -errno; that there is no PipeWire is no error.
 */
int
vsnd_pipewire_create(struct loop *loop, const struct vsnd_identity *identity,
	struct vsnd_status_page *status, struct vsnd_sink **ret);

#endif
