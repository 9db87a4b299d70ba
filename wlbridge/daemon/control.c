/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client sends lines and is sent lines. While an answer waits to be sent,
 * nothing more is read from that client; so it holds one line of its own and
 * one answer at most, and CLIENTS_MAX of them hold little. Who may speak is
 * asked of the kernel at accept: root, our own user, or a member of the
 * configured group. The mode of the socket says the same once more. The devices
 * run as our own user but may not speak: a guest might speak through its own.
 *
 * A client that shuts down its sending half is answered before it is closed.
 */
#include "control.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker.h"
#include "control-message.h"
#include "control-request.h"
#include "paths.h"
#include "sound.h"
#include "util/fd.h"
#include "util/log.h"
#include "vm.h"

#define CLIENTS_MAX 16
#define BACKLOG 16

/* More groups than this and membership is not looked for further. */
#define PEER_GROUPS_MAX 1024

struct wlb_control {
	struct wlb_broker *broker;
	int fd;
	struct loop_source *source;
	struct list clients;		/* client.link */
	unsigned client_count;
	struct log_limit limit;
};

struct client {
	struct wlb_control *control;
	struct list link;
	int fd;
	struct loop_source *source;
	bool closing;			/* when the answer is out */
	size_t in_start;		/* of what was not yet answered */
	size_t in_len;
	char *out;
	size_t out_len;
	size_t out_sent;
	char in[WLB_CONTROL_LINE_MAX];
};

static void
client_destroy(struct client *client)
{
	loop_remove(client->source);
	fd_close(&client->fd);
	list_remove(&client->link);
	client->control->client_count--;
	free(client->out);
	free(client);
}

/* A wlb_reply_fn. A reply that cannot be kept ends the conversation. */
static void
queue_reply(void *data, json_t *take_reply)
{
	struct client *client = data;
	char *text = json_dumps(take_reply, JSON_COMPACT);
	json_decref(take_reply);
	size_t len = text == NULL ? 0 : strlen(text);
	char *out = text == NULL ? NULL
		: realloc(client->out, client->out_len + len + 1);
	if (out == NULL) {
		client->closing = true;
	} else {
		memcpy(out + client->out_len, text, len);
		out[client->out_len + len] = '\n';
		client->out = out;
		client->out_len += len + 1;
	}
	free(text);
}

static void
handle_line(struct client *client, const char *line, size_t len)
{
	struct wlb_request request;
	const char *error = "out of memory";
	int r = wlb_request_decode(line, len, &request, &error);
	if (r < 0) {
		queue_reply(client, wlb_control_error(NULL, "bad-request",
			error));
		return;
	}
	wlb_control_execute(client->control->broker, &request, queue_reply,
		client);
}

/* Answer one line, if a whole one is there. */
static bool
take_line(struct client *client)
{
	const char *line = client->in + client->in_start;
	const char *end = memchr(line, '\n', client->in_len);
	if (end == NULL) {
		return false;
	}
	size_t len = (size_t)(end - line);
	client->in_start += len + 1;
	client->in_len -= len + 1;
	handle_line(client, line, len);
	return true;
}

/* 0, or -errno when the client is lost. */
static int
flush(struct client *client)
{
	while (client->out_sent < client->out_len) {
		ssize_t n = send(client->fd, client->out + client->out_sent,
			client->out_len - client->out_sent,
			MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN) {
			return 0;
		}
		if (n < 0 && errno != EINTR) {
			return -errno;
		}
		if (n > 0) {
			client->out_sent += (size_t)n;
		}
	}
	free(client->out);
	client->out = NULL;
	client->out_len = 0;
	client->out_sent = 0;
	return 0;
}

static int
receive(struct client *client)
{
	memmove(client->in, client->in + client->in_start, client->in_len);
	client->in_start = 0;
	ssize_t n = recv(client->fd, client->in + client->in_len,
		sizeof(client->in) - client->in_len, MSG_DONTWAIT);
	if (n < 0) {
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	}
	if (n == 0) {
		client->closing = true;
	}
	client->in_len += (size_t)n;
	return 0;
}

/* Answer as many lines as the client is ready to hear about. */
static int
converse(struct client *client)
{
	int r = flush(client);
	while (r == 0 && client->out_len == 0 && take_line(client)) {
		r = flush(client);
	}
	if (r == 0 && client->out_len == 0 && !client->closing
			&& client->in_len == sizeof(client->in)) {
		client->closing = true;
		queue_reply(client, wlb_control_error(NULL, "bad-request",
			"the line is too long"));
		r = flush(client);
	}
	return r;
}

static void
handle_client(void *data, uint32_t revents)
{
	struct client *client = data;
	int r = 0;
	if ((revents & (EPOLLIN | EPOLLHUP)) != 0 && client->out_len == 0
			&& !client->closing) {
		r = receive(client);
	}
	if (r == 0) {
		r = converse(client);
	}
	if (r < 0 || (client->closing && client->out_len == 0)
			|| (revents & EPOLLERR) != 0) {
		client_destroy(client);
		return;
	}
	loop_set_events(client->source,
		client->out_len > 0 ? EPOLLOUT : EPOLLIN);
}

static bool
peer_in_group(int fd, const struct ucred *peer, gid_t group)
{
	gid_t groups[PEER_GROUPS_MAX];
	socklen_t len = sizeof(groups);
	if (peer->gid == group) {
		return true;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0) {
		return false;
	}
	for (size_t i = 0; i < len / sizeof(groups[0]); i++) {
		if (groups[i] == group) {
			return true;
		}
	}
	return false;
}

static bool
is_device(const struct wlb_broker *broker, pid_t pid)
{
	const struct wlb_vm *vm;
	list_for_each(vm, &broker->vms, link) {
		if (wlb_process_get_pid(vm->device) == pid
				|| (vm->sound != NULL
				&& wlb_sound_get_pid(vm->sound) == pid)) {
			return true;
		}
	}
	return false;
}

static bool
may_speak(const struct wlb_control *control, int fd, struct ucred *ret_peer)
{
	const struct wlb_config *config = control->broker->config;
	socklen_t len = sizeof(*ret_peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ret_peer, &len) < 0) {
		*ret_peer = (struct ucred){ .uid = (uid_t)-1 };
		return false;
	}
	if (is_device(control->broker, ret_peer->pid)) {
		return false;
	}
	return ret_peer->uid == 0 || ret_peer->uid == geteuid()
		|| (config->has_control_gid && peer_in_group(fd, ret_peer,
			config->control_gid));
}

static int
client_create(struct wlb_control *control, int take_fd)
{
	struct client *client = calloc(1, sizeof(*client));
	if (client == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	client->control = control;
	client->fd = fd_take(&take_fd);
	list_append(&control->clients, &client->link);
	control->client_count++;
	int r = loop_add_fd(control->broker->loop, client->fd, EPOLLIN,
		handle_client, client, &client->source);
	if (r < 0) {
		client_destroy(client);
	}
	return r;
}

static void
handle_connection(void *data, uint32_t revents)
{
	struct wlb_control *control = data;
	struct ucred peer;
	(void)revents;
	int fd = accept4(control->fd, NULL, NULL,
		SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		return;
	}
	if (!may_speak(control, fd, &peer)) {
		log_warn_limited(&control->limit,
			"control: refused process %d of user %d",
			(int)peer.pid, (int)peer.uid);
		fd_close(&fd);
		return;
	}
	if (control->client_count == CLIENTS_MAX) {
		log_warn_limited(&control->limit,
			"control: more than %d clients, refused", CLIENTS_MAX);
		fd_close(&fd);
		return;
	}
	int r = client_create(control, fd);
	if (r < 0) {
		log_warn("control: client refused: %s", strerror(-r));
	}
}

static int
control_listen(struct wlb_control *control)
{
	const struct wlb_config *config = control->broker->config;
	struct wlb_path path = wlb_path_control(config->runtime_dir);
	control->fd = fd_listen(path.text, BACKLOG);
	if (control->fd < 0) {
		return control->fd;
	}
	if (config->has_control_gid
			&& (lchown(path.text, (uid_t)-1, config->control_gid) < 0
				|| chmod(path.text, 0660) < 0)) {
		return -errno;
	}
	return loop_add_fd(control->broker->loop, control->fd, EPOLLIN,
		handle_connection, control, &control->source);
}

int
wlb_control_create(struct wlb_broker *broker, struct wlb_control **ret)
{
	struct wlb_control *control = calloc(1, sizeof(*control));
	if (control == NULL) {
		return -ENOMEM;
	}
	control->broker = broker;
	control->fd = -1;
	list_init(&control->clients);
	int r = control_listen(control);
	if (r < 0) {
		wlb_control_destroy(control);
		return r;
	}
	*ret = control;
	return 0;
}

void
wlb_control_destroy(struct wlb_control *control)
{
	if (control == NULL) {
		return;
	}
	struct client *client, *tmp;
	list_for_each_safe(client, tmp, &control->clients, link) {
		client_destroy(client);
	}
	loop_remove(control->source);
	if (control->fd >= 0) {
		struct wlb_path path = wlb_path_control(
			control->broker->config->runtime_dir);
		unlink(path.text);
		fd_close(&control->fd);
	}
	free(control);
}
