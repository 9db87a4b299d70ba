/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "control-message.h"
#include "paths.h"
#include "util/fd.h"

#define PATIENCE_MS 10000

struct reader {
	int fd;
	size_t len;
	char text[WLB_CONTROL_LINE_MAX];
};

static int
wait_for(int fd, short events)
{
	struct pollfd pollfd = { .fd = fd, .events = events };
	int n;
	do {
		n = poll(&pollfd, 1, PATIENCE_MS);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : 0;
}

static int
send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			return -errno;
		}
		if (n < 0) {
			int r = wait_for(fd, POLLOUT);
			if (r < 0) {
				return r;
			}
			continue;
		}
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
receive_more(struct reader *reader)
{
	if (reader->len == sizeof(reader->text)) {
		return -EPROTO;
	}
	int r = wait_for(reader->fd, POLLIN);
	if (r < 0) {
		return r;
	}
	ssize_t n = recv(reader->fd, reader->text + reader->len,
		sizeof(reader->text) - reader->len, MSG_DONTWAIT);
	if (n < 0) {
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	}
	if (n == 0) {
		return -EPROTO;
	}
	reader->len += (size_t)n;
	return 0;
}

/* The next line's object; the caller's. */
static int
receive_line(struct reader *reader, json_t **ret)
{
	char *end;
	while ((end = memchr(reader->text, '\n', reader->len)) == NULL) {
		int r = receive_more(reader);
		if (r < 0) {
			return r;
		}
	}
	size_t used = (size_t)(end - reader->text) + 1;
	json_t *object = json_loadb(reader->text, used, JSON_REJECT_DUPLICATES,
		NULL);
	reader->len -= used;
	memmove(reader->text, end + 1, reader->len);
	if (!json_is_object(object)) {
		json_decref(object);
		return -EPROTO;
	}
	*ret = object;
	return 0;
}

static int
converse(struct reader *reader, const struct wlb_request *request,
	wlb_client_fn fn, void *data, json_t **ret_last)
{
	char *line = wlb_request_encode(request);
	if (line == NULL) {
		return -ENOMEM;
	}
	int r = send_all(reader->fd, line, strlen(line));
	free(line);
	while (r == 0) {
		json_t *reply;
		r = receive_line(reader, &reply);
		if (r < 0) {
			break;
		}
		if (!json_is_true(json_object_get(reply, "more"))) {
			*ret_last = reply;
			break;
		}
		if (fn != NULL) {
			fn(data, reply);
		}
		json_decref(reply);
	}
	return r;
}

int
wlb_client_call(const char *runtime_dir, const struct wlb_request *request,
	wlb_client_fn fn, void *data, json_t **ret_last)
{
	struct wlb_path path = wlb_path_control(runtime_dir);
	struct reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL) {
		return -ENOMEM;
	}
	int r = reader->fd = fd_connect(path.text);
	if (r >= 0) {
		r = converse(reader, request, fn, data, ret_last);
		fd_close(&reader->fd);
	}
	free(reader);
	return r;
}
