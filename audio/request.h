/* SPDX-License-Identifier: MIT */
/* A guest's messages, decoded: the one door its bytes come in through. */
#ifndef VSND_REQUEST_H
#define VSND_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <vhost-user/backend.h>

/* Of the control queue. What follows the header of a SET_PARAMS is left. */
struct vsnd_request {
	uint32_t code;		/* VIRTIO_SND_R_* */
	union {
		struct {
			uint32_t start;
			uint32_t count;
			uint32_t item_bytes;
		} query;	/* *_INFO */
		uint32_t stream;	/* PCM_*: looked up, never indexed */
		struct {
			uint32_t id;	/* looked up, never indexed */
			uint32_t value;	/* CTL_WRITE: the first one */
		} control;	/* CTL_READ, CTL_WRITE */
	};
};

/**
 * vsnd_request_decode() - Read a control request
 *
 * Return: 0; -EPROTO: of the wrong length, ->code says of what where that was
 * there (else 0); -ENOTSUP: ->code is none that this device knows.
 */
int
vsnd_request_decode(struct vub_reader *in, struct vsnd_request *ret);

/* Of the tx and rx queues. */
struct vsnd_transfer {
	uint32_t stream;
	uint32_t bytes;		/* of sound, to be read or written */
};

/**
 * vsnd_transfer_decode() - Read the frame around a buffer
 * @in: afterwards at the sound of a playback buffer
 * @out: the writable part
 *
 * Return: 0; -EPROTO: a part is missing.
 */
int
vsnd_transfer_decode(struct vub_reader *in, const struct vub_writer *out,
	bool capture, struct vsnd_transfer *ret);

#endif
