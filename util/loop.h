/* SPDX-License-Identifier: MIT */
/*
 * loop.h - one event loop over epoll
 *
 * Sources call back; a source may be removed from any callback, its own
 * included. Nothing here polls on a timer of its own: an idle loop sleeps.
 */
#ifndef WLB_UTIL_LOOP_H
#define WLB_UTIL_LOOP_H

#include <stdint.h>
#include <sys/epoll.h>

struct loop;
struct loop_source;

/* @revents: EPOLLIN, EPOLLOUT, EPOLLHUP, … as epoll_wait(2) said. */
typedef void (*loop_fd_fn)(void *data, uint32_t revents);
typedef void (*loop_fn)(void *data);

/* Return: 0 or -errno. */
int
loop_create(struct loop **ret);

/* The same, and loop_run() returns 0 when SIGTERM or SIGINT arrives. */
int
loop_create_main(struct loop **ret);

/* Frees the sources that are left too; their fds stay the caller's. */
void
loop_destroy(struct loop *loop);

/**
 * loop_add_fd() - Call @fn when @fd is ready
 * @events: EPOLLIN and friends, level-triggered unless EPOLLET is among them; 0
 *          waits for HUP and ERR only
 *
 * Ownership: @fd stays the caller's and outlives the source.
 * Return: 0 or -errno.
 */
int
loop_add_fd(struct loop *loop, int fd, uint32_t events, loop_fd_fn fn,
	void *data, struct loop_source **ret);

/* Change what a source waits for; the same value again costs no call. */
void
loop_set_events(struct loop_source *source, uint32_t events);

/* Block @signo in this process and call @fn when it arrives. */
int
loop_add_signal(struct loop *loop, int signo, loop_fn fn, void *data,
	struct loop_source **ret);

/* A timer, not yet armed. */
int
loop_add_timer(struct loop *loop, loop_fn fn, void *data,
	struct loop_source **ret);

/* Fire once, @delay_ms from now; 0 disarms. */
void
loop_timer_set(struct loop_source *timer, unsigned delay_ms);

/**
 * loop_add_deferred() - A callback for the end of this turn of the loop
 *
 * Not yet due; loop_defer() makes it due, any number of times, for one call.
 */
int
loop_add_deferred(struct loop *loop, loop_fn fn, void *data,
	struct loop_source **ret);

void
loop_defer(struct loop_source *deferred);

/* Remove and forget a source; NULL is fine. */
void
loop_remove(struct loop_source *source);

/* Remove *@source and make it NULL. */
void
loop_clear(struct loop_source **source);

/* Wait up to @timeout_ms (-1: for ever), then call back. 0 or -errno. */
int
loop_dispatch(struct loop *loop, int timeout_ms);

/* Dispatch until loop_quit(). Return: the status that it was given. */
int
loop_run(struct loop *loop);

void
loop_quit(struct loop *loop, int status);

/* The epoll descriptor: readable when loop_dispatch() has work. */
int
loop_get_fd(struct loop *loop);

#endif
