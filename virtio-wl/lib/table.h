/* SPDX-License-Identifier: MIT */
/* Which descriptor numbers of this process are VFDs, and whose. */
#ifndef VWL_TABLE_H
#define VWL_TABLE_H

#include <stdbool.h>

struct vwl_vfd_ops;

/*
 * The operations entered for @fd, or NULL. Takes no lock and may be called from
 * anywhere; a VFD's owner looks again, with the lock, before it believes it.
 */
const struct vwl_vfd_ops *
vwl_table_ops(int fd);

/* Guards the table and everything its objects point to. */
void
vwl_table_lock(void);

void
vwl_table_unlock(void);

/* Whether this thread has the lock. */
bool
vwl_table_is_locked(void);

/*
 * With the lock held.
 */

/* Make room for @fd, so that vwl_table_set() cannot fail. 0 or -errno. */
int
vwl_table_reserve(int fd);

/* Enter @fd, which was reserved and is not entered. */
void
vwl_table_set(int fd, const struct vwl_vfd_ops *ops, void *object);

/* The object of @fd, or NULL where it is not entered by @ops. */
void *
vwl_table_get(int fd, const struct vwl_vfd_ops *ops);

void
vwl_table_clear(int fd);

/* Clear every number that stands for @object. */
void
vwl_table_forget(const void *object);

/*
 * A note without an object, for VFDs that are the kernel's: this number was
 * one. It saves the vain system call on a socket that is none. No lock.
 */
void
vwl_table_hint(int fd, const struct vwl_vfd_ops *ops);

void
vwl_table_unhint(int fd, const struct vwl_vfd_ops *ops);

#endif
