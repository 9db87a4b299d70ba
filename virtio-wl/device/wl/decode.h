/* SPDX-License-Identifier: MIT */
/* What a guest wrote into the out queue, as a command or not at all. */
#ifndef VWL_WL_DECODE_H
#define VWL_WL_DECODE_H

#include <stddef.h>
#include <stdint.h>
#include <virtio-wl.h>

struct vub_reader;

enum vwl_wl_op {
	VWL_WL_NEW,
	VWL_WL_NEW_CTX,		/* and NEW_CTX_NAMED */
	VWL_WL_NEW_PIPE,
	VWL_WL_NEW_LISTENER,
	VWL_WL_NEW_SNAPSHOT,
	VWL_WL_SEND,
	VWL_WL_CLOSE,
	VWL_WL_SHUTDOWN,
	VWL_WL_CREDIT,
	VWL_WL_GET_PEER,
	VWL_WL_TRIM,
};

struct vwl_wl_command {
	enum vwl_wl_op op;
	uint32_t id;
	union {
		struct {
			uint32_t flags;
			uint32_t size;		/* bytes */
			char name[VIRTIO_WL_NAME_MAX + 1];
		} new;
		struct {
			size_t vfd_count;	/* .. VIRTIO_WL_VFDS_MAX */
			uint32_t vfds[VIRTIO_WL_VFDS_MAX];
			size_t data_len;	/* bytes the reader has left */
		} send;
		uint32_t how;			/* VIRTIO_WL_SHUT_* */
		uint32_t credit;		/* bytes */
		struct {
			uint64_t offset;	/* bytes, whole pages */
			uint64_t length;
		} trim;
	};
};

/**
 * vwl_wl_decode() - Read one command
 * @reader: over the readable part; afterwards at a SEND's data
 * @ret: written on success only
 *
 * Looks at nothing but the bytes: whether an id exists, or a feature was
 * negotiated, is for others to say.
 * Return: 0; -EPROTO: cut short or senseless; -ENOTTY: no such command, or
 * more in it than a command can hold.
 */
int
vwl_wl_decode(struct vub_reader *reader, struct vwl_wl_command *ret);

#endif
