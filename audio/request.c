/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <endian.h>
#include <errno.h>

#include <linux/virtio_snd.h>

static int
decode_query(struct vub_reader *in, struct vsnd_request *request)
{
	struct virtio_snd_query_info wire;
	int r = vub_reader_copy(in, (char *)&wire + sizeof(wire.hdr),
		sizeof(wire) - sizeof(wire.hdr));
	if (r == 0) {
		request->query.start = le32toh(wire.start_id);
		request->query.count = le32toh(wire.count);
		request->query.item_bytes = le32toh(wire.size);
	}
	return r;
}

static int
decode_stream(struct vub_reader *in, struct vsnd_request *request)
{
	__le32 wire;
	int r = vub_reader_copy(in, &wire, sizeof(wire));
	if (r == 0) {
		request->stream = le32toh(wire);
	}
	return r;
}

static int
decode_control(struct vub_reader *in, struct vsnd_request *request)
{
	__le32 wire;
	int r = vub_reader_copy(in, &wire, sizeof(wire));
	if (r < 0) {
		return r;
	}
	request->control.id = le32toh(wire);
	if (request->code == VIRTIO_SND_R_CTL_READ) {
		return in->left == 0 ? 0 : -EPROTO;
	}
	/* Ours have one value, in front of room for many. */
	if (in->left != sizeof(struct virtio_snd_ctl_value)) {
		return -EPROTO;
	}
	r = vub_reader_copy(in, &wire, sizeof(wire));
	if (r == 0) {
		request->control.value = le32toh(wire);
	}
	return r;
}

int
vsnd_request_decode(struct vub_reader *in, struct vsnd_request *ret)
{
	struct virtio_snd_hdr wire;
	*ret = (struct vsnd_request){ 0 };
	int r = vub_reader_copy(in, &wire, sizeof(wire));
	if (r < 0) {
		return r;
	}
	ret->code = le32toh(wire.code);
	switch (ret->code) {
	case VIRTIO_SND_R_JACK_INFO:
	case VIRTIO_SND_R_PCM_INFO:
	case VIRTIO_SND_R_CHMAP_INFO:
	case VIRTIO_SND_R_CTL_INFO:
		return decode_query(in, ret);
	case VIRTIO_SND_R_PCM_SET_PARAMS:
	case VIRTIO_SND_R_PCM_PREPARE:
	case VIRTIO_SND_R_PCM_RELEASE:
	case VIRTIO_SND_R_PCM_START:
	case VIRTIO_SND_R_PCM_STOP:
		return decode_stream(in, ret);
	case VIRTIO_SND_R_CTL_READ:
	case VIRTIO_SND_R_CTL_WRITE:
		return decode_control(in, ret);
	default:
		return -ENOTSUP;
	}
}

int
vsnd_transfer_decode(struct vub_reader *in, const struct vub_writer *out,
	bool capture, struct vsnd_transfer *ret)
{
	struct virtio_snd_pcm_xfer wire;
	int r = vub_reader_copy(in, &wire, sizeof(wire));
	if (r < 0) {
		return r;
	}
	if (out->left < sizeof(struct virtio_snd_pcm_status)) {
		return -EPROTO;
	}
	size_t bytes = capture
		? out->left - sizeof(struct virtio_snd_pcm_status) : in->left;
	if (bytes == 0 || bytes > UINT32_MAX) {
		return -EPROTO;
	}
	ret->stream = le32toh(wire.stream_id);
	ret->bytes = (uint32_t)bytes;
	return 0;
}
