/* SPDX-License-Identifier: MIT */
/* The run-time directory: ours alone, one daemon in it, empty when we leave. */
#ifndef WLB_RUNTIME_H
#define WLB_RUNTIME_H

#include <stdbool.h>

struct wlb_config;

/**
 * wlb_runtime_make() - Make the directory, if it is not there
 * @config: for its path and the user it shall belong to
 *
 * Context: while we may still give it away, before wlb_privileges_drop().
 * Return: 0 or -errno.
 */
int
wlb_runtime_make(const struct wlb_config *config);

/**
 * wlb_runtime_open() - Take the directory
 * @ret_lock: hold it as long as the directory is used; the caller's
 *
 * What a killed daemon left in it is removed.
 * Return: 0; -EBUSY when another daemon has it; -EPERM when it is not ours or
 * others may write to it; -errno.
 */
int
wlb_runtime_open(const char *runtime_dir, int *ret_lock);

/* Make vm/VM. @shared: a VMM of another user must get through it. 0, -errno. */
int
wlb_runtime_make_vm(const char *runtime_dir, const char *vm, bool shared);

/* Remove vm/VM and all in it. */
void
wlb_runtime_remove_vm(const char *runtime_dir, const char *vm);

/* Remove vm and all in it. */
void
wlb_runtime_clear(const char *runtime_dir);

#endif
