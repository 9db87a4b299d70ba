/* SPDX-License-Identifier: MIT */
/*
 * The control queue. Everything is answered at once, from what we know: the
 * driver gives up after a second, and an answer that comes later is written
 * into memory it has freed.
 */
#include "device.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "request.h"

static uint32_t
status_of(int r)
{
	switch (r) {
	case 0:
		return VIRTIO_SND_S_OK;
	case -EPROTO:
	case -EINVAL:
		return VIRTIO_SND_S_BAD_MSG;
	case -ENOTSUP:
		return VIRTIO_SND_S_NOT_SUPP;
	default:
		return VIRTIO_SND_S_IO_ERR;
	}
}

/* An item in as many bytes as the driver expects, cut or filled up. */
static void
put_item(struct vub_writer *out, const void *wire, size_t wire_bytes,
	uint32_t item_bytes)
{
	static const uint8_t zeros[64];
	size_t n = wire_bytes < item_bytes ? wire_bytes : item_bytes;
	vub_writer_copy(out, wire, n);
	for (size_t left = item_bytes - n; left > 0; left -= n) {
		n = left < sizeof(zeros) ? left : sizeof(zeros);
		vub_writer_copy(out, zeros, n);
	}
}

static void
put_info(const struct vsnd_layout *layout, uint32_t code, uint32_t id,
	uint32_t item_bytes, struct vub_writer *out)
{
	union {
		struct virtio_snd_jack_info jack;
		struct virtio_snd_pcm_info pcm;
		struct virtio_snd_chmap_info chmap;
		struct virtio_snd_ctl_info control;
	} wire;
	size_t size;
	if (code == VIRTIO_SND_R_JACK_INFO) {
		wire.jack = vsnd_info_jack(layout, id);
		size = sizeof(wire.jack);
	} else if (code == VIRTIO_SND_R_PCM_INFO) {
		wire.pcm = vsnd_info_pcm(layout, id);
		size = sizeof(wire.pcm);
	} else if (code == VIRTIO_SND_R_CHMAP_INFO) {
		wire.chmap = vsnd_info_chmap(layout, id);
		size = sizeof(wire.chmap);
	} else {
		wire.control = vsnd_info_control(layout, id);
		size = sizeof(wire.control);
	}
	put_item(out, &wire, size, item_bytes);
}

static uint32_t
info_count(const struct vsnd_layout *layout, uint32_t code)
{
	struct virtio_snd_config wire = vsnd_info_config(layout);
	switch (code) {
	case VIRTIO_SND_R_JACK_INFO:
		return le32toh(wire.jacks);
	case VIRTIO_SND_R_PCM_INFO:
		return le32toh(wire.streams);
	case VIRTIO_SND_R_CHMAP_INFO:
		return le32toh(wire.chmaps);
	default:
		return le32toh(wire.controls);
	}
}

/* @out is behind the status, which is written afterwards. */
static int
answer_query(const struct vsnd_layout *layout,
	const struct vsnd_request *request, struct vub_writer *out)
{
	uint32_t total = info_count(layout, request->code);
	uint32_t start = request->query.start, count = request->query.count;
	if (start > total || count > total - start
			|| (uint64_t)count * request->query.item_bytes
				> out->left) {
		return -EPROTO;
	}
	for (uint32_t i = 0; i < count; i++) {
		put_info(layout, request->code, start + i,
			request->query.item_bytes, out);
	}
	return 0;
}

static int
command_pcm(struct vsnd_device *device, const struct vsnd_request *request,
	struct vub_reader *in)
{
	struct vsnd_pcm *pcm = vsnd_device_pcm(device, request->stream);
	if (pcm == NULL) {
		return -EPROTO;
	}
	struct vsnd_params params;
	int r;
	switch (request->code) {
	case VIRTIO_SND_R_PCM_SET_PARAMS:
		r = vsnd_params_decode(in, &device->layout.offer, &params);
		return r < 0 ? r : vsnd_pcm_set_params(pcm, &params);
	case VIRTIO_SND_R_PCM_PREPARE:
		return vsnd_pcm_command(pcm, VSND_COMMAND_PREPARE);
	case VIRTIO_SND_R_PCM_START:
		return vsnd_pcm_command(pcm, VSND_COMMAND_START);
	case VIRTIO_SND_R_PCM_STOP:
		return vsnd_pcm_command(pcm, VSND_COMMAND_STOP);
	default:
		return vsnd_pcm_command(pcm, VSND_COMMAND_RELEASE);
	}
}

/* CTL_READ and CTL_WRITE. @out as above. */
static int
access_control(struct vsnd_device *device, const struct vsnd_request *request,
	struct vub_writer *out)
{
	uint32_t id = request->control.id;
	struct vsnd_pcm *pcm = vsnd_device_pcm(device, id / VSND_CONTROLS);
	enum vsnd_control control = (enum vsnd_control)(id % VSND_CONTROLS);
	if (pcm == NULL) {
		return -EPROTO;
	}
	if (request->code == VIRTIO_SND_R_CTL_WRITE) {
		return vsnd_pcm_set_control(pcm, control,
			request->control.value);
	}
	struct virtio_snd_ctl_value wire = {
		.value.integer[0] = htole32(pcm->controls[control]),
	};
	return vub_writer_copy(out, &wire, sizeof(wire)) < 0 ? -EPROTO : 0;
}

static int
answer(struct vsnd_device *device, const struct vsnd_request *request,
	struct vub_reader *in, struct vub_writer *out)
{
	switch (request->code) {
	case VIRTIO_SND_R_JACK_INFO:
	case VIRTIO_SND_R_PCM_INFO:
	case VIRTIO_SND_R_CHMAP_INFO:
		return answer_query(&device->layout, request, out);
	case VIRTIO_SND_R_CTL_INFO:
		return device->has_controls
			? answer_query(&device->layout, request, out)
			: -ENOTSUP;
	case VIRTIO_SND_R_CTL_READ:
	case VIRTIO_SND_R_CTL_WRITE:
		return device->has_controls
			? access_control(device, request, out) : -ENOTSUP;
	default:
		return command_pcm(device, request, in);
	}
}

void
vsnd_control_serve(struct vsnd_device *device, struct vub_queue *queue,
	struct vub_element *element)
{
	struct vub_reader in = vub_element_reader(element);
	struct vub_writer head = vub_element_writer(element);
	struct virtio_snd_hdr wire;
	if (head.left < sizeof(wire)) {
		device->status->refused++;
		vub_queue_push(queue, element, 0);
		return;
	}
	struct vub_writer out = head;
	vub_writer_advance(&out, sizeof(wire));

	struct vsnd_request request;
	int r = vsnd_request_decode(&in, &request);
	if (r == 0) {
		r = answer(device, &request, &in, &out);
	}
	if (r < 0) {
		device->status->refused++;
		log_warn_limited(&device->log_limit,
			"request %#x of the guest refused: %s",
			(unsigned)request.code, strerror(-r));
	}
	wire.code = htole32(status_of(r));
	vub_writer_copy(&head, &wire, sizeof(wire));
	vub_queue_push(queue, element, (uint32_t)(r < 0
		? sizeof(wire) : out.written));
}
