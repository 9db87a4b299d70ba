/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Commands live in slots: an answer's room and a command's, in the memory the
 * device sees. A slot is free, or on its way. Most commands are not waited for;
 * then the answer is looked at when it is collected, and all it can do is to
 * free an id, return credit or leave an error at its VFD.
 *
 * The device is asked to notify of answers only while somebody waits for one or
 * for a slot: answers to a stream of sends wake nobody.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "guest.h"

static int
answer_to_errno(uint32_t type)
{
	switch (type) {
	case VIRTIO_WL_RESP_OK:
	case VIRTIO_WL_RESP_VFD_NEW:
	case VIRTIO_WL_RESP_PEER:
		return 0;
	case VIRTIO_WL_RESP_ERR:
		return -ENODEV;
	case VIRTIO_WL_RESP_OUT_OF_MEMORY:
		return -ENOMEM;
	case VIRTIO_WL_RESP_INVALID_ID:
		return -ENOENT;
	case VIRTIO_WL_RESP_INVALID_TYPE:
		return -EINVAL;
	case VIRTIO_WL_RESP_INVALID_FLAGS:
		return -EPERM;
	case VIRTIO_WL_RESP_INVALID_CMD:
		return -ENOTTY;
	case VIRTIO_WL_RESP_REFUSED:
		return -ECONNREFUSED;
	case VIRTIO_WL_RESP_AGAIN:
		return -EAGAIN;
	case VIRTIO_WL_RESP_IN_USE:
		return -EADDRINUSE;
	case VIRTIO_WL_RESP_BROKEN_PIPE:
		return -EPIPE;
	case VIRTIO_WL_RESP_BUDGET:
		return -EDQUOT;
	default:
		return -EPROTO;
	}
}

static size_t
slot_offset(const struct vwl_guest *guest, const struct vwl_slot *slot)
{
	return (size_t)GUEST_IN_COUNT * GUEST_IN_BYTES
		+ (size_t)(slot - guest->slots) * GUEST_SLOT_BYTES;
}

uint8_t *
vwl_slot_command(struct vwl_guest *guest, struct vwl_slot *slot)
{
	return guest->memory + slot_offset(guest, slot) + GUEST_ANSWER_BYTES;
}

struct vwl_slot *
vwl_guest_take_slot(struct vwl_guest *guest)
{
	if (list_empty(&guest->free_slots)) {
		vwl_guest_reap(guest);
	}
	if (list_empty(&guest->free_slots)) {
		return NULL;
	}
	struct vwl_slot *slot = list_first(&guest->free_slots,
		struct vwl_slot, link);
	list_remove(&slot->link);
	*slot = (struct vwl_slot){ 0 };
	list_init(&slot->link);
	return slot;
}

struct vwl_slot *
vwl_guest_try_slot(struct vwl_guest *guest)
{
	vwl_guest_do_chores(guest);
	return list_empty(&guest->chores) ? vwl_guest_take_slot(guest) : NULL;
}

int
vwl_guest_wait_answer(struct vwl_guest *guest)
{
	guest->answer_waiters++;
	int r = vwl_guest_wait(guest);
	guest->answer_waiters--;
	return r;
}

int
vwl_slot_submit(struct vwl_guest *guest, struct vwl_slot *slot,
	uint32_t command_len, uint32_t answer_len)
{
	size_t offset = slot_offset(guest, slot);
	struct vub_span out = {
		.offset = offset + GUEST_ANSWER_BYTES,
		.len = command_len,
	};
	struct vub_span in = { .offset = offset, .len = answer_len };
	int r = vub_driver_add(guest->out, &out, 1, &in, 1, slot);
	if (r < 0) {
		list_append(&guest->free_slots, &slot->link);
		return r;
	}
	guest->kick_out = true;
	return 0;
}

static void
finish_slot(struct vwl_guest *guest, struct vwl_slot *slot, int r)
{
	if (slot->frees_id) {
		vwl_guest_free_id(guest, slot->vfd_id);
	} else if (r < 0 && slot->vfd_id != 0) {
		struct vwl_guest_vfd *vfd =
			vwl_guest_vfd_find(guest, slot->vfd_id);
		if (vfd != NULL && slot->cost > 0) {
			/* Refused as a whole, so it costs nothing. */
			vfd->credit += slot->cost;
			vfd->send_over |= r == -EPIPE;
			vfd->error = r == -EPIPE ? 0 : r;
			vwl_guest_vfd_touch(vfd);
		}
	}
	list_insert(&guest->free_slots, &slot->link);
}

int
vwl_guest_reap(struct vwl_guest *guest)
{
	void *cookie;
	uint32_t len;
	bool any = false;
	int r;
	while ((r = vub_driver_take(guest->out, &cookie, &len)) == 1) {
		any = true;
		guest->answers++;
		struct vwl_slot *slot = cookie;
		slot->answer_len = len;
		if (slot->awaited) {
			slot->answered = true;
			vwl_guest_moved(guest);
			continue;
		}
		__le32 wire_type = 0;
		if (len >= sizeof(wire_type)) {
			memcpy(&wire_type,
				guest->memory + slot_offset(guest, slot),
				sizeof(wire_type));
		}
		finish_slot(guest, slot, answer_to_errno(le32toh(wire_type)));
	}
	if (r < 0) {
		return r;
	}
	if (any && guest->answer_waiters > 0) {
		vwl_guest_moved(guest);
	}
	return any;
}

int
vwl_guest_call(struct vwl_guest *guest, const void *command, size_t len,
	void *answer, size_t answer_size)
{
	/* The device answers at once. These are no waits for a peer, and so a
	 * signal does not end them. */
	struct vwl_slot *slot;
	int r;
	while ((slot = vwl_guest_try_slot(guest)) == NULL) {
		r = vwl_guest_wait_answer(guest);
		if (r < 0 && r != -EINTR) {
			return r;
		}
	}
	memcpy(vwl_slot_command(guest, slot), command, len);
	slot->awaited = true;
	r = vwl_slot_submit(guest, slot, (uint32_t)len, (uint32_t)answer_size);
	if (r < 0) {
		return r;
	}
	while (!slot->answered) {
		r = vwl_guest_wait_answer(guest);
		if (r < 0 && r != -EINTR) {
			return r;	/* with the device went the slot */
		}
	}
	memset(answer, 0, answer_size);
	memcpy(answer, guest->memory + slot_offset(guest, slot),
		slot->answer_len);
	struct virtio_wl_wire_hdr wire;
	memcpy(&wire, answer, sizeof(wire));
	list_insert(&guest->free_slots, &slot->link);
	if (guest->answer_waiters > 0) {
		vwl_guest_moved(guest);	/* who saw none before sees this one */
	}
	return answer_to_errno(le32toh(wire.type));
}

int
vwl_guest_take_id(struct vwl_guest *guest, uint32_t *ret)
{
	/* Round and round, so that an id rests before it is used again. */
	for (unsigned i = 0; i < VIRTIO_WL_GUEST_ID_MAX; i++) {
		uint32_t id = guest->next_id;
		guest->next_id = id == VIRTIO_WL_GUEST_ID_MAX ? 1 : id + 1;
		if (!(guest->ids[id / 8] & 1u << id % 8)) {
			guest->ids[id / 8] |= (uint8_t)(1u << id % 8);
			*ret = id;
			return 0;
		}
	}
	return -ENOSPC;
}

void
vwl_guest_free_id(struct vwl_guest *guest, uint32_t id)
{
	if (id <= VIRTIO_WL_GUEST_ID_MAX) {
		guest->ids[id / 8] &= (uint8_t)~(1u << id % 8);
	}
}
