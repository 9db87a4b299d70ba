/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * One of the threads that must wait leads: it sleeps on the front-end and works
 * for all. The others follow: they sleep until something moved, and look again;
 * one of them leads once the leader has gone.
 *
 * A follower sleeps on a futex and not on a condition variable, because a signal
 * that its thread handles has to end the sleep, as it ends recv(2) on a socket.
 * The futex counts moves: one between the look and the sleep ends that at once.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"

static void
wake_followers(struct vwl_guest *guest)
{
	if (guest->followers > 0) {
		atomic_fetch_add(&guest->moves, 1);
		syscall(SYS_futex, &guest->moves, FUTEX_WAKE_PRIVATE, INT_MAX,
			NULL, NULL, 0);
	}
}

void
vwl_guest_moved(struct vwl_guest *guest)
{
	if (guest->has_leader) {
		uint64_t one = 1;
		ssize_t n = write(guest->wake_fd, &one, sizeof(one));
		(void)n;	/* EAGAIN: it is as awake as can be */
	}
	wake_followers(guest);
}

static int
follow(struct vwl_guest *guest)
{
	uint32_t moves = atomic_load(&guest->moves);
	guest->followers++;
	vwl_table_unlock();
	bool interrupted = syscall(SYS_futex, &guest->moves,
		FUTEX_WAIT_PRIVATE, moves, NULL, NULL, 0) < 0
		&& errno == EINTR;
	vwl_table_lock();
	guest->followers--;
	if (guest->error < 0) {
		return guest->error;
	}
	return interrupted ? -EINTR : 0;
}

static int
lead(struct vwl_guest *guest)
{
	guest->has_leader = true;
	struct pollfd fds[] = {
		{ .fd = guest->frontend_fd, .events = POLLIN },
		{ .fd = guest->wake_fd, .events = POLLIN },
	};
	vwl_table_unlock();
	int n = poll(fds, 2, -1);
	bool interrupted = n < 0 && errno == EINTR;
	vwl_table_lock();
	guest->has_leader = false;
	if (fds[1].revents != 0) {
		uint64_t count;
		ssize_t got = read(guest->wake_fd, &count, sizeof(count));
		(void)got;
	}
	int r = vwl_guest_work(guest, true);
	wake_followers(guest);	/* one of them leads */
	if (r < 0) {
		return r;
	}
	return interrupted ? -EINTR : 0;
}

int
vwl_guest_wait(struct vwl_guest *guest)
{
	unsigned answers = guest->answers;
	vwl_guest_settle(guest);
	int r = vwl_guest_work(guest, false);
	/* Either may have taken the answer, or freed the slot, that our caller
	 * waits for. */
	if (r != 0 || guest->answers != answers) {
		return r < 0 ? r : 0;
	}
	return guest->has_leader ? follow(guest) : lead(guest);
}
