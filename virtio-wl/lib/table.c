/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An interposed program asks about every descriptor it sends on, so "not a VFD"
 * must cost a few loads and no lock: two levels of atomic pointers, grown and
 * never shrunk. What is read without the lock is only the operations, which are
 * constants; objects are looked at again under the lock, which is one for the
 * process, because an object may be going while its number is looked up.
 *
 * A forked child shares sockets with its parent but cannot be the driver of the
 * parent's device. It forgets all objects, so that the closing of descriptors
 * between fork and exec stays a private matter of the child.
 *
 * Each thread knows whether it has the lock: what it calls then it calls for the
 * library, and an interposed function must not take it for the program's.
 */
#include "table.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#define ROW_SIZE 1024
#define ROWS 1024	/* a million descriptors: the kernel's usual ceiling */

struct entry {
	_Atomic(const struct vwl_vfd_ops *) ops;
	void *object;
};

static _Atomic(struct entry *) rows[ROWS];
static pthread_mutex_t table_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static _Thread_local bool is_locked;

static void
forget_objects(void)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct entry *row = atomic_load(&rows[i]);
		for (size_t j = 0; row != NULL && j < ROW_SIZE; j++) {
			if (row[j].object != NULL) {
				atomic_store(&row[j].ops, NULL);
				row[j].object = NULL;
			}
		}
	}
}

static void
handle_fork_child(void)
{
	forget_objects();
	vwl_table_unlock();
}

static void
register_fork_handlers(void)
{
	pthread_atfork(vwl_table_lock, vwl_table_unlock, handle_fork_child);
}

static struct entry *
entry_of(int fd)
{
	if (fd < 0 || fd >= ROWS * ROW_SIZE) {
		return NULL;
	}
	struct entry *row = atomic_load_explicit(&rows[fd / ROW_SIZE],
		memory_order_acquire);
	return row == NULL ? NULL : &row[fd % ROW_SIZE];
}

const struct vwl_vfd_ops *
vwl_table_ops(int fd)
{
	struct entry *entry = entry_of(fd);
	return entry == NULL ? NULL : atomic_load(&entry->ops);
}

void
vwl_table_lock(void)
{
	pthread_mutex_lock(&table_mutex);
	is_locked = true;
}

void
vwl_table_unlock(void)
{
	is_locked = false;
	pthread_mutex_unlock(&table_mutex);
}

bool
vwl_table_is_locked(void)
{
	return is_locked;
}

int
vwl_table_reserve(int fd)
{
	if (fd < 0 || fd >= ROWS * ROW_SIZE) {
		return -EMFILE;
	}
	if (entry_of(fd) != NULL) {
		return 0;
	}
	struct entry *row = calloc(ROW_SIZE, sizeof(*row));
	if (row == NULL) {
		return -ENOMEM;
	}
	struct entry *none = NULL;
	if (!atomic_compare_exchange_strong(&rows[fd / ROW_SIZE], &none, row)) {
		free(row);
	}
	return 0;
}

void
vwl_table_set(int fd, const struct vwl_vfd_ops *ops, void *object)
{
	pthread_once(&fork_once, register_fork_handlers);
	struct entry *entry = entry_of(fd);
	entry->object = object;
	atomic_store(&entry->ops, ops);
}

void *
vwl_table_get(int fd, const struct vwl_vfd_ops *ops)
{
	struct entry *entry = entry_of(fd);
	if (entry == NULL || atomic_load(&entry->ops) != ops) {
		return NULL;
	}
	return entry->object;
}

void
vwl_table_clear(int fd)
{
	struct entry *entry = entry_of(fd);
	if (entry != NULL) {
		atomic_store(&entry->ops, NULL);
		entry->object = NULL;
	}
}

void
vwl_table_forget(const void *object)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct entry *row = atomic_load(&rows[i]);
		for (size_t j = 0; row != NULL && j < ROW_SIZE; j++) {
			if (row[j].object == object) {
				atomic_store(&row[j].ops, NULL);
				row[j].object = NULL;
			}
		}
	}
}

void
vwl_table_hint(int fd, const struct vwl_vfd_ops *ops)
{
	if (vwl_table_reserve(fd) == 0) {
		const struct vwl_vfd_ops *none = NULL;
		atomic_compare_exchange_strong(&entry_of(fd)->ops, &none, ops);
	}
}

void
vwl_table_unhint(int fd, const struct vwl_vfd_ops *ops)
{
	struct entry *entry = entry_of(fd);
	if (entry != NULL) {
		atomic_compare_exchange_strong(&entry->ops, &ops, NULL);
	}
}
