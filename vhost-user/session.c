/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The front-end asks, we answer, one request after the other. While an answer
 * does not fit into the socket no further request is received, so a front-end
 * that does not read holds up itself only.
 *
 * A request that cannot be done is refused where the front-end asked for a
 * reply. Where it did not, it would go on believing in a state we do not have,
 * so the session ends. The same goes for a stream that cannot be followed and
 * for a broken ring.
 *
 * Nothing ends in the middle of a callback: vub_session_end() only notes the
 * reason, and the end of the loop's turn stops the queues and says closed(). The
 * same end of turn runs queues that were started and writes call descriptors,
 * each once for all that was pushed.
 */
#include "session.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "util/fd.h"
#include "util/loop.h"

/* Requests in one turn; a busy front-end shall not starve the queues. */
#define REQUESTS_PER_TURN 64

void
vub_session_end(struct vub_session *session, int reason)
{
	if (session->end_reason == 0) {
		session->end_reason = reason;
		loop_defer(session->turn_end);
	}
}

int
vub_session_reply(struct vub_session *session, const struct vub_message *message,
	const void *payload, uint32_t size)
{
	const struct vub_wire_header wire = {
		.request = message->request,
		.flags = VUB_WIRE_VERSION | VUB_WIRE_F_REPLY,
		.size = size,
	};
	int r = vub_channel_put(&session->channel, &wire, payload, -1);
	if (r == 0) {
		r = vub_channel_flush(&session->channel);
	}
	if (r < 0) {
		vub_session_end(session, r);
	}
	return VUB_REPLIED;
}

static bool
wants_ack(const struct vub_session *session, const struct vub_message *message)
{
	return message->need_reply && (session->protocol_features
		& VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK)) != 0;
}

static void
finish_request(struct vub_session *session, const struct vub_message *message,
	int r)
{
	if (r == VUB_REPLIED) {
		return;
	}
	if (wants_ack(session, message)) {
		uint64_t wire = r < 0;
		vub_session_reply(session, message, &wire, sizeof(wire));
	} else if (r < 0 && r != -EOPNOTSUPP) {
		vub_session_end(session, r);
	}
}

static int
handle_request(struct vub_session *session, struct vub_message *message)
{
	if (!message->known) {
		/* Of a feature we did not offer. */
		return -EOPNOTSUPP;
	}
	switch (message->request) {
	case VUB_SET_VRING_NUM:
	case VUB_SET_VRING_ADDR:
	case VUB_SET_VRING_BASE:
	case VUB_GET_VRING_BASE:
	case VUB_SET_VRING_KICK:
	case VUB_SET_VRING_CALL:
	case VUB_SET_VRING_ERR:
	case VUB_SET_VRING_ENABLE:
		return vub_session_handle_vring(session, message);
	default:
		return vub_session_handle_device(session, message);
	}
}

static void
handle_message(struct vub_session *session)
{
	struct vub_channel *channel = &session->channel;
	struct vub_message message = {
		.request = channel->header.request,
		.need_reply =
			(channel->header.flags & VUB_WIRE_F_NEED_REPLY) != 0,
	};
	int r = vub_message_decode(&channel->header, channel->payload,
		channel->fds, channel->fd_count, &message);
	if (r == -EPROTO) {
		vub_session_end(session, r);
		return;
	}
	if (r == 0) {
		r = handle_request(session, &message);
	}
	finish_request(session, &message, r);
}

static int
serve(struct vub_session *session)
{
	for (int i = 0; i < REQUESTS_PER_TURN; i++) {
		int r = vub_channel_flush(&session->channel);
		if (r < 0 || vub_channel_is_sending(&session->channel)) {
			return r;
		}
		r = vub_channel_receive(&session->channel,
			vub_message_check_header);
		if (r <= 0) {
			return r;
		}
		handle_message(session);
		vub_channel_consume(&session->channel);
		if (session->end_reason != 0) {
			return 0;
		}
	}
	return 0;
}

static void
handle_socket(void *data, uint32_t revents)
{
	struct vub_session *session = data;
	(void)revents;
	if (session->end_reason != 0) {
		return;
	}
	int r = serve(session);
	if (r < 0) {
		vub_session_end(session, r);
		return;
	}
	loop_set_events(session->source,
		vub_channel_is_sending(&session->channel) ? EPOLLOUT : EPOLLIN);
}

/* Everything stops, with callbacks. */
static void
stop(struct vub_session *session)
{
	loop_clear(&session->source);
	for (unsigned i = 0; i < VUB_QUEUES_MAX; i++) {
		vub_vring_finish(&session->vrings[i]);
	}
	vub_session_settle(session, false);
	vub_shmem_finish(&session->shmem);
}

static void
handle_turn_end(void *data)
{
	struct vub_session *session = data;
	unsigned count = session->device->num_queues;
	for (unsigned i = 0; i < count && session->end_reason == 0; i++) {
		vub_vring_run_ready(&session->vrings[i]);
	}
	for (unsigned i = 0; i < count; i++) {
		vub_vring_notify(&session->vrings[i]);
	}
	if (session->end_reason != 0) {
		stop(session);
		loop_clear(&session->turn_end);
		session->device->closed(session->data, session->end_reason);
	}
}

int
vub_session_create(struct loop *loop, int take_fd,
	const struct vub_device *device, void *data, struct vub_session **ret)
{
	assert(device->num_queues >= 1 && device->num_queues <= VUB_QUEUES_MAX);
	assert(device->config_size <= VUB_CONFIG_SIZE_MAX);
	struct vub_session *session = calloc(1, sizeof(*session));
	if (session == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	session->loop = loop;
	session->device = device;
	session->data = data;
	vub_shmem_init(&session->shmem, loop);
	for (unsigned i = 0; i < VUB_QUEUES_MAX; i++) {
		vub_vring_init(&session->vrings[i], session, i);
	}
	int r = vub_channel_init(&session->channel, take_fd);
	if (r == 0) {
		r = loop_add_deferred(loop, handle_turn_end, session,
			&session->turn_end);
	}
	if (r == 0) {
		r = loop_add_fd(loop, session->channel.fd, EPOLLIN,
			handle_socket, session, &session->source);
	}
	if (r < 0) {
		vub_session_destroy(session);
		return r;
	}
	*ret = session;
	return 0;
}

void
vub_session_destroy(struct vub_session *session)
{
	if (session == NULL) {
		return;
	}
	if (session->end_reason == 0) {
		session->end_reason = -ECANCELED;
	}
	stop(session);
	loop_clear(&session->turn_end);
	vub_memory_unref(session->memory);
	vub_channel_finish(&session->channel);
	free(session);
}

struct vub_queue *
vub_session_queue(struct vub_session *session, unsigned index)
{
	assert(index < session->device->num_queues);
	return &session->vrings[index].queue;
}
