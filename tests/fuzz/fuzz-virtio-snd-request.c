/* SPDX-License-Identifier: MIT */
/*
 * A guest's control request, in pieces. Input: one byte, the length of a piece
 * (0: all in one); then the readable part of the element.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/virtio_snd.h>
#include <vhost-user/backend.h>

#include "audio/params.h"
#include "audio/request.h"
#include "fuzz.h"

#define PIECES_MAX 64

static const struct vsnd_offer offer = {
	.formats = UINT64_MAX,
	.rates = UINT64_MAX,
	.channels_max = VSND_CHANNELS_MAX,
};

static void
check(int ok)
{
	if (!ok) {
		abort();
	}
}

static void
check_params(struct vub_reader *reader)
{
	struct vsnd_params params;
	if (vsnd_params_decode(reader, &offer, &params) < 0) {
		return;
	}
	uint32_t frame_bytes = vsnd_params_frame_bytes(&params);
	check(params.channels >= 1 && params.channels <= VSND_CHANNELS_MAX);
	check(params.period_bytes >= frame_bytes);
	check(params.period_bytes <= params.buffer_bytes);
	check(params.buffer_bytes <= VSND_BUFFER_BYTES_MAX);
	check(params.period_bytes / frame_bytes >= params.rate->hz / 1000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	struct iovec iov[PIECES_MAX];
	size_t count = 0, piece = data[0], at = 1;
	while (at < size) {
		size_t len = piece == 0 || size - at < piece
			|| count + 1 == PIECES_MAX ? size - at : piece;
		/* A copy each, so that reading past one is seen. */
		iov[count].iov_base = malloc(len);
		check(iov[count].iov_base != NULL);
		memcpy(iov[count].iov_base, data + at, len);
		iov[count++].iov_len = len;
		at += len;
	}
	struct vub_reader reader = {
		.iov = iov,
		.iov_left = count,
		.left = size - 1,
	};
	struct vsnd_request request;
	int r = vsnd_request_decode(&reader, &request);
	if (r == 0 && request.code == VIRTIO_SND_R_PCM_SET_PARAMS) {
		check_params(&reader);
	}
	if (r == 0 && request.code == VIRTIO_SND_R_CTL_READ) {
		check(size == 1 + sizeof(struct virtio_snd_ctl_hdr));
	}
	if (r == 0 && request.code == VIRTIO_SND_R_CTL_WRITE) {
		check(size == 1 + sizeof(struct virtio_snd_ctl_hdr)
			+ sizeof(struct virtio_snd_ctl_value));
	}
	while (count > 0) {
		free(iov[--count].iov_base);
	}
	return 0;
}
