/* SPDX-License-Identifier: MIT */
#include "params.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include <linux/virtio_snd.h>
#include <vhost-user/backend.h>

static bool
is_offered(uint64_t mask, uint8_t id)
{
	return id < 64 && (mask >> id & 1) != 0;
}

int
vsnd_params_decode(struct vub_reader *in, const struct vsnd_offer *offer,
	struct vsnd_params *ret)
{
	struct virtio_snd_pcm_set_params wire;
	int r = vub_reader_copy(in, (char *)&wire + sizeof(wire.hdr),
		sizeof(wire) - sizeof(wire.hdr));
	if (r < 0) {
		return r;
	}
	struct vsnd_params params = {
		.format = vsnd_format_by_id(wire.format),
		.rate = vsnd_rate_by_id(wire.rate),
		.channels = wire.channels,
		.buffer_bytes = le32toh(wire.buffer_bytes),
		.period_bytes = le32toh(wire.period_bytes),
	};
	if (wire.features != 0 || params.format == NULL || params.rate == NULL
			|| !is_offered(offer->formats, wire.format)
			|| !is_offered(offer->rates, wire.rate)
			|| params.channels == 0
			|| params.channels > offer->channels_max) {
		return -ENOTSUP;
	}
	uint32_t frame_bytes = vsnd_params_frame_bytes(&params);
	if (params.period_bytes == 0 || params.period_bytes % frame_bytes != 0
			|| params.buffer_bytes == 0
			|| params.buffer_bytes % params.period_bytes != 0) {
		return -EINVAL;
	}
	uint64_t period_us = UINT64_C(1000000)
		* (params.period_bytes / frame_bytes) / params.rate->hz;
	if (params.buffer_bytes > VSND_BUFFER_BYTES_MAX
			|| period_us < VSND_PERIOD_MIN_US) {
		return -ENOTSUP;
	}
	*ret = params;
	return 0;
}
