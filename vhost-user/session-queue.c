/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A front-end tells a queue's size, base, addresses and descriptors in whatever
 * order it likes. The queue starts when the last of what it needs is known, and
 * is enabled; from then on it is the device's. Disabled later it is paused: the
 * device may still complete what it holds, but gets nothing new. GET_VRING_BASE
 * stops it; size, addresses and kick must then be told anew.
 *
 * A VMM stops queues when the guest is paused and when the driver resets, and
 * says the same both times. Only the bases that it tells afterwards differ: where
 * the queues were, or zero. So the device is told of a reset when the first queue
 * starts again.
 *
 * The kick descriptor is watched edge-triggered and never read: each kick makes
 * an edge whatever the count is, so a kick costs no call but the loop's own.
 */
#include "session.h"

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/loop.h"

static void
defer(struct vub_vring *vring, bool *due)
{
	if (!*due) {
		*due = true;
		loop_defer(vring->session->turn_end);
	}
}

static void
handle_pushed(void *owner)
{
	struct vub_vring *vring = owner;
	defer(vring, &vring->notify_due);
}

static void
signal_eventfd(int fd)
{
	if (fd >= 0) {
		const uint64_t one = 1;
		/* Full means that it is signalled already. */
		ssize_t n = write(fd, &one, sizeof(one));
		(void)n;
	}
}

static void
handle_broken(void *owner, int reason)
{
	struct vub_vring *vring = owner;
	signal_eventfd(vring->err_fd);
	vub_session_end(vring->session, reason);
}

static const struct vub_queue_ops queue_ops = {
	.pushed = handle_pushed,
	.broken = handle_broken,
};

void
vub_vring_init(struct vub_vring *vring, struct vub_session *session,
	unsigned index)
{
	vring->session = session;
	vring->index = index;
	vring->queue.ops = &queue_ops;
	vring->queue.owner = vring;
	vring->kick_fd = -1;
	vring->call_fd = -1;
	vring->err_fd = -1;
}

static void
handle_kick(void *data, uint32_t revents)
{
	struct vub_vring *vring = data;
	struct vub_session *session = vring->session;
	(void)revents;
	if (session->end_reason == 0 && !vring->queue.paused) {
		vring->ready_due = false;
		session->device->queue_ready(session->data, vring->index);
	}
}

static int
watch_kick(struct vub_vring *vring)
{
	loop_clear(&vring->kick_source);
	if (vring->kick_fd < 0) {
		return 0;
	}
	return loop_add_fd(vring->session->loop, vring->kick_fd,
		EPOLLIN | EPOLLET, handle_kick, vring, &vring->kick_source);
}

/* Without vhost-user's own feature bit there is nothing to enable. */
static bool
is_enabled(const struct vub_vring *vring)
{
	return vring->enabled || (vring->session->features
		& VUB_BIT(VUB_F_PROTOCOL_FEATURES)) == 0;
}

/* Shared memory is there as long as every queue that started may go on. */
static void
update_shmem(struct vub_session *session)
{
	bool held = session->running == 0;
	for (unsigned i = 0; i < session->device->num_queues; i++) {
		held |= session->vrings[i].queue.paused;
	}
	vub_shmem_hold(&session->shmem, held);
}

/* Every queue goes on where it was; a queue that never ran was at zero. */
static bool
goes_on(const struct vub_session *session)
{
	bool moved = false;
	for (unsigned i = 0; i < session->device->num_queues; i++) {
		const struct vub_vring *vring = &session->vrings[i];
		if (vring->base != vring->stopped_at) {
			return false;
		}
		moved |= vring->base_told && vring->base != 0;
	}
	return moved;
}

void
vub_session_settle(struct vub_session *session, bool may_go_on)
{
	if (!session->suspended) {
		return;
	}
	session->suspended = false;
	if (!may_go_on || !goes_on(session)) {
		vub_shmem_cancel(&session->shmem);
		session->device->reset(session->data);
	}
}

int
vub_vring_update(struct vub_vring *vring)
{
	struct vub_session *session = vring->session;
	struct vub_queue *queue = &vring->queue;
	if (queue->started) {
		bool was_paused = queue->paused;
		queue->paused = !is_enabled(vring);
		if (was_paused && !queue->paused) {
			defer(vring, &vring->ready_due);
		}
		update_shmem(session);
		return 0;
	}
	if (!vring->num_known || !vring->addr_known || !vring->kick_known
			|| !session->features_known || session->memory == NULL
			|| !is_enabled(vring)) {
		return 0;
	}
	vub_session_settle(session, true);
	const struct vub_queue_setup setup = {
		.num = vring->num,
		.base = vring->base,
		.addr = vring->addr,
		.event_idx = (session->features
			& VUB_BIT(VUB_F_EVENT_IDX)) != 0,
		.indirect = (session->features
			& VUB_BIT(VUB_F_INDIRECT_DESC)) != 0,
	};
	int r = vub_queue_start(queue, &setup, session->memory);
	if (r < 0) {
		return r;
	}
	session->running++;
	update_shmem(session);
	defer(vring, &vring->ready_due);
	return watch_kick(vring);
}

int
vub_vring_move(struct vub_vring *vring)
{
	return vub_queue_move(&vring->queue, &vring->addr,
		vring->session->memory);
}

void
vub_vring_stop(struct vub_vring *vring)
{
	struct vub_session *session = vring->session;
	loop_clear(&vring->kick_source);
	if (vring->queue.started) {
		session->device->queue_stopped(session->data, vring->index);
		vub_vring_notify(vring);
		vring->base = vub_queue_stop(&vring->queue);
		session->running--;
		/* The others will follow; a start lets requests go on. */
		vub_shmem_hold(&session->shmem, true);
		vring->stopped_at = vring->base;
		session->suspended |= session->running == 0;
	}
	if (vring->kick_fd >= 0) {
		/* Leave no old kick behind for whoever watches it next. */
		uint64_t count;
		ssize_t n = read(vring->kick_fd, &count, sizeof(count));
		(void)n;
		fd_close(&vring->kick_fd);
	}
	vring->num_known = false;
	vring->base_told = false;
	vring->addr_known = false;
	vring->kick_known = false;
	vring->ready_due = false;
	vring->notify_due = false;
}

void
vub_vring_finish(struct vub_vring *vring)
{
	vub_vring_stop(vring);
	fd_close(&vring->call_fd);
	fd_close(&vring->err_fd);
}

void
vub_vring_run_ready(struct vub_vring *vring)
{
	if (vring->ready_due) {
		vring->ready_due = false;
		if (vring->queue.started && !vring->queue.paused) {
			vring->session->device->queue_ready(
				vring->session->data, vring->index);
		}
	}
}

void
vub_vring_notify(struct vub_vring *vring)
{
	if (vring->notify_due) {
		vring->notify_due = false;
		if (vub_queue_take_notification(&vring->queue)) {
			signal_eventfd(vring->call_fd);
		}
	}
}

/* Replace *@fd by the message's descriptor, or by none. */
static int
replace_fd(int *fd, struct vub_message *message)
{
	int new_fd = -1;
	if (message->fd_count > 0) {
		/* An eventfd has no file type. A pipe or a file has, and
		 * could make us wait or die in write(2). */
		struct stat st;
		if (fstat(message->fds[0], &st) < 0) {
			return -errno;
		}
		if ((st.st_mode & S_IFMT) != 0) {
			return -EINVAL;
		}
		int r = fd_set_nonblock(message->fds[0]);
		if (r < 0) {
			return r;
		}
		new_fd = fd_take(&message->fds[0]);
	}
	fd_close(fd);
	*fd = new_fd;
	return 0;
}

static int
set_kick(struct vub_vring *vring, struct vub_message *message)
{
	loop_clear(&vring->kick_source);
	int r = replace_fd(&vring->kick_fd, message);
	if (r < 0) {
		return r;
	}
	vring->kick_known = true;
	return vring->queue.started ? watch_kick(vring)
		: vub_vring_update(vring);
}

static int
set_call(struct vub_vring *vring, struct vub_message *message)
{
	int r = replace_fd(&vring->call_fd, message);
	if (r == 0 && vring->queue.started && vring->queue.notified) {
		/* What went to the old one may have come too late. */
		signal_eventfd(vring->call_fd);
	}
	return r;
}

static int
set_addr(struct vub_vring *vring, const struct vub_message *message)
{
	if (vring->queue.started) {
		int r = vub_queue_move(&vring->queue, &message->addr,
			vring->session->memory);
		if (r < 0) {
			return r;
		}
	}
	vring->addr = message->addr;
	vring->addr_known = true;
	return vub_vring_update(vring);
}

static int
get_base(struct vub_vring *vring, const struct vub_message *message)
{
	vub_vring_stop(vring);
	const struct vub_wire_vring_state wire = {
		.index = vring->index,
		.num = vring->base,
	};
	return vub_session_reply(vring->session, message, &wire, sizeof(wire));
}

int
vub_session_handle_vring(struct vub_session *session,
	struct vub_message *message)
{
	if (message->index >= session->device->num_queues) {
		if (message->request == VUB_GET_VRING_BASE) {
			/* It waits for a base, and there is none to give. */
			vub_session_end(session, -EPROTO);
			return VUB_REPLIED;
		}
		return -EINVAL;
	}
	struct vub_vring *vring = &session->vrings[message->index];
	switch (message->request) {
	case VUB_SET_VRING_NUM:
	case VUB_SET_VRING_BASE:
		if (vring->queue.started) {
			return -EBUSY;
		}
		if (message->request == VUB_SET_VRING_BASE) {
			vring->base = (uint16_t)message->num;
			vring->base_told = true;
			return 0;
		}
		vring->num = (uint16_t)message->num;
		vring->num_known = true;
		return vub_vring_update(vring);
	case VUB_SET_VRING_ADDR:
		return set_addr(vring, message);
	case VUB_GET_VRING_BASE:
		return get_base(vring, message);
	case VUB_SET_VRING_KICK:
		return set_kick(vring, message);
	case VUB_SET_VRING_CALL:
		return set_call(vring, message);
	case VUB_SET_VRING_ERR:
		return replace_fd(&vring->err_fd, message);
	default:
		assert(message->request == VUB_SET_VRING_ENABLE);
		vring->enabled = message->enable;
		return vub_vring_update(vring);
	}
}
