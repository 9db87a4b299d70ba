/* SPDX-License-Identifier: MIT */
/*
 * A guest's command, in pieces. Input: one byte, the length of a piece (0: all
 * in one); then the readable part of the element.
 */
#include <stdlib.h>
#include <string.h>

#include <vhost-user/backend.h>

#include "fuzz.h"
#include "virtio-wl/device/wl/decode.h"

#define PIECES_MAX 512

static size_t
cut(const uint8_t *data, size_t size, size_t piece, struct iovec *iov)
{
	size_t count = 0;
	while (size > 0) {
		size_t len = piece == 0 || size < piece
				|| count + 1 == PIECES_MAX ? size : piece;
		/* A copy each, so that reading past one is seen. */
		uint8_t *copy = malloc(len);
		if (copy == NULL) {
			abort();
		}
		memcpy(copy, data, len);
		iov[count].iov_base = copy;
		iov[count].iov_len = len;
		count++;
		data += len;
		size -= len;
	}
	return count;
}

static void
check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void
check_command(const struct vwl_wl_command *command,
	const struct vub_reader *reader)
{
	switch (command->op) {
	case VWL_WL_NEW_CTX:
	case VWL_WL_NEW_LISTENER:
		check(strlen(command->new.name) <= VIRTIO_WL_NAME_MAX);
		break;
	case VWL_WL_SEND:
		check(command->send.vfd_count <= VIRTIO_WL_VFDS_MAX);
		check(command->send.data_len <= VIRTIO_WL_SEND_MAX);
		check(command->send.data_len == reader->left);
		check(command->send.vfd_count == 0
			|| command->send.data_len > 0);
		break;
	case VWL_WL_SHUTDOWN:
		check(command->how >= 1 && command->how <= 3);
		break;
	case VWL_WL_TRIM:
		check(command->trim.length > 0);
		check(command->trim.offset % 4096 == 0);
		check(command->trim.length % 4096 == 0);
		break;
	default:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	struct iovec iov[PIECES_MAX];
	size_t count = cut(data + 1, size - 1, data[0], iov);
	struct vub_reader reader = {
		.iov = iov,
		.iov_left = count,
		.left = size - 1,
	};
	struct vwl_wl_command command;
	if (vwl_wl_decode(&reader, &command) == 0) {
		check_command(&command, &reader);
	}
	for (size_t i = 0; i < count; i++) {
		free(iov[i].iov_base);
	}
	return 0;
}
