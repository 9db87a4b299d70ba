/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Nothing leaves a VM's clipboard unless the person says so twice: once to take
 * it from the VM that has the keyboard, once to hand it to the one that has it
 * then. In between it is memory of the compositor's, and after the second step it
 * is not even that: the VM that was given it has it as its clipboard, and the
 * next step two gives nothing. So a VM never learns of a copy that was not meant
 * for it, and one that was given something cannot be given more behind the
 * person's back.
 *
 *	idle --take--> reading --end--> held --give--> idle
 *
 * The client that is asked writes into a pipe. It may write nothing, or without
 * end: the pipe is read as it fills, up to a limit of bytes and of time, and one
 * at a time. Each step and each refusal is said in the strip.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wlr/types/wlr_data_device.h>

#include "transfer.h"

#define PATIENCE_MS 3000	/* for a client to write all of it */
#define PIECE 4096

struct wlbl_transfer {
	struct wlbl *labels;
	const struct wlbl_label *from;
	struct copied_data *held;

	/* While reading. */
	struct copied_data *reading;
	int fd;				/* -1: not reading */
	struct wl_event_source *readable;
	struct wl_event_source *timer;
};

struct copied_data *
wlbl_copied_ref(struct copied_data *data)
{
	data->users++;
	return data;
}

void
wlbl_copied_unref(struct copied_data *data)
{
	if (data == NULL || --data->users > 0) {
		return;
	}
	if (data->bytes != NULL) {
		explicit_bzero(data->bytes, data->size);
	}
	free(data->bytes);
	free(data);
}

struct wlbl_transfer *
wlbl_transfer_create(struct wlbl *labels)
{
	struct wlbl_transfer *transfer = calloc(1, sizeof(*transfer));
	if (transfer != NULL) {
		transfer->labels = labels;
		transfer->fd = -1;
	}
	return transfer;
}

static void
reading_end(struct wlbl_transfer *transfer)
{
	if (transfer->readable != NULL) {
		wl_event_source_remove(transfer->readable);
	}
	if (transfer->timer != NULL) {
		wl_event_source_remove(transfer->timer);
	}
	if (transfer->fd >= 0) {
		close(transfer->fd);
	}
	wlbl_copied_unref(transfer->reading);
	transfer->readable = NULL;
	transfer->timer = NULL;
	transfer->fd = -1;
	transfer->reading = NULL;
}

static void
forget(struct wlbl_transfer *transfer)
{
	reading_end(transfer);
	wlbl_copied_unref(transfer->held);
	transfer->held = NULL;
}

void
wlbl_transfer_destroy(struct wlbl_transfer *transfer)
{
	if (transfer != NULL) {
		forget(transfer);
		free(transfer);
	}
}

static void
refuse(struct wlbl_transfer *transfer, const char *why)
{
	wlbl_notify(transfer->labels, "nothing copied from %s: %s",
		transfer->from->name, why);
	reading_end(transfer);
}

static void
reading_done(struct wlbl_transfer *transfer)
{
	struct copied_data *data = transfer->reading;
	if (data->size == 0) {
		refuse(transfer, "it is empty");
		return;
	}
	const char *fault = data->text
		? wlbl_text_fault(data->bytes, data->size) : NULL;
	if (fault != NULL) {
		refuse(transfer, fault);
		return;
	}
	transfer->held = wlbl_copied_ref(data);
	wlbl_notify(transfer->labels, "copied from %s: %zu bytes%s%s",
		transfer->from->name, data->size, data->text ? "" : " of ",
		data->text ? "" : data->type);
	reading_end(transfer);
}

static void
read_piece(struct wlbl_transfer *transfer)
{
	struct copied_data *data = transfer->reading;
	char piece[PIECE];
	ssize_t len = read(transfer->fd, piece, sizeof(piece));
	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR) {
			refuse(transfer, strerror(errno));
		}
		return;
	}
	if (len == 0) {
		reading_done(transfer);
		return;
	}
	if ((size_t)len > transfer->labels->copy_max - data->size) {
		refuse(transfer, "it is too large");
		return;
	}
	memcpy(data->bytes + data->size, piece, (size_t)len);
	data->size += (size_t)len;
}

static int
handle_readable(int fd, uint32_t mask, void *data)
{
	struct wlbl_transfer *transfer = data;
	(void)fd;
	(void)mask;
	/* One piece each time: others' events come in between. */
	read_piece(transfer);
	return 0;
}

static int
handle_timeout(void *data)
{
	refuse(data, "its program does not answer");
	return 0;
}

/* Return: what the client is to write into; -1 if it is not to be asked. */
static int
reading_begin(struct wlbl_transfer *transfer, const char *type)
{
	struct wl_event_loop *loop =
		wl_display_get_event_loop(transfer->labels->display);
	struct copied_data *data = calloc(1, sizeof(*data));
	if (data == NULL) {
		return -1;
	}
	transfer->reading = wlbl_copied_ref(data);
	data->text = wlbl_type_is_text(type);
	strcpy(data->type, type);	/* it is in the list, so it fits */
	data->bytes = malloc(transfer->labels->copy_max);
	int ends[2];
	if (data->bytes == NULL || pipe2(ends, O_CLOEXEC) < 0) {
		return -1;
	}
	transfer->fd = ends[0];
	transfer->readable = wl_event_loop_add_fd(loop, ends[0],
		WL_EVENT_READABLE, handle_readable, transfer);
	transfer->timer = wl_event_loop_add_timer(loop, handle_timeout,
		transfer);
	if (transfer->readable == NULL || transfer->timer == NULL
			|| fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
		close(ends[1]);
		return -1;
	}
	wl_event_source_timer_update(transfer->timer, PATIENCE_MS);
	return ends[1];
}

void
wlbl_transfer_take(struct wlbl_transfer *transfer,
	const struct wlbl_label *label, struct wlr_data_source *source)
{
	forget(transfer);
	transfer->from = label;
	if (source == NULL) {
		refuse(transfer, "its clipboard is empty");
		return;
	}
	const char *type = wlbl_type_choose(transfer->labels->copy_types,
		&source->mime_types);
	if (type == NULL) {
		refuse(transfer, "no type that may be copied");
		return;
	}
	int fd = reading_begin(transfer, type);
	if (fd < 0) {
		refuse(transfer, "no memory");
		return;
	}
	wlr_data_source_send(source, type, fd);
}

struct wlr_data_source *
wlbl_transfer_give(struct wlbl_transfer *transfer,
	const struct wlbl_label *label)
{
	if (transfer->held == NULL) {
		wlbl_notify(transfer->labels, "nothing to paste into %s: %s",
			label->name, transfer->reading != NULL
				? "it is still being copied"
				: "nothing was copied");
		return NULL;
	}
	struct wlr_data_source *source = wlbl_given_source_create(
		transfer->labels, transfer->held);
	if (source == NULL) {
		wlbl_notify(transfer->labels, "nothing to paste into %s: "
			"no memory", label->name);
		return NULL;
	}
	wlbl_notify(transfer->labels, "%s may paste %zu bytes from %s",
		label->name, transfer->held->size, transfer->from->name);
	forget(transfer);
	return source;
}
