/* SPDX-License-Identifier: MIT */
/*
 * Small duties: what the device is told of a VFD without anybody waiting for it.
 *
 * What has no slot waits for one, in the order in which it came up, and whoever
 * wants a slot for something else lets it go first: a listener that was closed
 * must be gone for the device before the next one of its name is made, and what
 * was closed is paid back before something new is to be paid for.
 */
#include <endian.h>
#include <string.h>

#include "guest.h"

static bool
submit_chore(struct vwl_guest_vfd *vfd)
{
	struct vwl_guest *guest = vfd->guest;
	struct vwl_slot *slot = vwl_guest_take_slot(guest);
	if (slot == NULL) {
		return false;
	}
	uint8_t *command = vwl_slot_command(guest, slot);
	uint32_t len;
	if (vfd->chores & CHORE_CREDIT) {
		vfd->chores &= ~CHORE_CREDIT;
		struct virtio_wl_wire_credit wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_CREDIT),
			.vfd_id = htole32(vfd->id),
			.credit = htole32(vfd->owed),
		};
		vfd->owed = 0;
		len = sizeof(wire);
		memcpy(command, &wire, len);
	} else if (vfd->chores & CHORE_SHUTDOWN) {
		vfd->chores &= ~CHORE_SHUTDOWN;
		struct virtio_wl_wire_shutdown wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SHUTDOWN),
			.vfd_id = htole32(vfd->id),
			.how = htole32(vfd->shutdown_how),
		};
		vfd->shutdown_how = 0;
		len = sizeof(wire);
		memcpy(command, &wire, len);
	} else {
		vfd->chores = 0;
		struct virtio_wl_wire_vfd wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_CLOSE),
			.vfd_id = htole32(vfd->id),
		};
		slot->frees_id = true;
		len = sizeof(wire);
		memcpy(command, &wire, len);
	}
	slot->vfd_id = vfd->id;
	vwl_slot_submit(guest, slot, len, sizeof(struct virtio_wl_wire_hdr));
	return true;
}

void
vwl_guest_do_chores(struct vwl_guest *guest)
{
	while (!list_empty(&guest->chores)) {
		struct vwl_guest_vfd *vfd = list_first(&guest->chores,
			struct vwl_guest_vfd, chore_link);
		if (guest->error < 0) {
			vfd->chores = 0;
		} else if (!submit_chore(vfd)) {
			return;
		}
		if (vfd->chores == 0) {
			list_remove(&vfd->chore_link);
			vwl_guest_vfd_hold(vfd);
			vwl_guest_vfd_release(vfd);	/* frees a closed one */
		}
	}
}
