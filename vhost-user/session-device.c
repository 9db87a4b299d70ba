/* SPDX-License-Identifier: MIT */
/* Requests about the device as a whole: features, memory, configuration. */
#include "session.h"

#include <errno.h>

#include "util/fd.h"

static bool
offers_shmem(const struct vub_session *session)
{
	for (size_t i = 0; i < VUB_SHMEM_REGIONS_MAX; i++) {
		if (session->device->shmem_sizes[i] != 0) {
			return true;
		}
	}
	return false;
}

static uint64_t
offered_features(const struct vub_session *session)
{
	return session->device->features | VUB_BIT(VUB_F_VERSION_1)
		| VUB_BIT(VUB_F_INDIRECT_DESC) | VUB_BIT(VUB_F_EVENT_IDX)
		| VUB_BIT(VUB_F_PROTOCOL_FEATURES);
}

static uint64_t
offered_protocol_features(const struct vub_session *session)
{
	/* Never CONFIGURE_MEM_SLOTS: QEMU 11.1 crashes when a driver that has
	 * live maps goes away. */
	uint64_t features = VUB_BIT(VUB_PROTOCOL_F_MQ)
		| VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK);
	if (offers_shmem(session)) {
		features |= VUB_BIT(VUB_PROTOCOL_F_BACKEND_REQ)
			| VUB_BIT(VUB_PROTOCOL_F_BACKEND_SEND_FD)
			| VUB_BIT(VUB_PROTOCOL_F_SHMEM);
	}
	if (session->device->config_size > 0) {
		features |= VUB_BIT(VUB_PROTOCOL_F_CONFIG);
	}
	return features;
}

static int
reply_u64(struct vub_session *session, const struct vub_message *message,
	uint64_t wire)
{
	return vub_session_reply(session, message, &wire, sizeof(wire));
}

static int
set_features(struct vub_session *session, const struct vub_message *message)
{
	uint64_t features = message->features;
	if ((features & ~offered_features(session)) != 0) {
		return -EINVAL;
	}
	if (session->running > 0) {
		/* Said again, as front-ends do around migration. */
		return features == session->features ? 0 : -EBUSY;
	}
	if (session->features_known && features != session->features) {
		vub_session_settle(session, false);
	}
	session->features_known = true;
	session->features = features;
	session->device->features_set(session->data,
		features & ~VUB_BIT(VUB_F_PROTOCOL_FEATURES));
	for (unsigned i = 0; i < session->device->num_queues; i++) {
		int r = vub_vring_update(&session->vrings[i]);
		if (r < 0) {
			return r;
		}
	}
	return 0;
}

static int
set_protocol_features(struct vub_session *session,
	const struct vub_message *message)
{
	if ((message->features
			& ~offered_protocol_features(session)) != 0) {
		return -EINVAL;
	}
	session->protocol_features = message->features;
	return 0;
}

static int
set_mem_table(struct vub_session *session, const struct vub_message *message)
{
	struct vub_memory *memory;
	int r = vub_memory_create(message->memory.regions,
		message->memory.count, message->fds, session->memory, &memory);
	if (r < 0) {
		return r;
	}
	vub_memory_unref(session->memory);
	session->memory = memory;
	for (unsigned i = 0; i < session->device->num_queues && r == 0; i++) {
		struct vub_vring *vring = &session->vrings[i];
		r = vring->queue.started ? vub_vring_move(vring)
			: vub_vring_update(vring);
	}
	if (r < 0) {
		/* Some rings are here and some there: no way back. */
		vub_session_end(session, r);
	}
	return r;
}

static int
get_config(struct vub_session *session, const struct vub_message *message)
{
	struct {
		struct vub_wire_config header;
		uint8_t data[VUB_CONFIG_SIZE_MAX];
	} wire = {
		.header = {
			.offset = message->config.offset,
			.size = message->config.len,
		},
	};
	uint32_t size = session->device->config_size;
	uint32_t len = message->config.len;
	if (len == 0 || len > size || message->config.offset > size - len) {
		/* How this message says no. */
		return vub_session_reply(session, message, NULL, 0);
	}
	session->device->get_config(session->data, message->config.offset,
		wire.data, len);
	return vub_session_reply(session, message, &wire,
		(uint32_t)sizeof(wire.header) + len);
}

static int
get_shmem_config(struct vub_session *session, const struct vub_message *message)
{
	struct vub_wire_shmem_config wire = { .num_regions = 0 };
	for (size_t i = 0; i < VUB_SHMEM_REGIONS_MAX; i++) {
		wire.sizes[i] = session->device->shmem_sizes[i];
		wire.num_regions += wire.sizes[i] != 0;
	}
	return vub_session_reply(session, message, &wire, sizeof(wire));
}

static int
reset_device(struct vub_session *session)
{
	for (unsigned i = 0; i < session->device->num_queues; i++) {
		vub_vring_stop(&session->vrings[i]);
		session->vrings[i].enabled = false;
	}
	vub_session_settle(session, false);
	return 0;
}

int
vub_session_handle_device(struct vub_session *session,
	struct vub_message *message)
{
	switch (message->request) {
	case VUB_GET_FEATURES:
		return reply_u64(session, message,
			offered_features(session));
	case VUB_SET_FEATURES:
		return set_features(session, message);
	case VUB_GET_PROTOCOL_FEATURES:
		return reply_u64(session, message,
			offered_protocol_features(session));
	case VUB_SET_PROTOCOL_FEATURES:
		return set_protocol_features(session, message);
	case VUB_GET_QUEUE_NUM:
		return reply_u64(session, message,
			session->device->num_queues);
	case VUB_SET_OWNER:
	case VUB_RESET_OWNER:
		return 0;
	case VUB_SET_MEM_TABLE:
		return set_mem_table(session, message);
	case VUB_SET_BACKEND_REQ_FD:
		return vub_shmem_set_socket(&session->shmem,
			fd_take(&message->fds[0]));
	case VUB_GET_CONFIG:
		return get_config(session, message);
	case VUB_GET_SHMEM_CONFIG:
		return get_shmem_config(session, message);
	case VUB_RESET_DEVICE:
		return reset_device(session);
	default:
		/* SET_CONFIG: all of ours is read-only. */
		return -EOPNOTSUPP;
	}
}
