/* SPDX-License-Identifier: MIT */
/* The one door for a guest's bytes: copied once, judged in the copy. */
#include <vhost-user/backend.h>

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "element.h"

struct vub_reader
vub_element_reader(const struct vub_element *element)
{
	return (struct vub_reader) {
		.iov = element->iov,
		.iov_left = element->readable_count,
		.left = element->readable_bytes,
	};
}

int
vub_reader_copy(struct vub_reader *reader, void *dst, size_t len)
{
	if (len > reader->left) {
		return -EPROTO;
	}
	char *out = dst;
	reader->left -= len;
	while (len > 0) {
		size_t part = reader->iov->iov_len - reader->offset;
		if (part > len) {
			part = len;
		}
		memcpy(out, (const char *)reader->iov->iov_base
			+ reader->offset, part);
		out += part;
		len -= part;
		reader->offset += part;
		if (reader->offset == reader->iov->iov_len) {
			reader->iov++;
			reader->iov_left--;
			reader->offset = 0;
		}
	}
	/* The guest may still write there: no compiler reads it again. */
	atomic_signal_fence(memory_order_seq_cst);
	return 0;
}
