/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <errno.h>

/* Each state as the set of commands that may come next. */
#define MAY(command) (1u << VSND_COMMAND_ ## command)

static const unsigned may_follow[] = {
	[VSND_STATE_NEW] = MAY(SET_PARAMS),
	[VSND_STATE_SET] = MAY(SET_PARAMS) | MAY(PREPARE),
	[VSND_STATE_PREPARED] = MAY(SET_PARAMS) | MAY(PREPARE) | MAY(START)
		| MAY(RELEASE),
	[VSND_STATE_STARTED] = MAY(STOP),
	[VSND_STATE_STOPPED] = MAY(START) | MAY(RELEASE),
	[VSND_STATE_RELEASED] = MAY(SET_PARAMS) | MAY(PREPARE),
};

static const enum vsnd_state leads_to[VSND_COMMANDS] = {
	[VSND_COMMAND_SET_PARAMS] = VSND_STATE_SET,
	[VSND_COMMAND_PREPARE] = VSND_STATE_PREPARED,
	[VSND_COMMAND_START] = VSND_STATE_STARTED,
	[VSND_COMMAND_STOP] = VSND_STATE_STOPPED,
	[VSND_COMMAND_RELEASE] = VSND_STATE_RELEASED,
};

int
vsnd_state_after(enum vsnd_state state, enum vsnd_command command)
{
	if ((may_follow[state] & (1u << command)) == 0) {
		return -EPROTO;
	}
	return (int)leads_to[command];
}

bool
vsnd_state_takes_buffers(enum vsnd_state state)
{
	return state == VSND_STATE_PREPARED || state == VSND_STATE_STARTED
		|| state == VSND_STATE_STOPPED;
}
