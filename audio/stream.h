/* SPDX-License-Identifier: MIT */
/* The life of a PCM stream: which command is legal when. No I/O. */
#ifndef VSND_STREAM_H
#define VSND_STREAM_H

#include <stdbool.h>

/* A state is named after the command that led there. */
enum vsnd_state {
	VSND_STATE_NEW,
	VSND_STATE_SET,
	VSND_STATE_PREPARED,
	VSND_STATE_STARTED,
	VSND_STATE_STOPPED,
	VSND_STATE_RELEASED,
};

enum vsnd_command {
	VSND_COMMAND_SET_PARAMS,
	VSND_COMMAND_PREPARE,
	VSND_COMMAND_START,
	VSND_COMMAND_STOP,
	VSND_COMMAND_RELEASE,
	VSND_COMMANDS,
};

/**
 * vsnd_state_after() - Where @command leads from @state
 *
 * Spec: virtio 1.3, "PCM Command Lifecycle".
 * Return: an enum vsnd_state, or -EPROTO where the command is illegal.
 */
int
vsnd_state_after(enum vsnd_state state, enum vsnd_command command);

/* Whether a stream in @state keeps the guest's buffers. */
bool
vsnd_state_takes_buffers(enum vsnd_state state);

#endif
