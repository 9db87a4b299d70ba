/* SPDX-License-Identifier: MIT */
#include <vhost-user/backend.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "element.h"

struct vub_writer
vub_element_writer(const struct vub_element *element)
{
	return (struct vub_writer) {
		.iov = element->iov + element->readable_count,
		.iov_left = element->writable_count,
		.left = element->writable_bytes,
	};
}

int
vub_writer_copy(struct vub_writer *writer, const void *src, size_t len)
{
	if (len > writer->left) {
		return -ENOSPC;
	}
	const char *in = src;
	while (len > 0) {
		size_t part = writer->iov->iov_len - writer->offset;
		if (part > len) {
			part = len;
		}
		memcpy((char *)writer->iov->iov_base + writer->offset, in,
			part);
		in += part;
		len -= part;
		vub_writer_advance(writer, part);
	}
	return 0;
}

size_t
vub_writer_iov(const struct vub_writer *writer, size_t skip, size_t len,
	struct iovec *iov, size_t iov_max)
{
	size_t count = 0;
	skip += writer->offset;
	for (size_t i = 0; i < writer->iov_left && count < iov_max && len > 0;
			i++) {
		size_t part = writer->iov[i].iov_len;
		if (skip >= part) {
			skip -= part;
			continue;
		}
		part -= skip;
		if (part > len) {
			part = len;
		}
		iov[count].iov_base = (char *)writer->iov[i].iov_base + skip;
		iov[count].iov_len = part;
		count++;
		len -= part;
		skip = 0;
	}
	return count;
}

void
vub_writer_advance(struct vub_writer *writer, size_t len)
{
	assert(len <= writer->left);
	writer->left -= len;
	writer->written += len;
	while (len > 0) {
		size_t part = writer->iov->iov_len - writer->offset;
		if (part > len) {
			writer->offset += len;
			return;
		}
		len -= part;
		writer->iov++;
		writer->iov_left--;
		writer->offset = 0;
	}
}
