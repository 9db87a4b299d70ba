/* SPDX-License-Identifier: MIT */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "guest.h"

/* What goes beside the data, and the snapshots made for this message only. */
struct beside {
	uint32_t ids[VWL_FDS_MAX];
	size_t id_count;
	struct vwl_guest_vfd *snapshots[VWL_FDS_MAX];
	size_t snapshot_count;
	int passed[VWL_FDS_MAX];	/* numbers of what can go only once */
	size_t passed_count;
};

bool
vwl_guest_may_wait(int fd, int flags)
{
	if (flags & MSG_DONTWAIT) {
		return false;
	}
	int status = fcntl(fd, F_GETFL);
	return status >= 0 && !(status & O_NONBLOCK);
}

static int
resolve_file(struct vwl_guest *guest, int fd, struct beside *beside,
	uint32_t *ret_id)
{
	struct stat st;
	if (fstat(fd, &st) < 0) {
		return -errno;
	}
	if (!S_ISREG(st.st_mode)) {
		return -EINVAL;
	}
	struct vwl_guest_vfd *vfd =
		vwl_guest_memory_of(guest, st.st_dev, st.st_ino);
	if (vfd == NULL) {
		struct vwl_file_view view;
		int r = vwl_file_view(fd, &view);
		if (r < 0) {
			return r;
		}
		r = vwl_guest_snapshot_create(guest, view.data, view.size,
			&vfd);
		vwl_file_view_close(&view);
		if (r < 0) {
			return r;
		}
		beside->snapshots[beside->snapshot_count++] = vfd;
	}
	*ret_id = vfd->id;
	return 0;
}

static int
resolve(struct vwl_guest *guest, int fd, struct beside *beside)
{
	uint32_t id = 0;
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_of(fd);
	if (vfd == NULL || vfd->kind == VWL_KIND_MEMORY) {
		/* Memory is known by its file: its number may have changed
		 * hands by dup(2), close(2) and open(2). */
		int r = resolve_file(guest, fd, beside, &id);
		if (r < 0) {
			return r;
		}
	} else if (vfd->guest != guest || vfd->passed
			|| vfd->kind == VWL_KIND_LISTENER
			|| vfd->kind == VWL_KIND_VOID) {
		return -EINVAL;
	} else {
		id = vfd->id;
		if (vfd->is_pair) {
			beside->passed[beside->passed_count++] = fd;
		}
	}
	beside->ids[beside->id_count++] = id;
	return 0;
}

/* Copy @len bytes from @offset of @iov on. */
static void
gather(uint8_t *dst, const struct vwl_message *msg, size_t offset, size_t len)
{
	for (size_t i = 0; len > 0 && i < msg->iov_count; i++) {
		const struct iovec *iov = &msg->iov[i];
		if (offset >= iov->iov_len) {
			offset -= iov->iov_len;
			continue;
		}
		size_t n = iov->iov_len - offset;
		n = n < len ? n : len;
		memcpy(dst, (const uint8_t *)iov->iov_base + offset, n);
		dst += n;
		len -= n;
		offset = 0;
	}
}

int
vwl_guest_send_piece(struct vwl_guest_vfd *vfd, struct vwl_slot *slot,
	const struct vwl_message *msg, size_t offset, size_t len,
	const uint32_t *ids, size_t id_count)
{
	struct vwl_guest *guest = vfd->guest;
	uint8_t *command = vwl_slot_command(guest, slot);
	struct virtio_wl_wire_msg wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SEND),
		.vfd_id = htole32(vfd->id),
		.vfd_count = htole32((uint32_t)id_count),
	};
	memcpy(command, &wire, sizeof(wire));
	size_t command_len = sizeof(wire);
	for (size_t i = 0; i < id_count; i++) {
		__le32 wire_id = htole32(ids[i]);
		memcpy(command + command_len, &wire_id, sizeof(wire_id));
		command_len += sizeof(wire_id);
	}
	gather(command + command_len, msg, offset, len);

	slot->vfd_id = vfd->id;
	slot->cost = (uint32_t)(len + id_count * VIRTIO_WL_VFD_COST);
	uint32_t cost = slot->cost;
	int r = vwl_slot_submit(guest, slot, (uint32_t)(command_len + len),
		sizeof(struct virtio_wl_wire_hdr));
	if (r == 0) {
		vfd->credit -= cost;
	}
	return r;
}

static int
check_state(struct vwl_guest_vfd *vfd)
{
	if (vfd->closed) {
		return -EBADF;
	}
	if (vfd->send_over) {
		return -EPIPE;
	}
	int r = vfd->error;
	vfd->error = 0;
	return r;
}

/* Sleep for credit or a slot, if the caller may. 0: look again. */
static int
wait_for_room(struct vwl_guest_vfd *vfd, int fd, int flags, bool for_slot)
{
	struct vwl_guest *guest = vfd->guest;
	if (for_slot) {
		/* The device's own pace, which is no reason for EAGAIN: there
		 * is nothing poll(2) could wait for. */
		int r = vwl_guest_wait_answer(guest);
		return r == -EINTR ? 0 : r;
	}
	if (vwl_guest_may_wait(fd, flags)) {
		return vwl_guest_wait(guest);
	}
	int r = vwl_guest_work(guest, true);
	return r == 0 ? -EAGAIN : r < 0 ? r : 0;
}

static ssize_t
send_all(struct vwl_guest_vfd *vfd, int fd, const struct vwl_message *msg,
	const struct beside *beside, int flags)
{
	struct vwl_guest *guest = vfd->guest;
	size_t done = 0;
	int r = 0;
	/* An error that comes in between is the next call's to report. */
	while (done < msg->size && (done == 0 || vfd->error == 0)) {
		r = check_state(vfd);
		if (r < 0) {
			break;
		}
		size_t id_count = done == 0 ? beside->id_count : 0;
		size_t fixed = id_count * VIRTIO_WL_VFD_COST;
		size_t piece = vfd->credit > fixed ? vfd->credit - fixed : 0;
		struct vwl_slot *slot = NULL;
		if (piece > 0) {
			slot = vwl_guest_try_slot(guest);
		}
		if (slot == NULL) {
			r = wait_for_room(vfd, fd, flags, piece > 0);
			if (r < 0) {
				break;
			}
			continue;
		}
		piece = piece < msg->size - done ? piece : msg->size - done;
		piece = piece < GUEST_SEND_MAX ? piece : GUEST_SEND_MAX;
		r = vwl_guest_send_piece(vfd, slot, msg, done, piece,
			beside->ids, id_count);
		if (r < 0) {
			break;
		}
		done += piece;
	}
	if (!vfd->closed) {
		vwl_guest_signal_fill(vfd, fd);
	}
	if (done > 0) {
		return (ssize_t)done;
	}
	return r == -ECONNRESET || r == -EPROTO ? -EPIPE : r;
}

static ssize_t
send_message(struct vwl_guest_vfd *vfd, int fd, const struct vwl_message *msg,
	int flags)
{
	if (vfd->kind == VWL_KIND_LISTENER) {
		return -ENOTCONN;
	}
	if (vfd->kind != VWL_KIND_CONNECTION && vfd->kind != VWL_KIND_PIPE) {
		return -EINVAL;
	}
	if (!(vfd->flags & VIRTIO_WL_VFD_WRITE)) {
		return -EBADF;
	}
	int r = check_state(vfd);
	if (r < 0) {
		return r;
	}
	if (msg->fd_count > 0 && vfd->kind != VWL_KIND_CONNECTION) {
		return -EINVAL;
	}
	struct beside beside;
	beside.id_count = 0;
	beside.snapshot_count = 0;
	beside.passed_count = 0;
	for (size_t i = 0; r == 0 && i < msg->fd_count; i++) {
		r = resolve(vfd->guest, msg->fds[i], &beside);
	}
	ssize_t n = r;
	if (r == 0) {
		n = send_all(vfd, fd, msg, &beside, flags);
	}
	for (size_t i = 0; n > 0 && i < beside.passed_count; i++) {
		struct vwl_guest_vfd *passed =
			vwl_guest_vfd_of(beside.passed[i]);
		if (passed != NULL) {
			passed->passed = true;
		}
	}
	for (size_t i = 0; i < beside.snapshot_count; i++) {
		vwl_guest_vfd_drop(beside.snapshots[i], true);
	}
	return n;
}

ssize_t
vwl_guest_send(int fd, struct vwl_message *msg, int flags)
{
	struct vwl_guest_vfd *vfd = vwl_guest_vfd_begin(fd);
	if (vfd == NULL) {
		return -ENOTTY;
	}
	ssize_t n = send_message(vfd, fd, msg, flags);
	vwl_guest_vfd_end(vfd);
	return n;
}
