/* SPDX-License-Identifier: MIT */
/* The carrier as a whole: opening, working, closing. guest.h has the theory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "guest.h"
#include "util/fd.h"

#define CONNECT_TIMEOUT_MS 10000
#define HUPS_PER_TURN 16

static const struct vwl_carrier guest_carrier;

/* The device is gone, and everything it held with it. */
static int
fail(struct vwl_guest *guest, int r)
{
	if (guest->error == 0) {
		guest->error = r;
		for (size_t i = 0; i < GUEST_HASH_SIZE; i++) {
			struct vwl_guest_vfd *vfd;
			list_for_each(vfd, &guest->vfds[i], link) {
				vfd->recv_over = true;
				vfd->send_over = true;
				vwl_guest_vfd_touch(vfd);
			}
		}
	}
	vwl_guest_moved(guest);
	return guest->error;
}

int
vwl_guest_work(struct vwl_guest *guest, bool all)
{
	bool any = false;
	int r = guest->error;
	if (r < 0) {
		return r;
	}
	if (all) {
		r = vub_frontend_dispatch(guest->frontend);
	}
	/* Also after an error: what came before it still counts. */
	int taken = vwl_guest_take_in(guest, &any);
	if (taken == 0) {
		taken = vwl_guest_reap(guest);
		any |= taken > 0 && guest->answer_waiters > 0;
	}
	r = r < 0 ? r : taken;
	if (r < 0) {
		return fail(guest, r);
	}
	if (any) {
		vwl_guest_moved(guest);
	}
	return any;
}

void
vwl_guest_settle(struct vwl_guest *guest)
{
	vwl_guest_do_chores(guest);
	if (guest->error == 0) {
		/* What found no slot goes on when answers come. */
		bool notify = guest->answer_waiters > 0
			|| !list_empty(&guest->chores);
		if (notify != guest->out_notify) {
			guest->out_notify = notify;
			vub_driver_set_notify(guest->out, notify);
			if (notify && vwl_guest_reap(guest) > 0) {
				vwl_guest_do_chores(guest);
			}
		}
		if (guest->kick_in) {
			vub_driver_kick(guest->in);
		}
		if (guest->kick_out) {
			vub_driver_kick(guest->out);
		}
		guest->kick_in = false;
		guest->kick_out = false;
	}
	while (!list_empty(&guest->dirty)) {
		struct vwl_guest_vfd *vfd = list_first(&guest->dirty,
			struct vwl_guest_vfd, dirty_link);
		list_remove(&vfd->dirty_link);
		vwl_guest_signal_show(vfd);
	}
}

static int
get_fd(struct vwl_device *device)
{
	return ((struct vwl_guest *)device)->epoll_fd;
}

/* VFDs whose descriptors the program closed without telling us. */
static void
find_closed(struct vwl_guest *guest)
{
	struct epoll_event events[HUPS_PER_TURN];
	int n = epoll_wait(guest->epoll_fd, events, HUPS_PER_TURN, 0);
	for (int i = 0; i < n; i++) {
		struct vwl_guest_vfd *vfd = events[i].data.ptr;
		if (vfd != NULL) {
			vwl_table_forget(vfd);
			vfd->names = 0;
			vwl_guest_vfd_drop(vfd, true);
		}
	}
}

static int
dispatch(struct vwl_device *device)
{
	struct vwl_guest *guest = (struct vwl_guest *)device;
	vwl_table_lock();
	find_closed(guest);
	int r = vwl_guest_work(guest, true);
	vwl_guest_settle(guest);
	vwl_table_unlock();
	return r < 0 ? r : 0;
}

static void
destroy(struct vwl_device *device)
{
	struct vwl_guest *guest = (struct vwl_guest *)device;
	vwl_table_lock();
	if (guest->error == 0) {
		vwl_guest_settle(guest);
		guest->error = -ECONNRESET;
	}
	for (size_t i = 0; i < GUEST_HASH_SIZE; i++) {
		while (!list_empty(&guest->vfds[i])) {
			struct vwl_guest_vfd *vfd = list_first(&guest->vfds[i],
				struct vwl_guest_vfd, link);
			vwl_table_forget(vfd);
			vfd->names = 0;
			vwl_guest_vfd_drop(vfd, false);
		}
	}
	vwl_guest_do_chores(guest);
	vub_frontend_destroy(guest->frontend);
	vwl_guest_forget_maps(guest);
	vwl_table_unlock();
	fd_close(&guest->wake_fd);
	fd_close(&guest->epoll_fd);
	free(guest);
}

static int
start(struct vwl_guest *guest, const char *path)
{
	struct vub_frontend_options options = {
		.features = GUEST_FEATURES,
		.num_queues = VIRTIO_WL_QUEUE_COUNT,
		.queue_size = GUEST_QUEUE_SIZE,
		.memory_size = (size_t)GUEST_IN_COUNT * GUEST_IN_BYTES
			+ (size_t)GUEST_SLOT_COUNT * GUEST_SLOT_BYTES,
		.timeout_ms = CONNECT_TIMEOUT_MS,
		.shmem_map = vwl_guest_shmem_map,
		.shmem_unmap = vwl_guest_shmem_unmap,
		.data = guest,
	};
	int r = vub_frontend_connect(path, &options, &guest->frontend);
	if (r < 0) {
		return r;
	}
	uint64_t optional = 1ull << VIRTIO_WL_F_LISTEN
		| 1ull << VIRTIO_WL_F_TRANS_FLAGS;
	uint64_t missing = GUEST_FEATURES
		& ~vub_frontend_features(guest->frontend);
	if (missing & ~optional) {
		return -EPROTONOSUPPORT;
	}
	guest->frontend_fd = vub_frontend_get_fd(guest->frontend);
	guest->memory = vub_frontend_memory(guest->frontend);
	guest->in = vub_frontend_queue(guest->frontend, VIRTIO_WL_QUEUE_IN);
	guest->out = vub_frontend_queue(guest->frontend, VIRTIO_WL_QUEUE_OUT);
	vub_driver_set_notify(guest->out, false);

	struct epoll_event event = { .events = EPOLLIN };
	if (epoll_ctl(guest->epoll_fd, EPOLL_CTL_ADD, guest->frontend_fd,
			&event) < 0) {
		return -errno;
	}
	guest->error = 0;
	for (size_t i = 0; i < GUEST_IN_COUNT; i++) {
		r = vwl_guest_post(guest, i);
		if (r < 0) {
			return r;
		}
	}
	return vwl_guest_work(guest, true);
}

int
vwl_guest_create(struct vwl_guest **ret)
{
	struct vwl_guest *guest = calloc(1, sizeof(*guest));
	if (guest == NULL) {
		return -ENOMEM;
	}
	guest->device.carrier = &guest_carrier;
	guest->error = -ENOTCONN;
	guest->next_id = 1;
	list_init(&guest->free_slots);
	list_init(&guest->dirty);
	list_init(&guest->chores);
	list_init(&guest->maps);
	for (size_t i = 0; i < GUEST_HASH_SIZE; i++) {
		list_init(&guest->vfds[i]);
	}
	for (size_t i = 0; i < GUEST_SLOT_COUNT; i++) {
		list_append(&guest->free_slots, &guest->slots[i].link);
	}
	guest->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	guest->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (guest->wake_fd < 0 || guest->epoll_fd < 0) {
		int r = -errno;
		destroy(&guest->device);
		return r;
	}
	*ret = guest;
	return 0;
}

int
vwl_guest_open(const char *path, struct vwl_device **ret)
{
	struct vwl_guest *guest;
	int r = vwl_guest_create(&guest);
	if (r < 0) {
		return r;
	}
	r = start(guest, path);
	if (r < 0) {
		guest->error = r;	/* nothing to settle */
		destroy(&guest->device);
		return r;
	}
	vwl_table_lock();
	vwl_guest_settle(guest);
	vwl_table_unlock();
	*ret = &guest->device;
	return 0;
}

static const struct vwl_carrier guest_carrier = {
	.vfd_ops = &vwl_guest_vfd_ops,
	.destroy = destroy,
	.get_fd = get_fd,
	.dispatch = dispatch,
	.connect = vwl_guest_connect,
	.listen = vwl_guest_listen,
	.pipe = vwl_guest_pipe,
	.memory = vwl_guest_memory,
	.snapshot = vwl_guest_snapshot,
};
