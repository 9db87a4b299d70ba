/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A selection whose bytes the compositor has, shown to the clients of one label.
 * Whoever asks for it brings a descriptor to write to, and need never read from
 * it. So each writing waits for its turn in the loop and for no longer than it
 * may, and there are only so many at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wlr/types/wlr_data_device.h>

#include "foreign-end.h"
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

struct writing {
	struct wl_list link;		/* given_source.writings */
	struct given_source *source;
	size_t done;
	enum foreign_end kind;
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

static int
handle_writable(int fd, uint32_t mask, void *data)
{
	struct writing *writing = data;
	const struct copied_data *copied = writing->source->data;
	(void)mask;
	ssize_t len = wlbl_foreign_end_write(writing->kind, fd,
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
	enum foreign_end kind;
	fd = wlbl_foreign_end_open(fd, &kind);
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
