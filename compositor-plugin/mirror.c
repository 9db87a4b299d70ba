/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A selection between the X and the Wayland programs of a VM goes through wlroots'
 * window manager, which was written for programs that read what they ask for and
 * write what they are asked. It writes into what a Wayland client brought, whose
 * flags that client can change, and so can be made to wait for ever; and it keeps
 * the descriptor of each request until an X program has done its part, for which
 * there is no time. Both cost everybody else.
 *
 * What X programs have is relayed: the window manager writes into a pipe of ours,
 * and we into the client's end, as far as that takes it and no longer than it may.
 * Then the rest is read and thrown away. A relay is over when the window manager
 * has closed its end.
 *
 * What Wayland clients have they write themselves, into a pipe of the window
 * manager's. Its other end is the one to count: it is the same file, and there is
 * no way to be told when it is closed, so that is looked up when it matters.
 *
 * Of either there are only so many for each X server and kind of selection. One
 * more gets nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wlr/types/wlr_seat.h>

#include "foreign-end.h"
#include "selection.h"

#define PATIENCE_MS 10000	/* without a byte that the client takes */

struct relay {
	struct wl_list link;		/* selection_mirror.relays */
	int from;
	int to;				/* -1: thrown away */
	enum foreign_end kind;
	struct wl_event_loop *loop;
	size_t have, done;
	struct wl_event_source *readable;
	struct wl_event_source *writable;
	struct wl_event_source *timer;
	char piece[4096];
};

static void
stop_writing(struct relay *relay)
{
	if (relay->writable != NULL) {
		wl_event_source_remove(relay->writable);
		relay->writable = NULL;
	}
	if (relay->to >= 0) {
		close(relay->to);
		relay->to = -1;
	}
	relay->have = relay->done = 0;
}

static void
relay_end(struct relay *relay)
{
	stop_writing(relay);
	if (relay->readable != NULL) {
		wl_event_source_remove(relay->readable);
	}
	if (relay->timer != NULL) {
		wl_event_source_remove(relay->timer);
	}
	close(relay->from);
	wl_list_remove(&relay->link);
	free(relay);
}

static int
handle_readable(int fd, uint32_t mask, void *data);

/* Read on: there is room for more, or nobody who wants it. */
static void
read_on(struct relay *relay)
{
	if (relay->writable != NULL) {
		wl_event_source_fd_update(relay->writable, 0);
	}
	if (relay->readable == NULL) {
		relay->readable = wl_event_loop_add_fd(relay->loop,
			relay->from, WL_EVENT_READABLE, handle_readable, relay);
	}
	if (relay->readable == NULL) {
		relay_end(relay);
	}
}

/* Its end would be told all the time if it were listened to. */
static void
read_no_more(struct relay *relay)
{
	wl_event_source_remove(relay->readable);
	relay->readable = NULL;
	wl_event_source_fd_update(relay->writable, WL_EVENT_WRITABLE);
}

static int
handle_readable(int fd, uint32_t mask, void *data)
{
	struct relay *relay = data;
	(void)mask;
	ssize_t len = read(fd, relay->piece, sizeof(relay->piece));
	if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
		return 0;
	}
	if (len <= 0) {
		relay_end(relay);
		return 0;
	}
	if (relay->to >= 0) {
		relay->have = (size_t)len;
		relay->done = 0;
		read_no_more(relay);
	}
	return 0;
}

static int
handle_writable(int fd, uint32_t mask, void *data)
{
	struct relay *relay = data;
	if (relay->have == 0) {
		/* Nobody reads any longer. */
		if (mask & (WL_EVENT_HANGUP | WL_EVENT_ERROR)) {
			stop_writing(relay);
		}
		return 0;
	}
	ssize_t len = wlbl_foreign_end_write(relay->kind, fd,
		relay->piece + relay->done, relay->have - relay->done);
	if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
		return 0;
	}
	if (len <= 0) {
		stop_writing(relay);
		read_on(relay);
		return 0;
	}
	wl_event_source_timer_update(relay->timer, PATIENCE_MS);
	relay->done += (size_t)len;
	if (relay->done == relay->have) {
		relay->have = 0;
		read_on(relay);
	}
	return 0;
}

static int
handle_timeout(void *data)
{
	struct relay *relay = data;
	stop_writing(relay);
	read_on(relay);
	return 0;
}

static bool
relay_start(struct relay *relay)
{
	relay->readable = wl_event_loop_add_fd(relay->loop, relay->from,
		WL_EVENT_READABLE, handle_readable, relay);
	relay->writable = wl_event_loop_add_fd(relay->loop, relay->to, 0,
		handle_writable, relay);
	relay->timer = wl_event_loop_add_timer(relay->loop, handle_timeout,
		relay);
	if (relay->readable == NULL || relay->writable == NULL
			|| relay->timer == NULL) {
		return false;
	}
	wl_event_source_timer_update(relay->timer, PATIENCE_MS);
	return true;
}

int
wlbl_mirror_relay(struct selection_mirror *mirror, int take_fd)
{
	enum foreign_end kind;
	if (wl_list_length(&mirror->relays) >= MIRROR_TRANSFERS_MAX) {
		close(take_fd);
		return -1;
	}
	const int to = wlbl_foreign_end_open(take_fd, &kind);
	int ends[2];
	if (to < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
		if (to >= 0) {
			close(to);
		}
		return -1;
	}
	struct relay *relay = calloc(1, sizeof(*relay));
	if (relay == NULL) {
		close(to);
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	relay->loop = wl_display_get_event_loop(mirror->seat->display);
	relay->from = ends[0];
	relay->to = to;
	relay->kind = kind;
	wl_list_insert(&mirror->relays, &relay->link);
	if (!relay_start(relay)) {
		relay_end(relay);
		close(ends[1]);
		return -1;
	}
	return ends[1];
}

static bool
is_of(const struct mirror_end *end, int fd)
{
	struct stat stat;
	return fstat(fd, &stat) == 0 && S_ISFIFO(stat.st_mode)
		&& stat.st_dev == end->dev && stat.st_ino == end->ino;
}

bool
wlbl_mirror_lend(struct selection_mirror *mirror, int fd)
{
	struct mirror_end *free_end = NULL;
	for (int i = 0; i < MIRROR_TRANSFERS_MAX; i++) {
		struct mirror_end *end = &mirror->ends[i];
		if (end->is_used && !is_of(end, end->fd)) {
			end->is_used = false;
		}
		if (!end->is_used) {
			free_end = end;
		}
	}
	struct stat stat;
	if (free_end == NULL || fstat(fd, &stat) < 0) {
		return false;
	}
	free_end->dev = stat.st_dev;
	free_end->ino = stat.st_ino;
	/* Of a new pipe that is the lower one, and mostly the next. */
	for (int other = fd - 1; other >= 0; other--) {
		if (is_of(free_end, other)) {
			free_end->fd = other;
			free_end->is_used = true;
			return true;
		}
	}
	return false;
}

void
wlbl_mirror_finish(struct selection_mirror *mirror)
{
	struct relay *relay, *tmp;
	wl_list_for_each_safe(relay, tmp, &mirror->relays, link) {
		relay_end(relay);
	}
}
