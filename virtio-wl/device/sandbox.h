/* SPDX-License-Identifier: MIT */
/* What the device process gives up before it meets a guest. */
#ifndef VWL_SANDBOX_H
#define VWL_SANDBOX_H

/**
 * vwl_sandbox_confine() - Make the current directory all there is
 *
 * Return: 0; -EPERM where neither our capabilities nor the host's rules for user
 * namespaces let us, with everything as it was.
 */
int
vwl_sandbox_confine(void);

/**
 * vwl_sandbox_enter() - Give up every other right that serving does not need
 *
 * For good. Call it when every listening socket and the status page are there.
 * Return: 0 or -errno; then the process must not go on.
 */
int
vwl_sandbox_enter(void);

#endif
