/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * What poll(2) says about a VFD's descriptor is made with the other end of a
 * socket pair, and follows AF_UNIX:
 *
 *   POLLIN    something is queued           one byte from our end
 *   POLLOUT   there is credit               unless its send buffer is filled
 *   POLLRDHUP the peer will send no more    our end is shut for writing
 *   POLLHUP   and takes no more             our end is shut both ways
 *
 * Filling, and taking our byte back, need the program's own descriptor; both
 * happen only inside a call the program makes on it, when the number is certain
 * to be what we think. The program's close(2) shows at our end as a hang-up;
 * once we have hung up ourselves it no longer can, and we stop looking.
 */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest.h"
#include "util/fd.h"

/* Above the least send buffer the kernel allows (4608), twice. */
#define FILL_BYTES 16384

int
vwl_guest_signal_create(struct vwl_guest_vfd *vfd)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		return -errno;
	}
	int least = 1;	/* the kernel rounds it up */
	struct epoll_event event = { .events = 0, .data.ptr = vfd };
	if (setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &least,
				sizeof(least)) < 0
			|| epoll_ctl(vfd->guest->epoll_fd, EPOLL_CTL_ADD,
				ends[1], &event) < 0) {
		int r = -errno;
		fd_close_all(ends, 2);
		return r;
	}
	vfd->lib_fd = ends[1];
	return ends[0];
}

void
vwl_guest_vfd_touch(struct vwl_guest_vfd *vfd)
{
	if (vfd->lib_fd >= 0 && list_empty(&vfd->dirty_link)) {
		list_append(&vfd->guest->dirty, &vfd->dirty_link);
	}
}

static bool
is_full(const struct vwl_guest_vfd *vfd)
{
	return vfd->credit < GUEST_POLLOUT_MIN && !vfd->send_over;
}

void
vwl_guest_signal_show(struct vwl_guest_vfd *vfd)
{
	if (!list_empty(&vfd->queue) && !vfd->shown_in && !vfd->shown_eof) {
		send(vfd->lib_fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		vfd->shown_in = true;
	}
	if (vfd->shown_full && !is_full(vfd)) {
		char sink[FILL_BYTES];
		while (recv(vfd->lib_fd, sink, sizeof(sink), MSG_DONTWAIT)
				== sizeof(sink)) {
		}
		vfd->shown_full = false;
	}
	if (vfd->recv_over && !vfd->shown_eof) {
		shutdown(vfd->lib_fd, SHUT_WR);
		vfd->shown_eof = true;
	}
	if (vfd->recv_over && vfd->send_over && !vfd->shown_hup) {
		epoll_ctl(vfd->guest->epoll_fd, EPOLL_CTL_DEL, vfd->lib_fd,
			NULL);
		shutdown(vfd->lib_fd, SHUT_RDWR);
		vfd->shown_hup = true;
	}
}

void
vwl_guest_signal_unread(struct vwl_guest_vfd *vfd, int fd)
{
	if (vfd->shown_in && list_empty(&vfd->queue)) {
		char byte;
		recv(fd, &byte, 1, MSG_DONTWAIT);
		vfd->shown_in = false;
	}
}

void
vwl_guest_signal_fill(struct vwl_guest_vfd *vfd, int fd)
{
	if (!vfd->shown_full && is_full(vfd)) {
		static const char filling[FILL_BYTES];
		send(fd, filling, sizeof(filling),
			MSG_DONTWAIT | MSG_NOSIGNAL);
		vfd->shown_full = true;
	}
}
