/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A relay owns pairs: a descriptor of this machine, a VFD, and a flow in each
 * direction that exists. It sleeps in one epoll descriptor. A pair's ends are
 * watched for what its flows wait for; an end that is only read, and is not
 * read just now, is not watched at all, since its hang-up would wake us again
 * and again to no purpose. A pair goes when its flows are over.
 *
 * Pairs that end while a batch of events is dispatched are freed behind it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "carrier.h"
#include "relay-flow.h"
#include "util/fd-stall.h"
#include "util/fd.h"
#include "util/list.h"

#define EVENTS_PER_TURN 32

struct pair;

struct watch {
	struct pair *pair;
	bool active;
	uint32_t events;
};

struct pair {
	struct vwl_relay *relay;
	struct list link;
	struct vwl_end ends[2];		/* this machine's, and the VFD */
	struct vwl_flow *flows[2];	/* from the end of that index; or NULL */
	struct watch watches[2];
	int given;			/* the caller's name of an import */
	bool over;
};

struct vwl_relay {
	struct vwl_device *device;
	int epoll_fd;
	struct list pairs;	/* pair.link */
	struct list ended;	/* pair.link */
};

struct vwl_relay *
vwl_relay_create(struct vwl_device *device)
{
	struct vwl_relay *relay = calloc(1, sizeof(*relay));
	if (relay == NULL) {
		return NULL;
	}
	relay->device = device;
	list_init(&relay->pairs);
	list_init(&relay->ended);
	relay->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (relay->epoll_fd < 0) {
		free(relay);
		return NULL;
	}
	return relay;
}

static void
close_end(struct pair *pair, size_t i)
{
	if (pair->ends[i].fd >= 0) {
		/* By name, not by closing: the description may be shared. */
		if (pair->watches[i].active) {
			epoll_ctl(pair->relay->epoll_fd, EPOLL_CTL_DEL,
				pair->ends[i].fd, NULL);
			pair->watches[i].active = false;
		}
		vwl_close(pair->ends[i].fd);
		pair->ends[i].fd = -1;
	}
}

static void
destroy_pair(struct pair *pair)
{
	list_remove(&pair->link);
	for (size_t i = 0; i < 2; i++) {
		vwl_flow_destroy(pair->flows[i]);
		close_end(pair, i);
	}
	free(pair);
}

static void
destroy_pairs(struct list *pairs)
{
	struct pair *pair;
	struct pair *next;
	list_for_each_safe(pair, next, pairs, link) {
		destroy_pair(pair);
	}
}

void
vwl_relay_destroy(struct vwl_relay *relay)
{
	if (relay == NULL) {
		return;
	}
	destroy_pairs(&relay->pairs);
	destroy_pairs(&relay->ended);
	fd_close(&relay->epoll_fd);
	free(relay);
}

int
vwl_relay_get_fd(struct vwl_relay *relay)
{
	return relay->epoll_fd;
}

static int
update_watch(struct pair *pair, size_t i)
{
	struct vwl_flow *out = pair->flows[i];
	struct vwl_flow *in = pair->flows[1 - i];
	uint32_t events = 0;
	if (out != NULL && vwl_flow_wants_in(out)) {
		events |= EPOLLIN;
	}
	if (in != NULL && vwl_flow_wants_out(in)) {
		events |= EPOLLOUT;
	}
	/* A writer also wants to hear that nobody reads. */
	bool active = events != 0 || (in != NULL && !in->over);
	active = active && pair->ends[i].kind != VWL_END_FILE;

	struct watch *watch = &pair->watches[i];
	if (active == watch->active && events == watch->events) {
		return 0;
	}
	int op = !active ? EPOLL_CTL_DEL
		: watch->active ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	struct epoll_event event = { .events = events, .data.ptr = watch };
	if ((active || watch->active) && epoll_ctl(pair->relay->epoll_fd, op,
			pair->ends[i].fd, &event) < 0) {
		return -errno;
	}
	watch->active = active;
	watch->events = events;
	return 0;
}

/* Move what can be moved; then wait for more, or end. */
static void
run_pair(struct pair *pair)
{
	bool live = false;
	for (size_t i = 0; i < 2; i++) {
		if (pair->flows[i] != NULL) {
			vwl_flow_run(pair->flows[i]);
			live |= !pair->flows[i]->over;
		}
	}
	for (size_t i = 0; i < 2 && live; i++) {
		live = update_watch(pair, i) == 0;
	}
	if (!live) {
		pair->over = true;
		close_end(pair, 0);
		close_end(pair, 1);
		list_remove(&pair->link);
		list_append(&pair->relay->ended, &pair->link);
	}
}

void
vwl_relay_dispatch(struct vwl_relay *relay)
{
	struct epoll_event events[EVENTS_PER_TURN];
	int n = epoll_wait(relay->epoll_fd, events, EVENTS_PER_TURN, 0);
	for (int i = 0; i < n; i++) {
		struct watch *watch = events[i].data.ptr;
		struct pair *pair = watch->pair;
		if (pair->over) {
			continue;
		}
		size_t end = (size_t)(watch - pair->watches);
		struct vwl_flow *in = pair->flows[1 - end];
		if ((events[i].events & (EPOLLERR | EPOLLHUP)) && in != NULL) {
			vwl_flow_break(in);
		}
		run_pair(pair);
	}
	destroy_pairs(&relay->ended);
}

/* Takes both descriptors. @in: this machine's end is read; @out: written. */
static int
create_pair(struct vwl_relay *relay, int take_fd, enum vwl_end_kind kind,
	int take_vfd, bool in, bool out)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	if (pair == NULL) {
		vwl_close(take_fd);
		vwl_close(take_vfd);
		return -ENOMEM;
	}
	pair->relay = relay;
	pair->given = -1;
	pair->ends[0] = (struct vwl_end){ take_fd, kind };
	pair->ends[1] = (struct vwl_end){ take_vfd, VWL_END_VFD };
	pair->watches[0].pair = pair;
	pair->watches[1].pair = pair;
	list_append(&relay->pairs, &pair->link);

	int r = 0;
	if (in) {
		r = vwl_flow_create(relay, &pair->ends[0], &pair->ends[1],
			&pair->flows[0]);
	}
	if (r == 0 && out) {
		r = vwl_flow_create(relay, &pair->ends[1], &pair->ends[0],
			&pair->flows[1]);
	}
	for (size_t i = 0; r == 0 && i < 2; i++) {
		r = update_watch(pair, i);
	}
	if (r < 0) {
		destroy_pair(pair);
	}
	return r;
}

/* A VFD of @direction for @take_fd, and the caller's own name for it. */
static int
import_stream(struct vwl_relay *relay, int take_fd, enum vwl_end_kind kind,
	enum vwl_direction direction)
{
	int vfd = vwl_pipe(relay->device, direction);
	if (vfd < 0) {
		int r = -errno;
		fd_close(&take_fd);
		return r;
	}
	int copy = vwl_dup(vfd);
	if (copy < 0) {
		vwl_close(vfd);
		fd_close(&take_fd);
		return copy;
	}
	int r = create_pair(relay, take_fd, kind, vfd,
		direction != VWL_READ, direction != VWL_WRITE);
	if (r < 0) {
		vwl_close(copy);
		return r;
	}
	list_entry(relay->pairs.prev, struct pair, link)->given = copy;
	return copy;
}

static int
import_file(struct vwl_relay *relay, int take_fd)
{
	struct vwl_file_view view;
	int r = vwl_file_view(take_fd, &view);
	fd_close(&take_fd);
	if (r < 0) {
		return r;
	}
	int vfd = vwl_snapshot(relay->device, view.data, view.size);
	r = vfd < 0 ? -errno : vfd;
	vwl_file_view_close(&view);
	return r;
}

/* Compositors send it where a file is due and they have none. */
static bool
is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* Nothing to read, and no more to come: a pipe that its writer closes. */
static int
import_nothing(struct vwl_relay *relay, int take_fd)
{
	fd_close(&take_fd);
	int vfd = vwl_pipe(relay->device, VWL_WRITE);
	return vfd < 0 ? -errno : vfd;
}

static bool
is_stream_socket(int fd)
{
	int type = 0;
	int listening = 0;
	socklen_t len = sizeof(type);
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0) {
		return false;
	}
	len = sizeof(listening);
	getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len);
	return type == SOCK_STREAM && !listening;
}

static int
import(struct vwl_relay *relay, int take_fd)
{
	struct stat st;
	int status = fcntl(take_fd, F_GETFL);
	int access = status & O_ACCMODE;
	if (status < 0 || fstat(take_fd, &st) < 0) {
		int r = -errno;
		fd_close(&take_fd);
		return r;
	}
	if (S_ISREG(st.st_mode) && access != O_WRONLY) {
		return import_file(relay, take_fd);
	}
	/* Somebody may want data written to a file, too. All pairs would wait
	 * for one that stalls. */
	if (S_ISREG(st.st_mode) && !fd_may_stall(take_fd)) {
		return import_stream(relay, take_fd, VWL_END_FILE, VWL_READ);
	}
	if (is_null_device(&st) && access != O_WRONLY) {
		return import_nothing(relay, take_fd);
	}
	if (S_ISFIFO(st.st_mode) && access != O_RDWR) {
		return import_stream(relay, take_fd, VWL_END_PIPE,
			access == O_RDONLY ? VWL_WRITE : VWL_READ);
	}
	if (S_ISSOCK(st.st_mode) && is_stream_socket(take_fd)) {
		return import_stream(relay, take_fd, VWL_END_SOCKET,
			VWL_READ_WRITE);
	}
	fd_close(&take_fd);
	return -EINVAL;
}

int
vwl_relay_import(struct vwl_relay *relay, int take_fd)
{
	if (vwl_kind(take_fd) != VWL_KIND_NONE) {
		return take_fd;
	}
	int vfd = import(relay, take_fd);
	if (vfd < 0) {
		errno = -vfd;
		return -1;
	}
	return vfd;
}

void
vwl_relay_cancel(struct vwl_relay *relay, int take_vfd)
{
	/* An older pair may have had the same number: the last is meant. */
	struct pair *found = NULL;
	struct pair *pair;
	list_for_each(pair, &relay->pairs, link) {
		if (pair->given == take_vfd) {
			found = pair;
		}
	}
	if (found != NULL) {
		destroy_pair(found);
	}
	vwl_close(take_vfd);
}

/* A socket in place of a connection. */
static int
export_connection(struct vwl_relay *relay, int take_vfd)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		int r = -errno;
		vwl_close(take_vfd);
		return r;
	}
	int r = create_pair(relay, ends[1], VWL_END_SOCKET, take_vfd, true,
		true);
	if (r < 0) {
		fd_close(&ends[0]);
		return r;
	}
	return ends[0];
}

/* A pipe in place of a VFD that only this process can use. */
static int
export_pipe(struct vwl_relay *relay, int take_vfd, bool readable)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0) {
		int r = -errno;
		vwl_close(take_vfd);
		return r;
	}
	int theirs = ends[readable ? 0 : 1];
	int ours = ends[readable ? 1 : 0];
	int r = create_pair(relay, ours, VWL_END_PIPE, take_vfd, !readable,
		readable);
	if (r < 0) {
		fd_close(&theirs);
		return r;
	}
	return theirs;
}

int
vwl_relay_export(struct vwl_relay *relay, int take_vfd)
{
	struct vwl_info info = { .kind = VWL_KIND_NONE };
	const struct vwl_vfd_ops *ops = vwl_find_ops(take_vfd);
	if (ops != NULL) {
		ops->info(take_vfd, &info);
	}
	int fd = take_vfd;
	if (info.kind == VWL_KIND_CONNECTION) {
		fd = export_connection(relay, take_vfd);
	} else if (info.kind == VWL_KIND_PIPE && ops != &vwl_kernel_vfd_ops) {
		fd = export_pipe(relay, take_vfd, info.readable);
	}
	if (fd < 0) {
		errno = -fd;
		return -1;
	}
	return fd;
}
