/* SPDX-License-Identifier: MIT */
/* Guest memory: which of it we can reach, and where. */
#ifndef VUB_MEMORY_H
#define VUB_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "message.h"

struct vub_memory;

/**
 * vub_memory_create() - Map a memory table
 * @regions: @count of them, as decoded from the front-end's message
 * @fds: one for each region, borrowed
 * @old: the table before this one, or NULL; mappings of the same file range are
 *       taken over, so that memory which stays keeps its address
 *
 * Return: 0 and a reference; -EINVAL when regions overlap or a file is too
 * short; or what mmap(2) said.
 */
int
vub_memory_create(const struct vub_mem_region *regions, size_t count,
	const int *fds, struct vub_memory *old, struct vub_memory **ret);

/* Tables never change; whoever holds addresses out of one holds a reference. */
struct vub_memory *
vub_memory_ref(struct vub_memory *memory);

/* NULL is fine. The last reference unmaps. */
void
vub_memory_unref(struct vub_memory *memory);

/**
 * vub_memory_translate() - Find a range of guest-physical memory
 * @len: bytes, at least 1
 * @iov: filled with one entry for each region the range crosses
 *
 * Return: how many entries; -EFAULT when any byte is not guest memory; -ENOBUFS
 * when @iov_max entries are too few.
 */
int
vub_memory_translate(struct vub_memory *memory, uint64_t guest_addr,
	uint64_t len, struct iovec *iov, size_t iov_max);

/* Copy @len bytes out of guest memory, each once. 0 or -EFAULT. */
int
vub_memory_read(struct vub_memory *memory, uint64_t guest_addr, void *dst,
	size_t len);

/* Our address for @len bytes at the front-end's @user_addr, or NULL. */
void *
vub_memory_at_user(struct vub_memory *memory, uint64_t user_addr, size_t len);

#endif
