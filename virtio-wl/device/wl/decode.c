/* SPDX-License-Identifier: MIT */
/* The only file that reads a guest's commands; protocols/virtio-wl.md. */
#include "decode.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <vhost-user/backend.h>

/* Which command a number is: its op, or -1. */
static int
op_of(uint32_t type)
{
	switch (type) {
	case VIRTIO_WL_CMD_VFD_NEW:
		return VWL_WL_NEW;
	case VIRTIO_WL_CMD_VFD_NEW_CTX:
	case VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED:
		return VWL_WL_NEW_CTX;
	case VIRTIO_WL_CMD_VFD_NEW_PIPE:
		return VWL_WL_NEW_PIPE;
	case VIRTIO_WL_CMD_VFD_NEW_LISTENER:
		return VWL_WL_NEW_LISTENER;
	case VIRTIO_WL_CMD_VFD_NEW_SNAPSHOT:
		return VWL_WL_NEW_SNAPSHOT;
	case VIRTIO_WL_CMD_VFD_SEND:
		return VWL_WL_SEND;
	case VIRTIO_WL_CMD_VFD_CLOSE:
		return VWL_WL_CLOSE;
	case VIRTIO_WL_CMD_VFD_SHUTDOWN:
		return VWL_WL_SHUTDOWN;
	case VIRTIO_WL_CMD_VFD_CREDIT:
		return VWL_WL_CREDIT;
	case VIRTIO_WL_CMD_VFD_GET_PEER:
		return VWL_WL_GET_PEER;
	case VIRTIO_WL_CMD_VFD_TRIM:
		return VWL_WL_TRIM;
	default:
		return -1;
	}
}

static bool
has_name(uint32_t type)
{
	return type == VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED
		|| type == VIRTIO_WL_CMD_VFD_NEW_LISTENER;
}

/* Behind the id. Drivers of old send less where nothing is said. */
static int
decode_new(struct vub_reader *reader, uint32_t type,
	struct vwl_wl_command *command)
{
	struct virtio_wl_wire_new wire = { 0 };
	const size_t begin = offsetof(struct virtio_wl_wire_new, flags);
	size_t len = reader->left;
	if (len < VIRTIO_WL_NEW_SIZE_MIN - begin) {
		return -EPROTO;
	}
	if (len > sizeof(wire) - begin) {
		len = sizeof(wire) - begin;
	}
	int r = vub_reader_copy(reader, (char *)&wire + begin, len);
	if (r < 0) {
		return r;
	}
	command->new.flags = le32toh(wire.flags);
	command->new.size = le32toh(wire.size);
	memset(command->new.name, 0, sizeof(command->new.name));
	if (has_name(type)) {
		memcpy(command->new.name, wire.name, sizeof(wire.name));
	}
	return 0;
}

static int
decode_send(struct vub_reader *reader, struct vwl_wl_command *command)
{
	__le32 wire_count;
	int r = vub_reader_copy(reader, &wire_count, sizeof(wire_count));
	if (r < 0) {
		return r;
	}
	uint32_t count = le32toh(wire_count);
	if (count > VIRTIO_WL_VFDS_MAX) {
		return -ENOTTY;
	}
	__le32 wire_ids[VIRTIO_WL_VFDS_MAX];
	r = vub_reader_copy(reader, wire_ids, count * sizeof(wire_ids[0]));
	if (r < 0) {
		return r;
	}
	if (reader->left > VIRTIO_WL_SEND_MAX
			|| (reader->left == 0 && count > 0)) {
		return -ENOTTY;
	}
	for (uint32_t i = 0; i < count; i++) {
		command->send.vfds[i] = le32toh(wire_ids[i]);
	}
	command->send.vfd_count = count;
	command->send.data_len = reader->left;
	return 0;
}

static int
decode_u32(struct vub_reader *reader, uint32_t *ret)
{
	__le32 wire;
	int r = vub_reader_copy(reader, &wire, sizeof(wire));
	if (r == 0) {
		*ret = le32toh(wire);
	}
	return r;
}

static int
decode_shutdown(struct vub_reader *reader, struct vwl_wl_command *command)
{
	int r = decode_u32(reader, &command->how);
	if (r == 0 && (command->how == 0 || (command->how
			& ~(VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND)) != 0)) {
		r = -EPROTO;
	}
	return r;
}

static int
decode_trim(struct vub_reader *reader, struct vwl_wl_command *command)
{
	struct {
		__le64 offset;
		__le64 length;
	} wire;
	uint32_t reserved = 0;
	int r = decode_u32(reader, &reserved);
	if (r == 0) {
		r = vub_reader_copy(reader, &wire, sizeof(wire));
	}
	if (r < 0) {
		return r;
	}
	uint64_t offset = le64toh(wire.offset);
	uint64_t length = le64toh(wire.length);
	if (reserved != 0 || length == 0 || ((offset | length) & 4095) != 0) {
		return -EPROTO;
	}
	command->trim.offset = offset;
	command->trim.length = length;
	return 0;
}

int
vwl_wl_decode(struct vub_reader *reader, struct vwl_wl_command *ret)
{
	struct virtio_wl_wire_hdr wire;
	int r = vub_reader_copy(reader, &wire, sizeof(wire));
	if (r < 0) {
		return r;
	}
	uint32_t type = le32toh(wire.type);
	int op = op_of(type);
	if (op < 0) {
		return -ENOTTY;
	}
	struct vwl_wl_command command = { .op = (enum vwl_wl_op)op };
	r = decode_u32(reader, &command.id);
	if (r < 0) {
		return r;
	}
	switch (command.op) {
	case VWL_WL_NEW:
	case VWL_WL_NEW_CTX:
	case VWL_WL_NEW_PIPE:
	case VWL_WL_NEW_LISTENER:
	case VWL_WL_NEW_SNAPSHOT:
		r = decode_new(reader, type, &command);
		break;
	case VWL_WL_SEND:
		r = decode_send(reader, &command);
		break;
	case VWL_WL_SHUTDOWN:
		r = decode_shutdown(reader, &command);
		break;
	case VWL_WL_CREDIT:
		r = decode_u32(reader, &command.credit);
		break;
	case VWL_WL_TRIM:
		r = decode_trim(reader, &command);
		break;
	case VWL_WL_CLOSE:
	case VWL_WL_GET_PEER:
		break;
	}
	if (r == 0) {
		*ret = command;
	}
	return r;
}
