/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Two lists decide what goes into the in queue. News about VFDs (ends, credit)
 * is urgent: it is small, and bounded by the number of VFDs. Data is pulled
 * from the host's sockets straight into the guest's buffers, one message from
 * each ready VFD in turn, and only as far as the guest's window for that VFD
 * reaches; the rest stays where its sender put it.
 *
 * While a VFD is on the ready list after its turn - no buffer, or others
 * first - its stream is not watched, so nothing wakes us for what we know
 * already. A VFD without credit is on no list; VFD_CREDIT puts it back.
 */
#include "wl.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <vhost-user/backend.h>

#include "../device.h"
#include "../endpoint/stream.h"
#include "util/fd.h"
#include "util/loop.h"

#define PULLS_PER_TURN 64
#define DATA_MAX 65536		/* bytes of one RECV, however large the buffer */
#define IOV_MAX_HERE 32
#define IDS_SIZE (VIRTIO_WL_VFDS_MAX * sizeof(__le32))

/* The most that may come beside a message. A guest that gives credit back
 * when half a window is owed always has that much again. */
#define FDS_COST_MAX (VIRTIO_WL_VFDS_MAX * VIRTIO_WL_VFD_COST)
static_assert(FDS_COST_MAX < VIRTIO_WL_WINDOW / 2, "no credit would do");

/* There is news about @vfd: serve it soon. */
static void
make_urgent(struct vwl_wl_vfd *vfd)
{
	if (list_empty(&vfd->urgent_link)) {
		list_append(&vfd->wl->urgent, &vfd->urgent_link);
	}
}

void
vwl_wl_ready(struct vwl_wl_vfd *vfd)
{
	if (list_empty(&vfd->ready_link)) {
		list_append(&vfd->wl->ready, &vfd->ready_link);
	}
}

void
vwl_wl_ended(struct vwl_wl_vfd *vfd, uint32_t how)
{
	if (!vwl_wl_has(vfd->wl, VIRTIO_WL_F_HALF_CLOSE)
			&& (how & VIRTIO_WL_SHUT_RECV)) {
		how |= VIRTIO_WL_SHUT_SEND;
	}
	vfd->end_due |= how & ~vfd->end_told;
	if (vfd->end_due != 0) {
		make_urgent(vfd);
	}
}

/* What the guest may have back of its window. */
static uint32_t
credit_owed(const struct vwl_wl_vfd *vfd)
{
	uint32_t queued = 0;
	if (vfd->vfd.stream != NULL) {
		queued = vwl_wl_cost(vwl_stream_queued_bytes(vfd->vfd.stream),
			vwl_stream_queued_fds(vfd->vfd.stream));
	}
	assert(queued <= vfd->send_taken);
	return vfd->send_taken - queued;
}

void
vwl_wl_window_drained(struct vwl_wl_vfd *vfd)
{
	/* Never later than this, or the largest message might wait for credit
	 * that waits for it. */
	if (vwl_wl_has(vfd->wl, VIRTIO_WL_F_WINDOWS)
			&& credit_owed(vfd) >= VIRTIO_WL_WINDOW / 4) {
		vfd->credit_due = true;
		make_urgent(vfd);
	}
}

/* Put one message into the in queue. 0 or -EAGAIN. */
static int
put(struct vwl_wl *wl, const void *wire, size_t size)
{
	struct vub_element *element;
	if (vub_queue_pop(wl->in, &element) != 1) {
		return -EAGAIN;
	}
	struct vub_writer writer = vub_element_writer(element);
	if (vub_writer_copy(&writer, wire, size) < 0) {
		log_warn_limited(&wl->device->log_limit,
			"the driver's buffers are too small");
	}
	vub_queue_push(wl->in, element, (uint32_t)writer.written);
	return 0;
}

static int
tell_credit(struct vwl_wl_vfd *vfd)
{
	uint32_t owed = credit_owed(vfd);
	const struct virtio_wl_wire_credit wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_CREDIT),
		.vfd_id = htole32(vfd->vfd.id),
		.credit = htole32(owed),
	};
	int r = put(vfd->wl, &wire, sizeof(wire));
	if (r == 0) {
		vfd->send_taken -= owed;
		vfd->credit_due = false;
	}
	return r;
}

static int
tell_end(struct vwl_wl_vfd *vfd)
{
	const uint32_t both = VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND;
	int r = 0;
	if ((vfd->end_told | vfd->end_due) == both) {
		const struct virtio_wl_wire_vfd wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_HUP),
			.vfd_id = htole32(vfd->vfd.id),
		};
		r = put(vfd->wl, &wire, sizeof(wire));
	} else if (vwl_wl_has(vfd->wl, VIRTIO_WL_F_HALF_CLOSE)) {
		const struct virtio_wl_wire_shutdown wire = {
			.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SHUTDOWN),
			.vfd_id = htole32(vfd->vfd.id),
			.how = htole32(vfd->end_due),
		};
		r = put(vfd->wl, &wire, sizeof(wire));
	}
	if (r == 0) {
		vfd->end_told |= vfd->end_due;
		vfd->end_due = 0;
	}
	return r;
}

static int
tell_news(struct vwl_wl_vfd *vfd)
{
	int r = 0;
	if (vfd->credit_due) {
		r = tell_credit(vfd);
	}
	if (r == 0 && vfd->end_due != 0) {
		r = tell_end(vfd);
	}
	return r;
}

/* How much data the guest takes at once, in bytes; 0: no credit. */
static size_t
room_for(const struct vwl_wl_vfd *vfd, size_t buffer)
{
	size_t room = buffer < DATA_MAX ? buffer : DATA_MAX;
	if (vwl_wl_has(vfd->wl, VIRTIO_WL_F_WINDOWS)
			&& room > vfd->recv_credit) {
		room = vfd->recv_credit;
	}
	return room;
}

/*
 * Pull up to @room bytes. Descriptors are only known once they are here, so
 * where the credit might not do for them, it is looked first.
 */
static ssize_t
pull_bytes(struct vwl_wl_vfd *vfd, const struct vub_writer *writer, size_t room,
	struct iovec *iov, int *fds, size_t *ret_fd_count)
{
	struct vwl_stream *stream = vfd->vfd.stream;
	const size_t skip = sizeof(struct virtio_wl_wire_msg);
	size_t iov_count = vub_writer_iov(writer, skip, room, iov,
		IOV_MAX_HERE);
	if (vwl_wl_has(vfd->wl, VIRTIO_WL_F_WINDOWS) && stream->passes_fds
			&& vfd->recv_credit < room + FDS_COST_MAX) {
		bool has_fds;
		ssize_t n = vwl_stream_peek(stream, iov, iov_count, &has_fds);
		if (n > 0 && !has_fds) {
			iov_count = vub_writer_iov(writer, skip, (size_t)n,
				iov, IOV_MAX_HERE);
		} else if (n > 0 && vfd->recv_credit
				< (size_t)n + FDS_COST_MAX) {
			return -EDQUOT;
		}
	}
	return vwl_stream_recv(stream, iov, iov_count, fds,
		VIRTIO_WL_VFDS_MAX, ret_fd_count);
}

static void
take_credit(struct vwl_wl_vfd *vfd, size_t bytes, size_t vfds)
{
	struct vwl_status_page *status = vfd->wl->device->status;
	status->bytes_to_guest += bytes;
	status->messages_to_guest++;
	if (vwl_wl_has(vfd->wl, VIRTIO_WL_F_WINDOWS)) {
		uint32_t cost = vwl_wl_cost(bytes, vfds);
		assert(cost <= vfd->recv_credit);
		vfd->recv_credit -= cost;
	}
}

/* Nothing more can be taken from the peer. */
static void
give_up(struct vwl_wl_vfd *vfd)
{
	if (vfd->vfd.stream != NULL) {
		vwl_stream_shutdown_recv(vfd->vfd.stream);
		vwl_wl_ended(vfd, VIRTIO_WL_SHUT_RECV | VIRTIO_WL_SHUT_SEND);
	}
}

static int
deliver(struct vwl_wl_vfd *vfd)
{
	int r = vwl_wl_message_deliver(vfd->message);
	if (r == 1) {
		vfd->message = NULL;
	} else if (r < 0 && r != -EAGAIN) {
		vwl_wl_message_destroy(vfd->message);
		vfd->message = NULL;
		give_up(vfd);
		r = 0;
	}
	return r;
}

/* Descriptors came: the bytes wait for them outside the guest's memory. */
static int
keep(struct vwl_wl_vfd *vfd, const struct iovec *iov, size_t bytes, int *fds,
	size_t fd_count)
{
	int r = vwl_wl_message_create(vfd, iov, bytes, fds, fd_count,
		&vfd->message);
	if (r < 0) {
		log_warn_limited(&vfd->wl->device->log_limit,
			"a connection ends: too many VFDs came over it");
		give_up(vfd);
		return 0;
	}
	take_credit(vfd, bytes, fd_count);
	return deliver(vfd);
}

static int
receive(struct vwl_wl_vfd *vfd, struct vub_element *element)
{
	struct vwl_wl *wl = vfd->wl;
	struct virtio_wl_wire_msg wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_RECV),
		.vfd_id = htole32(vfd->vfd.id),
	};
	struct vub_writer writer = vub_element_writer(element);
	size_t beside = sizeof(wire) + IDS_SIZE;
	size_t room = room_for(vfd,
		writer.left > beside ? writer.left - beside : 0);
	if (room == 0) {
		vub_queue_unpop(wl->in, element);
		vwl_stream_want_recv(vfd->vfd.stream, false);
		return 0;
	}
	struct iovec iov[IOV_MAX_HERE];
	int fds[VIRTIO_WL_VFDS_MAX];
	size_t fd_count = 0;
	ssize_t n = pull_bytes(vfd, &writer, room, iov, fds, &fd_count);
	if (n > 0 && fd_count == 0) {
		int r = vub_writer_copy(&writer, &wire, sizeof(wire));
		assert(r == 0);
		(void)r;
		vub_writer_advance(&writer, (size_t)n);
		vub_queue_push(wl->in, element, (uint32_t)writer.written);
		take_credit(vfd, (size_t)n, 0);
		if ((size_t)n == room) {
			return 1;
		}
		vwl_stream_want_recv(vfd->vfd.stream, true);
		return 0;
	}
	vub_queue_unpop(wl->in, element);
	if (n > 0) {
		return keep(vfd, iov, (size_t)n, fds, fd_count);
	}
	if (n == -EAGAIN) {
		vwl_stream_want_recv(vfd->vfd.stream, true);
	} else if (n == -EDQUOT) {
		/* More credit than this will come; see FDS_COST_MAX. */
		vwl_stream_want_recv(vfd->vfd.stream, false);
	} else {
		if (n == -EMSGSIZE) {
			log_warn_limited(&wl->device->log_limit,
				"a connection ends: too much beside a message");
		}
		vwl_wl_ended(vfd, VIRTIO_WL_SHUT_RECV
			| (n < 0 ? VIRTIO_WL_SHUT_SEND : 0));
	}
	return 0;
}

/* Serve a ready VFD: 1 it may have more, 0 not now, -EAGAIN no buffer. */
static int
pull(struct vwl_wl_vfd *vfd)
{
	if (vfd->message != NULL) {
		return deliver(vfd);
	}
	if (vfd->vfd.kind == VWL_LISTENER) {
		return vwl_wl_accept(vfd);
	}
	struct vub_element *element;
	struct vwl_stream *stream = vfd->vfd.stream;
	if (stream == NULL || !stream->recv_open) {
		return 0;
	}
	/* Descriptors are only known once they are here. */
	if (stream->passes_fds
			&& !vwl_wl_vfd_may_bring(vfd, vwl_wl_vfd_payer(vfd))) {
		vwl_stream_want_recv(stream, false);
		return 0;
	}
	if (vub_queue_pop(vfd->wl->in, &element) != 1) {
		return -EAGAIN;
	}
	return receive(vfd, element);
}

/* It waits for us, not for its socket. */
static void
pause_recv(struct vwl_wl_vfd *vfd)
{
	if (vfd->vfd.stream != NULL) {
		vwl_stream_want_recv(vfd->vfd.stream, false);
	} else if (vfd->vfd.kind == VWL_LISTENER) {
		vwl_wl_accept_pause(vfd);
	}
}

void
vwl_wl_serve_in(struct vwl_wl *wl)
{
	int r = wl->in_runs ? 0 : -EAGAIN;
	unsigned pulls = 0;
	while (r != -EAGAIN) {
		struct vwl_wl_vfd *vfd;
		if (!list_empty(&wl->urgent)) {
			vfd = list_first(&wl->urgent, struct vwl_wl_vfd,
				urgent_link);
			r = tell_news(vfd);
			if (r == 0) {
				list_remove(&vfd->urgent_link);
			}
			continue;
		}
		if (list_empty(&wl->ready) || pulls++ == PULLS_PER_TURN) {
			break;
		}
		vfd = list_first(&wl->ready, struct vwl_wl_vfd, ready_link);
		r = pull(vfd);
		if (r != -EAGAIN) {
			list_remove(&vfd->ready_link);
			if (r == 1) {
				list_append(&wl->ready, &vfd->ready_link);
			} else if (vfd->message != NULL) {
				pause_recv(vfd);
			}
		}
	}
	struct vwl_wl_vfd *waiting;
	list_for_each(waiting, &wl->ready, ready_link) {
		pause_recv(waiting);
	}
	if (r != -EAGAIN && !list_empty(&wl->ready)) {
		loop_defer(wl->turn);
	}
}
