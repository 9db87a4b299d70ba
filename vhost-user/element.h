/* SPDX-License-Identifier: MIT */
/* One chain of descriptors, copied, checked and translated. */
#ifndef VUB_ELEMENT_H
#define VUB_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct vub_element {
	uint16_t head;		/* what the used ring calls it */
	bool busy;		/* popped, not yet pushed */
	bool spilled;		/* iov is memory of its own: a long chain */
	struct iovec *iov;	/* the readable ones, then the writable ones */
	size_t readable_count;
	size_t writable_count;
	size_t readable_bytes;
	size_t writable_bytes;
};

#endif
