/* SPDX-License-Identifier: MIT */
/* What the device process gives up before it meets a guest. */
#ifndef VWL_SANDBOX_H
#define VWL_SANDBOX_H

/**
 * vwl_sandbox_enter() - Give up everything that serving does not need
 *
 * For good. Call it when every listening socket and the status page are there.
 * Return: 0 or -errno; then the process must not go on.
 */
int
vwl_sandbox_enter(void);

#endif
