/* SPDX-License-Identifier: MIT */
/*
 * The frame around a guest's buffer, of the tx or rx queue. Input: one byte, 1
 * for capture; one byte, how many bytes the element may write; then its readable
 * part.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/virtio_snd.h>
#include <vhost-user/backend.h>

#include "audio/request.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) {
		return 0;
	}
	bool capture = data[0] == 1;
	size_t readable = size - 2;
	uint8_t room[256];
	uint8_t *bytes = malloc(readable > 0 ? readable : 1);
	if (bytes == NULL) {
		abort();
	}
	memcpy(bytes, data + 2, readable);
	struct iovec in = { bytes, readable };
	struct iovec out = { room, data[1] };
	struct vub_reader reader = {
		.iov = &in,
		.iov_left = 1,
		.left = readable,
	};
	struct vub_writer writer = {
		.iov = &out,
		.iov_left = 1,
		.left = data[1],
	};
	struct vsnd_transfer transfer;
	if (vsnd_transfer_decode(&reader, &writer, capture, &transfer) == 0) {
		size_t bound = capture ? data[1] : readable;
		if (transfer.bytes == 0 || transfer.bytes >= bound
				|| (!capture && transfer.bytes != reader.left)) {
			abort();
		}
	}
	free(bytes);
	return 0;
}
