/* SPDX-License-Identifier: MIT */
/* One chain of descriptors, copied, checked and translated. */
#ifndef VUB_ELEMENT_H
#define VUB_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct vub_memory;

/* Ranges an element has room for without memory of its own. */
#define VUB_ELEMENT_IOV_INLINE	6
/* Ranges it may keep room for while it is not in use. */
#define VUB_ELEMENT_IOV_KEPT	64

struct vub_element {
	bool busy;		/* popped, not yet pushed */
	struct vub_memory *memory;	/* where the ranges point; while busy */
	struct iovec *iov;	/* the readable ones, then the writable ones */
	size_t iov_room;
	size_t readable_count;
	size_t writable_count;
	size_t readable_bytes;
	size_t writable_bytes;
	struct iovec iov_inline[VUB_ELEMENT_IOV_INLINE];
};

#endif
