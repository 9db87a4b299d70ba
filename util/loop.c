/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * epoll hands back pointers to sources. A callback may remove any source, also
 * one whose event waits further down the same batch, so removal only unlinks:
 * the memory goes to a graveyard that is emptied once the batch is through.
 * Deferred callbacks run last and may defer again; those run next turn.
 */
#include "loop.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fd.h"
#include "list.h"

#define EVENTS_PER_TURN 64

struct loop {
	int epoll_fd;
	struct list sources;	/* loop_source.link */
	struct list due;	/* loop_source.due_link */
	struct list graveyard;	/* loop_source.link */
	bool quit;
	int status;
};

struct loop_source {
	struct loop *loop;
	struct list link;
	struct list due_link;
	int fd;
	bool owns_fd;
	bool removed;
	uint32_t events;
	loop_fd_fn fd_fn;
	loop_fn fn;
	void *data;
};

int
loop_create(struct loop **ret)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	if (loop == NULL) {
		return -ENOMEM;
	}
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		int r = -errno;
		free(loop);
		return r;
	}
	list_init(&loop->sources);
	list_init(&loop->due);
	list_init(&loop->graveyard);
	*ret = loop;
	return 0;
}

static void
bury(struct loop *loop)
{
	struct loop_source *source, *tmp;
	list_for_each_safe(source, tmp, &loop->graveyard, link) {
		list_remove(&source->link);
		free(source);
	}
}

void
loop_destroy(struct loop *loop)
{
	if (loop == NULL) {
		return;
	}
	struct loop_source *source, *tmp;
	list_for_each_safe(source, tmp, &loop->sources, link) {
		loop_remove(source);
	}
	bury(loop);
	fd_close(&loop->epoll_fd);
	free(loop);
}

static struct loop_source *
source_create(struct loop *loop, void *data)
{
	struct loop_source *source = calloc(1, sizeof(*source));
	if (source == NULL) {
		return NULL;
	}
	source->loop = loop;
	source->fd = -1;
	source->data = data;
	list_init(&source->due_link);
	list_append(&loop->sources, &source->link);
	return source;
}

static int
watch(struct loop_source *source, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };
	if (epoll_ctl(source->loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		return -errno;
	}
	source->fd = fd;
	source->events = events;
	return 0;
}

int
loop_add_fd(struct loop *loop, int fd, uint32_t events, loop_fd_fn fn,
	void *data, struct loop_source **ret)
{
	struct loop_source *source = source_create(loop, data);
	if (source == NULL) {
		return -ENOMEM;
	}
	source->fd_fn = fn;
	int r = watch(source, fd, events);
	if (r < 0) {
		loop_remove(source);
		return r;
	}
	*ret = source;
	return 0;
}

void
loop_set_events(struct loop_source *source, uint32_t events)
{
	if (source->events == events) {
		return;
	}
	struct epoll_event event = { .events = events, .data.ptr = source };
	if (epoll_ctl(source->loop->epoll_fd, EPOLL_CTL_MOD, source->fd,
			&event) == 0) {
		source->events = events;
	}
}

static void
handle_signal(void *data, uint32_t revents)
{
	struct loop_source *source = data;
	struct signalfd_siginfo info;
	(void)revents;
	if (read(source->fd, &info, sizeof(info)) == sizeof(info)) {
		source->fn(source->data);
	}
}

static void
handle_timer(void *data, uint32_t revents)
{
	struct loop_source *source = data;
	uint64_t expirations;
	(void)revents;
	if (read(source->fd, &expirations, sizeof(expirations))
			== sizeof(expirations)) {
		source->fn(source->data);
	}
}

/* A source that owns @take_fd and hands itself to @internal. */
static int
add_owned(struct loop *loop, int take_fd, loop_fd_fn internal, loop_fn fn,
	void *data, struct loop_source **ret)
{
	if (take_fd < 0) {
		return -errno;
	}
	struct loop_source *source = source_create(loop, data);
	if (source == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	source->fd_fn = internal;
	source->fn = fn;
	int r = watch(source, take_fd, EPOLLIN);
	if (r < 0) {
		fd_close(&take_fd);
		loop_remove(source);
		return r;
	}
	source->owns_fd = true;
	*ret = source;
	return 0;
}

int
loop_add_signal(struct loop *loop, int signo, loop_fn fn, void *data,
	struct loop_source **ret)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, signo);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
		return -errno;
	}
	return add_owned(loop, signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
		handle_signal, fn, data, ret);
}

static void
handle_end(void *data)
{
	loop_quit(data, 0);
}

int
loop_create_main(struct loop **ret)
{
	static const int signals[] = { SIGTERM, SIGINT };
	struct loop *loop;
	int r = loop_create(&loop);
	if (r < 0) {
		return r;
	}
	for (size_t i = 0; r == 0 && i < 2; i++) {
		struct loop_source *source;
		r = loop_add_signal(loop, signals[i], handle_end, loop,
			&source);
	}
	if (r < 0) {
		loop_destroy(loop);
		return r;
	}
	*ret = loop;
	return 0;
}

int
loop_add_timer(struct loop *loop, loop_fn fn, void *data,
	struct loop_source **ret)
{
	return add_owned(loop, timerfd_create(CLOCK_MONOTONIC,
			TFD_CLOEXEC | TFD_NONBLOCK),
		handle_timer, fn, data, ret);
}

void
loop_timer_set(struct loop_source *timer, unsigned delay_ms)
{
	struct itimerspec spec = {
		.it_value = {
			.tv_sec = delay_ms / 1000,
			.tv_nsec = (long)(delay_ms % 1000) * 1000000,
		},
	};
	timerfd_settime(timer->fd, 0, &spec, NULL);
}

int
loop_add_deferred(struct loop *loop, loop_fn fn, void *data,
	struct loop_source **ret)
{
	struct loop_source *source = source_create(loop, data);
	if (source == NULL) {
		return -ENOMEM;
	}
	source->fn = fn;
	*ret = source;
	return 0;
}

void
loop_defer(struct loop_source *deferred)
{
	assert(deferred->fd < 0);
	if (list_empty(&deferred->due_link)) {
		list_append(&deferred->loop->due, &deferred->due_link);
	}
}

void
loop_remove(struct loop_source *source)
{
	if (source == NULL) {
		return;
	}
	assert(!source->removed);
	source->removed = true;
	if (source->fd >= 0) {
		epoll_ctl(source->loop->epoll_fd, EPOLL_CTL_DEL, source->fd,
			NULL);
		if (source->owns_fd) {
			fd_close(&source->fd);
		}
	}
	list_remove(&source->due_link);
	list_remove(&source->link);
	list_append(&source->loop->graveyard, &source->link);
}

void
loop_clear(struct loop_source **source)
{
	loop_remove(*source);
	*source = NULL;
}

static void
run_due(struct loop *loop)
{
	struct list due;
	list_init(&due);
	if (list_empty(&loop->due)) {
		return;
	}
	/* Move the whole chain over: what is deferred now is for next turn. */
	list_insert(loop->due.prev, &due);
	list_remove(&loop->due);
	while (!list_empty(&due)) {
		struct loop_source *source =
			list_first(&due, struct loop_source, due_link);
		list_remove(&source->due_link);
		source->fn(source->data);
	}
}

int
loop_dispatch(struct loop *loop, int timeout_ms)
{
	struct epoll_event events[EVENTS_PER_TURN];
	if (!list_empty(&loop->due)) {
		timeout_ms = 0;
	}
	int n = epoll_wait(loop->epoll_fd, events, EVENTS_PER_TURN, timeout_ms);
	if (n < 0) {
		return errno == EINTR ? 0 : -errno;
	}
	for (int i = 0; i < n; i++) {
		struct loop_source *source = events[i].data.ptr;
		if (source->removed) {
			continue;
		}
		bool internal = source->fn != NULL;
		source->fd_fn(internal ? source : source->data,
			events[i].events);
	}
	run_due(loop);
	bury(loop);
	return 0;
}

int
loop_run(struct loop *loop)
{
	loop->quit = false;
	while (!loop->quit) {
		int r = loop_dispatch(loop, -1);
		if (r < 0) {
			return r;
		}
	}
	return loop->status;
}

void
loop_quit(struct loop *loop, int status)
{
	loop->quit = true;
	loop->status = status;
}

int
loop_get_fd(struct loop *loop)
{
	return loop->epoll_fd;
}
