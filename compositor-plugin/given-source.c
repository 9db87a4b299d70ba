/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A selection whose bytes the compositor has, shown to the clients of one label.
 * Whoever asks for it brings a descriptor to write to, and need never read from
 * it. So each writing waits for its turn in the loop and for no longer than it
 * may; there are only so many at once; and only pipes and sockets are written to,
 * since nothing else can be waited for.
 *
 * O_NONBLOCK on the descriptor that came would be the client's to take off again:
 * flags are shared by all who have it. A socket is told with each message not to
 * wait. A pipe is opened once more, for flags of our own; where that is forbidden
 * (it is another user's) the kernel is told with each write.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <wlr/types/wlr_data_device.h>

#include "transfer.h"

#define WRITINGS_MAX 16
#define PATIENCE_MS 3000

struct given_source {
	struct wlr_data_source base;
	struct wl_list link;		/* wlbl.given_sources */
	struct wlbl *labels;
	struct copied_data *data;
	struct wl_list writings;	/* writing.link */
};

/* See above: how it is kept from waiting. */
enum end_kind {
	END_SOCKET,
	END_OWN,
	END_FOREIGN,
};

struct writing {
	struct wl_list link;		/* given_source.writings */
	struct given_source *source;
	size_t done;
	enum end_kind kind;
	int fd;
	struct wl_event_source *writable;
	struct wl_event_source *timer;
};

static void
writing_end(struct writing *writing)
{
	if (writing->writable != NULL) {
		wl_event_source_remove(writing->writable);
	}
	if (writing->timer != NULL) {
		wl_event_source_remove(writing->timer);
	}
	close(writing->fd);
	wl_list_remove(&writing->link);
	free(writing);
}

/*
 * Make an end that can be written to without waiting of the one that came, which
 * is consumed. Return: it, or -1.
 */
static int
end_open(int take_fd, enum end_kind *ret)
{
	struct stat stat;
	const int flags = fcntl(take_fd, F_GETFL);
	/* What the client may not write to is not opened for it, either. */
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY
			|| fstat(take_fd, &stat) < 0
			|| !(S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode))) {
		close(take_fd);
		return -1;
	}
	if (S_ISSOCK(stat.st_mode)) {
		*ret = END_SOCKET;
		return take_fd;
	}
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", take_fd);
	int own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (own < 0) {
		*ret = END_FOREIGN;
		return take_fd;
	}
	close(take_fd);
	*ret = END_OWN;
	return own;
}

static ssize_t
end_write(enum end_kind kind, int fd, const char *bytes, size_t size)
{
	struct iovec piece = { .iov_base = (char *)bytes, .iov_len = size };
	const struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
	switch (kind) {
	case END_SOCKET:
		/* Not send(): VFDs are sockets here, and know only this. */
		return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	case END_FOREIGN:
		/* Before Linux 6.4 this is an error, which ends it. */
		return pwritev2(fd, &piece, 1, -1, RWF_NOWAIT);
	case END_OWN:
		break;
	}
	return write(fd, bytes, size);
}

/* The same without a signal, whatever the program does about SIGPIPE. */
static ssize_t
end_write_quietly(enum end_kind kind, int fd, const char *bytes, size_t size)
{
	sigset_t pipe_only, before, pending;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	ssize_t len = end_write(kind, fd, bytes, size);
	int error = errno;
	if (len < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE)) {
		const struct timespec now = { 0 };
		while (sigtimedwait(&pipe_only, NULL, &now) < 0
				&& errno == EINTR) {
			continue;
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return len;
}

static int
handle_writable(int fd, uint32_t mask, void *data)
{
	struct writing *writing = data;
	const struct copied_data *copied = writing->source->data;
	(void)mask;
	ssize_t len = end_write_quietly(writing->kind, fd,
		copied->bytes + writing->done, copied->size - writing->done);
	if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
		return 0;
	}
	if (len > 0) {
		writing->done += (size_t)len;
	}
	if (len <= 0 || writing->done == copied->size) {
		writing_end(writing);
	}
	return 0;
}

static int
handle_timeout(void *data)
{
	writing_end(data);
	return 0;
}

static void
given_send(struct wlr_data_source *base, const char *type, int fd)
{
	struct given_source *source = wl_container_of(base, source, base);
	struct wl_event_loop *loop =
		wl_display_get_event_loop(source->labels->display);
	(void)type;	/* one of ours: the same bytes under each name */
	if (wl_list_length(&source->writings) >= WRITINGS_MAX) {
		close(fd);
		return;
	}
	enum end_kind kind;
	fd = end_open(fd, &kind);
	struct writing *writing = fd < 0 ? NULL : calloc(1, sizeof(*writing));
	if (writing == NULL) {
		if (fd >= 0) {
			close(fd);
		}
		return;
	}
	writing->source = source;
	writing->kind = kind;
	writing->fd = fd;
	wl_list_insert(&source->writings, &writing->link);
	writing->writable = wl_event_loop_add_fd(loop, fd, WL_EVENT_WRITABLE,
		handle_writable, writing);
	writing->timer = wl_event_loop_add_timer(loop, handle_timeout,
		writing);
	if (writing->writable == NULL || writing->timer == NULL) {
		writing_end(writing);
		return;
	}
	wl_event_source_timer_update(writing->timer, PATIENCE_MS);
}

static void
given_destroy(struct wlr_data_source *base)
{
	struct given_source *source = wl_container_of(base, source, base);
	struct writing *writing, *tmp;
	wl_list_for_each_safe(writing, tmp, &source->writings, link) {
		writing_end(writing);
	}
	wl_list_remove(&source->link);
	wlbl_copied_unref(source->data);
	free(source);
}

static const struct wlr_data_source_impl given_impl = {
	.send = given_send,
	.destroy = given_destroy,
};

struct wlr_data_source *
wlbl_given_source_create(struct wlbl *labels, struct copied_data *data)
{
	struct given_source *source = calloc(1, sizeof(*source));
	if (source == NULL) {
		return NULL;
	}
	wlr_data_source_init(&source->base, &given_impl);
	source->labels = labels;
	source->data = wlbl_copied_ref(data);
	wl_list_init(&source->writings);
	wl_list_insert(&labels->given_sources, &source->link);
	if (wlbl_type_names(data, &source->base.mime_types) < 0) {
		wlr_data_source_destroy(&source->base);
		return NULL;
	}
	return &source->base;
}

void
wlbl_given_sources_destroy(struct wlbl *labels)
{
	struct given_source *source, *tmp;
	wl_list_for_each_safe(source, tmp, &labels->given_sources, link) {
		wlr_data_source_destroy(&source->base);
	}
}
