/* SPDX-License-Identifier: MIT */
/* What the sound device gives up before it meets a guest. */
#ifndef VSND_SANDBOX_H
#define VSND_SANDBOX_H

/**
 * vsnd_sandbox_enter() - Give up every right that serving does not need
 *
 * For good. Call it when the listening socket, the status page and the sink are
 * there. Return: 0 or -errno; then the process must not go on.
 */
int
vsnd_sandbox_enter(void);

#endif
